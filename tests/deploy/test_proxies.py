"""The examples of proxies, run in front of a server as they stand in deploy/."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from urllib.parse import quote, urlsplit

import anyio
import pytest
import zstandard
from pyoxigraph import Literal, NamedNode, Quad
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from tests.conftest import REPOSITORY
from tests.service.served import Got, fetch, running
from tests.service.sparql_served import BASE, endpoint, publish

from kgpub.service.application import application
from kgpub.service.operations.scraping import this_machine

DEPLOY = REPOSITORY / "deploy"
_READ_ON, _LEFT = threading.Event(), threading.Event()


async def seen(request: Request) -> Response:
    """Answer with the request as the application has it."""
    client = request.client
    body = await request.body()
    return JSONResponse(
        {
            "path": request.scope["raw_path"].decode("latin-1"),
            "query": request.scope["query_string"].decode("latin-1"),
            "client": client.host if client else "",
            "scheme": request.url.scheme,
            "host": request.headers["host"],
            "forwarded": request.headers.get("forwarded", ""),
            "body": len(body),
        }
    )


async def metrics(request: Request) -> Response:
    this_machine(request)
    return PlainTextResponse("kgpub_workers 3")


async def streamed(request: Request) -> Response:
    """Send a first part, and the rest once the client has told that it came."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"first"
        with anyio.fail_after(20):
            while not _READ_ON.is_set():
                await anyio.sleep(0.01)
        if request.query_params.get("broken"):
            raise RuntimeError("given up")
        yield b" second"

    return StreamingResponse(parts(), media_type="text/plain")


async def endless(request: Request) -> Response:
    """Send without end, and notice where the client leaves."""

    async def parts() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 1_000
                await anyio.sleep(0.05)
        finally:
            _LEFT.set()

    return StreamingResponse(parts(), media_type="text/plain")


ROUTES = (
    Route("/metrics", metrics),
    Route("/inner/metrics", metrics),
    Route("/sparql/streamed", streamed),
    Route("/sparql/endless", endless),
    Route("/{path:path}", seen, methods=["GET", "POST"]),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _nginx(folder: Path, port: int, server: int) -> list[str]:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for before, after in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{server};"),
        ("/var/log/nginx/kgpub.log", f"{folder}/error.log"),
    ):
        assert before in text
        text = text.replace(before, after)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    # As root it would give its rights up, and with them the folder of this test.
    user = "user root; " if os.geteuid() == 0 else ""
    around = f"{user}daemon off; pid {folder}/pid; error_log {folder}/log;\nevents {{}}\n"
    path = folder / "nginx.conf"
    path.write_text(
        f"{around}http {{\naccess_log {folder}/access.log;\n{places}{text}\n}}\n", encoding="utf-8"
    )
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/log", "-c", str(path)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    return command


def _caddy(folder: Path, port: int, server: int) -> list[str]:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    for before, after in (
        ("\ndata.example.org {", f"\nhttp://:{port} {{"),
        ("127.0.0.1:8000", f"127.0.0.1:{server}"),
    ):
        assert before in text
        text = text.replace(before, after)
    path = folder / "Caddyfile"
    options = "{\n\tadmin off\n\tauto_https off\n}\n"
    path.write_text(options + text, encoding="utf-8")
    return ["caddy", "run", "--config", str(path), "--adapter", "caddyfile"]


def _caddy_version() -> tuple[int, ...]:
    told = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


COMMANDS = {"nginx": _nginx, "caddy": _caddy}


@contextmanager
def proxy(name: str, folder: Path, origin: str = "") -> Iterator[str]:
    """Run a proxy before a server, else that of the application above; yield where clients ask."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    with ExitStack() as opened:
        server = urlsplit(origin or opened.enter_context(running(application(ROUTES)))).port
        assert server is not None
        port = _free_port()
        command = COMMANDS[name](folder, port, server)
        output = opened.enter_context((folder / "output").open("wb"))
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        opened.callback(process.wait, 20)
        opened.callback(process.terminate)
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the proxy did not start")


@pytest.fixture(params=sorted(COMMANDS))
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    _READ_ON.clear()
    _LEFT.clear()
    with proxy(request.param, tmp_path) as found:
        yield found


def raw(address: str, target: str, method: str = "GET", body: bytes | None = None) -> Got:
    """Ask for `target` as it is: other clients write addresses anew."""
    where = urlsplit(address)
    assert where.hostname is not None
    with closing(HTTPConnection(where.hostname, where.port, timeout=30)) as connection:
        connection.request(method, target, body)
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())


@pytest.mark.parametrize(
    "target",
    [
        "/data/person/layla-hasan",
        "/data/person/%D9%84%D9%8A%D9%84%D9%89.ar.html",
        "/data/a%2Fb/c%25d",
        "/data//double",
        "/data/a:b@c;d,e+f",
        "/sparql//x%2Fy",
        "/data/x?query=a%26b%3Dc&format=json",
    ],
)
def test_addresses_come_to_the_server_as_they_are(address: str, target: str) -> None:
    got = raw(address, target).json
    assert f"{got['path']}?{got['query']}".rstrip("?") == target


def test_the_server_knows_its_host_and_what_asked_for_it(address: str) -> None:
    forged = {"X_Forwarded_For": "203.0.113.9", "Forwarded": "for=203.0.113.9;proto=https"}
    got = fetch(f"{address}/data/x", Host="data.example.org:8443", **forged).json
    assert got["host"] == "data.example.org:8443"
    assert got["client"] == "127.0.0.1"
    assert got["scheme"] == "http"


def test_metrics_are_not_for_the_web(address: str) -> None:
    got = fetch(f"{address}/metrics")
    assert got.status == 404
    assert b"kgpub_" not in got.body
    # What the server refuses by itself: with the rule of the proxy alone this would be shown.
    inner = fetch(f"{address}/inner/metrics", Host="localhost")
    assert (inner.status, b"kgpub_" in inner.body) == (403, False)


def test_answers_go_out_as_they_come(address: str) -> None:
    where = urlsplit(address)
    with closing(HTTPConnection("127.0.0.1", where.port, timeout=15)) as connection:
        connection.request("GET", "/sparql/streamed")
        answer = connection.getresponse()
        assert answer.read(5) == b"first"  # while the server waits for us
        _READ_ON.set()
        assert answer.read() == b" second"


def test_a_client_that_leaves_is_missed_by_the_server(address: str) -> None:
    where = urlsplit(address)
    with closing(HTTPConnection("127.0.0.1", where.port, timeout=15)) as connection:
        connection.request("GET", "/sparql/endless")
        assert connection.getresponse().read(1) == b"x"
        assert not _LEFT.is_set()
    assert _LEFT.wait(10)


def test_an_answer_that_breaks_is_not_taken_for_a_whole_one(
    address: str, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["address"] == "caddy" and _caddy_version() < (2, 8):
        pytest.skip("that is what the example tells of earlier versions of Caddy")
    where = urlsplit(address)
    with closing(HTTPConnection("127.0.0.1", where.port, timeout=15)) as connection:
        connection.request("GET", "/sparql/streamed?broken=1")
        answer = connection.getresponse()
        assert answer.read(5) == b"first"
        _READ_ON.set()
        with pytest.raises((IncompleteRead, ConnectionError)):
            answer.read()


def test_long_queries_pass_and_bodies_without_end_do_not(address: str) -> None:
    query = "x" * 15_000
    assert len(raw(address, f"/sparql?query={query}").json["query"]) == 15_006
    assert raw(address, "/sparql", "POST", b"x" * 1_000_000).json["body"] == 1_000_000
    try:
        status = raw(address, "/sparql", "POST", b"x" * 3_000_000).status
    except ConnectionError:  # it was closed before all was sent
        return
    assert status in (413, 400, 500, 502)


def decoded(got: Got) -> bytes:
    """Return a body without its content coding: one answer may be coded in several ways."""
    coding = got.headers["Content-Encoding"]
    if coding == "gzip":
        return gzip.decompress(got.body)
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(got.body)
    return got.body


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_queries_are_answered_through_a_proxy_as_without(tmp_path: Path, name: str) -> None:
    node = NamedNode(f"{BASE}ليلى")
    store = tmp_path / "store"
    publish(store, [Quad(node, node, Literal(str(n)), node) for n in range(3_000)])
    query = "SELECT * { ?s ?p ?o } ORDER BY ?o"
    with endpoint(store) as direct, proxy(name, tmp_path, direct) as address:
        through = f"{address}/sparql"
        for options in (
            {"Accept": "text/csv"},
            {"Accept": "text/csv", "Accept_Encoding": "gzip"},
            {"Accept": "application/sparql-results+json", "Accept_Encoding": "zstd"},
        ):
            got, wanted = (
                fetch(f"{at}?query={quote(query)}", **options) for at in (through, direct)
            )
            assert (got.status, decoded(got)) == (200, decoded(wanted))
            for header in ("ETag", "Content-Type", "Content-Encoding", "Vary", "Cache-Control"):
                assert got.headers[header] == wanted.headers[header], header
        again = fetch(
            f"{through}?query={quote(query)}", If_None_Match=got.headers["ETag"], **options
        )
        assert (again.status, again.body) == (304, b"")
        posted = fetch(through, {"query": query}, Accept="text/csv")
        assert posted.body.count(b"\n") == 3_001
        wrong = fetch(f"{through}?query=SELECT")
        assert wrong.status == 400
        assert b"line 1" in wrong.body or b"1:" in wrong.body


def test_nginx_holds_up_who_asks_too_much(tmp_path: Path) -> None:
    with proxy("nginx", tmp_path) as address:
        statuses = [raw(address, "/sparql").status for _ in range(80)]
        assert statuses[0] == 200
        assert statuses.count(429) >= 20
        assert raw(address, "/data/x").status == 200  # pages have a measure of their own


def test_nginx_keeps_no_query_in_its_logs(tmp_path: Path) -> None:
    with proxy("nginx", tmp_path) as address:
        for _ in range(80):
            raw(address, "/sparql?query=SECRET")
        raw(address, "/sparql?query=SECRET", "POST", b"x" * 1_000)
    logs = [path for path in tmp_path.iterdir() if path.is_file() and "log" in path.name]
    assert logs
    assert not any(b"SECRET" in path.read_bytes() for path in logs)


def test_the_timeouts_are_longer_than_the_server_s_own() -> None:
    from kgpub.service.sparql.limits import QueryLimits

    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    seconds = re.search(r"proxy_read_timeout (\d+)s;", text)
    assert seconds is not None
    assert int(seconds[1]) > QueryLimits().seconds
