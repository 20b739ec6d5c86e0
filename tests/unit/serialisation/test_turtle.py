from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.serialisation import Order, trig, turtle
from kgpub.serialisation.turtle_text import TurtleText, quoted
from kgpub.vocabulary import KG, XSD, prefixes

from .datasets import (
    BASE,
    iris,
    plain_iris,
    quads,
    read_pyoxigraph,
    read_rdflib,
    rows,
    texts,
    union,
)

Writer = Callable[..., Iterator[bytes]]
GOLDEN = Path(__file__).parent / "golden"
EX = "https://example.org/terms#"
EXAMPLE_PREFIXES = {
    "ex": EX,
    "person": "https://example.org/person/",
    "unused": "https://example.org/unused/",
    "xsd": XSD,
}
EXAMPLE_ORDER = Order(
    classes=(EX + "Person",), predicates=(EX + "name", EX + "born"), followed=(EX + "notes",)
)
PREFIXES = prefixes(BASE)
A, P = NamedNode("http://a/"), NamedNode("http://p/")


@pytest.mark.parametrize(("write", "name"), [(turtle, "expected.ttl"), (trig, "expected.trig")])
def test_the_example_is_written_as_by_hand(write: Writer, name: str) -> None:
    given_quads = list(ox.parse(path=GOLDEN / "input.nq"))
    written = b"".join(write(given_quads, EXAMPLE_PREFIXES, EXAMPLE_ORDER))
    assert written.decode() == (GOLDEN / name).read_text(encoding="utf-8")


@given(quads(iris))
def test_pyoxigraph_reads_back_what_is_written(given_quads: list[Quad]) -> None:
    content = b"".join(turtle(given_quads, PREFIXES))
    assert read_pyoxigraph(content, ox.RdfFormat.TURTLE) == union(rows(given_quads))
    content = b"".join(trig(given_quads, PREFIXES))
    assert read_pyoxigraph(content, ox.RdfFormat.TRIG) == rows(given_quads)


@given(quads(plain_iris))
def test_rdflib_reads_back_what_is_written(given_quads: list[Quad]) -> None:
    content = b"".join(turtle(given_quads, PREFIXES))
    assert read_rdflib(content, "turtle") == union(rows(given_quads))
    content = b"".join(trig(given_quads, PREFIXES))
    assert read_rdflib(content, "trig") == rows(given_quads)


@given(quads(iris))
def test_the_order_and_repeats_of_the_input_do_not_matter(given_quads: list[Quad]) -> None:
    again = given_quads * 2
    random.Random(1).shuffle(again)
    assert b"".join(turtle(again, PREFIXES)) == b"".join(turtle(given_quads, PREFIXES))
    assert b"".join(trig(again, PREFIXES)) == b"".join(trig(given_quads, PREFIXES))


LONG = "x" * 200


@given(texts)
@example('"')
@example("\\")
@example(f'{LONG}\n"""b"')
@example(f'"{LONG}\n"')
@example(f'""{LONG}\n""')
@example(f"\n{LONG}\\")
@example(f'\\"\n\\""{LONG}\\"\n\\""\r\n')
def test_nothing_invisible_stands_in_a_string(text: str) -> None:
    written = quoted(text)
    assert not set(written) & set("\0\t\r\f\x7f\x85\u2028\u200e\u200f\u202e\u2066\ufeff\U000e0041")
    (read,) = ox.parse(f"<http://a/> <http://p/> {written} .", format=ox.RdfFormat.TURTLE)
    assert read.object == Literal(text)


def test_only_long_strings_of_several_lines_take_several_lines() -> None:
    assert quoted("a\nb") == r'"a\nb"'
    assert quoted(LONG) == f'"{LONG}"'
    assert quoted(f'{LONG}\n"b" c\td\n') == f'"""{LONG}\n"b" c\\td\n"""'


def test_bidi_controls_are_escaped_in_iris_and_joiners_are_kept() -> None:
    quad = Quad(NamedNode("http://a/\u202e"), P, Literal("می\u200cخواهم \u200e"))
    (written,) = turtle([quad], {})
    assert written.decode() == '<http://a/\\u202E> <http://p/> "می\u200cخواهم \\u200E" .\n'


@pytest.mark.parametrize(
    ("value", "datatype", "written"),
    [
        ("true", "boolean", "true"),
        ("1", "boolean", '"1"^^xsd:boolean'),
        ("True", "boolean", '"True"^^xsd:boolean'),
        ("-12", "integer", "-12"),
        ("0", "integer", "0"),
        ("007", "integer", '"007"^^xsd:integer'),
        ("+1", "integer", '"+1"^^xsd:integer'),
        ("1\n", "integer", r'"1\n"^^xsd:integer'),
        ("١", "integer", '"١"^^xsd:integer'),
        ("9" * 5000, "integer", f'"{"9" * 5000}"^^xsd:integer'),
        ("12", "nonNegativeInteger", '"12"^^xsd:nonNegativeInteger'),
        ("1.50", "decimal", "1.50"),
        ("1", "decimal", '"1"^^xsd:decimal'),
        (".5", "decimal", '".5"^^xsd:decimal'),
        ("1.", "decimal", '"1."^^xsd:decimal'),
        ("0.0000001", "decimal", '"0.0000001"^^xsd:decimal'),
        ("1.0E0", "double", "1.0E0"),
        ("-15e-3", "double", "-15e-3"),
        ("1.0", "double", '"1.0"^^xsd:double'),
        ("INF", "double", '"INF"^^xsd:double'),
        ("1E999", "double", "1E999"),
    ],
)
def test_short_forms_only_where_they_are_the_same_literal(
    value: str, datatype: str, written: str
) -> None:
    literal = Literal(value, datatype=NamedNode(XSD + datatype))
    assert TurtleText({"xsd": XSD}).literal(literal) == written
    content = b"".join(turtle([Quad(A, P, literal)], {"xsd": XSD}))
    expected = rows([Quad(A, P, literal)])
    assert read_pyoxigraph(content, ox.RdfFormat.TURTLE) == expected
    assert read_rdflib(content, "turtle") == expected


@pytest.mark.parametrize(
    ("iri", "written"),
    [
        (BASE + "person/mustafa-al-kadhimi", "person:mustafa-al-kadhimi"),
        (BASE + "event/2020", "event:2020"),
        (BASE + "person/a.b", "person:a.b"),
        (BASE + "person/a.", f"<{BASE}person/a.>"),
        (BASE + "person/-a", f"<{BASE}person/-a>"),
        (BASE + "person/", f"<{BASE}person/>"),
        (BASE + "person/a/b", f"<{BASE}person/a/b>"),
        (BASE + "person/a%20b", f"<{BASE}person/a%20b>"),
        (BASE + "article/a/article.txt#char=1,2", f"<{BASE}article/a/article.txt#char=1,2>"),
        (BASE + "person/قصة", f"<{BASE}person/قصة>"),
    ],
)
def test_prefixed_names_only_where_they_need_no_escape(iri: str, written: str) -> None:
    assert TurtleText(PREFIXES).iri(iri) == written


def test_the_longest_namespace_gives_the_name() -> None:
    text = TurtleText({"a": "http://x/", "b": "http://x/b-", "c": "http://x/b-"})
    assert text.iri("http://x/b-1") == "b:1"
    assert text.iri("http://x/b-") == "a:b-"
    assert text.directives() == "@prefix a: <http://x/> .\n@prefix b: <http://x/b-> .\n"


@pytest.mark.parametrize(
    "bad", [{"a b": "http://x/"}, {"-": "http://x/"}, {"a": "http://x/ y"}, {"a": "x/"}]
)
def test_prefixes_that_are_none_are_refused(bad: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        TurtleText(bad)


def test_long_attacks_take_time_in_proportion() -> None:
    size = 300_000
    attacks = ['"' * size, "\\" * size, "\n" * size, "\u202e" * size, '"\n' * size, "9" * size]
    given_quads = [Quad(A, P, Literal(text)) for text in attacks]
    slug = "a-" * size
    given_quads.append(Quad(A, P, NamedNode(f"{BASE}person/{slug}")))
    given_quads.append(Quad(A, NamedNode(KG + "passage"), NamedNode(f"{BASE}x/{'9' * size}")))
    given_quads.append(Quad(A, P, NamedNode(f"{BASE}person/{'.' * size}")))
    start = time.process_time()
    content = b"".join(turtle(given_quads, PREFIXES))
    assert time.process_time() - start < 5
    assert read_pyoxigraph(content, ox.RdfFormat.TURTLE) == rows(given_quads)


def test_no_quads_are_no_bytes() -> None:
    assert b"".join(turtle([], PREFIXES)) == b"".join(trig([], PREFIXES)) == b""
