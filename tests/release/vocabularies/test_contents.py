"""The vocabularies of a dataset in a file, as a release has them."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from tests.release.vocabularies.cases import BASE, store, turtle
from tests.release.vocabularies.making import made

from kgpub.release.vocabularies import contents_of

_KINDS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/kind#falconry> skos:prefLabel "falconry"@en .
"""


def _written(dataset: Path, folder: Path, *kinds: Path) -> dict[str, bytes]:
    return {
        content.path.removeprefix("vocabularies/"): b"".join(content.chunks())
        for content in contents_of(dataset, BASE, folder, kinds=kinds)
    }


def _dataset(folder: Path, text: str) -> Path:
    """Write the triples twice, in two named graphs, as two submissions may tell the same."""
    triples = list(parse(text, format=RdfFormat.TURTLE))
    graphs = [NamedNode(f"{BASE}submission/{name}") for name in ("one", "two")]
    quads = [Quad(*each.triple, graph) for each in triples for graph in graphs]
    path = folder / "dataset.nq"
    serialize(quads, str(path), format=RdfFormat.N_QUADS)
    return path


def test_a_file_with_named_graphs_gives_what_a_store_with_their_union_gives(tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    found = _written(_dataset(tmp_path, turtle()), folder)
    assert found == made(store(), tmp_path)
    assert list(folder.iterdir()) == []


def test_a_publishers_own_kinds_have_their_names(tmp_path: Path) -> None:
    kinds = tmp_path / "kinds.ttl"
    kinds.write_text(_KINDS, encoding="utf-8")
    told = turtle().replace("kind:journalism", "<https://example.org/kind#falconry>")
    found = _written(_dataset(tmp_path, told), tmp_path, kinds)["schema-org.nt"].decode()
    kind = "<https://example.org/kind#falconry>"
    assert f'{kind} <http://schema.org/name> "falconry"@en .' in found.splitlines()
