"""Lines of N-Quads apart, as Oxigraph's parser has them."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from kgpub.release.history.versions import Event, Pair, Version, parted

OBJECTS = [
    *("<http://a/o>", '"plain"', '"two words"', '"<http://a/g>"', '"a <b"', '"ends <b>"'),
    *(r'"\" <http://a/x>"', '" "', '""', '"a <b>"@en', '"a <b"^^<http://a/t>', '"x"^^<http://a/t>'),
]


@pytest.mark.parametrize("graph", ["", " <http://a/g>"])
@pytest.mark.parametrize("value", OBJECTS)
def test_a_line_is_parted_as_a_parser_does(value: str, graph: str) -> None:
    line = f"<http://a/s> <http://a/p> {value}{graph} .\n".encode()
    [quad] = parse(line, RdfFormat.N_QUADS)
    name = b"" if quad.graph_name == DefaultGraph() else str(quad.graph_name).encode()
    assert parted(line) == (name, Pair(b"<http://a/p>", str(quad.object).encode()))


def test_a_record_is_named_by_thing_and_graph() -> None:
    def named(subject: bytes, graph: bytes) -> str:
        return Version(Event.DELETE, subject, graph).record

    names = [
        named(subject, graph)
        for subject in (b"<http://a/s>", b"<http://a/s2>")
        for graph in (b"", b"<http://a/g>", b"<http://a/s>")
    ]
    assert len(set(names)) == 6
    # printf '%s' '<http://a/g> <http://a/s>' | sha256sum | cut -c 1-32
    assert named(b"<http://a/s>", b"<http://a/g>") == "83681916500585d58351b038c720d87e"
