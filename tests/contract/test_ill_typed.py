"""Integers outside the range of their datatype have no value: no comparison with them is true."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode
from tests.contract.shacl_graphs import EX, shapes, turtle

from kgpub.validation import engine
from kgpub.validation.ill_typed import is_out_of_range
from kgpub.vocabulary import XSD

# The first and last integers of each datatype, and those beyond: XML Schema 1.1, 3.4.13 to 3.4.25.
RANGES = {
    "byte": ("-129 -128", "127 128"),
    "short": ("-32769 -32768", "32767 32768"),
    "int": ("-2147483649 -2147483648", "2147483647 2147483648"),
    "long": (
        "-9223372036854775809 -9223372036854775808",
        "9223372036854775807 9223372036854775808",
    ),
    "unsignedByte": ("-1 0", "255 256"),
    "unsignedShort": ("-1 0", "65535 65536"),
    "unsignedInt": ("-1 0", "4294967295 4294967296"),
    "unsignedLong": ("-1 0", "18446744073709551615 18446744073709551616"),
    "nonNegativeInteger": ("-1 0", ""),
    "positiveInteger": ("0 1", ""),
    "nonPositiveInteger": ("", "0 1"),
    "negativeInteger": ("", "-1 0"),
}


def literal(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


@pytest.mark.parametrize("name", RANGES)
def test_ranges(name: str) -> None:
    low, high = (each.split() for each in RANGES[name])
    assert [is_out_of_range(literal(each, name)) for each in low] == [True, False][: len(low)]
    assert [is_out_of_range(literal(each, name)) for each in high] == [False, True][: len(high)]


def test_signs_zeros_and_what_is_no_integer() -> None:
    assert not is_out_of_range(literal("+0000000000000000000000000000127", "byte"))
    assert is_out_of_range(literal("+0000000000000000000000000000128", "byte"))
    assert not is_out_of_range(literal("0" * 10**6 + "5", "byte"))
    assert not is_out_of_range(literal("0" * 10**6 + "x", "byte"))
    assert not is_out_of_range(literal("-0", "unsignedByte"))
    assert is_out_of_range(literal("9" * 10**6, "long"))
    assert not is_out_of_range(literal("9" * 10**6, "positiveInteger"))
    assert is_out_of_range(literal("-" + "9" * 10**6, "positiveInteger"))
    assert not is_out_of_range(literal("9" * 10**6, "integer"))
    assert not is_out_of_range(literal("many", "byte"))


@pytest.mark.parametrize(
    "value", ['"300"^^xsd:byte', '"-1"^^xsd:unsignedInt', '"0"^^xsd:positiveInteger']
)
@pytest.mark.parametrize(
    ("constraint", "violations"),
    [
        ("sh:minExclusive -1000", 1),
        ("sh:minInclusive -1000", 1),
        ("sh:maxExclusive 1000", 1),
        ("sh:maxInclusive 1000", 1),
        ("sh:lessThan ex:q", 1),
        ("sh:lessThanOrEquals ex:q", 1),
        ("sh:not [ sh:minInclusive -1000 ]", 0),
        ("sh:datatype xsd:byte", 1),
        ("sh:datatype xsd:integer", 1),
        ("sh:pattern '^-?[0-9]+$'", 0),
        ("sh:maxLength 3", 0),
        ("sh:in ( VALUE 5 )", 0),
        ("sh:hasValue VALUE", 0),
        ("sh:in ( 5 )", 1),
        ("sh:nodeKind sh:Literal", 0),
    ],
)
def test_constraints(value: str, constraint: str, violations: int) -> None:
    asked = shapes(
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; "
        f"{constraint.replace('VALUE', value)} ] ."
    )
    data = turtle(f"ex:a ex:p {value} ; ex:q 1000 .")
    (own,) = (each.object for each in data if each.predicate == NamedNode(f"{EX}p"))
    report = engine("fast").validate(data, asked)
    assert len(report.results) == violations
    assert all(each.value == own for each in report.results)


def test_a_bound_without_a_value_is_one_whatever_else_the_data_hold() -> None:
    asked = shapes(
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:maxInclusive '300'^^xsd:byte ] ."
    )
    data = turtle("ex:a ex:p 5 .")
    more = turtle('ex:b ex:other "300"^^xsd:byte .')
    for graph in (data, [*data, *more]):
        assert len(engine("fast").validate(graph, asked).results) == 1


def test_triple_terms_are_told_as_they_were() -> None:
    asked = shapes("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] .")
    data = turtle('ex:a ex:p <<( ex:s ex:q "300"^^xsd:byte )>> .')
    (result,) = engine("fast").validate(data, asked).results
    assert result.value == data[0].object


def test_pyshacl_compares_their_digits() -> None:
    asked = shapes("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:maxInclusive 500 ] .")
    data = turtle('ex:a ex:p "300"^^xsd:byte .')
    assert len(engine("fast").validate(data, asked).results) == 1
    assert not engine("pyshacl").validate(data, asked).results
