"""Which numbers have many digits, and which queries calculate."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql import prepareQuery

from kgpub.validation.wide_numbers import calculates, is_wide, stands_in
from kgpub.vocabulary import XSD


@pytest.mark.parametrize(
    ("text", "name", "wide"),
    [
        ("9" * 18, "integer", False),
        ("-" + "9" * 18, "integer", False),
        ("1" + "0" * 18, "integer", True),
        ("9" * 18 + "." + "9" * 18, "decimal", False),
        ("0." + "1" * 19, "decimal", True),
        ("." + "1" * 19, "decimal", True),
        ("1" * 19 + ".", "decimal", True),
        ("18446744073709551615", "unsignedLong", True),
        ("18446744073709551616", "unsignedLong", False),  # that is no number
        ("1" * 30, "string", False),
        ("1" * 30, "double", False),
        ("1" * 30 + "x", "integer", False),
    ],
)
def test_digits(text: str, name: str, wide: bool) -> None:
    assert is_wide(Literal(text, datatype=NamedNode(XSD + name))) is wide


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?s ?p ?v", False),
        ("?s ?p ?v FILTER (!BOUND(?v) || isIRI(?v) && REGEX(STR(?v), 'a'))", False),
        ("?s ?p ?v FILTER NOT EXISTS { ?v ?p ?x }", False),
        ("?s ?p ?v FILTER (?v)", True),
        ("?s ?p ?v FILTER (!?v)", True),
        ("?s ?p ?v FILTER (isIRI(?v) || ?v)", True),
        ("?s ?p ?v FILTER (?v IN (1))", True),
        ("?s ?p ?v FILTER (isNumeric(?v))", True),
        ("?s ?p ?v BIND (-?v AS ?x)", True),
        ("?s ?p ?v FILTER NOT EXISTS { ?v ?p ?x FILTER (?x < 1) }", True),
        ("{ SELECT ?s (SUM(?v) AS ?x) { ?s ?p ?v } GROUP BY ?s }", True),
        ("{ SELECT ?s (COUNT(?v) AS ?x) { ?s ?p ?v } GROUP BY ?s }", False),
        ("{ SELECT ?s { ?s ?p ?v } ORDER BY ?v LIMIT 1 }", True),
    ],
)
def test_queries_that_calculate(pattern: str, expected: bool) -> None:
    assert calculates(prepareQuery(f"SELECT * {{ {pattern} }}").algebra) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ?p {}",
        "?s ?p ?v FILTER (?v < {})",
        "?s ?p ?v FILTER (?v IN (1, {}))",
        "?s ?p ?v FILTER EXISTS {{ ?s ?p ?x FILTER (?x + {} > ?v) }}",
        "?s ?p ?v BIND ({} AS ?x)",
    ],
)
def test_queries_in_which_such_a_number_stands(pattern: str) -> None:
    for number, expected in (("1" * 19, True), ("1" * 18, False)):
        query = f"SELECT * {{ {pattern.format(number)} }}"
        assert stands_in(prepareQuery(query).algebra) is expected
