"""Whatever a server answers is told, and does no harm; nothing waits for it for ever."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from tests.release.loading.releases import E, load, people, write
from tests.release.loading.stores import HOST, Asked, Fault, Running, on_the_way

from kgpub.errors import KgpubError, StoreError
from kgpub.store.credentials import Credentials, Scheme
from kgpub.store.endpoint import Busy, Endpoint
from kgpub.store.remote import RemoteStore

SECRET = "s3cret-" * 4
URI = b'{"type":"uri","value":"urn:a"}'
RESULTS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":%b}]}}'
ASK = (
    "import sys\n"
    "from kgpub.errors import StoreError\n"
    "from kgpub.store.remote import RemoteStore\n"
    "try:\n"
    "    RemoteStore(sys.argv[1]).query(sys.argv[2])\n"
    "except StoreError as error:\n"
    "    print(error.message)\n"
)


def nested_terms(kind: bytes) -> bytes:
    """Return results with a term of 100,000 levels."""
    begin = b'{"type":"%b","value":{"subject":%b,"predicate":%b,"object":' % (kind, URI, URI)
    return RESULTS % (begin * 100_000 + URI + b"}}" * 100_000)


TURTLE = b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 100_000 + b"<urn:c>" + b" )>>" * 100_000


@pytest.mark.parametrize(
    ("query", "body", "message"),
    [
        ("SELECT * {}", nested_terms(b"triple"), "nested too deeply"),
        ("SELECT * {}", nested_terms(b"\\u0074riple"), "nested too deeply"),
        ("CONSTRUCT WHERE {}", TURTLE + b" .", "more than 200 triple terms"),
    ],
)
def test_terms_inside_each_other_do_not_end_the_process(
    oxi: Running, query: str, body: bytes, message: str
) -> None:
    with on_the_way(oxi.query, lambda asked: Fault(200, {}, body)) as (address, _):
        done = subprocess.run(
            [sys.executable, "-c", ASK, address, query],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert message in done.stdout


def test_many_terms_side_by_side_are_read(oxi: Running) -> None:
    term = b'{"type":"triple","value":{"subject":%b,"predicate":%b,"object":%b}}' % (URI, URI, URI)
    body = RESULTS % (term + b'},{"x":' + term + b'},{"x":' + b'},{"x":'.join([term] * 300))
    with on_the_way(oxi.query, lambda asked: Fault(200, {}, body)) as (address, _):
        assert len(list(RemoteStore(address).query("SELECT * {}"))) == 302  # type: ignore[arg-type]


def test_a_challenge_without_a_value(oxi: Running) -> None:
    asks = Fault(401, {"WWW-Authenticate": 'Digest realm=, nonce="x"'})
    known = Credentials(Scheme.digest, SECRET, "me")
    with (
        on_the_way(oxi.update, lambda asked: asks) as (address, _),
        pytest.raises(StoreError, match="asks for credentials in a way that makes no sense"),
    ):
        Endpoint(address, known).update("CLEAR ALL")


@pytest.mark.parametrize("before", range(1170, 1200, 7))
def test_no_part_of_a_secret_is_told(oxi: Running, before: int) -> None:
    """Where the answer is cut in the middle of it."""
    fault = Fault(403, {}, b"." + b" " * (before - 1) + SECRET.encode())
    with (
        on_the_way(oxi.update, lambda asked: fault) as (address, _),
        pytest.raises(StoreError) as told,
    ):
        Endpoint(address, Credentials(Scheme.bearer, SECRET)).update("CLEAR ALL")
    assert "s3c" not in str(told.value)


@pytest.mark.parametrize("kind", [SECRET, "x\\n" * 1000])
def test_what_the_parser_quotes_is_short_and_no_secret(oxi: Running, kind: str) -> None:
    body = RESULTS % b'{"type":"%b","value":"x"}' % kind.encode()
    with on_the_way(oxi.query, lambda asked: Fault(200, {}, body)) as (address, _):
        store = RemoteStore(address, credentials=Credentials(Scheme.bearer, SECRET))
        with pytest.raises(StoreError, match="that is not SPARQL results") as told:
            store.query("SELECT * {}")
    assert "s3c" not in str(told.value)
    assert len(told.value.message) < 500


@contextmanager
def dripping(status: str) -> Iterator[str]:
    """Answer with a byte each tenth of a second, for ever."""

    def answer(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                way, _ = listening.accept()
                with suppress(OSError), way:
                    way.recv(65536)
                    way.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 60000\r\n\r\n".encode())
                    while True:
                        way.sendall(b".")
                        time.sleep(0.1)

    with socket.create_server((HOST, 0)) as listening:
        Thread(target=answer, args=[listening], daemon=True).start()
        yield f"http://{HOST}:{listening.getsockname()[1]}/"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "403 Forbidden"])
@pytest.mark.parametrize("asks", [True, False])
def test_an_answer_that_drips_ends_with_the_time(status: str, asks: bool) -> None:
    with dripping(status) as address:
        began = time.monotonic()
        with pytest.raises(KgpubError) as told:
            endpoint = Endpoint(address, timeout=1)
            endpoint.ask("ASK {}", "ASK") if asks else endpoint.update("CLEAR ALL")
        assert time.monotonic() - began < 5
    assert isinstance(told.value, Busy) is not status.startswith("403")


def test_an_answer_that_is_not_whole(oxi: Running) -> None:
    with socket.create_server((HOST, 0)) as listening:

        def answer() -> None:
            way, _ = listening.accept()
            with way:
                way.recv(65536)
                way.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

        Thread(target=answer, daemon=True).start()
        with pytest.raises(Busy, match="cannot be reached"):
            Endpoint(f"http://{HOST}:{listening.getsockname()[1]}/").ask("ASK {}", "ASK")


def test_an_answer_of_a_known_length_is_not_waited_for() -> None:
    """The server keeps the connection open behind it."""
    body = b'{"head":{},"boolean":true}'
    with socket.create_server((HOST, 0)) as listening:

        def answer() -> None:
            way, _ = listening.accept()
            with way:
                way.recv(65536)
                head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
                way.sendall(head + body)
                time.sleep(3)

        Thread(target=answer, daemon=True).start()
        endpoint = Endpoint(f"http://{HOST}:{listening.getsockname()[1]}/", timeout=2)
        assert endpoint.ask("ASK {}", "ASK") == body


def rows(**values: str) -> bytes:
    """Return results with one row; what begins with urn: is an IRI."""
    kinds = {name: "uri" if text.startswith("urn:") else "literal" for name, text in values.items()}
    row = {name: {"type": kinds[name], "value": text} for name, text in values.items()}
    return json.dumps({"head": {"vars": [*row]}, "results": {"bindings": [row]}}).encode()


def answering(answers: dict[bytes, bytes]) -> Callable[[Asked], Fault | None]:
    """Answer a query with what stands behind the words it has, else not."""

    def faults(asked: Asked) -> Fault | None:
        query = parse_qs(asked.body).get(b"query", [b""])[0]
        found = (body for words, body in answers.items() if words in query)
        body = next(found, None)
        return None if body is None else Fault(200, {}, body)

    return faults


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            {
                b"?run ?release": rows(run="r", release="x"),
                b"?digest": rows(graph="x", digest="d", triples="1"),
            },
            "no IRI",
        ),
        (
            {
                b"?run ?release": rows(run="r", release="x"),
                b"?digest": rows(graph="urn:g", digest="d", triples="9" * 5000),
            },
            "is not as kgpub writes it",
        ),
        (
            {
                b"?run ?release": rows(run="r", release="x"),
                b"?digest": rows(graph="urn:g", digest="d", triples="\u0663"),
            },
            "is not as kgpub writes it",
        ),
        (
            {
                b"?run ?release": rows(run="r", release="x"),
                b"?digest ?triples": rows(graph="urn:g", digest="d", triples="1"),
            },
            "sorts otherwise than it compares",
        ),
        (
            {
                b"?run ?release": rows(run="r", release="x"),
                b'> "")': rows(graph="urn:g", digest="d", triples="1"),
                b"COUNT(*)": rows(n="2"),
            },
            "names 1 of its 2 graphs",
        ),
        ({b"becomes> ?becomes": rows(graph="x")}, "no IRI"),
        ({b"becomes> ?becomes": rows(graph="urn:x-kgpub:staged:1")}, "but a query does not see it"),
        ({b"COUNT(*)": rows(graph=E + "one", n="9" * 5000)}, "no IRI"),
    ],
)
def test_rows_that_make_no_sense(
    oxi: Running, tmp_path: Path, answers: dict[bytes, bytes], message: str
) -> None:
    folder = write(tmp_path, people("one", 5, "first"))
    with (
        on_the_way(oxi.query, answering(answers)) as (query, asked),
        pytest.raises(StoreError, match=message),
    ):
        load(folder, oxi, query=query)
    assert len(asked) < 20


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 30, "\u0663", "-1", "x", "9" * 18])
def test_a_mark_that_is_no_count_of_quads(oxi: Running, tmp_path: Path, digits: str) -> None:
    """A loading that was broken off begins anew."""
    folder = write(tmp_path, people("one", 50, "first"))
    stops = lambda asked: Fault(418) if asked.is_swap else None  # noqa: E731
    with on_the_way(oxi.update, stops) as (update, _), pytest.raises(StoreError):
        load(folder, oxi, update=update)
    with on_the_way(oxi.query, answering({b"?sent": rows(n=digits)})) as (query, _):
        load(folder, oxi, query=query)
    assert oxi.graphs()[E + "one"] == 150


def test_a_store_that_sorts_as_the_alphabet_does(oxi: Running, tmp_path: Path) -> None:
    """As QLever: "a" before "Z". In SPARQL it is the other way round. The record has two pages."""
    names = [f"a{number}" for number in range(1_005)] + [f"Z{number}" for number in range(5)]
    graphs = {name: people(name, 1, "first") for name in names}
    load(write(tmp_path / "1", *graphs.values()), oxi)
    pages = []

    def collated(asked: Asked) -> Fault | None:
        query = parse_qs(asked.body).get(b"query", [b""])[0].decode()
        if "ORDER BY STR(?graph)" not in query:
            return None
        after = query.partition('STR(?graph) > "')[2].partition('"')[0]
        kept = re.sub(r"FILTER\(.*\)|ORDER BY.*", "", query)
        found = sorted(oxi.select(kept), key=lambda row: row["graph"].lower())
        page = [row for row in found if row["graph"].lower() > after.lower()][:1_000]
        pages.append(len(page))
        bindings = [
            {
                name: {"type": "uri" if name == "graph" else "literal", "value": value}
                for name, value in row.items()
            }
            for row in page
        ]
        names = {"vars": ["graph", "digest", "triples"]}
        body = json.dumps({"head": names, "results": {"bindings": bindings}}).encode()
        return Fault(200, {}, body)

    del graphs["Z3"]
    graphs["a7"] = people("a7", 2, "second")
    with on_the_way(oxi.query, collated) as (query, _):
        done = load(write(tmp_path / "2", *graphs.values()), oxi, query=query)
    assert pages == [1_000, 10, 0]
    assert (done.changed, done.gone) == (1, 1)
    assert oxi.graphs()[E + "a7"] == 6
    assert E + "Z3" not in oxi.graphs()
