from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, Triple

from kgpub.serialisation import jsonld, nquads, ntriples, trig, turtle

from .datasets import CONTEXT, iris, quads, read_pyoxigraph, read_rdflib, rows, union

Writer = Callable[[list[Quad]], Iterator[bytes]]
GOLDEN = Path(__file__).parent / "golden"
A, P = NamedNode("http://a/"), NamedNode("http://p/")


def test_the_example_is_written_as_by_hand() -> None:
    given_quads = list(ox.parse(path=GOLDEN / "input.nq"))
    assert b"".join(nquads(given_quads)) == (GOLDEN / "expected.nq").read_bytes()


def test_escapes_are_those_of_rdfc_1_0_and_no_others() -> None:
    text = (
        "\0\x07\b\t\n\x0b\f\r\x0e\x1f !\"'\\\x7f"
        "\x80\x85\u200f\u2028\u202e\ufeff\ufffd\ufffe\uffff\U000e0041😀"
    )
    line = (
        "<http://a/> <http://p/> "
        r'"\u0000\u0007\b\t\n\u000B\f\r\u000E\u001F !\"'
        "'"
        r"\\\u007F"
        "\x80\x85\u200f\u2028\u202e\ufeff\ufffd"
        r"\uFFFE\uFFFF"
        '\U000e0041😀" .\n'
    )
    assert b"".join(nquads([Quad(A, P, Literal(text))])).decode() == line


@given(quads(iris))
def test_what_is_written_is_read_back(given_quads: list[Quad]) -> None:
    content = b"".join(nquads(given_quads))
    assert read_rdflib(content, "nquads") == rows(given_quads)
    content = b"".join(ntriples(given_quads))
    assert read_rdflib(content, "nt") == union(rows(given_quads))
    assert read_pyoxigraph(content, ox.RdfFormat.N_TRIPLES) == union(rows(given_quads))


@given(quads(iris))
def test_lines_are_sorted_and_unique_whatever_the_order(given_quads: list[Quad]) -> None:
    content = b"".join(nquads(given_quads))
    again = given_quads * 2
    random.Random(1).shuffle(again)
    assert b"".join(nquads(again)) == content
    *lines, rest = content.decode().split("\n")
    assert rest == ""
    assert lines == sorted(set(lines))


def test_triples_are_quads_of_the_default_graph() -> None:
    for write in (nquads, ntriples, lambda each: trig(each, {}), lambda each: jsonld(each, {})):
        assert b"".join(write([Triple(A, P, A)])) == b"".join(write([Quad(A, P, A)]))


def test_no_quads_are_no_bytes() -> None:
    assert b"".join(nquads([])) == b"".join(ntriples([])) == b""


@pytest.mark.parametrize(
    "quad",
    [
        Quad(BlankNode("b"), P, A),
        Quad(A, P, BlankNode("b")),
        Quad(A, P, A, BlankNode("b")),
        Quad(A, P, Triple(A, P, A)),
        Quad(A, P, Literal("a", language="ar", direction=BaseDirection.RTL)),
    ],
    ids=["subject", "object", "graph", "triple term", "direction"],
)
@pytest.mark.parametrize(
    "write",
    [
        nquads,
        ntriples,
        lambda given_quads: turtle(given_quads, {}),
        lambda given_quads: trig(given_quads, {}),
        lambda given_quads: jsonld(given_quads, CONTEXT),
    ],
    ids=["nquads", "ntriples", "turtle", "trig", "jsonld"],
)
def test_what_is_never_published_is_refused(write: Writer, quad: Quad) -> None:
    with pytest.raises(ValueError, match=r"IRI"):
        list(write([Quad(A, P, A), quad]))
