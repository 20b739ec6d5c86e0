"""Random shapes, graphs and changes: what is said after a change is what full validation says."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Triple
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
    query_shapes,
    random,
    shape_body,
)

from kgpub.errors import WorkspaceError
from kgpub.validation import engine
from kgpub.validation.graph_view import MUCH
from kgpub.validation.incremental import Incremental

# KGPUB_RANDOM=n makes n times as many, other ones each time.

SEEDS = st.integers(0, 2**32)


@st.composite
def several_shapes(draw: st.DrawFn, number: int, more: tuple[str, ...] = ()) -> str:
    """Shapes for every kind of target; those of test_random_shapes have few focus nodes."""
    bodies = [draw(shape_body(more=more)) for _ in range(number)]
    targets = draw(st.permutations(TARGETS))
    return "".join(
        f"ex:S{at} {body} ; {' ; '.join(targets[at : at + 2])} .\n"
        for at, body in enumerate(bodies)
    )


def universe(values: list[str]) -> list[Triple]:
    """All triples that the graphs are drawn from."""
    lines = ["ex:D rdfs:subClassOf ex:C .", "ex:E rdfs:subClassOf ex:D .", "ex:n0 a ex:S0 ."]
    for subject in NODES:
        lines += [f"{subject} {p} {value} ." for p in PREDICATES for value in values]
        lines += [f"{subject} a {name} ." for name in CLASSES]
    return turtle("\n".join(lines))


def same(of_shapes: str, values: list[str], seed: int, steps: int = 6) -> None:
    """Change a dense graph by a triple or two at a time: small changes show what is missed."""
    chance, everything = Random(seed), universe(values)
    about_nodes = [each for each in everything if str(each.object).startswith(("<", "_"))]
    current = dict.fromkeys(chance.sample(everything, 8) + chance.sample(about_nodes, 14))
    parsed, fast = shapes(of_shapes), engine("fast")
    incremental, graph = Incremental(parsed, fast), PlainGraph(current, chance.choice((0, 2, MUCH)))
    try:
        state = incremental.full(graph)
        assert state.report == fast.validate(list(current), parsed)
        for _ in range(steps):
            added = chance.sample(chance.choice((everything, about_nodes)), chance.randrange(2))
            removed = chance.sample(list(current), chance.randrange(0 if added else 1, 2))
            current = dict.fromkeys([*(t for t in current if t not in removed), *added])
            expected = fast.validate(list(current), parsed)
            state, recheck = incremental.update(state, graph, added, removed, graph.forms())
            assert set(state.report.results) == set(expected.results), (added, removed, recheck)
            assert state.report == expected
            graph.change(added, [each for each in removed if each not in added])
            assert set(graph.triples()) == set(current)
    except WorkspaceError as error:
        # As in test_random_shapes: paths that pySHACL and rdflib do not take.
        assert re.search("Expected SelectQuery, found|rdflib fails at a path", str(error))


@random(35)
@given(several_shapes(4), SEEDS)
def test_changes_under_random_core_shapes(of_shapes: str, seed: int) -> None:
    same(of_shapes, NODES + LITERALS, seed)


@random(8)
@given(several_shapes(1, (*QUERIED, "sh:nodeKind sh:IRI")), SEEDS)
def test_changes_under_shapes_with_queries_and_components(of_shapes: str, seed: int) -> None:
    # rdflib evaluates most of these, slowly.
    same(QUERIES + of_shapes, NODES + COMPARABLE, seed, steps=2)


@random(30)
@given(query_shapes(), SEEDS)
def test_changes_under_random_queries(of_shapes: str, seed: int) -> None:
    same(of_shapes, NODES + COMPARABLE, seed)
