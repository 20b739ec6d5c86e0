"""Queries that are answered without a worker: which those are, and that no one can tell."""

from __future__ import annotations

import gc
import gzip
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
)
from rdflib.plugins.sparql import prepareQuery
from tests.service.served import Got, fetch
from tests.service.sparql_served import BASE, QUICKLY_REFUSED, endpoint, publish

from kgpub.service.errors import RequestError
from kgpub.service.repeats import Repeats
from kgpub.service.sparql.endpoint import _VARYING
from kgpub.service.sparql.formats import negotiated
from kgpub.service.sparql.lookups import Lookups, is_lookup
from kgpub.service.sparql.protocol import operation
from kgpub.service.sparql.wire import Forms, Task
from kgpub.store.embedded import Generations

EX = "https://example.org/"
MANY = 5_000
GRAPH = NamedNode(f"{EX}graph")
JSON = Forms("json", "json", "ttl")


def quads() -> Iterator[Quad]:
    some, hub, name = NamedNode(f"{EX}some"), NamedNode(f"{EX}hub"), NamedNode(f"{EX}name")
    yield Quad(some, name, Literal("شيء", language="ar"), GRAPH)
    yield Quad(some, name, Literal("something", language="en"), GRAPH)
    yield Quad(NamedNode(f"{EX}bell"), name, Literal("\u0007"), GRAPH)
    yield Quad(some, NamedNode(f"{EX}of"), hub, GRAPH)
    for number in range(MANY):
        yield Quad(NamedNode(f"{EX}{number}"), NamedNode(f"{EX}of"), hub, GRAPH)
        yield Quad(hub, NamedNode(f"{EX}counts"), Literal(str(number)), GRAPH)
    yield Quad(some, NamedNode(f"{EX}tells"), Literal("long " * 20_000), GRAPH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lookups")
    publish(folder, quads())
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Path:
    current = Generations(folder).current()
    assert current is not None
    return current


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "select ?p ?o where { <https://example.org/some> ?p ?o . } limit 10",
        "\n PREFIX ex: <https://example.org/>\nSELECT ?o\nWHERE {\n  ex:some ex:name ?o\n}\n# so",
        'ASK { ?s ex:name "شيء"@ar }',
        "ASK{<a> a <b>}",
        "DESCRIBE <https://example.org/some>",
        "SELECT $s { $s a ex:Thing.}",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT { <a> ?p ?o } WHERE { <a> ?p ?o } LIMIT 4",
        "CONSTRUCT{?s ?p ?o}WHERE{?s ?p ?o}",
    ],
)
def test_one_pattern_is_a_lookup(query: str) -> None:
    assert is_lookup(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?p { ?s ?p ?o }",
        "SELECT REDUCED ?p { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ORDER BY ?o",
        "SELECT * { ?s ?p ?o } LIMIT 1 OFFSET 1000000",
        "SELECT * { ?s ?p ?o } OFFSET 1000000",
        "SELECT * { ?s ?p ?s }",
        "SELECT * { ?s ?p $p }",
        "SELECT ?other { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o . ?o ?q ?r }",
        "SELECT * { ?s ?p ?o, ?r }",
        "SELECT * { ?s ?p ?o ; ?q ?r }",
        "SELECT * { ?s ?p* ?o }",
        "SELECT * { ?s ^<p> ?o }",
        "SELECT * { ?s !<p> ?o }",
        "SELECT * { ?s ?p [] }",
        "SELECT * { ?s ?p () }",
        "SELECT * { ?s ?p ?o FILTER(?o > 1) }",
        "SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <g> { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } # \\u000A VALUES ?s { <a> }",
        "SELECT * { ?s ?p '\\u0022 . ?x ?y ?z' }",
        'SELECT * { ?s ?p "a\\"" . ?x ?y "b" }',
        "SELECT * { ?s ?p ?o } VALUES ?s { <a> }",
        "SELECT * { ?s ?p ?o } GROUP BY ?s",
        "SELECT * { ?s ?p ?o } # one\nORDER BY ?s",
        "DESCRIBE ?s { ?s ?p ?o }",
        "DESCRIBE <a> <b>",
        "DESCRIBE <a> FROM <g>",
        "CONSTRUCT { ?o ?p <a> } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o  } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o }",
        "CONSTRUCT { } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o #\\n} WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?s }",
        "SELECT ?sWHERE { ?s ?p ?o }",
        "INSERT DATA { <a> <b> <c> }",
        "BASE <https://example.org/> SELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } " + "#" * 4_000,
        "ASK { ?s ?p 'SERVICE <http://a> {' }",
        "",
    ],
)
def test_what_may_look_at_much_for_little_is_none(query: str) -> None:
    assert not is_lookup(query)


PARTS = (
    *(
        "SELECT ",
        "ASK ",
        "DESCRIBE ",
        "CONSTRUCT ",
        "CONSTRUCT { ?s ?p ?o } WHERE ",
        "DISTINCT ",
        "* ",
        "?s ",
        "?p ",
        "?o ",
        "$o ",
        "WHERE ",
        "{ ",
    ),
    *("} ", ". ", "; ", ", ", "a ", "<b> ", "<c>", "kg:d ", '"e" ', '"f"@en ', "'g' ", "LIMIT 2 "),
    *("OFFSET 2 ", "# h", "\n", "PREFIX i: <j> ", "FILTER(?s) ", "GRAPH ", "* { ?s ?p ?o } "),
)
KNOWN = {"kg": EX, "i": EX}
PLAIN = ("SelectQuery", "AskQuery", "DescribeQuery", "ConstructQuery", "Project", "Slice")


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_a_lookup_is_one_pattern_to_another_parser_too(query: str) -> None:
    if not is_lookup(query):
        return
    # What is no SPARQL is told by a worker.
    try:
        algebra = prepareQuery(query, initNs=KNOWN).algebra
    except Exception:  # noqa: BLE001  rdflib raises what pyparsing does, and more
        return
    while algebra.name != "BGP":
        assert algebra.name in PLAIN
        if algebra.name == "Slice":
            assert not algebra.start
        if algebra.name == "DescribeQuery" and not algebra.p:
            return
        algebra = algebra.p
    assert len(algebra.triples) <= 1


def test_answers_are_those_of_the_store(store: Path) -> None:
    lookups, opened = Lookups(store, BASE, {"ex": EX}), Store.read_only(str(store))
    for query in (
        "SELECT * { ex:some ex:name ?name }",
        "SELECT ?s { ?s ?p ex:hub } LIMIT 7",
        "PREFIX ex: <https://example.org/so> SELECT * { ex:me ?p ?o } LIMIT 3",
    ):
        content, form = lookups.answer(Task(query, JSON)) or (b"", "")
        wanted = opened.query(query, prefixes={"ex": EX})
        assert content == wanted.serialize(format=QueryResultsFormat.JSON)  # type: ignore[union-attr]
        assert form == "json"
    content, form = lookups.answer(Task("DESCRIBE <https://example.org/4>", JSON)) or (b"", "")
    some = NamedNode(f"{EX}4")
    described = opened.quads_for_pattern(some, None, None, DefaultGraph())
    assert {quad.triple for quad in parse(content, RdfFormat.TURTLE)} == {
        quad.triple for quad in described
    }
    assert form == "ttl"


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("SELECT * { ?s ?p ?o }", JSON),
        ("SELECT ?o { <https://example.org/hub> ?p ?o }", Forms("csv", "json", "ttl")),
        ("DESCRIBE <https://example.org/hub>", JSON),
        ("SELECT * { <https://example.org/some> <https://example.org/tells> ?o }", JSON),
        ("SELECT * { <https://example.org/some> ?p ?o } LIMIT 2", Forms("", "json", "ttl")),
        ("SELECT * { ?s <https://example.org/name> ?o }", Forms("xml", "json", "ttl")),
        ("DESCRIBE <https://example.org/4>", Forms("json", "json", "rdf")),
        ("SELECT * { unknown:thing ?p ?o }", JSON),
    ],
)
def test_what_is_long_or_wrong_is_left_to_workers(store: Path, query: str, forms: Forms) -> None:
    assert is_lookup(query)
    assert Lookups(store, BASE, {}).answer(Task(query, forms)) is None


QUERIES = (
    "SELECT * { <https://example.org/some> <https://example.org/name> ?name }",
    "SELECT * { <https://example.org/some> ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT * { <https://example.org/some> ?p ?o . ?s ?q ?o }",
    "ASK { ?s ?p ?o }",
    "DESCRIBE <https://example.org/some>",
    "SELECT (NOW() AS ?now) {}",
    "SELECT * { wrong",
)


def read(got: Got) -> bytes:
    coded = got.headers["content-encoding"] == "gzip"
    return gzip.decompress(got.body) if coded else got.body


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("accept", ["*/*", "text/csv", "application/sparql-results+xml"])
def test_no_way_to_an_answer_shows(folder: Path, query: str, accept: str) -> None:
    """A request that a proxy passed on goes through ASGI, as one by HEAD does."""
    with endpoint(folder, replace(QUICKLY_REFUSED, seconds=60.0)) as address:
        url = f"{address}?query={quote(query)}"
        asked = {"Accept": accept, "Accept_Encoding": "gzip"}
        fresh = fetch(url, **asked)
        kept = fetch(url, **asked)
        passed_on = fetch(url, **asked, X_Forwarded_For="192.0.2.1")
        tag = fresh.headers["etag"]
        known = fetch(url, **asked, If_None_Match=tag) if tag else None
    assert fresh.status == kept.status == passed_on.status
    told = [sorted(map(str.lower, each.headers)) for each in (fresh, kept, passed_on)]
    if fresh.headers["transfer-encoding"] is None:
        assert told[0] == told[1] == told[2]
    for name in ("content-type", "etag", "cache-control", "vary", "content-encoding"):
        assert fresh.headers[name] == kept.headers[name] == passed_on.headers[name]
    if "NOW" not in query:
        assert read(fresh) == read(kept) == read(passed_on)
    assert known is None or (known.status == 304 and not known.body)


def test_what_is_asked_at_once_is_answered_in_order(folder: Path) -> None:
    queries = [f"SELECT ?p ?o {{ <https://example.org/{each}> ?p ?o }}" for each in range(20)]
    queries[7] = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with endpoint(folder) as address:
        parts = urlsplit(address)
        heads = [
            f"GET /sparql?query={quote(each)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n"
            for each in queries
        ]
        heads[-1] += "Connection: close\r\n"
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
            connection.sendall("\r\n".join([*heads, ""]).encode())
            with connection.makefile("rb") as answers:
                got = answers.read().decode()
    bodies = [each.partition("\r\n\r\n")[2] for each in got.split("HTTP/1.1 200 OK")[1:]]
    of = f"{EX}of,{EX}hub"
    assert len(bodies) == 20
    for number, body in enumerate(bodies):
        assert body.startswith("n\r\n" if number == 7 else f"p,o\r\n{of}"), number
    assert got.lower().count("connection: close") == 1


def test_the_very_same_request_is_answered_again_and_after_a_build_anew(tmp_path: Path) -> None:
    publish(tmp_path, quads())
    target = f"/sparql?query={quote('SELECT ?o { <https://example.org/4> ?p ?o }')}"
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    with endpoint(tmp_path) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
            ask = partial(asked, connection)
            whole = [ask(request) for _ in range(4)]
            bodies = {each.split(b"\r\n\r\n")[1] for each in whole}
            assert bodies == {b"o\r\nhttps://example.org/hub\r\n"}
            # In two parts, in pieces, and twice at once they are read as ever.
            assert ask(request[:30], request[30:]) == whole[0]
            assert ask(*(bytes([each]) for each in request)) == whole[0]
            assert ask(request + request, answers=2) == whole[0] * 2
            assert ask(request + request[:30], request[30:], answers=2) == whole[0] * 2
            assert ask(request) == whole[0]
            old = Quad(NamedNode(f"{EX}4"), NamedNode(f"{EX}of"), NamedNode(f"{EX}hub"), GRAPH)
            publish(tmp_path, (each for each in quads() if each != old))
            until = time.monotonic() + 20
            while not (latest := ask(request)).endswith(b"\r\n\r\no\r\n"):
                assert time.monotonic() < until
                time.sleep(0.1)
            assert [ask(request) for _ in range(3)] == [latest] * 3


LOOKUP = quote("SELECT ?o { <https://example.org/4> ?p ?o }").encode()
TARGETS = (
    b"/sparql?query=" + LOOKUP,
    b"/sparql?query=" + quote("SELECT ?o { <https://example.org/5> ?p ?o }").encode(),
    b"/sparql?query=" + LOOKUP + b"&format=json",
    b"/sparql?format=csv&query=" + LOOKUP,
    b"/sparql?query=" + LOOKUP + b"&query=" + LOOKUP,
    b"/sparql?query=ASK+%7B%7D",
    b"/sparql?query=" + quote("SELECT * { <https://example.org/some> ?p ?o }").encode(),
    b"/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").encode(),
    b"/sparql?query=" + LOOKUP + b"#fragment",
    b"/sparql?query=" + LOOKUP + b"#",
    b"/sparql?query=%FF",
    b"/sparql?query=%zz",
    b"/sparql?query=\xd8\xb4",
    b"/sparql?query=" + LOOKUP + b"\x01",
    b"/sparql?query=" + LOOKUP + b" ",
    b"/sparql?query=" + LOOKUP + b"\t",
    b"/sparql?query=wrong",
    b"/sparql?update=" + LOOKUP,
    b"/sparql?",
    b"/sparql?query=" + b"%20" * 6_000,
    b"/sparql/?query=" + LOOKUP,
    b"/sparql??query=" + LOOKUP,
    b"http://x/sparql?query=" + LOOKUP,
    b"/other?query=" + LOOKUP,
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: each[:40].decode("latin-1"))
def test_what_differs_in_its_query_string_alone_is_read_as_ever(
    folder: Path, target: bytes
) -> None:
    """Its header fields are known from requests before, but for one, which has one more."""
    head = b" HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n"
    with endpoint(folder) as address:
        parts = urlsplit(address)

        def answer(known: int, more: bytes = b"") -> bytes:
            with (
                socket.create_connection((parts.hostname, parts.port), timeout=20) as connection,
                connection.makefile("rb") as stream,
            ):
                for number in range(known):
                    text = f"SELECT ?o {{ <https://example.org/{number}> ?p ?o }}"
                    request = b"GET /sparql?query=" + quote(text).encode() + head + b"\r\n"
                    connection.sendall(request)
                    assert b" 200 OK" in message(stream)
                connection.sendall(b"GET " + target + head + more + b"\r\n")
                return message(stream)

        assert answer(3) == answer(0, b"X-More: 1\r\nConnection: close\r\n")


def message(stream: IO[bytes]) -> bytes:
    """Read an answer, and return it without what is of this moment or this connection."""
    head = b"".join(iter(stream.readline, b"\r\n")) if stream.peek(1) else b""  # type: ignore[attr-defined]
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    chunked = re.search(rb"(?i)\r\ntransfer-encoding: chunked", head)
    body = stream.read(int(length[1])) if length else b""
    while chunked and (size := int(stream.readline(), 16)):
        body += stream.read(size + 2)[:size]
    framing = rb"(?im)^(?:date|connection|content-length|transfer-encoding): .*\r\n"
    return re.sub(framing, b"", head) + body


def asked(connection: socket.socket, *parts: bytes, answers: int = 1) -> bytes:
    """Send parts one after the other; return so many answers without their dates."""
    for part in parts:
        connection.sendall(part)
        if len(parts) > 1:
            time.sleep(0.002)
    got = b""
    while len(re.findall(rb"\r\n\r\no\r\n(?:.+\r\n)?", got)) < answers:
        got += connection.recv(2**16)
    return re.sub(rb"(?im)^date: .*\r\n", b"", got)


@pytest.mark.parametrize("field", [b"Authorization: Bearer x", b"COOKIE: x=y", b"Accept: */*"])
def test_requests_with_secrets_are_not_kept(folder: Path, field: bytes) -> None:
    """The server is of this process here, so that one sees what it keeps."""
    request = b"GET /sparql?query=" + LOOKUP + b" HTTP/1.1\r\nHost: x\r\n" + field + b"\r\n\r\n"
    with endpoint(folder) as address, connected(address) as connection:
        with connection.makefile("rb") as stream:
            for _ in range(3):
                connection.sendall(request)
                assert b" 200 OK" in message(stream)
        repeats = [each for each in gc.get_objects() if isinstance(each, Repeats)]
        kept = [*(each._same._kept for each in repeats), *(each._alike._kept for each in repeats)]
    assert (str(field)[2:-1] in str(kept)) == field.startswith(b"Accept")


@pytest.mark.parametrize(
    "refused",
    [
        "HEAD /x HTTP/1.1\r\n\r\n",
        "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_refused_is_answered_with_nothing_that_was_kept(folder: Path, refused: str) -> None:
    lookup = f"GET /sparql?query={quote('ASK { ?s ?p 4 }')} HTTP/1.1\r\nHost: x\r\n\r\n"
    with endpoint(folder) as address:
        statuses = []
        for _ in range(3):
            with connected(address) as connection, connection.makefile("rb") as answers:
                for request in (lookup, refused):
                    connection.sendall(request.encode())
                    statuses.append(answers.readline().split()[1])
                    while answers.readline() not in (b"\r\n", b""):
                        pass
                    if request is lookup:
                        answers.read(len('{"head":{},"boolean":false}'))
    assert statuses[::2] == [b"200"] * 3
    assert set(statuses[1::2]) <= {b"400", b"501"}


def test_as_much_as_can_be_asked_at_once_is_answered(folder: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    queries = [slow, *(f"ASK {{ <https://example.org/{each}> ?p ?o }}" for each in range(700))]
    heads = [f"GET /sparql?query={quote(each)} HTTP/1.1\r\nHost: x\r\n" for each in queries]
    heads[-1] += "Connection: close\r\n"
    with endpoint(folder) as address, connected(address) as connection:
        connection.sendall("\r\n".join([*heads, ""]).encode())
        with connection.makefile("rb") as answers:
            got = answers.read()
    assert got.count(b"HTTP/1.1 200 OK") == len(queries)


def test_an_upgrade_with_a_body_is_refused(folder: Path) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n"
    body = "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    with endpoint(folder) as address, connected(address) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
        time.sleep(0.1)
        with suppress(OSError):
            connection.sendall(body.encode())
        with connection.makefile("rb") as answers:
            got = answers.read()
    assert got.startswith(b"HTTP/1.1 400 ")
    assert got.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "read",
    [
        lambda: _VARYING.search("NOW#" * 250_000),
        lambda: _VARYING.search("NOW " * 250_000),
        lambda: is_lookup("ASK{?a ?b ?c" + " " * 3_987 + "x"),
        lambda: is_lookup("PREFIX a: <b> " * 280 + "x"),
        lambda: negotiated("a/b," * 999),
        lambda: negotiated("a" + " " * 3_900 + "b"),
    ],
)
def test_hostile_texts_are_soon_read(read: Callable[[], object]) -> None:
    negotiated.cache_clear()
    before = time.process_time()
    read()
    assert time.process_time() - before < 1.0


def connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=60)


@given(st.lists(st.sampled_from([*b"a+%%=2F3D7&;#\r\n\xd8\xb4\xff "]) | st.integers(0, 255)))
def test_a_query_alone_is_read_as_one_among_other_fields(content: list[int]) -> None:
    def read_as(query_string: bytes) -> object:
        try:
            return operation("GET", query_string, "", b"")
        except RequestError as error:
            return error.status

    alone = b"query=" + bytes(content)
    assert read_as(alone) == read_as(b"format=&" + alone)
