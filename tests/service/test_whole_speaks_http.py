"""What no well-meaning client sends, byte by byte: each is answered, or refused, and nobody waits.

Expectations are those of RFC 9112; sections are named where they are not of its section 3.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from tests.service.served import fetch
from tests.service.whole_served import Answer, Served, answers, received, seeded, whole

HOST = b"Host: x\r\n"
CLOSE = b"Connection: close\r\n"
LIVE = b"GET /health/live HTTP/1.1\r\n" + HOST
POST = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }"
SLOW = b"GET /sparql?query=" + quote(CROSS).encode() + b" HTTP/1.1\r\n" + HOST
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = seeded(tmp_path_factory)
    with whole(root, queries_seconds="4") as found:
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


def single(served: Served, content: bytes) -> Answer:
    """Return the one answer to a request that must be the last on its connection."""
    begun = time.monotonic()
    (answer,) = answers(served.exchange(content))
    assert time.monotonic() - begun < 4, "the connection was left open"
    return answer


REFUSED = {
    "an address of a mebibyte": (b"GET /" + b"a" * MEBIBYTE + b" HTTP/1.1\r\n" + HOST, 414),
    "a query string of a mebibyte": (b"GET /?" + b"a" * MEBIBYTE + b" HTTP/1.1\r\n" + HOST, 414),
    "an address without end": (b"GET /" + b"a" * MEBIBYTE, 414),
    "a value of a mebibyte": (LIVE + b"A: " + b"a" * MEBIBYTE + b"\r\n\r\n", 431),
    "a value without end": (LIVE + b"A: " + b"a" * MEBIBYTE, 431),
    "a name without end": (LIVE + b"a" * MEBIBYTE, 431),
    "100,000 fields": (LIVE + b"a: b\r\n" * 100_000 + b"\r\n", 431),
    "100,000 empty fields": (LIVE + b"a:\r\n" * 100_000 + b"\r\n", 431),
    "no host": (b"GET /health/live HTTP/1.1\r\n\r\n", 400),
    "two hosts": (LIVE + HOST + b"\r\n", 400),
    "length and chunks, 6.1": (CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", 400),
    "chunks and length, 6.1": (
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    "two lengths, 6.3": (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{} ", 400),
    "a list of lengths, 6.3": (POST + b"Content-Length: 5, 6\r\n\r\nASK{} ", 400),
    "a negative length": (POST + b"Content-Length: -5\r\n\r\n", 400),
    "a length with a sign": (POST + b"Content-Length: +5\r\n\r\nASK{}", 400),
    "a length beyond all bounds": (POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", 400),
    "a coding that is none, 6.1": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    "chunks that are not last, 6.3": (
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a space before a colon, 5.1": (POST + b"Content-Length : 5\r\n\r\nASK{}", 400),
    "a folded field, 5.2": (LIVE + b"A: b\r\n c\r\n\r\n", 400),
    "a NUL in a field, 5.5 of RFC 9110": (LIVE + b"A: a\0b\r\n\r\n", 400),
    "a NUL in the path": (b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "bytes that are not ASCII in the path": (b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a size of a chunk that is none, 7.1": (CHUNKED + b"\r\nzz\r\n", 400),
    "a negative size of a chunk, 7.1": (CHUNKED + b"\r\n-5\r\nASK{}\r\n", 400),
    "a size of a chunk beyond all bounds, 7.1": (CHUNKED + b"\r\n" + b"f" * 17 + b"\r\n", 400),
    "a chunk that goes on, 7.1": (CHUNKED + b"\r\n2\r\nASK{}\r\n0\r\n\r\n", 400),
    "another version": (b"GET / HTTP/3.7\r\n" + HOST + b"\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), 400),
    "a script for an address": (b"GET javascript:a(1) HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a file for an address": (b"GET file:///etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "TRACE": (b"TRACE / HTTP/1.1\r\n" + HOST + CLOSE + b"Cookie: secret\r\n\r\n", 405),
    "a method that is none": (b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_no_request_is_refused_once(served: Served, case: str) -> None:
    content, status = REFUSED[case]
    answer = single(served, content)
    assert answer.status == status
    assert b"secret" not in answer.body


def test_no_request_hides_in_the_body_of_another(served: Served) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\n" + HOST + b"\r\n"
    for head in (
        CHUNKED + b"Content-Length: %d\r\n\r\n0\r\n\r\n" % (5 + len(hidden)),
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
    ):
        (answer,) = answers(served.exchange(head + hidden))
        assert answer.status in (400, 501)
    # The body of a GET is a body.
    content = LIVE + b"Content-Length: %d\r\n\r\n" % len(hidden) + hidden + LIVE + CLOSE + b"\r\n"
    assert [each.status for each in answers(served.exchange(content))] == [200, 200]
    assert "/hidden" not in {line["path"] for line in served.log}


def test_an_answer_given_before_the_body_has_come_is_the_only_one(served: Served) -> None:
    content = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000\r\n\r\n" + bytes(1_000_000)
    assert [each.status for each in answers(served.exchange(content, seconds=2))] == [405]


def test_older_versions_are_answered_whole_and_the_connection_is_closed(served: Served) -> None:
    for content in (
        b"GET /health/live HTTP/1.0\r\n\r\n",
        b"GET /sparql?format=csv&query=ASK%7B%7D HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n",
        b"GET /health/live\r\n\r\n",
    ):
        answer = single(served, content)
        assert (answer.status, answer.is_whole) == (200, True)
        assert "transfer-encoding" not in answer.headers


def test_requests_are_answered_in_their_order(served: Served) -> None:
    count = 50
    query = b"GET /sparql?format=csv&query=SELECT+(%d+AS+?x)%%7B%%7D HTTP/1.1\r\n" + HOST
    wanted = [query % number + b"\r\n" for number in range(count)]
    got = list(answers(served.exchange(b"".join(wanted), LIVE + CLOSE + b"\r\n")))
    bodies = [each.body for each in got[:-1]]
    assert bodies == [b"x\r\n%d\r\n" % number for number in range(count)]
    assert got[-1].status == 200


def test_an_expectation_is_met_before_the_body_comes(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(POST + CLOSE + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
        assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK{}")
        (answer,) = answers(received(connection))
        assert answer.status == 200


def test_an_absolute_address_is_answered_for_its_path_alone(served: Served) -> None:
    for target in (b"http://evil.example/health/live", b"http://evil.example:1/health/live?a#b"):
        answer = single(served, b"GET " + target + b" HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
        assert answer.status == 200
        assert b"evil" not in answer.body


def test_upgrades_are_not_made(served: Served) -> None:
    for fields in (
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n",
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
    ):
        content = LIVE + b"Connection: Upgrade\r\n" + fields + b"\r\n"
        (answer,) = answers(served.exchange(content, seconds=1))
        assert answer.status == 200
    assert "upgrade" not in served.told.read_text(encoding="utf-8").lower()


ENDLESS = {
    "behind a slow query, a value": (SLOW + b"\r\n" + LIVE + b"A: ", b"a" * 2**16),
    "behind a slow query, an address": (SLOW + b"\r\nGET /", b"a" * 2**16),
    "behind a slow query, fields": (SLOW + b"\r\n" + LIVE, b"a: b\r\n" * 10_000),
    "behind chunks, a value": (CHUNKED + b"\r\n5\r\nASK{}\r\n0\r\nA: ", b"a" * 2**16),
    "behind chunks, fields": (CHUNKED + b"\r\n5\r\nASK{}\r\n0\r\n", b"a: b\r\n" * 10_000),
    "behind a size of a chunk, its extension": (CHUNKED + b"\r\n5;a=", b"a" * 2**16),
}
LONG = {
    "requests behind a slow query": (SLOW + b"\r\n", (LIVE + b"\r\n") * 1_000),
    "chunks of a byte": (CHUNKED + b"\r\n", b"1\r\na\r\n" * 10_000),
    "a body": (POST + b"Content-Length: 99999999999\r\n\r\n", b"a" * 2**16),
    "a body that nobody asked for": (
        LIVE + b"Content-Length: 99999999999\r\n\r\n",
        b"a" * 2**16,
    ),
    "a body behind a slow query": (
        SLOW + b"Content-Length: 99999999999\r\n\r\n",
        b"a" * 2**16,
    ),
}


def pressed(served: Served, first: bytes, more: bytes, seconds: float) -> tuple[bool, float]:
    """Send without end; return whether the server ended that, and how long others waited."""
    slowest = 0.0
    until = time.monotonic() + seconds
    with served.connect() as connection:
        connection.sendall(first)
        connection.settimeout(0.1)
        while time.monotonic() < until:
            for _ in range(10):
                try:
                    connection.send(more)
                except TimeoutError:
                    break
                except OSError:
                    return True, slowest
            begun = time.monotonic()
            assert fetch(f"{served.origin}/health/live").status == 200
            slowest = max(slowest, time.monotonic() - begun)
    return False, slowest


@pytest.mark.parametrize("case", list(ENDLESS))
def test_what_is_kept_until_it_ends_may_not_be_endless(served: Served, case: str) -> None:
    has_ended, slowest = pressed(served, *ENDLESS[case], seconds=2)
    assert has_ended
    assert slowest < 2


@pytest.mark.parametrize("case", list(LONG))
def test_what_is_long_takes_neither_memory_nor_time(served: Served, case: str) -> None:
    before = served.resident
    _, slowest = pressed(served, *LONG[case], seconds=1.5)
    assert served.resident - before < 64 * MEBIBYTE
    assert slowest < 2


def test_a_body_that_is_compressed_is_not_unpacked(served: Served) -> None:
    bomb = b"\x1f\x8b\x08" + bytes(1_000)
    for coding in ("gzip", "deflate", "zstd", "br", "gzip, gzip", "GZIP", "x-gzip"):
        for path in ("/sparql", "/reconcile/entities"):
            kind = "application/x-www-form-urlencoded"
            got = fetch(served.origin + path, bomb, Content_Type=kind, Content_Encoding=coding)
            assert got.status in (400, 415), (path, coding)
            assert got.status == 415 or path != "/sparql"


def test_forms_that_are_too_large_are_refused_soon(served: Served) -> None:
    before = served.resident
    forms = (
        (b"query=" + b"a" * 10_000_000, {413}),
        (b"&".join(b"a%d=1" % number for number in range(100_000)), {400, 413}),
        (b"&" * 1_000_000, {400, 413}),
        (b"query=ASK%7B%7D&" + b"default-graph-uri=http://e/&" * 30_000, {400}),
    )
    for form, allowed in forms:
        for path in ("/sparql", "/reconcile/entities"):
            begun = time.monotonic()
            assert fetch(served.origin + path, form).status in allowed, (path, form[:30])
            assert time.monotonic() - begun < 2
    query = "&".join(f"a{number}=1" for number in range(1_500))
    for path in ("/sparql", "/search", "/api/search", "/query", "/api/queries/names"):
        assert fetch(f"{served.origin}{path}?{query}").status in (400, 414), path
    assert served.resident - before < 64 * MEBIBYTE
