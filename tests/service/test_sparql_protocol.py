"""The W3C's tests of the SPARQL 1.1 Protocol, by their manifest, against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib.collection import Collection
from rdflib.namespace import RDF
from tests.service.sparql_served import endpoint, publish
from tests.service.updates_served import Place, place

SUITE = Path(__file__).parents[3] / "shared/suites/sparql-protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples"},
}


def manifest() -> rdflib.Graph:
    graph = rdflib.Graph()
    if SUITE.is_dir():
        graph.parse(SUITE / "manifest.ttl", publicID="https://example.org/suite/")
    return graph


MANIFEST = manifest()
TESTS = sorted(
    (str(test).rpartition("#")[2], test) for test in MANIFEST.subjects(RDF.type, MF.ProtocolTest)
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("protocol")
    quads = []
    for number in (1, 2, 3):
        name = NamedNode(f"{DATA}data{number}.rdf")
        for quad in parse(path=SUITE / f"data{number}.nt", format=RdfFormat.N_TRIPLES):
            quads.append(Quad(quad.subject, quad.predicate, quad.object, name))
    publish(folder, quads)
    with endpoint(folder) as found:
        yield found


@pytest.mark.skipif(not TESTS, reason="the suite of the W3C is not beside the checkout")
def test_the_suite_is_whole() -> None:
    assert len(TESTS) == 34


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An endpoint that takes updates, of graphs that no build has made."""
    with place(tmp_path_factory.mktemp("updated")) as found:
        yield found


@pytest.mark.parametrize(("name", "test"), TESTS, ids=[name for name, _ in TESTS])
def test_protocol(address: str, updated: Place, name: str, test: rdflib.term.Node) -> None:
    is_update = name.startswith(("update_", "bad_update_"))
    connection = MANIFEST.value(test, MF.action)
    for request in Collection(MANIFEST, MANIFEST.value(connection, HT.requests)):
        if is_update:
            answered(updated.address, request, {"authorization": f"Bearer {updated.token}"})
        else:
            answered(address, request, {})


def answered(address: str, request: rdflib.term.Node, more: Mapping[str, str]) -> None:
    def value(subject: Any, predicate: rdflib.URIRef) -> Any:
        return MANIFEST.value(subject, predicate)

    headers = dict(more)
    if (listed := value(request, HT.headers)) is not None:
        for header in Collection(MANIFEST, listed):
            headers[str(value(header, HT.fieldName))] = str(value(header, HT.fieldValue))
    body = None
    if (sent := value(request, HT.body)) is not None:
        encoding = str(value(sent, CNT.characterEncoding) or "utf-8")
        body = str(value(sent, CNT.chars)).encode(encoding)
    response = value(request, HT.resp)
    place = urlsplit(address)
    assert place.hostname is not None
    client = HTTPConnection(place.hostname, place.port)
    path = str(value(request, HT.absolutePath))
    assert path.startswith("/sparql")
    client.request(str(value(request, HT.methodName)), path, body, headers)
    got = client.getresponse()
    content = got.read()
    client.close()
    expected = {
        str(each).rpartition("#")[2] for each in MANIFEST.objects(response, MF.expectedStatus)
    }
    assert f"StatusCode{got.status // 100}xx" in expected, content
    form = value(response, MF.expectedFormat)
    if form is not None:
        assert got.headers.get_content_type() in FORMATS[str(form)]
    truth = value(response, MF.expectedBoolean)
    if truth is not None:
        assert json.loads(content)["boolean"] is truth.toPython()
