"""Quads for the tests, and three parsers to read back what was written, none of them ours."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyoxigraph as ox
import rdflib
from hypothesis import strategies as st
from pyld import jsonld as pyld
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgpub.vocabulary import EDTF, KG, KIND, RDF, XSD, context

BASE = "https://example.org/data/"
CONTEXT = context(BASE)
Row = tuple[str, str, str, tuple[str, ...]]


def rows(quads: Iterable[Quad]) -> set[Row]:
    """The quads as plain values: graph, subject, predicate, and IRI or (value, language, type)."""
    return {
        (_name(quad.graph_name), _name(quad.subject), quad.predicate.value, _term(quad.object))
        for quad in quads
    }


def _name(node: object) -> str:
    assert isinstance(node, (NamedNode, DefaultGraph))
    return node.value if isinstance(node, NamedNode) else ""


def _term(term: object) -> tuple[str, ...]:
    if isinstance(term, NamedNode):
        return (term.value,)
    assert isinstance(term, Literal)
    return term.value, term.language or "", term.datatype.value


def union(found: Iterable[Row]) -> set[Row]:
    return {("", *row[1:]) for row in found}


def doubles_by_value(found: Iterable[Row]) -> set[Row]:
    """Rows with xsd:double as numbers: PyLD rewrites their lexical forms, against the standard."""

    def by_value(term: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return (repr(float(term[0])), *term[1:]) if term[-1] == XSD + "double" else term
        except ValueError:
            return term

    return {(*row[:3], by_value(row[3])) for row in found}


def read_pyoxigraph(content: bytes, syntax: ox.RdfFormat) -> set[Row]:
    return rows(ox.parse(content, format=syntax))


def read_rdflib(content: bytes, syntax: str) -> set[Row]:
    dataset = rdflib.Dataset()
    with _lexical_forms():
        dataset.parse(data=content, format=syntax)
    return {
        (
            "" if graph in (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID) else str(graph),
            str(subject),
            str(predicate),
            _rdflib_term(term),
        )
        for subject, predicate, term, graph in dataset.quads()
    }


def read_pyld(content: bytes) -> set[Row]:
    dataset = pyld.to_rdf(json.loads(content))
    return {
        (
            "" if graph == "@default" else graph,
            triple["subject"]["value"],
            triple["predicate"]["value"],
            _pyld_term(triple["object"]),
        )
        for graph, triples in dataset.items()
        for triple in triples
    }


@contextmanager
def _lexical_forms() -> Iterator[None]:
    """Have rdflib keep lexical forms, and not log those that are outside their datatype."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
        logging.disable(logging.NOTSET)


def _rdflib_term(term: Any) -> tuple[str, ...]:
    if isinstance(term, rdflib.URIRef):
        return (str(term),)
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return str(term), term.language, RDF + "langString"
    return str(term), "", str(term.datatype or XSD + "string")


def _pyld_term(term: dict[str, str]) -> tuple[str, ...]:
    if term["type"] == "IRI":
        return (term["value"],)
    assert term["type"] == "literal"
    return term["value"], term.get("language", ""), term["datatype"]


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


SLUGS = [
    *("mustafa-al-kadhimi", "a", "1", "a.b", "a~b", "_a", "-a", "a/b", "a/b#c", "x.txt#char=9,10"),
    *("start", "Person", "id", "type", "kg", "occurrence", "kind", "Place"),
    *("", "#f", "?q", "a?q", "a:b", "a/b:c", ":a", "@id", "@foo", "@context", "a%20b", "é", "قصة"),
    *("../a", "..", ".", ".a", "a/../b", "a/./b", "a//b", "/a", "//a/b", "a/", "a#", "a#b/../c"),
    *(
        "a\u202eb",
        "a\u200cb",
        "a'b",
        "a(b)",
        "a,b",
        "a;b=c",
        "a&b",
        "a!",
        "a*",
        "$a",
        "a+b",
        "a.",
        "a--",
    ),
]
NAMESPACES = [
    BASE,
    *(BASE + path for path in ("person/", "place/", "article/", "organisation/", "topic/")),
    *(KG, KIND, XSD, "http://www.w3.org/2006/time#", "http://www.wikidata.org/entity/"),
    *("https://other.example/", "urn:x:", "tag:a,2020:", "file:///", "about:", "source:", "file:/"),
]
_slug = st.sampled_from(SLUGS) | st.text("ab01.:/#?@~-_%é'", max_size=8)
iris = st.builds(str.__add__, st.sampled_from(NAMESPACES), _slug).filter(_is_iri)

# rdflib resolves dot segments of whole IRIs too, in any syntax that can have a base.
plain_iris = iris.filter(lambda iri: "/." not in iri)

_term_iris = sorted(
    {
        definition["@id"].replace("kg:", KG)
        for definition in CONTEXT.values()
        if isinstance(definition, dict) and definition.get("@id", "").startswith("kg:")
    }
    | {KG + name for name in ("file", "words", "text", "asserts", "unheard-of")}
)
predicates = st.sampled_from(
    [
        *_term_iris,
        *(RDF + "type",) * 3,
        "urn:p:q",
        "https://other.example/p/q",
        "about:p",
        KG + "a/b",
    ]
)
_datatypes = st.sampled_from(
    [
        *(XSD + name for name in ("boolean", "integer", "decimal", "double", "date", "string")),
        *(XSD + name for name in ("nonNegativeInteger", "int", "gYear", "float")),
        *(EDTF + "EDTF", RDF + "JSON", "https://other.example/type", "urn:t:u"),
    ]
)
_short_texts = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("\"\\\n\r\t\f\b\0\x7f\x85\u2028\u2029\u200e\u200f\u202e\u2066\ufeff\uffff'#.")
    | st.sampled_from("مێ\u200c\U000e0041😀"),
    max_size=20,
)
texts = _short_texts | st.builds(lambda text: text * 30, _short_texts)
_lexical_forms_of_values = st.sampled_from(
    [
        *("true", "false", "1", "0", "TRUE", "-0", "+1", "01", "-1", "12", "999999999999999"),
        *("9007199254740993", "1" * 400, "1.0", "1.50", "-0.0", ".5", "5.", "0.0000001", "1e0"),
        *("1.0E0", "1E400", "NaN", "INF", "", " 1", "1985", "2003/..", "2021-02-30", '{"a":1}'),
    ]
)
literals = (
    st.builds(Literal, texts)
    | st.builds(
        lambda text, tag: Literal(text, language=tag),
        texts,
        st.sampled_from(["ar", "ckb", "en", "en-latn-us", "ku-arab"]),
    )
    | st.builds(
        lambda text, datatype: Literal(text, datatype=NamedNode(datatype)),
        _lexical_forms_of_values | texts,
        _datatypes,
    )
)


def quads(terms: st.SearchStrategy[str]) -> st.SearchStrategy[list[Quad]]:
    """Lists of quads over the context's terms; subjects and objects drawn from `terms`."""
    node = st.builds(NamedNode, terms)
    graph = st.sampled_from([DefaultGraph(), NamedNode(BASE + "submission/a/facts")]) | node
    few = st.shared(st.lists(node, min_size=1, max_size=4), key="subjects").flatmap(st.sampled_from)
    quad = st.builds(Quad, few, st.builds(NamedNode, predicates), few | node | literals, graph)
    return st.lists(quad, max_size=12)
