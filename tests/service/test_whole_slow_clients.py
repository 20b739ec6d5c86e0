"""A thousand clients that are slow, or gone, while quick ones are answered; what they leave behind.

Their limits are lower than the defaults, so that the tests are not slow themselves.
"""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import pytest
from tests.service.served import fetch
from tests.service.whole_served import (
    Served,
    answers,
    eventually,
    far_away,
    received,
    seeded,
    whole,
)

MANY = 1_000
LIMIT = 300
"""Connections of a server that has fewer than there are clients."""
MEBIBYTE = 2**20
HEAD = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
PRODUCT = "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT "


def asking(query: str) -> bytes:
    return (
        b"GET /sparql?format=csv&query=" + quote(query).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    )


@pytest.fixture(scope="module", autouse=True)
def _files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = before[1] if before[1] != resource.RLIM_INFINITY else 10_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(10_000, most), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = seeded(tmp_path_factory)
    with whole(root, connections_head_seconds="3", connections_stalled_seconds="3") as found:
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = seeded(tmp_path_factory)
    with whole(root, connections_connections=str(LIMIT), queries_kept="9000000") as found:
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


@contextmanager
def many(
    served: Served, first: Callable[[int], bytes], number: int = MANY, is_far: bool = False
) -> Iterator[list[socket.socket]]:
    """So many connections, on each of which something has been sent."""
    connections = []
    try:
        for each in range(number):
            connection = far_away(served) if is_far else served.connect()
            connections.append(connection)
            with suppress(OSError):
                connection.sendall(first(each))
        yield connections
    finally:
        for connection in connections:
            connection.close()


def slowest(served: Served, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> float:
    """Return how long the slowest of quick requests took in these seconds; all are answered."""
    longest = 0.0
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until or not number:
        number += 1
        query = quote(f"SELECT ({number} AS ?x) {{}}")
        for path in ("/health/live", "/index.en.html", f"/sparql?format=csv&query={query}"):
            begun = time.monotonic()
            assert fetch(served.origin + path).status == 200, path
            longest = max(longest, time.monotonic() - begun)
        meanwhile()
    return longest


def trickle(connections: list[socket.socket], content: bytes) -> Callable[[], None]:
    """Return what sends a little more on each connection that is still open."""

    def send() -> None:
        for connection in connections:
            with suppress(OSError):
                connection.send(content)

    return send


FIRST = {
    "nothing": (b"", b""),
    "half a head": (HEAD, b"a: b\r\n"),
    "half an address": (b"GET /", b"a"),
    "half a body": (POST + b"Content-Length: 1000\r\n\r\n", b"a"),
    "chunks without end": (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "a request, and then nothing": (HEAD + b"\r\n", b""),
}


@pytest.mark.parametrize("case", list(FIRST))
def test_a_thousand_slow_senders_hold_nobody_up(served: Served, case: str) -> None:
    first, more = FIRST[case]
    with many(served, lambda _: first) as connections:
        assert slowest(served, 1.5, trickle(connections, more)) < 3


def test_slow_heads_are_ended_in_time(served: Served) -> None:
    with many(served, lambda _: HEAD, 50) as connections:
        until = time.monotonic() + 3 + 2
        while time.monotonic() < until:
            trickle(connections, b"a: b\r\n")()
            time.sleep(0.2)
        assert [received(each, 0.5) for each in connections] == [b""] * 50
        assert received(connections[0], 0.1) == b""


def test_a_thousand_readers_that_stop_hold_nobody_up(served: Served) -> None:
    before = served.files
    wanted = b"GET /dumps/dataset.nq HTTP/1.1\r\nHost: x\r\n\r\n"
    with many(served, lambda _: wanted, is_far=True) as readers:
        for reader in readers[:20]:
            reader.sendall(asking(PRODUCT + "3000"))
        assert slowest(served, 1) < 3
        eventually(lambda: served.files < before + 100)  # they are given up
    assert served.is_well()


@pytest.mark.parametrize("case", list(FIRST))
def test_more_slow_clients_than_there_is_room_for_keep_nobody_out(
    narrow: Served, case: str
) -> None:
    first, more = FIRST[case]
    with many(narrow, lambda _: first, LIMIT + 50) as connections:
        assert slowest(narrow, 0.5, trickle(connections, more)) < 3
        assert narrow.files < LIMIT + 150


def test_stopped_readers_that_take_all_the_room_do_not_keep_small_answers_out(
    narrow: Served,
) -> None:
    # What is left of the room is less than any of them.
    sizes = [10_000, 10_000, *(int(300 * 1.08**step) for step in reversed(range(32)))]
    readers = [far_away(narrow) for _ in sizes]
    try:
        for reader, size in zip(readers, sizes, strict=True):
            reader.sendall(asking(PRODUCT + str(size)))
            time.sleep(0.05)
        time.sleep(1)
        got = fetch(f"{narrow.origin}/sparql?format=csv&query={quote(PRODUCT + '500')}")
        assert got.status == 200, got.body
        assert slowest(narrow, 0.5) < 3
    finally:
        for reader in readers:
            reader.close()
    assert narrow.is_well()


def test_answers_that_nobody_takes_leave_nothing_behind(served: Served) -> None:
    def abandon(number: int, limit: int) -> None:
        with served.connect() as connection:
            connection.sendall(asking(f"{PRODUCT}{limit} # {number}"))
            with suppress(OSError):
                assert connection.recv(10)

    def figures() -> tuple[int, int]:
        return served.resident, served.files

    for number in range(50):  # what is kept for later is kept by then
        abandon(number, 2_000)
    eventually(served.is_well)
    memory, files = figures()
    for number in range(200):
        abandon(number + 50, 2_000)
    eventually(lambda: figures()[1] <= files + 5)
    assert figures()[0] - memory < 24 * MEBIBYTE
    eventually(lambda: b"kgpub_spooled_bytes 0.0" in fetch(f"{served.origin}/metrics").body)


def test_a_slow_but_steady_reader_gets_all(served: Served) -> None:
    query = PRODUCT + "3000"
    (wanted,) = answers(served.exchange(asking(query), seconds=2))
    got = bytearray()
    with far_away(served) as connection:
        content = asking(query).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        connection.sendall(content)
        for _ in range(10):
            time.sleep(0.1)
            got += connection.recv(50_000)
        got += received(connection)
    (answer,) = answers(bytes(got))
    assert answer.is_whole
    assert answer.body == wanted.body
