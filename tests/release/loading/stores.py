"""Real stores on loopback, and a way to them on which things go wrong."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode, urlsplit

from kgpub.store.credentials import Credentials, Scheme

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
HOST = "127.0.0.1"
_START_SECONDS = 60.0
_STARTS = 3
_SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = {host}:{other}
DisableUnixSocket = 1
DefaultIsolation = {isolation}
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
SchedulerInterval = 10
[HTTPServer]
ServerPort = {host}:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass(frozen=True)
class Running:
    """A store that runs: where it takes updates, and where it is asked by anybody."""

    name: str
    update: str
    query: str
    process: subprocess.Popen[bytes]
    credentials: Credentials | None = None

    def select(self, sparql: str) -> list[dict[str, str]]:
        """Return the solutions of a query, by the standard library alone."""
        body = urlencode({"query": sparql}).encode()
        request = urllib.request.Request(
            self.query, body, {"Accept": "application/sparql-results+json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            rows = json.load(answer)["results"]["bindings"]
        return [{name: value["value"] for name, value in row.items()} for row in rows]

    def graphs(self) -> dict[str, int]:
        """Return how many triples each graph has, of those with a name like the tests'."""
        rows = self.select(
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } "
            "FILTER(REGEX(STR(?g), '^(https://example.org/|urn:x-)')) } GROUP BY ?g"
        )
        return {row["g"]: int(row["n"]) for row in rows}


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def oxigraph(
    location: Path | None = None,
    port: int | None = None,
    largest_file: int | None = None,
) -> Iterator[Running]:
    """Run the Oxigraph server; queries see the union of its graphs.

    `largest_file` in bytes is what any of its files may have, as on a full disk.
    """

    def bounded() -> None:
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    def start(port: int) -> subprocess.Popen[bytes]:
        command = [str(OXIGRAPH), "serve", "--bind", f"{HOST}:{port}", "--union-default-graph"]
        if location is not None:
            command += ["--location", str(location)]
        return _process(command, None, bounded)

    with _started(start, port) as (process, port):
        address = f"http://{HOST}:{port}"
        yield Running("oxigraph", f"{address}/update", f"{address}/query", process)


@contextmanager
def virtuoso(folder: Path) -> Iterator[Running]:
    """Run Virtuoso, its database in `folder`; its readers repeat what they read."""
    folder.mkdir(exist_ok=True)

    def start(port: int) -> subprocess.Popen[bytes]:
        settings = _SETTINGS.format(host=HOST, other=free_port(), port=port, isolation=4)
        (folder / "virtuoso.ini").write_text(settings)
        return _process([str(VIRTUOSO), "+configfile", "virtuoso.ini", "+foreground"], folder)

    with _started(start) as (process, port):
        address = f"http://{HOST}:{port}"
        yield Running(
            "virtuoso",
            f"{address}/sparql-auth",
            f"{address}/sparql",
            process,
            Credentials(Scheme.digest, "dba", "dba"),
        )


def _process(
    command: list[str], cwd: Path | None, before: Callable[[], None] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=before,
    )


@contextmanager
def _started(
    start: Callable[[int], subprocess.Popen[bytes]], port: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a server, at any port unless there is one, and yield it with its port."""
    for left in range(_STARTS, 0, -1):
        taken = port or free_port()
        process = start(taken)
        if _listens(process, taken):
            break
        # Somebody else may have got a port before it did.
        _end(process)
        assert left > 1, f"{process.args!r} does not listen"
    try:
        yield process, taken
    finally:
        _end(process)


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return process.poll() is None
        time.sleep(0.05)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Fault:
    """What is answered in place of the store: nothing at all with `status` 0.

    `after` is whether the store has done it before.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: bool = False
    seconds: float = 0.0


Faults = Callable[["Asked"], Fault | None]


@dataclass(frozen=True)
class Asked:
    """A request on its way: the how many-eth, with what path, headers and body."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_update(self) -> bool:
        return self.headers.get("content-type", "") == "application/sparql-update"

    @property
    def is_swap(self) -> bool:
        return self.is_update and self.body.lstrip().startswith(b"DELETE {")

    @property
    def staged(self) -> int:
        """How many triples it puts into staged graphs."""
        blocks = re.findall(rb"GRAPH <urn:x-kgpub:staged:[^>]*> \{\n(.*?)\n\}", self.body, re.S)
        return sum(block.count(b"\n") + 1 for block in blocks)


@contextmanager
def on_the_way(to: str, faults: Faults) -> Iterator[tuple[str, list[Asked]]]:
    """Pass requests on to the server of the address `to`, but for `faults`.

    Yield the address to ask instead, and the list of what was asked.
    """
    asked: list[Asked] = []
    server = urlsplit(to)
    assert server.hostname is not None

    class Passing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(len(asked), self.path, headers, body)
            asked.append(request)
            fault = faults(request)
            if fault is None:
                self.answer(*self.passed(request))
                return
            if fault.after:
                self.passed(request)
            time.sleep(fault.seconds)
            if fault.status:
                self.answer(fault.status, fault.headers, fault.body)
            self.close_connection = True

        def passed(self, request: Asked) -> tuple[int, Mapping[str, str], bytes]:
            kept = ("content-type", "accept", "authorization")
            headers = {name: request.headers[name] for name in kept if name in request.headers}
            with closing(HTTPConnection(str(server.hostname), server.port, timeout=120)) as way:
                way.request("POST", request.path, request.body, headers)
                answer = way.getresponse()
                told = {
                    name: value
                    for name, value in answer.getheaders()
                    if name.lower() in ("content-type", "www-authenticate")
                }
                return answer.status, told, answer.read()

        def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            with suppress(OSError):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer((HOST, 0), Passing) as passing:
        Thread(target=passing.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{passing.server_port}{server.path}", asked
        finally:
            passing.shutdown()


def environment(**more: str) -> dict[str, str]:
    """Return the environment of the tests, without credentials of a store but those of `more`."""
    kept = {name: value for name, value in os.environ.items() if "KGPUB_STORE" not in name}
    return {**kept, **more}
