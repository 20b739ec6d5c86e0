"""What whoever runs a server sees: its health, its figures, its access log."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as metrics
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp
from tests.service.served import fetch, running, sent

from kgpub.service.application import application
from kgpub.service.operations import observing
from kgpub.service.operations.access_log import AccessLog
from kgpub.service.operations.figures import CacheFigures, PoolFigures
from kgpub.service.operations.health import health_routes
from kgpub.service.operations.lines import Lines
from kgpub.service.operations.metrics import Figures
from kgpub.service.operations.scraping import everyone, metrics_route, this_machine
from kgpub.service.operations.traffic import Traffic
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted

NOW = 1_796_040_000.25
POOL = PoolFigures(
    build="b1",
    built=NOW - 90,
    workers=3,
    slowed=7,
    quick=1,
    slow=2,
    parked=4,
    waiting=5,
    is_held=True,
    spooled=6_000,
    outcomes={"answered": 11, "late": 0, "lost": 1},
)


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def fail(request: Request) -> Response:
    raise RuntimeError("a secret of the machine")


async def stop(request: Request) -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"12345"
        raise RuntimeError("in the middle")

    return StreamingResponse(parts())


@dataclass
class Observed:
    """An application with all that is looked at here."""

    pool: PoolFigures = POOL
    traffic: Traffic = field(default_factory=Traffic)
    lines: list[str] = field(default_factory=list)
    addresses: str = "whole"

    def app(self, *routes: Route) -> ASGIApp:
        inner = application(
            [
                Route("/things/{name}", hello, methods=["GET", "POST"]),
                Route("/fail", fail),
                Route("/stop", stop),
                Mount("/mounted", app=PlainTextResponse("mounted")),
                *health_routes(lambda: self.pool),
                *routes,
            ]
        )
        log = AccessLog(self.lines.append, self.addresses, lambda: NOW)
        return observing.Observed(inner, self.traffic, log, time.perf_counter)

    def figures(self) -> Figures:
        return Figures(self.traffic, lambda: self.pool, lambda: CacheFigures(8, 9), lambda: NOW)

    @property
    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@contextmanager
def served(observed: Observed, *routes: Route) -> Iterator[str]:
    with running(observed.app(*routes)) as origin:  # type: ignore[arg-type]
        yield origin


# The access log


def test_each_request_is_a_line_without_what_was_asked() -> None:
    observed = Observed()
    secret = "SELECT-what-nobody-shall-see"
    with served(observed) as origin:
        got = fetch(f"{origin}/things/a%20b?query={secret}", User_Agent="client/1")
        fetch(f"{origin}/things/x", {"query": secret}, Authorization=f"Bearer {secret}")
        fetch(f"{origin}/things/x", method="HEAD")
    first, second, third = observed.logged
    assert first.pop("seconds") < 5
    assert first == {
        "time": "2026-11-30T12:00:00.250Z",
        "method": "GET",
        "route": "/things/{name}",
        "path": "/things/a%20b",
        "status": 200,
        "bytes": len(got.body),
        "client": "127.0.0.1",
        "agent": "client/1",
    }
    assert (second["method"], second["status"]) == ("POST", 200)
    assert (third["method"], third["bytes"]) == ("HEAD", 0)
    assert secret not in "".join(observed.lines)


def test_what_goes_wrong_is_logged_as_the_client_sees_it() -> None:
    observed = Observed()
    with served(observed) as origin:
        assert fetch(f"{origin}/nowhere").status == 404
        assert fetch(f"{origin}/things/x", method="DELETE").status == 405
        assert fetch(f"{origin}/fail").status == 500
        sent(origin, b"GET /stop HTTP/1.1\r\nHost: x\r\n\r\n")
        assert fetch(f"{origin}/mounted/x").status == 200
    shown = [(each["route"], each["status"], each.get("broken")) for each in observed.logged]
    assert shown == [
        ("", 404, None),
        ("/things/{name}", 405, None),
        ("/fail", 500, None),
        ("/stop", 200, True),
        ("/mounted", 200, None),
    ]
    assert observed.logged[3]["bytes"] == 5
    assert "secret" not in "".join(observed.lines)


def test_a_client_that_leaves_is_logged() -> None:
    observed = Observed()

    async def endless(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 65_536
                await asyncio.sleep(0.01)

        return StreamingResponse(parts())

    with served(observed, Route("/endless", endless)) as origin:
        host = urlsplit(origin)
        with socket.create_connection((str(host.hostname), host.port or 80), 10) as client:
            client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(1)
        until = time.monotonic() + 10
        while not observed.lines and time.monotonic() < until:
            time.sleep(0.02)
        (told,) = observed.logged
    assert (told["status"], told["broken"]) == (200, True)
    assert told["bytes"] >= 65_536


HOSTILE = [
    b"/things/%0A%7B%22status%22:1%7D",
    b"/things/\x1b[2J\x7f",
    b"/things/\xe2\x80\xa8\xe2\x80\xae",
    b'/things/"},{"a":"',
    b"/things/" + b"x" * 5_000,
]


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_of_a_request_can_forge_a_line_or_drive_a_terminal(path: bytes) -> None:
    lines: list[str] = []
    agent = b'a\x1b]0;t\x07\x7f"\\' + b"y" * 5_000

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    scope = {
        "type": "http",
        "method": "GET\n" + "Z" * 100,
        "path": "/",
        "raw_path": path + b"?query=SECRET",
        "headers": [(b"user-agent", agent)],
        "client": ("10.0.0.1\n{}", 1),
    }

    async def nothing(*_: Any) -> None:
        return None

    log = AccessLog(lines.append, "whole", lambda: NOW)
    seen = observing.Observed(app, Traffic(), log, lambda: 0.0)
    asyncio.run(seen(scope, nothing, nothing))  # type: ignore[arg-type]
    (line,) = lines
    assert all(" " <= character <= "~" for character in line)
    assert "SECRET" not in line
    assert len(line) < 3_000
    told = json.loads(line)
    assert path.decode("latin-1").startswith(told["path"])
    assert agent.decode("latin-1").startswith(told["agent"])


def test_a_token_that_stands_where_it_should_not_is_hidden() -> None:
    observed = Observed()
    text = minted(os.urandom)[0]
    with served(observed) as origin:
        fetch(f"{origin}/things/{text}", User_Agent=f"x {text}")
    assert text[15:] not in observed.lines[0]
    assert observed.logged[0]["path"] == "/things/kgpub_…"


@pytest.mark.parametrize(("how", "shown"), [("shortened", "127.0.0.0"), ("none", None)])
def test_addresses_are_logged_as_the_settings_say(how: str, shown: str | None) -> None:
    observed = Observed(addresses=how)
    with served(observed) as origin:
        fetch(f"{origin}/things/x")
    assert observed.logged[0].get("client") == shown


def test_lines_are_written_in_order_and_to_the_last() -> None:
    reading, writing = os.pipe()
    with Lines(writing) as lines:
        for number in range(500):
            lines.write(str(number))
            if number == 250:
                time.sleep(0.15)  # so that it is written in two parts
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        assert stream.read().split() == [str(number) for number in range(500)]


def test_who_reads_no_log_holds_up_nobody_and_learns_what_was_dropped() -> None:
    reading, writing = os.pipe()
    line = "x" * 999
    with Lines(writing, most=100) as lines:
        begun = time.monotonic()
        for _ in range(3):  # a pipe takes 64 KiB, the rest must wait
            for _ in range(150):
                lines.write(line)
            time.sleep(0.15)
        assert time.monotonic() - begun < 2
        got: list[str] = []

        def read() -> None:
            with os.fdopen(reading, encoding="utf-8") as stream:
                got.extend(stream.read().split("\n"))

        reader = threading.Thread(target=read)
        reader.start()
    os.close(writing)
    reader.join(10)
    whole = sum(each == line for each in got)
    dropped = sum(json.loads(each)["dropped"] for each in got if each.startswith("{"))
    assert whole + dropped == 450
    assert dropped >= 150


def test_a_log_whose_reader_has_gone_ends_no_server() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with Lines(writing) as lines:
        lines.write("x")
        time.sleep(0.15)
        lines.write("y")
    os.close(writing)


def test_a_server_ends_though_its_standard_error_is_stuck() -> None:
    program = """
from kgpub.service.operations.lines import Lines
with Lines(2) as lines:
    for _ in range(1_000):
        lines.write("x" * 999)
"""
    reading, writing = os.pipe()
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", program], stderr=writing)
    os.close(writing)
    assert process.wait(30) == 0
    assert time.monotonic() - begun < 20
    os.close(reading)


# Health


@pytest.mark.parametrize(
    ("pool", "reasons"),
    [
        (POOL, []),
        (replace(POOL, workers=0), ["no worker is alive"]),
        (PoolFigures("", 0), ["no build is served", "no worker is alive"]),
    ],
)
def test_health_tells_whether_the_server_can_answer(pool: PoolFigures, reasons: list[str]) -> None:
    with served(Observed(pool)) as origin:
        got = fetch(f"{origin}/health")
        assert got.status == (503 if reasons else 200)
        assert got.json["status"] == ("unready" if reasons else "ready")
        assert got.json.get("reasons", []) == reasons
        assert got.json["workers"] == pool.workers
        assert got.headers["cache-control"] == "no-store"
        assert fetch(f"{origin}/health/live").json == {"status": "alive"}
        assert fetch(f"{origin}/health", method="HEAD").body == b""


def test_health_tells_the_build_and_nothing_of_the_machine() -> None:
    inside = "/srv/secret/.kgpub/store/generation-3 https://example.org/"
    with served(Observed(replace(POOL, build=inside))) as origin:
        one = fetch(f"{origin}/health")
    with served(Observed(replace(POOL, build=inside + "x"))) as origin:
        other = fetch(f"{origin}/health")
    assert b"secret" not in one.body
    assert one.json["built"] == "2026-11-30T11:58:30+00:00"
    assert one.json["build"] != other.json["build"]


# Metrics


def samples(text: str) -> dict[tuple[str, ...], float]:
    found = {}
    for family in metrics(text):
        for sample in family.samples:
            found[(sample.name, *(v for _, v in sorted(sample.labels.items())))] = sample.value
    return found


def test_metrics_are_what_was_done() -> None:
    observed = Observed()
    route = metrics_route(observed.figures().registry(), everyone)
    with served(observed, route) as origin:
        for name in ("a", "b", "c"):
            fetch(f"{origin}/things/{name}")
        fetch(f"{origin}/things/a", b"")
        fetch(f"{origin}/nowhere/at/all")
        fetch(f"{origin}/fail")
        sent(origin, b"PROPFIND /things/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = fetch(f"{origin}/metrics")
    assert got.headers["content-type"].startswith("text/plain")
    told = samples(got.body.decode())
    requests = {key[1:]: n for key, n in told.items() if key[0] == "kgpub_http_requests_total"}
    # Labels in the order of their names: method, route, status.
    assert requests == {
        ("GET", "/things/{name}", "200"): 3,
        ("POST", "/things/{name}", "200"): 1,
        ("GET", "unmatched", "404"): 1,
        ("GET", "/fail", "500"): 1,
        ("other", "/things/{name}", "405"): 1,
    }
    durations = "kgpub_http_request_duration_seconds"
    assert told[f"{durations}_count", "/things/{name}"] == 5
    assert told[f"{durations}_bucket", "+Inf", "/things/{name}"] == 5
    assert 0 < told[f"{durations}_sum", "/things/{name}"] < 5
    assert told["kgpub_http_pending",] == 1  # the request for the metrics
    assert told["kgpub_queries_total", "answered"] == 11
    assert told["kgpub_queries_total", "lost"] == 1
    assert told["kgpub_queries_total", "late"] == 0
    pending = {lane: told["kgpub_queries_pending", lane] for lane in ("quick", "slow", "parked")}
    assert pending == {"quick": 1, "slow": 2, "parked": 4}
    assert told["kgpub_workers",] == 3
    assert told["kgpub_queries_slowed_total",] == 7
    assert told["kgpub_build_in_memory",] == 1
    assert told["kgpub_spooled_bytes",] == 6_000
    assert told["kgpub_build_age_seconds",] == 90
    assert told["kgpub_cache_requests_total", "hit"] == 8
    assert told["process_open_fds",] > 3


def test_durations_are_counted_in_the_classes_that_they_lie_in() -> None:
    observed = Observed()
    moments = iter([0.0, 0.001, 0.0, 0.03, 0.0, 31.0])
    measured = observing.Observed(hello_app, observed.traffic, None, lambda: next(moments))
    for _ in range(3):
        asyncio.run(call(measured))
    told = {
        sample.labels["le"]: sample.value
        for family in observed.figures().collect()
        for sample in family.samples
        if sample.name.endswith("_seconds_bucket")
    }
    assert {le: told[le] for le in ("0.001", "0.025", "0.05", "30.0", "+Inf")} == {
        "0.001": 1,
        "0.025": 1,
        "0.05": 2,
        "30.0": 2,
        "+Inf": 3,
    }


async def hello_app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def call(app: ASGIApp) -> None:
    async def nothing(*_: Any) -> Any:
        return None

    await app({"type": "http", "method": "GET", "path": "/", "headers": []}, nothing, nothing)


def test_open_metrics_is_given_where_it_is_asked_for() -> None:
    observed = Observed()
    route = metrics_route(observed.figures().registry(), everyone)
    accept = "application/openmetrics-text; version=1.0.0"
    with served(observed, route) as origin:
        fetch(f"{origin}/things/a")
        got = fetch(f"{origin}/metrics", Accept=accept)
    assert got.headers["content-type"].startswith("application/openmetrics-text")
    names = {family.name for family in open_metrics(got.body.decode())}
    assert {"kgpub_http_requests", "kgpub_queries", "kgpub_workers"} <= names


def test_local_metrics_are_for_this_machine_and_not_through_a_proxy() -> None:
    observed = Observed()
    route = metrics_route(observed.figures().registry(), this_machine)
    with served(observed, route) as origin:
        url = f"{origin}/metrics"
        assert fetch(url).status == 200
        assert fetch(url.replace("127.0.0.1", "localhost")).status == 200
        # The server believes a proxy on this machine; the address is that of its client then.
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host"):
            for value in ("203.0.113.9", "127.0.0.1", ""):
                got = fetch(url, **{name.replace("-", "_"): value})
                assert got.status == 403, (name, value)
        # A page whose own name was made to lead to this machine.
        assert fetch(url, Host="evil.example").status == 403
        assert fetch(url, Host="127.0.0.1.evil.example").status == 403
        refused = fetch(url, Host="evil.example")
    assert b"kgpub_" not in refused.body


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::ffff:10.0.0.1", "localhost", ""])
def test_other_machines_are_not_this_one(address: str) -> None:
    headers = [(b"host", b"localhost:8000")]
    request = Request({"type": "http", "method": "GET", "headers": headers, "client": (address, 1)})
    with pytest.raises(Exception, match="for the server's own machine"):
        this_machine(request)


def test_metrics_with_a_token(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path)
    texts = {}
    for scope in (Scope.metrics, Scope.update):
        texts[scope], id_, digest = minted(os.urandom)
        kept.add(Token(id_, "", frozenset([scope]), datetime.now(UTC), None, digest))
    admission = Admission(kept, lambda: datetime.now(UTC), time.monotonic)
    observed = Observed()
    route = metrics_route(
        observed.figures().registry(), lambda request: admission.admitted(request, Scope.metrics)
    )
    with served(observed, route) as origin:
        statuses = [
            fetch(f"{origin}/metrics", **({"Authorization": f"Bearer {text}"} if text else {}))
            for text in (texts[Scope.metrics], texts[Scope.update], "x", "")
        ]
    assert [got.status for got in statuses] == [200, 403, 401, 401]
    assert b"kgpub_workers 3.0" in statuses[0].body
