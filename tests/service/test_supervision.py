"""One address served by several processes: as by one, and by the others when one has ended."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.service.served import fetch
from tests.service.whole_served import (
    Served,
    all_serve,
    build,
    eventually,
    figure,
    resident,
    seeded,
    servers,
    whole,
)

NUMBER = 3
LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded(tmp_path_factory)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root, tmp_path / "workspace"))


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with whole(root, processes=str(NUMBER)) as found:
        all_serve(found, NUMBER)
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


def connections(process: int, port: int) -> int:
    """How many established connections on a port a process has (proc(5): /proc/net/tcp)."""
    table = Path(f"/proc/{process}/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = (line.split() for line in table)
    known = {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    count = 0
    for each in Path(f"/proc/{process}/fd").iterdir():
        found = re.fullmatch(r"socket:\[(\d+)\]", str(each.readlink()))
        count += found is not None and found[1] in known
    return count


def asked(served: Served, query: str) -> bytes:
    got = fetch(f"{served.origin}/sparql?format=csv&query={quote(query)}")
    assert got.status == 200, got.body
    return got.body


def test_connections_are_shared_evenly(served: Served) -> None:
    clients = [served.connect() for _ in range(5 * NUMBER)]
    try:
        for each in clients:
            each.sendall(LIVE)
            assert each.recv(1_000).startswith(b"HTTP/1.1 200")
        counted = [connections(each, served.port) for each in servers(served)]
        assert counted == [5] * NUMBER
        for each in clients[:NUMBER]:
            each.close()
        eventually(lambda: sum(connections(p, served.port) for p in servers(served)) == 4 * NUMBER)
        more = [served.connect() for _ in range(NUMBER)]
        for each in more:
            each.sendall(LIVE)
            assert each.recv(1_000).startswith(b"HTTP/1.1 200")
        counted = [connections(each, served.port) for each in servers(served)]
        assert counted == [5] * NUMBER
        clients += more
    finally:
        for each in clients:
            each.close()


def test_figures_are_those_of_all(served: Served) -> None:
    name = 'kgpub_http_requests_total{method="GET",route="/health/live",status="200"}'
    fetch(f"{served.origin}/health/live")
    before = figure(served, name)
    for _ in range(10):
        assert fetch(f"{served.origin}/health/live").status == 200
    assert figure(served, name) == before + 10
    assert figure(served, "kgpub_workers") >= NUMBER  # each has one that stands ready
    memory = figure(served, "process_resident_memory_bytes")
    each = [resident(process) for process in servers(served)]
    assert 0.8 * sum(each) < memory < 1.2 * sum(each)


def test_the_log_has_whole_lines(root: Path, tmp_path: Path) -> None:
    """In a pipe, which several processes write to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kgpub", "serve", "--port", "0", "--processes", "2"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()))
    reader.start()
    try:
        origin = process.stdout.readline().decode().strip().removesuffix("/")
        agent = {"user-agent": "x" * 190}

        def ask() -> None:
            for number in range(150):
                fetch(f"{origin}/sparql?format=csv&query=ASK%7B%7D%23{number}", **agent)

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        reader.join(20)
    finally:
        process.kill()
        process.communicate()
    logged = [json.loads(line) for line in lines]
    assert sum(line["path"] == "/sparql" for line in logged) == 600


def end(served: Served, process: int) -> None:
    """Kill a process: with it go the connections that it has."""
    os.kill(process, signal.SIGKILL)
    eventually(lambda: process not in servers(served))


def test_another_takes_the_place_of_one_that_has_ended(copy: Path) -> None:
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        killed, other = servers(served)
        end(served, killed)
        for _ in range(20):
            assert fetch(f"{served.origin}/health/live").status == 200
        all_serve(served, 2)
        assert other in servers(served) and killed not in servers(served)
        end(served, other)
        # Nobody may be there for a moment: who comes then waits.
        for _ in range(20):
            assert fetch(f"{served.origin}/health/live").status == 200
        all_serve(served, 2)
        assert served.is_well()
        assert "another is started" in served.told.read_text(encoding="utf-8")


def test_one_that_does_not_answer_is_told_of(copy: Path) -> None:
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        stopped, _ = servers(served)
        os.kill(stopped, signal.SIGSTOP)
        try:
            statuses = set()
            until = time.monotonic() + 30
            while 503 not in statuses and time.monotonic() < until:
                with served.connect() as client, suppress(TimeoutError):
                    client.settimeout(8)
                    client.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                    statuses.add(int(client.recv(1_000).split()[1]))  # or it is the one stopped
            assert statuses == {503}
        finally:
            os.kill(stopped, signal.SIGCONT)
        eventually(lambda: fetch(f"{served.origin}/metrics").status == 200)


def test_one_that_ends_meanwhile_is_not_waited_for(copy: Path) -> None:
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        clients = [served.connect() for _ in range(2)]  # one of each
        for each in clients:
            each.sendall(LIVE)
            assert each.recv(1_000).startswith(b"HTTP/1.1 200")
        stopped, _ = servers(served)
        os.kill(stopped, signal.SIGSTOP)
        for each in clients:
            each.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.5)  # less than it waits for an answer
        os.kill(stopped, signal.SIGKILL)
        got = []
        for each in clients:
            with suppress(ConnectionResetError):
                got.append(each.recv(12))
        assert [each for each in got if each] == [b"HTTP/1.1 200"]
        for each in clients:
            each.close()


def test_an_update_is_seen_by_all_once_it_is_answered(copy: Path) -> None:
    made = [sys.executable, "-m", "kgpub", "token", "create", "--scope", "update"]
    token = subprocess.run(made, cwd=copy, check=True, capture_output=True, text=True).stdout
    with whole(copy, processes=str(NUMBER), updates="true") as served:
        all_serve(served, NUMBER)
        for number in range(8):
            update = (
                f"DELETE {{ ?s <http://e/p> ?o }} INSERT {{ <http://e/s> <http://e/p> {number} }}"
            )
            update += " WHERE { OPTIONAL { ?s <http://e/p> ?o } }"
            done = fetch(
                f"{served.origin}/sparql",
                {"update": update},
                authorization=f"Bearer {token.split()[0]}",
            )
            assert done.status == 204, done.body
            for turn in range(2 * NUMBER):  # each on a connection of its own
                query = f"SELECT ?o {{ <http://e/s> <http://e/p> ?o }} # {turn}"
                assert asked(served, query).split() == [b"o", b"%d" % number]


def test_a_new_build_is_served_by_all(copy: Path) -> None:
    title = "An article with another title"
    with whole(copy, processes="2") as served:
        all_serve(served, 2)
        query = f"ASK {{ ?article ?p '{title}'@en }}"
        (metadata,) = copy.glob("articles/*/article.yaml")
        text = metadata.read_text(encoding="utf-8")
        metadata.write_text(
            re.sub(r"(?m)^title:.*\n(?:[ ]+.*\n)*", f"title: {{en: {title}}}\n", text)
        )
        build(copy)
        clients = [served.connect() for _ in range(4)]
        try:

            def is_known(number: int) -> bool:
                request = (
                    f"GET /sparql?format=json&query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n"
                )
                clients[number].sendall(request.encode())
                return b"true" in clients[number].recv(10_000)

            eventually(lambda: all(is_known(number) for number in range(len(clients))))
        finally:
            for each in clients:
                each.close()
