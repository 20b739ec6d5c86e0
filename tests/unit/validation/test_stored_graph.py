"""A store on disk, looked into as a graph."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.validation.stored_graph import StoredGraph
from kgpub.validation.submitted import SubmittedLiterals

P = NamedNode("http://e/p")
NUMBERS = range(1000)


def test_of_integers_only_the_one_is_found(tmp_path: Path) -> None:
    triples = [Triple(NamedNode(f"http://e/{n}"), P, Literal(n)) for n in NUMBERS]
    store = Store(str(tmp_path))
    store.extend(Quad(*triple, DefaultGraph()) for triple in triples)
    store.flush()
    graph = StoredGraph(store, SubmittedLiterals(triples).forms())
    for number in (0, 254, 255, 256, 511, 767, 999):
        assert graph.subjects(P.value, Literal(number)) == [NamedNode(f"http://e/{number}")]
        assert graph.here(Literal(number)) == [triples[number]]
