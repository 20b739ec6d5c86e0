"""Nanopublications against the criteria of nanopub.net/guidelines, "Well-formed"."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad
from tests.release.vocabularies.cases import BASE, FACTS, store, turtle
from tests.release.vocabularies.making import made, quads

_NP = "http://www.nanopub.org/nschema#"
_KG = "https://w3id.org/kgpub/ontology#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[Quad]:
    return quads(made(store(), tmp_path_factory.mktemp("made"))["nanopublications.nq"])


def _parts(found: set[Quad]) -> dict[str, dict[str, str]]:
    """Return the four graphs of each nanopublication; each must be told exactly once."""
    parts: dict[str, dict[str, str]] = {}
    for quad in found:
        if quad.predicate == _TYPE and quad.object == NamedNode(_NP + "Nanopublication"):
            name = str(quad.subject)
            assert name not in parts
            parts[name] = {"head": str(quad.graph_name)}
    for quad in found:
        if quad.predicate.value.startswith(_NP + "has"):
            own = parts[str(quad.subject)]
            assert str(quad.graph_name) == own["head"]
            assert quad.predicate.value not in own
            own[quad.predicate.value.removeprefix(_NP)] = str(quad.object)
    return parts


def test_each_is_well_formed(found: set[Quad]) -> None:
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in found:
        assert not isinstance(quad.graph_name, DefaultGraph)
        graphs[str(quad.graph_name)].append(quad)
    parts = _parts(found)
    names: list[str] = []
    for name, own in parts.items():
        assert set(own) == {"head", "hasAssertion", "hasProvenance", "hasPublicationInfo"}
        names += [name, *own.values()]
        assert all(graphs[graph] for graph in own.values())
        provenance = graphs[own["hasProvenance"]]
        assert own["hasAssertion"] in {t for q in provenance for t in map(str, q.triple)}
        assert {str(q.subject) for q in graphs[own["hasPublicationInfo"]]} == {name}
    assert len(names) == len(set(names))
    assert set(graphs) <= set(names)


def test_there_is_one_for_each_asserted_fact(found: set[Quad]) -> None:
    expected = {f"<{BASE}{name}#nanopublication>" for name, (_, by) in FACTS.items() if by}
    assert set(_parts(found)) == expected


def test_a_denial_is_asserted_as_one(found: set[Quad]) -> None:
    graph = NamedNode(BASE + "non-membership#assertion")
    told = {q.predicate.value.removeprefix(_KG) for q in found if q.graph_name == graph}
    assert told == {_TYPE.value, "negated", "person", "organisation"}


def test_an_event_is_asserted_with_who_took_part(found: set[Quad]) -> None:
    graph = NamedNode(BASE + "birth#assertion")
    told = {q.subject.value for q in found if q.graph_name == graph and q.subject != graph}
    assert told == {BASE + "birth", BASE + "born"}


def test_its_provenance_says_who_in_which_words_and_its_information_by_whom_and_when(
    found: set[Quad],
) -> None:
    def told(fragment: str) -> set[tuple[str, str]]:
        graph = NamedNode(f"{BASE}quoted#{fragment}")
        return {(q.predicate.value, q.object.value) for q in found if q.graph_name == graph}

    assert told("provenance") == {
        ("http://www.w3.org/ns/prov#wasDerivedFrom", BASE + "said-quoted"),
        ("http://www.w3.org/ns/prov#wasAttributedTo", BASE + "baran"),
        (_TYPE.value, _KG + "Quotation"),
        (_KG + "saidBy", BASE + "baran"),
        (_KG + "article", BASE + "article"),
        (_KG + "words", "quoted"),
    }
    assert told("publication-info") == {
        ("http://www.w3.org/ns/prov#wasDerivedFrom", BASE + "submission"),
        ("http://purl.org/dc/elements/1.1/creator", "Somebody"),
        ("http://purl.org/dc/terms/created", "2026-01-02"),
        ("http://purl.org/dc/terms/license", "https://example.org/licence"),
        ("http://purl.org/dc/elements/1.1/publisher", "Publisher"),
    }


def test_an_event_of_which_several_tell_is_attributed_to_none(found: set[Quad]) -> None:
    """What one of them tells of it would be told as said by each."""

    def attributed(name: str) -> set[str]:
        predicate = NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")
        subject = NamedNode(f"{BASE}{name}#assertion")
        return {str(q.object) for q in found if (q.subject, q.predicate) == (subject, predicate)}

    assert attributed("attack") == attributed("meeting") == set()
    assert attributed("birth") == {f"<{BASE}paper>"}


LATER = """
:later a kg:Submission ; kg:article :second ; kg:contributor "Another" ;
    kg:submitted "2026-03-04"^^xsd:date ; kg:records :report .
"""


def test_of_an_event_that_two_newspapers_tell_neither_is_the_publisher(tmp_path: Path) -> None:
    """One submission has the words of the paper, another those of the journal."""
    told = turtle().replace(":submission kg:records :accusation , :report .", LATER)
    found = quads(made(store(told), tmp_path)["nanopublications.nq"])
    graph = NamedNode(f"{BASE}meeting#publication-info")
    assert {(q.predicate.value, q.object.value) for q in found if q.graph_name == graph} == {
        ("http://www.w3.org/ns/prov#wasDerivedFrom", f"{BASE}submission"),
        ("http://www.w3.org/ns/prov#wasDerivedFrom", f"{BASE}later"),
        ("http://purl.org/dc/elements/1.1/creator", "Somebody"),
        ("http://purl.org/dc/elements/1.1/creator", "Another"),
        ("http://purl.org/dc/elements/1.1/publisher", "Publisher"),
        ("http://purl.org/dc/terms/created", "2026-01-02"),
        ("http://purl.org/dc/terms/license", "https://example.org/licence"),
    }
    provenance = NamedNode(f"{BASE}meeting#provenance")
    said = {
        (q.subject.value, q.object.value)
        for q in found
        if q.graph_name == provenance and q.predicate.value == _KG + "saidBy"
    }
    assert said == {(f"{BASE}said-meeting", f"{BASE}paper"), (f"{BASE}report", f"{BASE}journal")}
