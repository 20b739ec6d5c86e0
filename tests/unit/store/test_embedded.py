"""Generations: whatever was published before, the store holds what is published now."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgpub.errors import StoreError
from kgpub.store.embedded import Generations
from kgpub.store.queries import EmbeddedStore

E = "https://example.org/"


def quad(number: int, graph: int) -> Quad:
    return Quad(
        NamedNode(f"{E}s{number % 3}"),
        NamedNode(f"{E}p"),
        Literal(str(number)),
        NamedNode(f"{E}g{graph}"),
    )


datasets = st.sets(st.builds(quad, st.integers(0, 8), st.integers(0, 5)), min_size=1)


def digests(quads: set[Quad]) -> dict[str, str]:
    graphs: dict[str, list[str]] = {}
    for each in sorted(map(str, quads)):
        graphs.setdefault(each.rsplit(" <", 1)[1].rstrip(">"), []).append(each)
    return {
        graph: hashlib.sha256("".join(lines).encode()).hexdigest()
        for graph, lines in graphs.items()
    }


@settings(max_examples=30, deadline=None)
@given(st.lists(datasets, min_size=1, max_size=4))
def test_each_generation_holds_its_quads_and_their_union(history: list[set[Quad]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        generations = Generations(Path(folder))
        for quads in history:
            generations.publish(generations.prepare(quads, digests(quads)))
            stored = set(generations.open())
            named = {each for each in stored if each.graph_name != DefaultGraph()}
            union = {each.triple for each in stored - named}
            assert named == quads
            assert union == {each.triple for each in quads}
        assert len(list(Path(folder).glob("generation-*"))) <= 2


def test_a_triple_of_several_graphs_is_found_once(tmp_path: Path) -> None:
    quads = {quad(1, graph) for graph in range(5)}
    generations = Generations(tmp_path)
    generations.publish(generations.prepare(quads, digests(quads)))
    store = EmbeddedStore(generations.open())
    assert len(list(store.query("SELECT * { ?s ?p ?o . ?s ?p ?o2 }"))) == 1  # type: ignore[arg-type]
    assert len(list(store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }"))) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize("pointer", ["../elsewhere", "generation-9", "\udcff", ""])
def test_a_pointer_to_nowhere(tmp_path: Path, pointer: str) -> None:
    quads = {quad(1, 1)}
    generations = Generations(tmp_path)
    generations.publish(generations.prepare(quads, digests(quads)))
    (tmp_path / "CURRENT").write_bytes(pointer.encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError):
        generations.open()
    generations.publish(generations.prepare(quads, digests(quads)))
    assert len(generations.open()) == 2


def test_a_generation_of_another_version_is_not_built_upon(tmp_path: Path) -> None:
    quads = {quad(1, 1)}
    generations = Generations(tmp_path)
    generations.publish(generations.prepare(quads, digests(quads)))
    current = generations.current()
    assert current is not None
    path = current / "digests.json"
    path.write_text(path.read_text().replace("pyoxigraph", "pyoxigraph of old"))
    assert generations.digests() == {}
