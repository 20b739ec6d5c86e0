"""What is read of a graph, and how often; what a change makes of one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from tests.contract.plain_graph import PlainGraph
from tests.contract.shacl_graphs import EX, turtle

from kgpub.model.report import Node
from kgpub.validation.graph_view import MUCH, Overlay, Remembered
from kgpub.validation.neighbourhood import Walk
from kgpub.validation.paths import Predicate

P = EX + "p"
MANY = 3 * MUCH


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def hub(name: str, inward: bool) -> list[Triple]:
    """A node that has very many values, or that very many nodes have as value."""
    pairs = [(node(name), node(f"{name}{n}")) for n in range(MANY)]
    named = NamedNode(P)
    if inward:
        return [Triple(other, named, each) for each, other in pairs]
    return [Triple(each, named, other) for each, other in pairs]


@pytest.mark.parametrize(
    ("first", "then", "again"),
    [
        (None, None, False),
        (None, 5, False),
        (20, 20, False),
        (20, 5, False),
        (20, 21, True),
        (20, None, True),
        (MANY, MANY + 1, True),
        (MANY + 1, MANY + 5, False),
        (MANY + 1, None, False),
    ],
)
def test_what_was_read_as_far_is_not_read_again(
    first: int | None, then: int | None, again: bool
) -> None:
    graph = PlainGraph(hub("a", inward=True))
    remembered = Remembered(graph)
    remembered.subjects(P, node("a"), first)
    read = graph.read
    found = remembered.subjects(P, node("a"), then)
    assert (graph.read > read) is again
    assert len(set(found)) == len(found) == min(MANY, then or MANY)
    assert set(found) <= {node(f"a{n}") for n in range(MANY)}


def test_walks_back_from_a_hub_read_it_once_whatever_they_may_still_meet() -> None:
    graph = PlainGraph(hub("a", inward=True))
    remembered = Remembered(graph)
    reads = []
    for spent in range(60):
        Walk(remembered, 1000 - spent).back((Predicate(P),), [node("a")])
        reads.append(graph.read)
    assert reads[0] >= MANY
    assert set(reads) == {reads[0]}


@pytest.mark.parametrize("inward", [True, False])
@pytest.mark.parametrize(("room", "kept"), [(6, False), (20, True)])
def test_large_reads_take_as_much_room_as_they_are_large(
    inward: bool, room: int, kept: bool
) -> None:
    # Each takes 1 + MANY // MUCH, and one more to find that it is large.
    graph = PlainGraph([*hub("a", inward), *hub("b", inward)])
    remembered = Remembered(graph, reads=room)

    def read(name: str) -> int:
        before = graph.read
        if inward:
            found: list[Node] = list(remembered.subjects(P, node(name)))
        else:
            found = remembered.objects(node(name), P)
        assert len(found) == MANY
        return graph.read - before

    assert read("a") >= MANY
    assert read("a") == 0
    assert read("b") >= MANY
    assert (read("a") == 0) is kept


def test_the_first_predicate_of_a_node_is_read_alone_and_then_all_is() -> None:
    graph = PlainGraph(turtle("ex:a ex:p 1 ; ex:q 2 , 3 ; ex:r 4 ."))
    remembered = Remembered(graph)
    counts = []
    for predicate in ("p", "p", "q", "r", "p"):
        remembered.objects(node("a"), EX + predicate)
        counts.append(graph.read)
    assert counts == [1, 1, 5, 5, 5]
    assert set(remembered.objects(node("a"), EX + "q")) == {
        each.object for each in turtle("ex:a ex:q 2 , 3 .")
    }


def test_nothing_is_remembered_of_literals_of_which_nothing_is_said() -> None:
    graph = PlainGraph(turtle("ex:a a ex:C ; ex:p 1 ."))
    remembered = Remembered(graph, reads=1)
    about = remembered.away(node("a"))
    read = graph.read
    for number in range(5):
        value = Literal(number)
        assert remembered.away(value) == []
        assert remembered.objects(value, P) == []
        assert Walk(remembered).classes(value) == {}
    assert remembered.away(node("a")) == about
    assert graph.read == read


NAMES = [node(name) for name in "abc"]
VALUES: list[Node] = [*NAMES, Literal(1)]
PREDICATES = [P, EX + "q"]
UNIVERSE = [Triple(s, NamedNode(p), v) for s, p, v in product(NAMES, PREDICATES, VALUES)]
SOME = st.lists(st.sampled_from(UNIVERSE), unique=True)


@given(SOME, SOME, SOME, st.sampled_from((0, 2, MUCH)), st.integers(1, 40))
def test_a_changed_graph_is_read_as_one_that_has_the_triples(
    before: list[Triple], added: list[Triple], removed: list[Triple], much: int, room: int
) -> None:
    after = {each for each in before if each not in removed} | set(added)
    graph = Remembered(Overlay(Remembered(PlainGraph(before, much), room), added, removed), room)
    assert sorted(graph.triples(), key=str) == sorted(after, key=str)
    for each, predicate, limit in product(VALUES, PREDICATES, (1, 2, None)):
        about = [t for t in after if t.subject == each]
        leading = [t for t in after if t.object == each]
        values = [t.object for t in about if t.predicate.value == predicate]
        holders = [t.subject for t in leading if t.predicate.value == predicate]
        assert sorted(graph.objects(each, predicate), key=str) == sorted(values, key=str)
        found = graph.subjects(predicate, each, limit)
        assert len(set(found)) == len(found) == len(holders[:limit])
        assert set(found) <= set(holders)
        assert sorted(graph.outgoing(each), key=str) == sorted(about, key=str)
        away = graph.away(each)
        assert away is None or sorted(away, key=str) == sorted(about, key=str)
        if not isinstance(each, Literal):
            here = graph.here(each)
            assert here is None or sorted(here, key=str) == sorted(leading, key=str)
