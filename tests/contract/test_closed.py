"""Closed property shapes: their value nodes may have no other properties (SHACL, 4.8.1)."""

from __future__ import annotations

import pytest
from tests.contract.plain_graph import PlainGraph
from tests.contract.shacl_graphs import both, shapes, told, turtle

from kgpub.validation import Engine, engine
from kgpub.validation.incremental import Incremental

CLOSED = "sh:closed true ; sh:property [ sh:path ex:ok ]"


@both
@pytest.mark.parametrize(
    ("shape", "data", "expected"),
    [
        (f"ex:S {{}} ; sh:path ex:p ; {CLOSED} .", "ex:a ex:p ex:b . ex:b ex:ok 1 .", set()),
        (
            f"ex:S {{}} ; sh:path ex:p ; {CLOSED} .",
            "ex:a ex:p ex:b . ex:b ex:ok 1 ; ex:bad 2 .",
            {'<a> <bad> "2"^^<integer> Closed S'},
        ),
        (
            "ex:S {} ; sh:path ex:p ; sh:closed true ; sh:property [ sh:path ex:p ] .",
            "ex:a ex:p ex:b . ex:b ex:p ex:c ; ex:bad 1 .",
            {'<a> <bad> "1"^^<integer> Closed S'},
        ),
        (
            f"ex:S {{}} ; sh:not [ sh:path ex:p ; {CLOSED} ] .",
            "ex:a ex:p ex:b . ex:b ex:ok 1 .",
            {"<a> - <a> Not S"},
        ),
        (
            f"ex:S {{}} ; sh:not [ sh:path ex:p ; {CLOSED} ] .",
            "ex:a ex:p ex:b . ex:b ex:ok 1 ; ex:bad 2 .",
            set(),
        ),
        (
            f"ex:S {{}} ; sh:node [ sh:property [ sh:path ex:p ; {CLOSED} ] ] .",
            "ex:a ex:p ex:b . ex:b ex:bad 2 .",
            {"<a> - <a> Node S"},
        ),
        (
            f"ex:S {{}} ; sh:node [ sh:property [ sh:path ex:p ; {CLOSED} ] ] .",
            "ex:a ex:p ex:b ; ex:other 1 . ex:b ex:ok 2 .",
            set(),
        ),
        (
            f"ex:S {{}} ; sh:path ex:p ; {CLOSED} ; sh:ignoredProperties ( ex:bad ) .",
            "ex:a ex:p ex:b . ex:b ex:bad 2 .",
            set(),
        ),
    ],
)
def test_value_nodes_are_held_to_it(
    chosen: Engine, shape: str, data: str, expected: set[str]
) -> None:
    asked = shapes(shape.format("sh:targetNode ex:a"))
    assert told(chosen.validate(turtle(data), asked)) == expected


def test_of_a_changed_value_node_the_focus_node_is_validated_anew() -> None:
    asked = shapes(f"ex:S sh:targetNode ex:a ; sh:path ex:p ; {CLOSED} .")
    data, added = turtle("ex:a ex:p ex:b . ex:b ex:ok 1 ."), turtle("ex:b ex:bad 2 .")
    fast = engine("fast")
    incremental, graph = Incremental(asked, fast), PlainGraph(data)
    state = incremental.state(graph, fast.validate(data, asked))
    recheck = incremental.recheck(state, graph, added, [], graph.forms())
    assert told(recheck.applied(state).report) == {'<a> <bad> "2"^^<integer> Closed S'}
