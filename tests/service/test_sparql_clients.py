"""The endpoint as clients see it that people use: SPARQLWrapper, rdflib, curl."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
import zstandard
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, N3, XML, SPARQLWrapper
from tests.service.served import Got, fetch
from tests.service.sparql_served import BASE, endpoint, publish

NAME = NamedNode(f"{BASE}name")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
ALL = "SELECT ?s ?name { ?s <name> ?name } ORDER BY ?s"
GRAPH = "CONSTRUCT { ?s <name> ?name } { ?s <name> ?name }"
NAMES = {"1": "مصطفى الكاظمي", "2": 'said "no", <twice>', "3": "نێچیرڤان بارزانی"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clients")
    quads = [
        Quad(NamedNode(BASE + number), NAME, Literal(name, language="ar"), graph)
        for number, name in NAMES.items()
        for graph in (DefaultGraph(), NamedNode(f"{BASE}graph"))
    ]
    publish(folder, quads)
    with endpoint(folder, prefixes={"d": BASE}) as found:
        yield found


def test_sparqlwrapper(address: str) -> None:
    client = SPARQLWrapper(address)
    client.setQuery("SELECT ?name { d:1 d:name ?name }")
    for method in ("GET", "POST"):
        client.setMethod(method)
        client.setReturnFormat(JSON)
        answer = client.queryAndConvert()
        assert [row["name"]["value"] for row in answer["results"]["bindings"]] == [NAMES["1"]]
        client.setReturnFormat(XML)
        assert NAMES["1"] in client.queryAndConvert().toxml()
    client.setQuery(GRAPH)
    client.setReturnFormat(N3)
    read = rdflib.Graph().parse(data=client.queryAndConvert(), format="turtle")
    assert {str(value) for value in read.objects()} == set(NAMES.values())


def test_rdflib_as_a_client(address: str) -> None:
    graph = rdflib.Graph(SPARQLStore(address), identifier=rdflib.URIRef(f"{BASE}graph"))
    found = graph.value(rdflib.URIRef(f"{BASE}3"), rdflib.URIRef(NAME.value))
    assert found == rdflib.Literal(NAMES["3"], lang="ar")
    assert len(graph) == 3


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(address: str) -> None:
    call = ["curl", "-sS", "-H", "Accept: text/csv", "--data-urlencode", f"query={ALL}", address]
    got = subprocess.run(call, check=True, capture_output=True)
    rows = list(csv.reader(io.StringIO(got.stdout.decode("utf-8"))))
    assert rows == [["s", "name"], *([BASE + number, name] for number, name in NAMES.items())]


def asked(address: str, query: str, **headers: str) -> Got:
    return fetch(f"{address}?query={quote(query)}", **headers)


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (ALL, "*/*", "application/sparql-results+json"),
        (ALL, "text/*", "text/csv"),
        (ALL, "application/xml", "application/sparql-results+xml"),
        (ALL, "text/csv;q=0.4, text/tab-separated-values;q=0.5", "text/tab-separated-values"),
        (ALL, "application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        (ALL, "text/html, application/xml;q=0.9, */*;q=0.8", "application/sparql-results+xml"),
        (
            "ASK {}",
            "text/csv, application/sparql-results+xml;q=0.1",
            "application/sparql-results+xml",
        ),
        (GRAPH, "*/*", "text/turtle"),
        (GRAPH, "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/trig", "application/trig"),
        ("DESCRIBE <1>", "application/n-quads", "application/n-quads"),
    ],
)
def test_negotiation(address: str, query: str, accept: str, media_type: str) -> None:
    got = asked(address, query, accept=accept)
    assert got.status == 200
    assert got.headers.get_content_type() == media_type
    assert {"Accept", "Accept-Encoding"} <= {
        name.strip() for name in got.headers["vary"].split(",")
    }


@pytest.mark.parametrize(
    ("query", "accept"), [(ALL, "text/turtle"), (GRAPH, "text/csv"), ("ASK {}", "text/csv")]
)
def test_what_is_not_acceptable(address: str, query: str, accept: str) -> None:
    got = asked(address, query, accept=accept)
    assert got.status == 406
    assert b"Accept one of: " in got.body


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_all_forms_of_a_graph_hold_the_same(address: str, form: str) -> None:
    got = fetch(f"{address}?format={form}&query={quote(GRAPH)}")
    names = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}
    read = rdflib.Dataset().parse(data=got.body, format=names.get(form, form))
    assert {str(value) for _, _, value, _ in read.quads()} == set(NAMES.values())


def test_all_forms_of_results_hold_the_same(address: str) -> None:
    def body(form: str) -> bytes:
        return fetch(f"{address}?format={form}&query={quote(ALL)}").body

    rows = json.loads(body("json"))["results"]["bindings"]
    assert {row["name"]["value"] for row in rows} == set(NAMES.values())
    tree = ElementTree.fromstring(body("xml"))
    assert {each.text for each in tree.findall(".//{*}literal")} == set(NAMES.values())
    assert body("tsv").decode().startswith(f'?s\t?name\n<{BASE}1>\t"{NAMES["1"]}"@ar\n')


def test_codings(address: str) -> None:
    query = ALL.replace("?s ?name {", "?s ?name { VALUES ?n { 1 2 3 4 5 6 7 8 9 }")
    plain = asked(address, query)
    assert plain.headers["content-encoding"] is None
    zipped = asked(address, query, accept_encoding="gzip")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    both = asked(address, query, accept_encoding="br, gzip;q=0.5, zstd")
    assert both.headers["content-encoding"] == "zstd"
    assert zstandard.ZstdDecompressor().decompressobj().decompress(both.body) == plain.body
    refused = asked(address, query, accept_encoding="gzip;q=0")
    assert refused.headers["content-encoding"] is None


def test_what_has_not_changed_is_not_sent_again(address: str) -> None:
    first = asked(address, ALL)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = asked(address, ALL, if_none_match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == tag
    assert asked(address, ALL, if_none_match=tag, accept="text/csv").status == 200
    assert asked(address, ALL, if_none_match="*").status == 200  # nothing is known of it
    for varying in ("SELECT (RAND() AS ?r) {}", "SELECT * { ?s ?p ?o } ORDER BYRAND()"):
        assert asked(address, varying).headers["etag"] is None


def test_the_description_of_the_service(address: str) -> None:
    for accept, name in (("*/*", "turtle"), ("application/rdf+xml", "xml")):
        got = fetch(address, accept=accept)
        assert got.status == 200
        graph = rdflib.Graph().parse(data=got.body, format=name)
        service = graph.value(None, rdflib.RDF.type, SD.Service)
        assert graph.value(service, SD.endpoint) == rdflib.URIRef(address)
        assert graph.value(service, SD.supportedLanguage) == SD.SPARQL11Query
        assert graph.value(service, SD.defaultDataset) is not None


def test_pages_of_others_may_ask(address: str) -> None:
    origin = "https://elsewhere.example"
    assert asked(address, "ASK {}", origin=origin).headers["access-control-allow-origin"] == "*"
    asking = {"origin": origin, "access_control_request_method": "POST"}
    got = fetch(address, method="OPTIONS", **asking)
    assert got.status == 200
    assert "POST" in got.headers["access-control-allow-methods"]


def test_the_head_of_an_answer(address: str) -> None:
    got = fetch(f"{address}?query={quote(ALL)}", method="HEAD")
    assert (got.status, got.body) == (200, b"")
    assert got.headers.get_content_type() == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { ?s ?p ?o", "query:1:20: not SPARQL from here on\n"),
        ("SELECT *\n{ ?s ex:p ?o }", "query:2:6: the prefix ex: is not declared\n"),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", "query:1:12: SERVICE would send"),
        ("DROP ALL", "query:1:1: a query asks, and this would change something\n"),
        ("LOAD <http://127.0.0.1/>", "query:1:1: a query asks"),
    ],
)
def test_mistakes_are_told_with_their_place(address: str, query: str, told: str) -> None:
    got = asked(address, query)
    assert got.status == 400
    assert got.headers.get_content_type() == "text/plain"
    assert got.body.decode().startswith(told)


def test_a_dataset_that_is_not_there_is_not_fetched(address: str) -> None:
    got = fetch(f"{address}?format=json&query=ASK{{?s?p?o}}&default-graph-uri=http://127.0.0.1:9/x")
    assert json.loads(got.body)["boolean"] is False


def test_characters_that_xml_cannot_write_are_told(address: str) -> None:
    query = 'SELECT ("a\\u0001b" AS ?x) {}'
    got = fetch(f"{address}?format=xml&query={quote(query)}")
    assert got.status == 400
    assert b"U+0001, which XML cannot write" in got.body
    assert fetch(f"{address}?format=json&query={quote(query)}").status == 200


def test_too_many_preferences(address: str) -> None:
    assert asked(address, "ASK {}", accept=",".join(["a/b"] * 2_000)).status == 431


def test_too_long_a_body(address: str) -> None:
    got = fetch(address, {"query": "ASK {}" + " " * 2**20})
    assert got.status == 413
