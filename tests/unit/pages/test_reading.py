from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from tests.unit.pages.graphs import BASE, reading

from kgpub.pages import reading as reads
from kgpub.pages.reading import StoreReading, literals, types, value

PERSON = BASE + "person/x"
NAMES = 'person:x a kg:Person, kg:Entity ; kg:name "ب"@ar, "b"@en, "a"@en ; kg:about place:y .'
NAME = "https://w3id.org/kgpub/ontology#name"
ABOUT = "https://w3id.org/kgpub/ontology#about"


def test_objects_are_sorted_iris_before_literals() -> None:
    found = reading(NAMES, ontology=False).objects(PERSON, NAME)
    assert [(each.value, each.language) for each in literals(found)] == [
        ("a", "en"),
        ("b", "en"),
        ("ب", "ar"),
    ]


def test_triples_are_found_from_both_sides() -> None:
    graph = reading(NAMES, ontology=False)
    assert graph.subjects(ABOUT, BASE + "place/y") == [PERSON]
    assert graph.referring(BASE + "place/y") == [(ABOUT, PERSON)]
    assert [predicate.rpartition("#")[2] for predicate, _ in graph.described(PERSON)] == [
        "type",
        "type",
        "about",
        "name",
        "name",
        "name",
    ]
    assert value(graph.objects(PERSON, ABOUT)) == BASE + "place/y"
    assert [each.rpartition("#")[2] for each in types(graph, PERSON)] == ["Entity", "Person"]


def test_what_refers_to_a_thing_is_found_with_its_classes() -> None:
    graph = reading(f"{NAMES} person:z kg:about place:y .", ontology=False)
    kg = "https://w3id.org/kgpub/ontology#"
    assert graph.typed(ABOUT, BASE + "place/y", 9) == {
        PERSON: {kg + "Person", kg + "Entity"},
        BASE + "person/z": frozenset(),
    }
    assert len(graph.typed(ABOUT, BASE + "place/y", 1)) == 1
    assert graph.typed(ABOUT, BASE + "place/none", 9) == {}


def test_what_nothing_is_said_of_is_empty() -> None:
    graph = reading(NAMES, ontology=False)
    assert graph.described(BASE + "person/none") == []
    assert graph.objects(PERSON, BASE + "none") == []
    assert value([]) is None


def test_other_graphs_than_the_union_are_not_read() -> None:
    store = Store()
    node = NamedNode(PERSON)
    store.add(Quad(node, NamedNode(NAME), Literal("x"), NamedNode(BASE + "graph")))
    assert StoreReading(store).described(PERSON) == []


def test_no_more_is_read_than_a_page_can_hold() -> None:
    store = Store()
    kinds = [NamedNode(BASE + name) for name in ("first", "other")]
    for kind in kinds:
        store.extend(
            Quad(NamedNode(PERSON), kind, NamedNode(f"{BASE}y/{number}"), DefaultGraph())
            for number in range(reads.MAX_READ)
        )
    graph = StoreReading(store)
    assert len(graph.described(PERSON)) == reads.MAX_READ
    # Of one property there are no more, so none of either is lost among those of the other.
    assert [len(graph.objects(PERSON, kind.value)) for kind in kinds] == [reads.MAX_READ] * 2


def test_the_text_of_an_article_is_the_stored_one_or_another_s() -> None:
    text = 'article:a kg:text "كلام"@ar .'
    assert reading(text, ontology=False).text_of(BASE + "article/a") == "كلام"
    assert reading(text, ontology=False).text_of(BASE + "article/b") is None
    assert StoreReading(Store(), {"x": "y"}.get).text_of("x") == "y"


def test_a_subject_with_much_text_is_not_kept() -> None:
    graph = reading(f'article:a kg:text "{"x" * 30_000}"@en .', ontology=False)
    graph.described(BASE + "article/a")
    graph.described(BASE + "article/b")
    assert list(graph._kept) == [BASE + "article/b"]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "_MAX_KEPT", 3)
    people = [f"{BASE}person/p{number}" for number in range(4)]
    graph = reading("".join(f'<{each}> kg:name "{each}" .' for each in people), ontology=False)
    for each in (*people[:3], people[0], people[3]):
        assert [name.value for name in graph.objects(each, NAME)] == [each]
    # The one that was not asked for again is the one that is not kept.
    assert sorted(graph._kept) == [people[0], people[2], people[3]]
