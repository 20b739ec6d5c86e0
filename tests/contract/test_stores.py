"""One suite for every store that answers queries; the remote one is a real server on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qsl

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
    serialize,
)

from kgpub.errors import QueryError, StoreError
from kgpub.store import Queryable
from kgpub.store.embedded import Generations
from kgpub.store.queries import EmbeddedStore
from kgpub.store.remote import RemoteStore

E = "https://example.org/"
PREFIXES = {"e": E}


def quads() -> list[Quad]:
    def quad(subject: str, predicate: str, value: NamedNode | Literal, graph: str) -> Quad:
        return Quad(NamedNode(E + subject), NamedNode(E + predicate), value, NamedNode(E + graph))

    return [
        quad("layla", "name", Literal("ليلى", language="ar"), "one"),
        quad("layla", "name", Literal('"Layla"\n\\', language="en"), "one"),
        quad("layla", "knows", NamedNode(E + "salim"), "one"),
        quad("salim", "name", Literal("سالم", language="ar"), "two"),
        quad("salim", "born", Literal("1970"), "two"),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    binary = Path(sys.executable).with_name("oxigraph")
    assert binary.exists(), "the extra dev installs the Oxigraph server"
    port = free_port()
    server = subprocess.Popen(
        [binary, "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(address, timeout=1).close()
                break
            except urllib.error.HTTPError as error:
                error.close()
                break
            except OSError:
                time.sleep(0.05)
        body = serialize(quads(), format=RdfFormat.N_QUADS)
        request = urllib.request.Request(
            f"{address}/store", body, {"Content-Type": "application/n-quads"}
        )
        urllib.request.urlopen(request, timeout=10).close()
        yield f"{address}/query"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(params=["embedded", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Queryable:
    if request.param == "remote":
        return RemoteStore(request.getfixturevalue("endpoint"), timeout=10)
    generations = Generations(tmp_path / "store")
    generations.publish(generations.prepare(quads(), {E + "one": "1", E + "two": "2"}))
    return EmbeddedStore(generations.open())


def rows(answer: object) -> list[tuple[object, ...]]:
    assert isinstance(answer, QuerySolutions)
    return [tuple(solution) for solution in answer]


def test_select_over_the_union_of_all_graphs(store: Queryable) -> None:
    answer = store.query("SELECT ?n { ?p e:name ?n } ORDER BY STR(?n)", PREFIXES)
    assert isinstance(answer, QuerySolutions)
    assert answer.variables == [Variable("n")]
    assert rows(answer) == [
        (Literal('"Layla"\n\\', language="en"),),
        (Literal("سالم", language="ar"),),
        (Literal("ليلى", language="ar"),),
    ]


def test_named_graphs(store: Queryable) -> None:
    answer = store.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert rows(answer) == [(NamedNode(E + "one"),), (NamedNode(E + "two"),)]


def test_unbound_variables(store: Queryable) -> None:
    answer = store.query(
        "SELECT ?p ?b { ?p e:knows|^e:knows ?x OPTIONAL { ?p e:born ?b } } ORDER BY ?p", PREFIXES
    )
    assert rows(answer) == [
        (NamedNode(E + "layla"), None),
        (NamedNode(E + "salim"), Literal("1970")),
    ]


def test_ask(store: Queryable) -> None:
    yes, no = (
        store.query(f"ASK {{ e:{who} e:born ?year }}", PREFIXES) for who in ("salim", "layla")
    )
    assert isinstance(yes, QueryBoolean)
    assert (bool(yes), bool(no)) == (True, False)


def test_construct(store: Queryable) -> None:
    answer = store.query("CONSTRUCT { ?y e:knownBy ?x } { ?x e:knows ?y }", PREFIXES)
    assert isinstance(answer, QueryTriples)
    expected = Triple(NamedNode(E + "salim"), NamedNode(E + "knownBy"), NamedNode(E + "layla"))
    assert list(answer) == [expected]


def test_describe(store: Queryable) -> None:
    answer = store.query("DESCRIBE e:salim", PREFIXES)
    assert isinstance(answer, QueryTriples)
    assert {triple.object for triple in answer} >= {Literal("سالم", language="ar"), Literal("1970")}


@pytest.mark.parametrize(
    "name", [Literal('"Layla"\n\\', language="en"), Literal("ليلى", language="ar")]
)
def test_bindings_reach_patterns_filters_and_subqueries(store: Queryable, name: Literal) -> None:
    query = (
        "# what is ?name\n"
        "SELECT ?p ('?name' AS ?text) { { SELECT ?p { ?p e:name ?n FILTER(?n = ?name) } }"
        " FILTER EXISTS { ?p e:name ?name } }"
    )
    assert rows(store.query(query, PREFIXES, {"name": name})) == [
        (NamedNode(E + "layla"), Literal("?name"))
    ]


def test_a_binding_is_a_value_and_nothing_else(store: Queryable) -> None:
    attack = Literal('x") } # ?name')
    assert rows(store.query("SELECT ?p { ?p e:name ?name }", PREFIXES, {"name": attack})) == []


def test_a_syntax_error(store: Queryable) -> None:
    with pytest.raises(QueryError):
        store.query("SELECT ?x { ?x ")


def test_a_prefix_of_the_query_s_own_wins(store: Queryable) -> None:
    query = "PREFIX e: <https://example.org/other/> ASK { ?s e:name ?o }"
    assert not store.query(query, PREFIXES)


def test_an_endpoint_that_is_not_there() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        RemoteStore(f"http://127.0.0.1:{free_port()}/", timeout=2).query("ASK {}")


class Nonsense(BaseHTTPRequestHandler):
    """Answers every query with a page, as a proxy or a log-in form does."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>Please log in</html>")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_endpoint_that_answers_with_something_else(query: str) -> None:
    with HTTPServer(("127.0.0.1", 0), Nonsense) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            with pytest.raises(StoreError, match="not SPARQL results"):
                RemoteStore(f"http://127.0.0.1:{server.server_port}/", timeout=5).query(query)
        finally:
            server.shutdown()


class Answering(BaseHTTPRequestHandler):
    """Answers every query with `answer`, and notes what was asked."""

    answer = b""
    asked: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def answering(content: bytes) -> Iterator[tuple[RemoteStore, list[bytes]]]:
    handler = type("Handler", (Answering,), {"answer": content, "asked": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield RemoteStore(f"http://127.0.0.1:{server.server_port}/", timeout=5), handler.asked
        finally:
            server.shutdown()


ROW = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"http://e/"}}'


@pytest.mark.parametrize(
    "rest", [b",", b',{"x":{"type":"uri","value":"a b"}}]}}', b',{"x":5}]}}', b"]"]
)
def test_an_answer_that_breaks_in_the_middle(rest: bytes) -> None:
    with (
        answering(ROW + rest) as (store, _),
        pytest.raises(StoreError, match="not SPARQL results"),
    ):
        store.query("SELECT * { ?s ?p ?o }")
    with answering(ROW + b"]}}") as (store, _):
        assert rows(store.query("SELECT * { ?s ?p ?o }")) == [(NamedNode("http://e/"),)]


UPDATES = [
    "DROP ALL",
    "drop all",
    "# SELECT\rPREFIX e: <http://e/select> CLEAR ALL",
    "BASE <http://e/> INSERT DATA { <a> <a> 'SELECT' }",
    "WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "LOAD <http://e/>",
]


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_is_evaluated(store: Queryable, update: str) -> None:
    with pytest.raises(QueryError, match="this would change something"):
        store.query(update, PREFIXES)
    assert store.query("ASK { e:layla e:name ?n }", PREFIXES)


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_is_sent(update: str) -> None:
    with answering(b"") as (store, asked), pytest.raises(QueryError):
        store.query(update, PREFIXES)
    assert asked == []


@pytest.mark.parametrize(
    "text",
    ["ASK {}", "ASK # DROP ALL\n {}", "# DROP\n ASK { ?s e:drop 'DROP ALL' }", "nothing DROP"],
)
def test_whatever_is_sent_is_sent_as_a_query(text: str) -> None:
    with answering(b'{"head":{},"boolean":true}') as (store, asked):
        store.query(text, PREFIXES)
    (body,) = asked
    assert {name for name, _ in parse_qsl(body.decode())} >= {"query"}
    assert b"update=" not in body


def test_the_command_line_asks_an_endpoint(endpoint: str, tmp_path: Path) -> None:
    from kgpub.pipeline.initial import create_workspace

    create_workspace(tmp_path / "w", E, "T", "P", "https://example.org/licence")
    done = subprocess.run(
        [
            sys.executable, "-m", "kgpub", "query", "--endpoint", endpoint, "-f", "csv",
            "SELECT ?n { <https://example.org/salim> <https://example.org/name> ?n }",
        ],
        cwd=tmp_path / "w", capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["n", "سالم"]
