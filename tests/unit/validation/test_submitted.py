"""Which submitted literals a query can be given back for what the store made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kgpub.validation.queries import read_query
from kgpub.validation.submitted import SubmittedLiterals

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
QUERY = read_query("SELECT $this ?x WHERE { $this ex:p ?x }", {"ex": EX}, None)


def literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def values(*literals: Literal, predicate: str = "p") -> list[Triple]:
    return [
        Triple(NamedNode(f"{EX}s{number}"), NamedNode(EX + predicate), each)
        for number, each in enumerate(literals)
    ]


typed = st.builds(
    literal,
    st.sampled_from(["1", "01", "+1", "1.0", "1.50", "1E0", "true", "2020-01-01", "x", ""]),
    st.sampled_from(
        ["integer", "byte", "nonNegativeInteger", "decimal", "double", "boolean", "date"]
    ),
)


@given(st.lists(typed, max_size=4))
def test_every_literal_that_a_store_gives_is_given_back_or_none(literals: list[Literal]) -> None:
    triples = values(*literals)
    restored = SubmittedLiterals(triples).restoration(QUERY, ())
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    given_back = {quad.subject: quad.object for quad in store}
    if restored is None:
        assert len(set(given_back.values())) < len(set(literals))
    else:
        assert {
            subject: restored.get(stored, stored) for subject, stored in given_back.items()
        } == {triple.subject: triple.object for triple in triples}


SUBMITTED, WRITTEN = literal("1.50", "decimal"), literal("1.5", "decimal")


@pytest.mark.parametrize(
    ("one", "other", "exact"),
    [
        ([literal("2.0", "decimal")], [SUBMITTED], True),
        ([literal("2.0", "decimal")], [SUBMITTED, WRITTEN], False),
        ([SUBMITTED], [SUBMITTED, WRITTEN], False),
        ([SUBMITTED], [WRITTEN], False),
        ([SUBMITTED, WRITTEN], [SUBMITTED], False),
        ([SUBMITTED], [SUBMITTED], True),
        ([], [SUBMITTED, WRITTEN], False),
    ],
)
def test_forms_are_as_exact_together_as_those_of_all_literals(
    one: list[Literal], other: list[Literal], exact: bool
) -> None:
    first, more = (SubmittedLiterals(values(*each)).forms() for each in (one, other))
    together = first.joined(more)
    assert together.is_exact is exact
    at_once = SubmittedLiterals(values(*one, *other)).forms()
    assert set(together.literals()) == set(at_once.literals())
    assert first.is_exact is (len(one) < 2)


def restorable(select: str, triples: list[Triple], *targeted: str) -> bool:
    query = read_query(select, {"ex": EX}, None)
    return SubmittedLiterals(triples).restoration(query, targeted) is not None


@pytest.mark.parametrize(
    ("select", "exact"),
    [
        ("SELECT $this ?x { $this ex:p ?x FILTER (?x > 0 && ?x = 1) }", True),
        ("SELECT $this ?x { $this ex:p ?x FILTER (STR(?x) = '01') }", False),
        ("SELECT $this ?x { $this ex:p ?x FILTER (DATATYPE(?x) = ex:d) }", False),
        ("SELECT $this ?x { $this ex:p ?x , ?y FILTER sameTerm(?x, ?y) }", False),
        ("SELECT $this { $this ex:p 1 }", False),
        ("SELECT $this { $this ?any ?x FILTER (STR(?x) = '01') }", False),
        ("SELECT $this { $this ex:p ?x ; ex:q ?y FILTER (STR(?y) = '01') }", True),
        ("SELECT $this { $this ex:q ?x FILTER (STR(?x) = '01') }", True),
    ],
)
def test_queries_that_look_at_the_form_of_what_is_rewritten(select: str, exact: bool) -> None:
    assert restorable(select, values(literal("01", "integer"))) is exact
    assert restorable(select, values(literal("1", "integer")))


def test_equal_literals_matter_only_on_the_predicates_that_are_met() -> None:
    select = "SELECT $this ?x { $this ex:p ?x }"
    one, other = literal("1", "integer"), literal("1", "byte")
    elsewhere = [*values(one), *values(other, predicate="q")]
    assert restorable(select, elsewhere)
    assert not restorable(select, elsewhere, EX + "q")
    assert not restorable("SELECT $this ?x { $this ex:p|ex:q ?x }", elsewhere)
    assert not restorable(select, values(one, other))
