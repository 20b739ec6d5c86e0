"""What happens to a server: processes that are killed, a store that goes, a disk that is full."""

from __future__ import annotations

import csv
import os
import resource
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.service.linked_served import of_quads
from tests.service.served import Got, fetch
from tests.service.sparql_served import publish
from tests.service.whole_served import (
    Served,
    answers,
    build,
    descendants,
    eventually,
    far_away,
    received,
    seeded,
    whole,
)

BASE = "https://example.org/data/"
KG = "https://w3id.org/kgpub/ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PRODUCT = "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT 300000"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }"
LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root, tmp_path / "workspace"))


@pytest.fixture
def served(copy: Path) -> Iterator[Served]:
    with whole(copy, queries_seconds="3") as found:
        yield found


def asked(served: Served, query: str) -> Got:
    return fetch(f"{served.origin}/sparql?format=csv&query={quote(query)}")


def number(served: Served, which: int) -> bool:
    """Whether a query that nobody asked before is answered."""
    got = asked(served, f"SELECT ({which} AS ?x) {{}}")
    assert got.status in (200, 503)
    return got.status == 200 and got.body == b"x\r\n%d\r\n" % which


def is_alive(served: Served) -> bool:
    return [each.status for each in answers(served.exchange(LIVE, seconds=5))] == [200]


def processes(served: Served, module: str) -> list[int]:
    found = descendants(served.process.pid)
    return [pid for pid, line in found.items() if module in line]


def killed(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_queries_are_answered_again_when_their_processes_were_killed(served: Served) -> None:
    everything = processes(served, "sparql.nursery")
    nursery = min(everything)
    for turn, gone in enumerate(([nursery], [], everything[1:], [])):
        before = time.monotonic()
        killed(gone or processes(served, "sparql.nursery"))
        assert fetch(f"{served.origin}/index.en.html").status == 200
        eventually(lambda which=turn: number(served, 100 + which), 10)  # type: ignore[misc]
        assert time.monotonic() - before < 10
    # And while one of them evaluates.
    got: list[Got] = []
    client = threading.Thread(target=lambda: got.append(asked(served, CROSS)))
    client.start()
    time.sleep(0.5)
    killed(processes(served, "sparql.nursery"))
    client.join()
    assert got[0].status == 503
    eventually(lambda: number(served, 200), 10)
    assert served.is_well()
    assert "Traceback" not in served.told.read_text(encoding="utf-8")


def test_no_process_is_left_when_the_server_is_killed(copy: Path) -> None:
    with whole(copy) as served:
        mine = descendants(served.process.pid)
        assert mine
    eventually(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in mine))


def dataset(version: int, more: int = 0) -> list[Quad]:
    graph = NamedNode(f"{BASE}submission/{version}")
    quads = []
    for each in range(20 + more):
        person = NamedNode(f"{BASE}person/{each}")
        name = Literal(f"person {each} version{version}", language="en")
        quads.append(Quad(person, NamedNode(TYPE), NamedNode(f"{KG}Person"), graph))
        quads.append(Quad(person, NamedNode(f"{KG}name"), name, graph))
    return quads


def test_search_goes_on_when_what_fills_its_index_is_killed(tmp_path: Path) -> None:
    root = of_quads(tmp_path / "w", BASE, dataset(1)).root

    def finds(version: int) -> bool:
        got = fetch(f"{server.origin}/api/search?q=person+7+version{version}&limit=50")
        return got.status == 200 and b"person/7" in got.body

    with whole(root) as server:
        assert finds(1)
        publish(root / ".kgpub/store", dataset(2, more=20_000))
        eventually(lambda: bool(processes(server, "index.filling")))
        killed(processes(server, "index.filling"))
        time.sleep(0.3)
        assert finds(1)
        assert server.is_well()
        publish(root / ".kgpub/store", dataset(3))
        eventually(lambda: finds(3))
        # Nothing is left of what was not finished.
        eventually(lambda: len(list((root / ".kgpub/search").iterdir())) == 1)


def test_what_is_being_answered_at_the_end_is_answered_whole(copy: Path) -> None:
    with whole(copy) as served, far_away(served) as reader, served.connect() as half:
        query = quote(PRODUCT.replace("300000", "5000"))
        reader.sendall(f"GET /sparql?format=csv&query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        begun = reader.recv(1_000)
        half.sendall(LIVE[:20])
        statuses: Counter[int] = Counter()
        stop = threading.Event()

        def load() -> None:
            for each in range(1_000_000):
                try:
                    got = asked(served, f"SELECT ({each} AS ?x) {{}}")
                except OSError:
                    if stop.is_set():
                        return
                    raise
                statuses[got.status] += 1

        clients = [threading.Thread(target=load) for _ in range(4)]
        for client in clients:
            client.start()
        time.sleep(0.5)
        stop.set()
        ended = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        (answer,) = answers(begun + received(reader))
        assert answer.is_whole
        assert len(list(csv.reader(StringIO(answer.body.decode(), newline="")))) == 5_001
        assert served.process.wait(30) in (0, -signal.SIGTERM)
        assert time.monotonic() - ended < 15
        for client in clients:
            client.join(10)
        assert set(statuses) <= {200, 503} and statuses[200] > 10
        logged = [line for line in served.log if line["path"] == "/sparql"]
        assert sum(line["status"] == 200 for line in logged) >= statuses[200]
        assert "Traceback" not in served.told.read_text(encoding="utf-8")


def test_long_queries_are_told_that_the_server_ends(copy: Path) -> None:
    with whole(copy) as served:
        got: list[Got] = []
        client = threading.Thread(target=lambda: got.append(asked(served, CROSS)))
        client.start()
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(30) in (0, -signal.SIGTERM)
        client.join()
        assert (got[0].status, got[0].body.splitlines()[0]) == (
            503,
            b"the server is being shut down",
        )
        assert "Traceback" not in served.told.read_text(encoding="utf-8")


def test_builds_meanwhile_make_no_answer_fail_or_mix(tmp_path: Path) -> None:
    root = of_quads(tmp_path / "w", BASE, dataset(0)).root
    wrong: list[str] = []
    seen: dict[str, set[bytes]] = {}
    stop = threading.Event()
    query = quote("SELECT ?n { ?s a kg:Person ; kg:name ?n }")
    paths = (
        "/data/person/index.en.html",
        "/data/person/3.en.html",
        "/data/person/3.ttl",
        f"/sparql?format=csv&query={query}",
        "/api/search?q=person&limit=50",
    )

    def versions(body: bytes) -> set[bytes]:
        return {each.split(b"version")[1][:1] for each in body.split() if b"version" in each}

    with whole(root) as served:

        def again(path: str) -> None:
            while not stop.is_set():
                try:
                    got = fetch(served.origin + path)
                except OSError as error:
                    wrong.append(f"{path}: {error}")
                    return
                found = versions(got.body)
                if got.status != 200 or len(found) > 1:
                    wrong.append(f"{path}: {got.status} {found}")
                seen.setdefault(path, set()).update(found)

        clients = [threading.Thread(target=again, args=(path,)) for path in paths]
        for client in clients:
            client.start()
        for version in range(1, 7):
            publish(root / ".kgpub/store", dataset(version))
            time.sleep(0.7)
        try:
            eventually(lambda: all(b"6" in seen.get(path, ()) for path in paths))
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert wrong == []
        assert served.is_well()


def test_a_store_that_vanishes_is_no_end(copy: Path, served: Served) -> None:
    assert number(served, 1)
    shutil.rmtree(copy / ".kgpub/store")
    for _ in range(3):  # so that the processes that have it open are used up
        assert asked(served, CROSS).status == 503
    for path in ("/index.en.html", "/data/person/kanan-makiya.ttl", "/search?q=a", "/health"):
        assert fetch(served.origin + path).status in (200, 503)
    begun = time.monotonic()
    assert asked(served, "SELECT (7 AS ?x) {}").status in (200, 503)
    assert time.monotonic() - begun < 5
    told = served.told.read_text(encoding="utf-8")
    assert "Traceback" not in told
    assert sum(not line.startswith("{") for line in told.splitlines()) < 40
    build(copy)
    eventually(lambda: number(served, 8))
    eventually(served.is_well)


@pytest.mark.parametrize("size", [0, 10_000, 400_000])
def test_a_disk_that_is_full_ends_answers_and_nothing_else(served: Served, size: int) -> None:
    query = quote(PRODUCT)
    wanted = f"GET /sparql?format=csv&query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    before = len(asked(served, "SELECT ?a { ?a ?b ?c } LIMIT 5000").body)
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (size, size))
    with far_away(served) as slow, served.connect() as quick:
        for client in (slow, quick):
            client.sendall(wanted)
        time.sleep(0.5)
        assert is_alive(served)
        for client in (quick, slow):
            (answer,) = answers(received(client, 5))
            assert answer.status == 503 or not answer.is_whole
        assert is_alive(served)
    assert len(asked(served, "SELECT ?a { ?a ?b ?c } LIMIT 5000").body) == before
    assert number(served, 5)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) in (0, -signal.SIGTERM)
