"""Counting a dataset in one reading, beside counting it with sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.release import statistics
from kgpub.release.lines import divided
from kgpub.release.statistics import Statistics, count
from kgpub.serialisation import nquads
from kgpub.vocabulary import OWL, RDF, XSD
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
DATE = NamedNode(XSD + "date")


def counted(*quads: Quad) -> Statistics:
    return count(map(divided, b"".join(nquads(quads)).splitlines(keepends=True)), BASE)


def quad(subject: str, predicate: str, value: NamedNode | Literal, graph: str = "g") -> Quad:
    return Quad(
        NamedNode(BASE + subject), NamedNode(predicate), value, NamedNode(f"{BASE}graph/{graph}")
    )


names = st.sampled_from(["place/a", "place/b", "place/c", "person/p", "person/q"])
quads = st.builds(
    quad,
    names,
    st.sampled_from([RDF + "type", kg.about, kg.name, OWL + "sameAs"]),
    names.map(lambda name: NamedNode(BASE + name))
    | st.sampled_from(["http://www.wikidata.org/entity/Q1", kg.Place]).map(NamedNode)
    | st.builds(Literal, st.text('a@"^', max_size=3), language=st.sampled_from(["ar", "en"])),
    st.sampled_from("gh"),
)


@given(st.sets(quads, max_size=30))
def test_the_counts_are_those_of_sets(drawn: set[Quad]) -> None:
    told = counted(*drawn)
    triples = {each.triple for each in drawn}
    assert (told.quads, told.triples) == (len(drawn), len(triples))
    assert told.subjects == len({each.subject for each in triples})
    for predicate in {each.predicate for each in triples}:
        number = sum(each.predicate == predicate for each in triples)
        assert told.properties[predicate.value] == number
    typed = [each for each in triples if each.predicate.value == RDF + "type"]
    classes = {each.object for each in typed if isinstance(each.object, NamedNode)}
    assert told.classes == {c.value: sum(t.object == c for t in typed) for c in classes}
    literals = [each.object for each in triples if isinstance(each.object, Literal)]
    assert told.languages == {
        tag: sum(each.language == tag for each in literals)
        for tag in ("ar", "en")
        if any(each.language == tag for each in literals)
    }
    assert sum(told.graphs.values()) == len(drawn)
    places = {
        each.object.value
        for each in triples
        if isinstance(each.object, NamedNode)
        and each.object.value.startswith(f"{BASE}place/")
        and each.predicate.value in (kg.about, kg.name)
    }
    assert set(told.places) == places


def test_time_is_from_the_first_to_the_last_of_all_bounds() -> None:
    told = counted(
        quad("fact/a", kg.earliest, Literal("2003-01-01", datatype=DATE)),
        quad("fact/a", kg.latest, Literal("2005-12-31", datatype=DATE)),
        quad("fact/b", kg.earliest, Literal("2016-01-01", datatype=DATE)),
        quad("fact/c", kg.latest, Literal("1985-12-31", datatype=DATE)),
        quad("fact/d", kg.earliest, Literal("-0044-03-15", datatype=DATE)),
        quad("submission/a", kg.submitted, Literal("2026-11-24", datatype=DATE)),
        quad("link/a", kg.decided, Literal("2026-11-25", datatype=DATE)),
        quad("retraction/a", kg.retractedOn, Literal("2026-11-26", datatype=DATE)),
        quad("article/a", kg.text, Literal('9999-12-31"^^<x')),
    )
    assert (told.earliest, told.latest) == ("1985-12-31", "2016-01-01")
    assert told.changed == "2026-11-26"


def test_what_is_mentioned_most_is_kept_where_there_is_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(statistics, "_MAX_KEPT", 20)
    rare = [quad(f"s/{n:03}", kg.about, NamedNode(f"{BASE}topic/{n:03}")) for n in range(200)]
    often = [
        quad(f"s/{n:03}", kg.about, NamedNode(f"{BASE}person/often")) for n in range(0, 200, 3)
    ]
    told = counted(*rare, *often)
    assert told.mentioned[0] == f"{BASE}person/often"
    assert told.quads == len(rare) + len(often)
