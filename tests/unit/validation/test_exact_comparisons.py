"""The values of numbers, and how terms compare, by XML Schema and SPARQL 1.1 section 17.3."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode

from kgpub.validation.exact_comparisons import compares, is_of, number
from kgpub.vocabulary import XSD


def literal(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("+05", "integer", Decimal(5)),
        ("9" * 5000, "integer", Decimal("9" * 5000)),
        ("5.", "decimal", Decimal(5)),
        (".5", "decimal", Decimal("0.5")),
        ("255", "unsignedByte", Decimal(255)),
        ("256", "unsignedByte", None),
        ("-1", "nonNegativeInteger", None),
        ("18446744073709551616", "unsignedLong", None),
        ("5.0", "integer", None),
        (" 5 ", "integer", None),
        ("\u0665", "integer", None),
        ("1_0", "integer", None),
        ("1E1", "decimal", None),
        (".", "decimal", None),
        ("1e1", "double", 10.0),
        ("1e400", "double", float("inf")),
        ("-INF", "double", float("-inf")),
        ("inf", "double", None),
        ("1_0", "double", None),
        ("0.1", "float", 13421773 / 2**27),
        ("1e39", "float", float("inf")),
        ("5", "string", None),
        ("2020-01-01", "date", None),
    ],
)
def test_the_value_of_a_number(text: str, name: str, value: Decimal | float | None) -> None:
    assert number(literal(text, name)) == value


def test_not_a_number_compares_with_nothing() -> None:
    nan = literal("NaN", "double")
    assert number(nan) != number(nan)
    assert not compares(nan, "<=", nan)


HUGE = literal("9" * 40, "integer")


@pytest.mark.parametrize(
    ("first", "operator", "second", "holds"),
    [
        (HUGE, ">", literal("1" + "0" * 39, "decimal"), True),
        (HUGE, "<=", HUGE, True),
        (HUGE, "<", literal("1e40", "double"), False),  # as doubles they are equal
        (HUGE, "<", literal("INF", "double"), True),
        (literal("0.1", "decimal"), "<=", literal("0.1", "float"), True),
        (literal("0.1", "double"), ">=", literal("0.1", "float"), False),
        (HUGE, ">", literal("300", "byte"), False),
        (literal("300", "byte"), ">", literal("x", "byte"), False),
        (HUGE, ">", Literal("a"), False),
        (HUGE, ">", NamedNode("urn:a"), False),
        (Literal("a"), "<", Literal("b"), True),
        (literal("2020-01-01", "date"), "<", literal("2021-01-01", "date"), True),
        (literal("2020-01-01", "date"), "<", Literal("2021-01-01"), False),
        (Literal("x", datatype=NamedNode("urn:a")), "<=", Literal("a"), False),
    ],
)
def test_comparisons(first: Literal, operator: str, second: Literal, holds: bool) -> None:
    assert compares(first, operator, second) is holds


def test_datatypes() -> None:
    assert is_of(HUGE, XSD + "integer")
    assert not is_of(HUGE, XSD + "decimal")
    assert not is_of(literal("x", "integer"), XSD + "integer")
    assert not is_of(NamedNode("urn:a"), XSD + "integer")
