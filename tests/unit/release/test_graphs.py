"""The names of files of submissions, and that no quad gets lost between them."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kgpub.release import graphs
from kgpub.serialisation import graph_portions, nquads

BASE = "https://example.org/data/"
HARD = [
    "Facts",
    "facts",
    "وقائع",
    "😀",
    "a%20b",
    "a%2Fb",
    "x" * 200,
    "x" * 199 + "y",
    "con.",
    "con",
    "nul",
    "com1",
    "..",
    "",
]


@pytest.mark.parametrize("one", HARD)
def test_names_are_safe_and_differ_whatever_the_case(one: str) -> None:
    paths = [graphs.path_of(f"{BASE}submission/a/{each}", BASE) or "" for each in HARD]
    assert len({path.casefold() for path in paths}) == len(HARD)
    path = graphs.path_of(f"{BASE}submission/a/{one}", BASE)
    assert path is not None and path.isascii() and path == path.lower()
    assert all(0 < len(part) <= 105 and part not in (".", "..") for part in path.split("/"))
    assert "%" not in path and " " not in path
    assert not {each.partition(".")[0] for each in path.split("/")} & {"con", "nul", "com1"}


def test_a_plain_name_stays_as_it_is() -> None:
    path = graphs.path_of(f"{BASE}submission/al-kadhimi/facts", BASE)
    assert path == "graphs/submission/al-kadhimi/facts.trig"


@pytest.mark.parametrize("graph", ["graph/catalogue", "links/found", "person/x", ""])
def test_other_graphs_have_no_file(graph: str) -> None:
    assert graphs.path_of(BASE + graph, BASE) is None
    assert graphs.path_of("https://example.com/submission/a/b", BASE) is None


quads = st.builds(
    Quad,
    st.sampled_from(("x:a", "x:b")).map(NamedNode),
    st.just(NamedNode("x:p")),
    st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" <"), max_size=4).map(
        Literal
    ),
    st.integers(0, 30).map(lambda n: NamedNode(f"{BASE}submission/a/s{n}")),
)


@given(st.sets(quads, max_size=40))
def test_all_quads_come_out_in_one_file_each(
    tmp_path_factory: pytest.TempPathFactory, drawn: set[Quad]
) -> None:
    folder = tmp_path_factory.mktemp("graphs")
    path = folder / "dataset.nq"
    path.write_bytes(b"".join(nquads(drawn)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_portions, "PORTION_BYTES", 64)  # as if the dataset were large
        found = set()
        paths = []
        for content in graphs.files(path, BASE, {}, folder):
            paths.append(content.path)
            inside = list(parse(b"".join(content.chunks()), format=RdfFormat.TRIG))
            assert {graphs.path_of(str(q.graph_name)[1:-1], BASE) for q in inside} == {content.path}
            found.update(inside)
    assert found == drawn
    assert len(paths) == len(set(paths))
    assert [each.name for each in Path(folder).iterdir()] == ["dataset.nq"]


def test_few_files_are_open_at_a_time(tmp_path: Path) -> None:
    """macOS lets a process open 256 unless it asks for more."""
    drawn = [
        Quad(NamedNode("x:a"), NamedNode("x:p"), Literal("v"), NamedNode(f"{BASE}submission/a/{n}"))
        for n in range(300)
    ]
    path = tmp_path / "dataset.nq"
    path.write_bytes(b"".join(nquads(drawn)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.open(path, os.O_RDONLY)  # the lowest number that is free
    os.close(probe)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_portions, "PORTION_BYTES", 1)  # as if the dataset were large
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(256, probe + 200), hard))
        try:
            assert len(list(graphs.files(path, BASE, {}, tmp_path))) == 300
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
