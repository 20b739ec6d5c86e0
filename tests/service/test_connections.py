"""What clients may send before anybody looks at it, and how slowly."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from tests.service.served import fetch, running, sent
from tests.service.sparql_served import QUICKLY_REFUSED, endpoint, publish
from tests.service.test_sparql_limits import CROSS, answers, quads

from kgpub.service.application import application
from kgpub.service.connections import ConnectionLimits


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("connections")
    publish(found, quads("value"))
    return found


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with endpoint(folder) as found:
        yield found


ENDLESS = {
    "behind a query that takes long": b"GET /sparql?query=%s HTTP/1.1\r\nHost: x\r\n\r\n"
    % quote(CROSS).encode()
    + b"GET / HTTP/1.1\r\nX: ",
    "in a head": b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: ",
    "behind a body": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query"
    b"\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\nX: " % (len(CROSS), CROSS.encode()),
}


@pytest.mark.parametrize("beginning", ENDLESS.values(), ids=ENDLESS)
def test_a_field_without_an_end_ends_the_connection(folder: Path, beginning: bytes) -> None:
    limits = replace(QUICKLY_REFUSED, seconds=60.0)
    with endpoint(folder, limits) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname or "", place.port or 0), 5) as connection:
            connection.sendall(beginning)
            sent = 0
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                while sent < 2**25:
                    sent += connection.send(b"a" * 2**14)
        assert answers(address)


def test_who_is_waited_for_longest_makes_room(folder: Path) -> None:
    """Idle, trickling a head, or not sending a body: none of it keeps others out."""
    limits = ConnectionLimits(connections=10)
    with endpoint(folder, connections=limits) as address, ExitStack() as opened:
        place = urlsplit(address)
        for beginning in (
            b"GET /sparql HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /sparql HT",
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        ):
            for _ in range(10):
                connection = socket.create_connection((place.hostname or "", place.port or 0), 5)
                opened.enter_context(connection).sendall(beginning)
            assert all(answers(address) for _ in range(3))


GZIPPED = b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
REFUSED = {
    b"GET /sparql HTTP/1.1\r\n\r\n": b"HTTP/1.1 400 ",
    b"GET /sparql HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n": b"HTTP/1.1 400 ",
    GZIPPED: b"HTTP/1.1 501 ",
    b"GET /sparql?%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 20_000): b"HTTP/1.1 414 ",
    b"GET /sparql HTTP/1.1\r\nHost: x\r\n%s\r\n" % (b"A: b\r\n" * 20_000): b"HTTP/1.1 431 ",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n%s" % (b"a" * 999_999): b"",
}


@pytest.mark.parametrize("request_", REFUSED, ids=lambda text: text[:60].decode())
def test_what_http_does_not_allow(address: str, request_: bytes) -> None:
    got = sent(address, request_)
    assert got.startswith(REFUSED[request_])
    assert got.count(b"HTTP/1.1 ") == 1


BIG = "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT 20000"


def test_a_head_is_not_kept_as_an_answer(folder: Path) -> None:
    # Such an answer may take long, and then waits for all other work on the machine.
    with endpoint(folder, replace(QUICKLY_REFUSED, seconds=60.0)) as address:
        target = f"{urlsplit(address).path}?format=csv&query={quote(BIG)}"
        for version in ("1.0", "1.1"):
            for _ in range(10):
                text = f"HEAD {target} HTTP/{version}\r\nHost: x\r\nConnection: close\r\n\r\n"
                assert closed(address, text.encode()).split(b" ")[1] == b"200"
                assert fetch(f"{address}?format=csv&query={quote(BIG)}").body.count(b"\n") == 20_001


def test_what_is_asked_at_once_is_given_up_together(folder: Path) -> None:
    """Of a client that leaves with two requests under way, nothing is kept."""
    limits = replace(QUICKLY_REFUSED, seconds=60.0, kept=2**22)
    with endpoint(folder, limits) as address:
        place = urlsplit(address)
        rows = f"GET {place.path}?format=csv&query={quote(BIG)} HTTP/1.1\r\nHost: x\r\n\r\n"
        again = f"GET {place.path} HTTP/1.1\r\nHost: x\r\n\r\n"
        for _ in range(8):  # of some two mebibytes each
            with socket.create_connection((place.hostname or "", place.port or 0), 5) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.sendall((rows + again).encode())
                assert connection.recv(100).startswith(b"HTTP/1.1 200")
        until = time.monotonic() + 10
        while fetch(f"{address}?format=csv&query={quote(BIG)}").status != 200:
            assert time.monotonic() < until
            time.sleep(0.1)


def closed(address: str, request: bytes) -> bytes:
    """Send a request, and return what comes until the server closes the connection."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 0), 30) as connection:
        connection.sendall(request)
        got = b""
        while block := connection.recv(65_536):
            got += block
    return got


def test_what_is_no_http_is_refused_and_fills_no_log(capfd: pytest.CaptureFixture[str]) -> None:
    with running(application([])) as origin:
        for nonsense in (
            b"\x16\x03\x01\x02\x00\x01\x00",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
        ):
            assert sent(origin, nonsense).startswith(b"HTTP/1.1 400 ")
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
