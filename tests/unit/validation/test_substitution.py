"""Pre-binding by substitution in the text of a query."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kgpub.validation.substitution import can_be_written, substitute

A = NamedNode("http://a.example/a")
XSD_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def compact(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT $this WHERE { ?this ?p ?o }", "SELECT (<A> AS ?this) WHERE { <A> ?p ?o }"),
        ("SELECT ?that WHERE { $that ?p $thistle }", "SELECT ?that WHERE { $that ?p $thistle }"),
        (
            'select $this (\'$this\' as ?x) {?x ?y """$this \\" "" $this"""} # $this',
            'select (<A> AS ?this) (\'$this\' as ?x) {?x ?y """$this \\" "" $this"""} # $this',
        ),
        (
            "SELECT $this (COUNT($this) AS ?n) { } GROUP BY $this ?x ORDER BY DESC($this) $this",
            "SELECT (<A> AS ?this) (COUNT( <A> ) AS ?n) { } "
            "GROUP BY (<A>) ?x ORDER BY DESC( <A> ) (<A>)",
        ),
        (
            "SELECT $this { { SELECT $this { $this ?p 1 } } }",
            "SELECT (<A> AS ?this) { { SELECT (<A> AS ?prebound_1_this) { <A> ?p 1 } } }",
        ),
        ("ASK { FILTER bound ( ?this ) }", "ASK { FILTER (true) }"),
        ("ASK { FILTER (BOUND(?x) && ex:bound(?this)) }", None),
        ("ASK { ?x <http://x/?this> ex:this ; @this ex:p.$this }", None),
    ],
)
def test_variables_and_nothing_else(query: str, expected: str | None) -> None:
    found = compact(substitute(query, {"this": A})).replace(str(A), "<A>")
    if expected is None:
        assert "<http://x/?this>" in found or "BOUND(?x) && ex:bound( <A> )" in found
    else:
        assert found == expected


@pytest.mark.parametrize(
    "literal",
    [
        Literal('a"b\\c\nd\te\r\u200f{}'),
        Literal("x", language="ar-iq"),
        Literal("1", datatype=XSD_INTEGER),
        Literal("} UNION { ?s ?p ?o"),
    ],
)
def test_a_literal_stays_the_same_term(literal: Literal) -> None:
    query = substitute("ASK { FILTER (sameTerm($value, ?other)) }", {"value": literal})
    store = Store()
    assert bool(store.query(query.replace("?other", str(literal))))
    assert not bool(store.query(query.replace("?other", '"other"')))


def test_what_sparql_cannot_write() -> None:
    lenient = "<http://x/\\u003E> <http://p> '1'^^<http://x/\\u003E%20> , '1' , <http://x> , _:b ."
    terms = {
        term
        for quad in parse(lenient.encode(), format=RdfFormat.TURTLE, lenient=True)
        for term in (quad.subject, quad.object)
    }
    assert {str(term) for term in terms if can_be_written(term)} == {'"1"', "<http://x>"}
    assert len(terms) == 5
