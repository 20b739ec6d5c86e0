"""What hostile queries and slow clients cannot do to others."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from tests.service.processes import children, command
from tests.service.served import fetch
from tests.service.sparql_served import QUICKLY_REFUSED, endpoint, publish

from kgpub.service.connections import ConnectionLimits

MANY = 2_000
LOOKUP = "SELECT ?o { <http://e/7> <http://e/p> ?o } ORDER BY ?o"
"""A quick one, but for the workers."""
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }"
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (<http://e/next>|!<http://e/q>)* ?b . ?c !<http://e/z>+ ?d }"
SORT = "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY DESC(CONCAT(STR(?b), STR(?d)))"
REGEX = (
    "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d "
    "FILTER(REGEX(CONCAT(STR(?b), STR(?d)), '(7+)+$')) }"
)
HOSTILE = (CROSS, PATHS, SORT, REGEX)
ROWS = "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT 300000"


def quads(mark: str) -> Iterator[Quad]:
    for number in range(MANY):
        subject = NamedNode(f"http://e/{number}")
        yield Quad(subject, NamedNode("http://e/p"), Literal(f"{mark} {number}"), DefaultGraph())
        after = NamedNode(f"http://e/{number + 1}")
        yield Quad(subject, NamedNode("http://e/next"), after, DefaultGraph())


BROKEN = (http.client.IncompleteRead, ConnectionResetError)
"""What a client sees of an answer that breaks off."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("limits")
    publish(found, quads("value"))
    return found


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with endpoint(folder) as found:
        yield found


def asked(address: str, query: str, form: str = "csv") -> tuple[int, str]:
    got = fetch(f"{address}?format={form}&query={quote(query)}")
    return got.status, got.body.decode()


def answers(address: str) -> bool:
    return asked(address, LOOKUP) == (200, "o\r\nvalue 7\r\n")


@pytest.mark.parametrize("query", HOSTILE)
def test_what_takes_too_long_is_ended_and_told(address: str, query: str) -> None:
    start = time.monotonic()
    status, text = asked(address, query)
    assert status == 503
    assert text.startswith("the query took longer than 2 seconds")
    assert time.monotonic() - start < 10
    assert answers(address)


def test_quick_queries_are_answered_beside_hostile_ones(address: str) -> None:
    with ThreadPoolExecutor(8) as clients:
        hostile = [clients.submit(asked, address, query) for query in HOSTILE * 2]
        time.sleep(0.5)
        answered = 0
        while not all(each.done() for each in hostile):
            assert answers(address)
            answered += 1
        assert {each.result()[0] for each in hostile} == {503}
    assert answered > 20


def test_more_long_queries_than_may_stand_still_are_refused(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, slow=1, parked=1)
    with endpoint(folder, limits) as address, ThreadPoolExecutor(6) as clients:
        got = list(clients.map(lambda _: asked(address, CROSS), range(6)))
    assert {status for status, _ in got} == {503}
    reasons = {text.partition("\n")[0] for _, text in got}
    assert "too many long queries at once" in reasons
    assert "the query took longer than 2 seconds" in reasons


def test_more_queries_than_may_wait_are_refused(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, quick=1, waiting=1, quick_seconds=5.0)
    with endpoint(folder, limits) as address, ThreadPoolExecutor(6) as clients:
        got = list(clients.map(lambda _: asked(address, CROSS), range(6)))
    assert any(text.startswith("too many queries at once") for _, text in got)


def test_a_query_that_takes_too_much_memory_is_ended(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, seconds=60.0, memory=100 * 2**20)
    with endpoint(folder, limits) as address:
        status, text = asked(address, SORT)
        assert status == 503
        assert "memory" in text
        assert answers(address)


def test_half_an_answer_is_not_taken_for_a_whole_one(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, answer=2**21, seconds=60.0)
    with endpoint(folder, limits) as address:
        for coding in ("identity", "gzip"):
            connection = started(address, ROWS, coding)
            answer = connection.getresponse()
            assert answer.status == 200
            with pytest.raises(BROKEN):
                answer.read()
            connection.close()
        assert answers(address)


def started(address: str, query: str, coding: str = "identity") -> http.client.HTTPConnection:
    place = urlsplit(address)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    path = f"{place.path}?format=csv&query={quote(query)}"
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    return connection


def test_the_first_bytes_come_before_the_last_are_known(address: str) -> None:
    connection = started(address, "SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
    answer = connection.getresponse()
    assert answer.read(9) == b"a,b,c,d,e"
    connection.close()
    assert answers(address)


def test_slow_readers_hold_no_worker(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, quick=1, slow=1, seconds=60.0, quick_seconds=60.0)
    with endpoint(folder, limits) as address:
        readers = [started(address, ROWS) for _ in range(3)]
        for reader in readers:
            assert reader.getresponse().status == 200  # and then they do not read on
        assert answers(address)
        for reader in readers:
            reader.close()


def test_the_query_of_a_client_that_leaves_is_ended(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, seconds=120.0)
    with endpoint(folder, limits) as address:
        before = workers()
        connection = started(address, CROSS)
        until = time.monotonic() + 10
        while len(workers()) == len(before):  # until one more takes the place of the busy one
            assert time.monotonic() < until
            time.sleep(0.05)
        connection.close()
        while len(workers()) > len(before):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert answers(address)


def test_a_client_that_reads_no_more_is_given_up(folder: Path) -> None:
    limits = replace(QUICKLY_REFUSED, seconds=60.0)
    with endpoint(folder, limits, connections=ConnectionLimits(stalled_seconds=0.5)) as address:
        connection = started(address, ROWS)
        answer = connection.getresponse()
        assert answer.status == 200
        time.sleep(3)
        with pytest.raises(BROKEN):
            answer.read()
        connection.close()


def test_a_worker_answers_one_query_after_another(folder: Path) -> None:
    others = workers()
    with endpoint(folder, replace(QUICKLY_REFUSED, quick=1, quick_seconds=5.0)) as address:
        own = workers() - others
        for number in range(20):
            asked(address, LOOKUP.replace("7", str(number)))
        asked(address, "ASK {")
        assert workers() - others == own


def test_workers_that_are_killed_are_replaced(folder: Path) -> None:
    others = workers()
    with endpoint(folder) as address:
        for pid in workers() - others:
            os.kill(pid, signal.SIGKILL)
        statuses = [asked(address, LOOKUP)[0] for _ in range(4)]
        assert set(statuses) <= {200, 503}
    assert workers() == others


def test_a_new_build_is_served_without_a_failure(tmp_path: Path) -> None:
    publish(tmp_path, quads("old"))
    with endpoint(tmp_path) as address:
        first = asked(address, LOOKUP)
        publish(tmp_path, quads("new"))
        seen = [first]
        until = time.monotonic() + 20
        while seen[-1] != (200, "o\r\nnew 7\r\n"):
            assert time.monotonic() < until
            seen.append(asked(address, LOOKUP))
    assert set(seen) == {(200, "o\r\nold 7\r\n"), (200, "o\r\nnew 7\r\n")}


def test_workers_see_no_network(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, endpoint(folder):
        port = listening.getsockname()[1]
        pid = max(workers())
        own = Path("/proc/self/net/tcp").read_text()
        theirs = Path(f"/proc/{pid}/net/tcp").read_text()
    assert f":{port:04X} " in own
    assert f":{port:04X} " not in theirs


def workers() -> set[int]:
    """Return the worker processes of this process: what its nurseries have forked."""
    nurseries = (pid for pid in children("self") if b"sparql.nursery" in command(pid))
    found = {pid for nursery in nurseries for pid in children(str(nursery))}
    return {pid for pid in found if command(pid)}  # and is not a zombie
