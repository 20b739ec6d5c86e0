"""No value of a parameter is anything but a value, by another engine's parser and evaluation.

rdflib substitutes terms in the algebra of a query (`initBindings`); kgpub puts them in the text.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from tests.service.api_served import BASE, PREFIXES, SHIPPED, api
from tests.service.served import fetch

from kgpub.service.api.asked import Asked, asked
from kgpub.service.api.problems import ParametersError
from kgpub.service.api.saved import SavedQuery, saved
from kgpub.service.errors import RequestError
from kgpub.store.binding import bind
from kgpub.store.named_queries import NamedQuery

QUERIES = saved(SHIPPED)
HOSTILE = (
    '" } # ',
    '") || true || CONTAINS("',
    '"@en . ?s ?p ?o . FILTER("a"="a',
    "\\",
    '\\"',
    "'''",
    '"""',
    "\\u0022 } UNION { ?s ?p ?o }",
    "\\U00000022",
    "\n}\nLIMIT 1 #",
    "\r} DROP ALL #",
    "?entity",
    "$name",
    "<http://example.org/>",
    "> . ?s ?p ?o . <",
    "a\0b",
    "\ufffe\uffff",
    "\u2028\u202e",
    "{{7*7}}%s%(x)s{0}",
    "😀" * 250,
)
ABSENT = "kgpub-absent"
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"'\\#{}<>?$@^_:;.,()[]|&!=*/+-u0041nrt \n\r", max_size=60),
    st.sampled_from(HOSTILE),
)


def read(query: SavedQuery, **values: str) -> Asked:
    return asked(urlencode(values).encode(), query, PREFIXES)


@lru_cache(maxsize=4)
def algebra(text: str) -> Any:
    return prepareQuery(text, initNs=PREFIXES).algebra


def terms(node: Any) -> Iterator[Any]:
    """Yield the terms of a query's algebra in order, each set sorted."""
    if isinstance(node, CompValue):
        yield node.name
        for key in sorted(node):
            yield key
            yield from terms(node[key])
    elif isinstance(node, dict):
        for key in sorted(node, key=repr):
            yield from terms(key)
            yield from terms(node[key])
    elif isinstance(node, list | tuple):
        yield len(node)
        for each in node:
            yield from terms(each)
    elif isinstance(node, set | frozenset):
        yield from sorted(map(repr, node))
    else:
        yield node


def replaced(node: Any, old: rdflib.term.Node, new: rdflib.term.Node) -> list[Any]:
    return [new if each == old else each for each in terms(node)]


ONE_VALUE = NamedQuery.parse(
    "one",
    "# parameter: value text a text\n# columns: s o\n"
    "SELECT ?s ?o { ?s ?p ?o FILTER(STR(?o) = ?value || CONTAINS(STR(?o), ?value)) } ORDER BY ?s",
)


@given(TEXTS)
@settings(max_examples=150)
@example('"\\u0022')
def test_a_text_changes_no_structure(text: str) -> None:
    # rdflib resolves \u before it reads strings, against the order of section 19.2 with \\.
    query = SavedQuery.of(ONE_VALUE)
    try:
        bound = read(query, value=text).text
    except RequestError:
        assert len(text) > 1_000
        return
    if re.search(r"\\[uU]", text):
        return
    marked = algebra(read(query, value=ABSENT).text)
    found = list(terms(algebra(bound)))
    assert found == replaced(marked, rdflib.Literal(ABSENT), rdflib.Literal(text))


def values_of(query: SavedQuery, hostile: str) -> dict[str, str]:
    """One value for each parameter: `hostile` for texts, valid ones elsewhere."""
    plain = {"date": "2000-01-01", "integer": "7", "iri": "wd:Q1", "text": hostile}
    return {each.name: plain[each.type] for each in query.named.parameters}


WITH_TEXT = [
    query
    for query in QUERIES.values()
    if any(parameter.type == "text" for parameter in query.named.parameters)
]


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.named.name)
def test_terms_stand_where_the_command_line_puts_them(query: SavedQuery) -> None:
    terms = {
        each.name: each.value(values_of(query, '?x # "')[each.name], PREFIXES)
        for each in query.named.parameters
    }
    without_comments = re.sub(r"(?m)^[ \t]*#.*$", "", query.named.text)
    assert query.bound(terms).split() == bind(without_comments, terms).split()


@pytest.mark.parametrize("query", WITH_TEXT, ids=lambda query: query.named.name)
def test_no_text_changes_the_structure_of_a_shipped_query(query: SavedQuery) -> None:
    marked = algebra(read(query, **values_of(query, ABSENT)).text)
    for text in HOSTILE:
        if not re.search(r"\\[uU]", text):
            found = list(terms(algebra(read(query, **values_of(query, text)).text)))
            assert found == replaced(marked, rdflib.Literal(ABSENT), rdflib.Literal(text))


ONE_IRI = SavedQuery.of(
    NamedQuery.parse(
        "one",
        "# parameter: person iri a person\nSELECT ?s ?p { ?s ?p ?person } ORDER BY ?s ?p",
    )
)
IRI_TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.ascii_letters + "%/:?#[]@<>\"'{}|\\^` \n0-كه😀.", max_size=40),
    st.tuples(
        st.sampled_from(["person:", "person/", "http://", "https://example.org/", "javascript:"]),
        st.text(max_size=30),
    ).map("".join),
    st.sampled_from(HOSTILE).map(lambda text: f"person:{text}"),
)


@given(IRI_TEXTS)
@settings(max_examples=400)
@example("person:a> . ?s ?p <http://x/")
@example("http://x/\\u003e . ?s ?p ?o . <")
@example("http://x/%3E%20.%20?s")
@example("http://x/a#b")
@example("person/كاظمي-😀")
@example("a\n")
def test_an_iri_is_one_iri_or_refused(text: str) -> None:
    try:
        bound = read(ONE_IRI, person=text).text
    except ParametersError as error:
        assert error.status == 422
        return
    marked = algebra(read(ONE_IRI, person="wd:Q1").text)
    found = list(terms(algebra(bound)))
    [iri] = {each for each in found if isinstance(each, rdflib.URIRef)}
    assert found == replaced(marked, rdflib.URIRef(PREFIXES["wd"] + "Q1"), iri)
    assert str(iri).startswith(("http://", "https://"))
    assert str(iri).endswith(text.partition(":")[2] if ":" in text else text.rpartition("/")[2])


NOTE = NamedNode(f"{BASE}note")
ASKED = NamedQuery.parse(
    "asked",
    "# parameter: value text a text\n# parameter: kind iri a thing\n# columns: s o\n"
    "SELECT ?s ?o { ?s a ?kind ; <https://example.org/data/note> ?o "
    "FILTER(?o = ?value || CONTAINS(?o, ?value)) } ORDER BY ?s",
)


def quads() -> Iterator[Quad]:
    graph = NamedNode(f"{BASE}graph")
    for number, text in enumerate(HOSTILE):
        thing = NamedNode(f"{BASE}thing/{number:02}")
        yield Quad(thing, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(f"{BASE}kind"), graph)
        yield Quad(thing, NOTE, Literal(text), graph)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("injection"), quads(), [ASKED]) as address:
        yield address


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    found = rdflib.Graph()
    for quad in quads():
        value = quad.object.value
        is_text = isinstance(quad.object, Literal)
        object_ = rdflib.Literal(value) if is_text else rdflib.URIRef(value)
        found.add((rdflib.URIRef(quad.subject.value), rdflib.URIRef(quad.predicate.value), object_))
    return found


@given(text=TEXTS)
@settings(max_examples=60)
@example(text="")
@example(text="a\0b")
@example(text="\\u0022 } UNION { ?s ?p ?o }")
def test_answers_are_those_of_terms_in_the_algebra(
    origin: str, graph: rdflib.Graph, text: str
) -> None:
    parameters = urlencode({"value": text, "kind": f"{BASE}kind", "format": "json"})
    got = fetch(f"{origin}/api/queries/asked?{parameters}")
    assert got.status == 200, got.body
    rows = [
        (row["s"]["value"], row["o"]["value"])
        for row in json.loads(got.body)["results"]["bindings"]
    ]
    bindings = {"value": rdflib.Literal(text), "kind": rdflib.URIRef(f"{BASE}kind")}
    answer = graph.query(ASKED.text, initBindings=bindings)
    assert rows == [(str(each.s), str(each.o)) for each in answer]


def test_each_hostile_text_is_found_by_itself(origin: str) -> None:
    for number, text in enumerate(HOSTILE):
        parameters = urlencode({"value": text, "kind": f"{BASE}kind", "format": "json"})
        got = fetch(f"{origin}/api/queries/asked?{parameters}")
        found = json.loads(got.body)["results"]["bindings"]
        assert f"{BASE}thing/{number:02}" in {row["s"]["value"] for row in found}, text


def test_what_calls_out_is_refused_in_a_text_too(origin: str) -> None:
    text = "x } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } {"
    parameters = urlencode({"value": text, "kind": f"{BASE}kind"})
    got = fetch(f"{origin}/api/queries/asked?{parameters}")
    assert (got.status, b"SERVICE" in got.body) == (400, True)
