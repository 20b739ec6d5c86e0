"""Random shapes, graphs and changes: what is said after a change is what full validation says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store, Triple
from tests.contract.plain_graph import PlainGraph
from tests.contract.shacl_graphs import shapes, turtle
from tests.contract.test_random_shapes import (
    CLASSES,
    COMPARABLE,
    LITERALS,
    NODES,
    PREDICATES,
    QUERIED,
    QUERIES,
    TARGETS,
    path,
    query_shapes,
    random,
    shape_body,
)

from kgpub.errors import WorkspaceError
from kgpub.validation import engine
from kgpub.validation.graph_view import MUCH, Remembered, View
from kgpub.validation.incremental import Incremental
from kgpub.validation.stored_graph import StoredGraph
from kgpub.validation.submitted import StoredForms

# KGPUB_RANDOM=n makes n times as many, other ones each time.

SEEDS = st.integers(0, 2**32)
COMPARING = [
    *("sh:lessThan ex:q", "sh:lessThanOrEquals ex:q", "sh:lessThanOrEquals ex:p"),
    *("sh:minInclusive 1", "sh:maxExclusive 2", 'sh:minExclusive "2020-01-01"^^xsd:date'),
]


@st.composite
def several_shapes(draw: st.DrawFn, number: int, more: tuple[str, ...] = ()) -> str:
    """Shapes for every kind of target; those of test_random_shapes have few focus nodes."""
    bodies = [draw(shape_body(more=more)) for _ in range(number)]
    targets = draw(st.permutations(TARGETS))
    return "".join(
        f"ex:S{at} {body} ; {' ; '.join(targets[at : at + 2])} .\n"
        for at, body in enumerate(bodies)
    )


@st.composite
def comparing_shapes(draw: st.DrawFn) -> str:
    """Property shapes whose values are compared, with others or with a constant."""
    targets = draw(st.permutations(TARGETS))
    bodies = [f"sh:path {draw(path())} ; {draw(st.sampled_from(COMPARING))}" for _ in range(3)]
    return "".join(
        f"ex:S{at} {body} ; {' ; '.join(targets[at : at + 2])} .\n"
        for at, body in enumerate(bodies)
        if "a rdfs:Class" not in targets[at : at + 2]
    )


def universe(values: list[str]) -> list[Triple]:
    """All triples that the graphs are drawn from."""
    lines = ["ex:D rdfs:subClassOf ex:C .", "ex:E rdfs:subClassOf ex:D .", "ex:n0 a ex:S0 ."]
    for subject in NODES:
        lines += [f"{subject} {p} {value} ." for p in PREDICATES for value in values]
        lines += [f"{subject} a {name} ." for name in CLASSES]
    return turtle("\n".join(lines))


PLAIN = [each for each in COMPARABLE if each not in ("1.0", "1.50") and "^^xsd:i" not in each]
PLAIN.remove('"1"^^xsd:nonNegativeInteger')
"""Literals that a store keeps as they are written."""
WIDE = ["9223372036854775808", "-0.1234567890123456789"]
"""Numbers that the native engine and Oxigraph do not calculate with."""
BELOW = "urn:without:"


def stored(current: Iterable[Triple], forms: StoredForms) -> View:
    """A store as kgpub reads it, with a node in it that does not belong to the graph."""
    store = Store()
    store.bulk_extend(Quad(each.subject, each.predicate, each.object) for each in current)
    node = NamedNode(BELOW + "x")
    for each in list(store):
        store.add(Quad(node, each.predicate, each.subject))
        store.add(Quad(node, each.predicate, each.object))
    return Remembered(StoredGraph(store, forms, frozenset(), BELOW), reads=50)


def same(of_shapes: str, values: list[str], seed: int, steps: int = 6) -> None:
    """Change a dense graph by few triples at a time, most often by one: that shows what is missed.

    The graph is read from a list or from a store, nodes as a whole or a predicate at a time.
    """
    chance, everything = Random(seed), universe(values)
    about_nodes = [each for each in everything if str(each.object).startswith(("<", "_"))]
    current = dict.fromkeys(chance.sample(everything, 8) + chance.sample(about_nodes, 14))
    constant = chance.sample(list(current), chance.randrange(3))
    parsed, fast = shapes(of_shapes), engine("fast")
    incremental, graph = Incremental(parsed, fast, constant), PlainGraph(current)
    report = fast.validate(list(current), parsed)
    state = incremental.state(graph, report)
    assert state.report == report
    for _ in range(steps):
        many = chance.choice((1, 1, 1, 5))
        added = chance.sample(chance.choice((everything, about_nodes)), chance.randint(0, many))
        removed = chance.sample(list(current), chance.randint(0 if added else 1, many))
        before, forms = current, graph.forms()
        gone = [each for each in removed if each not in added and each not in constant]
        current = dict.fromkeys([*(t for t in current if t not in gone), *added])
        expected = fast.validate(list(current), parsed)
        read: View = PlainGraph(before, chance.choice((0, 2, MUCH)))
        if forms.is_exact and chance.random() < 0.5:
            read = stored(before, forms)
        recheck = incremental.recheck(state, read, added, removed, forms)
        state = recheck.applied(state)
        assert set(state.report.results) == set(expected.results), (added, removed, recheck)
        assert state.report == expected
        assert set(recheck.after.triples()) == set(current)
        graph = PlainGraph(current)


def is_beyond_pyshacl(error: WorkspaceError) -> bool:
    """As in test_random_shapes: paths that pySHACL and rdflib do not take."""
    return bool(re.search("Expected SelectQuery, found|rdflib fails at a path", str(error)))


@random(35)
@given(several_shapes(4), SEEDS)
def test_changes_under_random_core_shapes(of_shapes: str, seed: int) -> None:
    same(of_shapes, NODES + LITERALS, seed)


@random(15)
@given(comparing_shapes(), SEEDS)
def test_changes_under_shapes_that_compare(of_shapes: str, seed: int) -> None:
    same(of_shapes, NODES + COMPARABLE + WIDE, seed)


@random(12)
@given(several_shapes(1, (*QUERIED, "sh:nodeKind sh:IRI")), SEEDS)
def test_changes_under_shapes_with_queries_and_components(of_shapes: str, seed: int) -> None:
    # rdflib evaluates most of these, slowly.
    try:
        same(QUERIES + of_shapes, NODES + COMPARABLE, seed, steps=2)
    except WorkspaceError as error:
        assume(not is_beyond_pyshacl(error))
        raise


@random(30)
@given(query_shapes(), SEEDS, st.sampled_from((COMPARABLE, PLAIN, PLAIN + WIDE)))
def test_changes_under_random_queries(of_shapes: str, seed: int, literals: list[str]) -> None:
    try:
        same(of_shapes, NODES + literals, seed)
    except WorkspaceError as error:
        assume(not is_beyond_pyshacl(error))
        raise
