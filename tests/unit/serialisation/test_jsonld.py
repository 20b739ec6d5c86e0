from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.serialisation import Order, jsonld
from kgpub.serialisation.jsonld_terms import Vocabulary
from kgpub.vocabulary import KG, KIND, RDF, XSD, context, resource

from .datasets import (
    BASE,
    CONTEXT,
    doubles_by_value,
    iris,
    plain_iris,
    quads,
    read_pyld,
    read_pyoxigraph,
    read_rdflib,
    rows,
    union,
)

GOLDEN = Path(__file__).parent / "golden"
EX = "https://example.org/terms#"
S = NamedNode(BASE + "fact/1")


def node(*quads_of_one_subject: Quad) -> dict[str, Any]:
    document = json.loads(b"".join(jsonld(quads_of_one_subject, CONTEXT)))
    (only,) = document["@graph"]
    return {key: only[key] for key in only if key != "id"}


def said(predicate: str, value: str | Literal) -> Quad:
    return Quad(S, NamedNode(predicate), NamedNode(value) if isinstance(value, str) else value)


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


def assert_read_alike(given_quads: list[Quad]) -> None:
    content = b"".join(jsonld(given_quads, CONTEXT))
    expected = union(rows(given_quads))
    assert read_pyoxigraph(content, ox.RdfFormat.JSON_LD) == expected
    assert read_rdflib(content, "json-ld") == expected
    assert doubles_by_value(read_pyld(content)) == doubles_by_value(expected)


def test_the_example_is_written_as_by_hand() -> None:
    given_quads = list(ox.parse(path=GOLDEN / "input.nq"))
    terms = json.loads((GOLDEN / "context.json").read_text(encoding="utf-8"))
    order = Order(
        classes=(EX + "Person",), predicates=(EX + "name", EX + "born"), followed=(EX + "notes",)
    )
    written = b"".join(jsonld(given_quads, terms, order))
    assert written.decode() == (GOLDEN / "expected.jsonld").read_text(encoding="utf-8")


@given(quads(plain_iris))
@settings(max_examples=200, deadline=None)
def test_three_parsers_read_back_what_is_written(given_quads: list[Quad]) -> None:
    assert_read_alike(given_quads)


@given(quads(iris))
@settings(max_examples=200, deadline=None)
def test_pyoxigraph_reads_back_any_iri(given_quads: list[Quad]) -> None:
    content = b"".join(jsonld(given_quads, CONTEXT))
    assert read_pyoxigraph(content, ox.RdfFormat.JSON_LD) == union(rows(given_quads))


@given(quads(iris))
@settings(deadline=None)
def test_the_layout_is_json_with_an_indent_of_two(given_quads: list[Quad]) -> None:
    written = b"".join(jsonld(given_quads, CONTEXT)).decode()
    _, _, body = written.removesuffix("\n}\n").partition('\n  "@graph": ')
    laid_out = json.dumps(json.loads(written)["@graph"], indent=2).replace("\n", "\n  ")
    in_ascii = "".join(each if each.isascii() else json.dumps(each)[1:-1] for each in body)
    assert in_ascii == laid_out.replace("\x7f", "\\u007f")
    assert not set(body) & set("\x7f\x85\u2028\u200e\u200f\u202e\u2066\ufeff\U000e0041")


@given(quads(iris))
@settings(deadline=None)
def test_the_order_and_repeats_of_the_input_do_not_matter(given_quads: list[Quad]) -> None:
    again = given_quads * 2
    random.Random(1).shuffle(again)
    assert b"".join(jsonld(again, CONTEXT)) == b"".join(jsonld(given_quads, CONTEXT))


@pytest.mark.parametrize(
    ("reference", "short"),
    [
        ("mustafa-al-kadhimi", True),
        ("start", False),
        ("type", False),
        ("a/b.txt#char=1,2", True),
        ("", False),
        ("#a", False),
        ("a:b", False),
        ("a/b:c", False),
        ("?q", False),
        (".a", False),
        ("a/..b", False),
        ("a//b", False),
        ("a/", False),
        ("@id", False),
        ("a%20b", False),
        ("قصة", False),
    ],
)
def test_references_are_relative_only_where_all_parsers_resolve_them_alike(
    reference: str, short: bool
) -> None:
    quad = said(KG + "person", f"{BASE}person/{reference}")
    assert node(quad) == {"person": reference if short else f"{BASE}person/{reference}"}
    assert_read_alike([quad])


def test_a_slug_that_is_also_a_term_is_read_as_a_slug() -> None:
    assert_read_alike(
        [
            said(predicate, namespace + term)
            for term in CONTEXT
            if term != "@version"
            for predicate, namespace in (
                (KG + "person", BASE + "person/"),
                (KG + "describes", BASE + "place/"),
                (KG + "kind", KIND),
                (KG + "about", BASE),
            )
        ]
    )


def test_a_concept_whose_name_is_a_term_keeps_its_iri() -> None:
    assert node(said(KG + "kind", KIND + "Party")) == {"kind": "Party"}
    assert node(said(KG + "kind", KIND + "Place")) == {"kind": KIND + "Place"}
    assert node(said(KG + "kind", KIND + "occurrence")) == {"kind": KIND + "occurrence"}


def test_what_is_described_stands_under_its_section() -> None:
    found = node(
        said(KG + "describes", BASE + "person/a"),
        said(KG + "describes", BASE + "topic/b"),
        said(KG + "describes", BASE + "event/c"),
    )
    assert found == {
        "people": {"a": {}},
        "topics": {"b": {}},
        "kg:describes": {"id": BASE + "event/c"},
    }


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        (KG + "negated", typed("true", "boolean"), {"negated": True}),
        (KG + "negated", typed("1", "boolean"), {"negated": "1"}),
        (KG + "ordinal", typed("6", "integer"), {"ordinal": 6}),
        (KG + "ordinal", typed("-0", "integer"), {"ordinal": "-0"}),
        (KG + "ordinal", typed("9" * 16, "integer"), {"ordinal": "9" * 16}),
        (KG + "score", typed("1", "decimal"), {"score": "1"}),
        (KG + "submitted", typed("2021-01-01", "date"), {"date": "2021-01-01"}),
        (KG + "start", Literal("1985"), {"start": {"@value": "1985"}}),
        (
            KG + "start",
            typed("1985", "gYear"),
            {"start": {"@value": "1985", "@type": "xsd:gYear"}},
        ),
        (KG + "start", BASE + "x", {"start": {"id": BASE + "x"}}),
        (KG + "person", Literal("a"), {"person": {"@value": "a"}}),
        (KG + "name", Literal("a", language="en"), {"name": {"en": "a"}}),
        (KG + "name", Literal("a"), {"kg:name": "a"}),
        (KG + "name", BASE + "x", {"kg:name": {"id": BASE + "x"}}),
        (KG + "file", Literal("a"), {"file": "a"}),
        (KG + "file", Literal("a", language="en"), {"file": {"@value": "a", "@language": "en"}}),
        (KG + "unheard-of", typed("5", "integer"), {"kg:unheard-of": 5}),
        (
            KG + "unheard-of",
            typed("5", "int"),
            {"kg:unheard-of": {"@value": "5", "@type": "xsd:int"}},
        ),
        ("http://p/", Literal("a"), {"http://p/": "a"}),
        (KG + "//a", Literal("a"), {KG + "//a": "a"}),
        (KG, Literal("a"), {"kg": "a"}),
        (RDF + "type", KG + "Person", {"type": "Person"}),
        (RDF + "type", KG + "person", {"type": "kg:person"}),
        (RDF + "type", "http://x/Y", {"type": "http://x/Y"}),
        (RDF + "type", Literal("a"), {RDF + "type": "a"}),
    ],
)
def test_values_take_the_shortest_form_that_is_the_same(
    predicate: str, value: str | Literal, expected: dict[str, Any]
) -> None:
    assert node(said(predicate, value)) == expected
    assert_read_alike([said(predicate, value)])


def test_of_several_terms_the_one_with_the_shortest_form_is_taken() -> None:
    terms = {
        "any": "http://p/",
        "day": {"@id": "http://p/", "@type": XSD + "date"},
        "in": {"@id": "http://p/", "@type": "@id", "@context": {"@base": BASE}},
        "of": {"@id": "http://p/", "@type": "@id"},
        "word": {"@id": "http://p/", "@container": "@language"},
    }
    values: list[str | Literal] = [
        *(BASE + "a", "http://o/a", Literal("a"), Literal("a", language="ar")),
        *(typed("2021-01-01", "date"), typed("1", "int")),
    ]
    content = b"".join(jsonld([said("http://p/", each) for each in values], terms))
    (written,) = json.loads(content)["@graph"]
    assert written == {
        "@id": S.value,
        "any": [{"@value": "1", "@type": XSD + "int"}, "a"],
        "day": "2021-01-01",
        "in": ["http://o/a", "a"],
        "word": {"ar": "a"},
    }
    assert read_pyld(content) == rows(said("http://p/", each) for each in values)


@pytest.mark.parametrize("place", ["subject", "predicate", "object", "class"])
def test_an_iri_that_would_be_read_as_another_is_refused(place: str) -> None:
    odd, plain = NamedNode("kg:Person"), NamedNode("http://a/")
    quad = {
        "subject": Quad(odd, plain, plain),
        "predicate": Quad(plain, odd, plain),
        "object": Quad(plain, plain, odd),
        "class": Quad(plain, NamedNode(RDF + "type"), odd),
    }[place]
    with pytest.raises(ValueError, match="reads as a compact IRI"):
        list(jsonld([quad], CONTEXT))


@pytest.mark.parametrize(
    "odd",
    [
        {"@base": BASE},
        {"@vocab": KG},
        {"@language": "ar"},
        {"a:b": "http://x/"},
        {"a": "b"},
        {"a": ["http://x/"]},
        {"a": {"@reverse": "http://x/", "@type": "@id"}},
        {"a": {"@id": "http://x/", "@container": "@list"}},
        {"a": {"@id": "http://x/", "@container": ["@set", "@language"]}},
        {"a": {"@id": "http://x/", "@language": "ar"}},
        {"a": {"@id": "http://x/", "@type": "@json"}},
        {"a": {"@id": "http://x/", "@type": "date"}},
        {"a": {"@id": "http://x/", "@context": {"b": "http://x/"}}},
        {"a": {"@id": "http://x/", "@context": None}},
    ],
)
def test_a_context_that_is_not_understood_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="context"):
        Vocabulary(odd)


def test_a_property_that_is_read_backwards_is_not_written() -> None:
    backwards = {"of": {"@reverse": "http://x/b"}, "to": {"@id": "http://x/b", "@type": "@id"}}
    assert [term.key for term in Vocabulary(backwards).terms("http://x/b")] == ["to", "http://x/b"]


@pytest.mark.parametrize("base", ["https://e.org/../a/", "https://e.org/./", "https://e.org/a/?q/"])
def test_a_base_that_parsers_resolve_differently_is_not_used(base: str) -> None:
    quad = Quad(S, NamedNode(KG + "person"), NamedNode(f"{base}person/a"))
    content = b"".join(jsonld([quad], context(base)))
    assert json.loads(content)["@graph"][0]["person"] == f"{base}person/a"
    assert read_pyoxigraph(content, ox.RdfFormat.JSON_LD) == rows([quad])


def test_the_context_as_it_is_published_needs_no_base_to_be_read() -> None:
    terms = json.loads((resource("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    quad = said(KG + "person", BASE + "person/a")
    content = b"".join(jsonld([quad], terms["@context"]))
    assert read_pyld(content) == rows([quad])


def test_no_quads_are_an_empty_graph() -> None:
    assert json.loads(b"".join(jsonld([], CONTEXT))) == {"@context": CONTEXT, "@graph": []}
    assert b"".join(jsonld([], {})) == b'{\n  "@context": {},\n  "@graph": []\n}\n'
