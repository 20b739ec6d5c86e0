"""All that is served of a workspace, by the command itself in a process of its own.

Nothing is taken for granted of what a client of the open internet sends: requests are bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.service.linked_served import seed
from tests.service.served import fetch

SECONDS = 20.0
"""In which what must happen has to happen, on a machine that has much else to do."""


@dataclass(frozen=True)
class Served:
    """A running `kgpub serve`: its process, its address, and the file of its standard error."""

    process: subprocess.Popen[bytes]
    origin: str
    told: Path

    @property
    def port(self) -> int:
        return urlsplit(self.origin).port or 80

    @property
    def log(self) -> list[Mapping[str, Any]]:
        """The lines of the access log."""
        lines = self.told.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    @property
    def resident(self) -> int:
        """Bytes of memory that the server's own process takes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    @property
    def files(self) -> int:
        """How many files the server's own process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def connect(self) -> socket.socket:
        """Return a new connection."""
        return _connected(socket.socket(), self.port)

    def exchange(self, *parts: bytes, seconds: float = SECONDS) -> bytes:
        """Send bytes as they are; return all that comes until the server closes, or after that."""
        with self.connect() as connection:
            with suppress(OSError):  # it may be closed before all is sent
                for part in parts:
                    connection.sendall(part)
            return received(connection, seconds)

    def is_well(self) -> bool:
        """Whether a page, a query and a search are answered, and the process is the same."""
        query = f"{self.origin}/sparql?format=csv&query=ASK%7B%7D"
        addresses = (f"{self.origin}/index.en.html", f"{self.origin}/search?q=a", query)
        return self.process.poll() is None and all(fetch(each).status == 200 for each in addresses)


def far_away(served: Served) -> socket.socket:
    """Return a connection that holds as little on its way as one through a network does."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    return _connected(connection, served.port)


def _connected(connection: socket.socket, port: int) -> socket.socket:
    connection.settimeout(SECONDS)
    connection.connect(("127.0.0.1", port))
    return connection


def received(connection: socket.socket, seconds: float = SECONDS) -> bytes:
    """Return what comes until the other side closes the connection, or for that long."""
    got = bytearray()
    until = time.monotonic() + seconds
    with suppress(TimeoutError, ConnectionResetError):
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            chunk = connection.recv(2**16)
            if not chunk:
                break
            got += chunk
    return bytes(got)


@contextmanager
def whole(
    root: Path, before: Callable[[], object] | None = None, **environment: str
) -> Iterator[Served]:
    """Serve a built workspace; `environment` are settings, `queries_quick="1"`.

    By one process unless these say otherwise, so that what it takes is that process's. `before` is
    called in the new process.
    """
    settings = {"processes": "1"} | environment
    named = {f"KGPUB_SERVE_{name.upper()}": value for name, value in settings.items()}
    told = root / "told.txt"
    with told.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "kgpub", "serve", "--port", "0"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **named},
            preexec_fn=before,
        )
    assert process.stdout is not None
    try:
        origin = process.stdout.readline().decode().strip().removesuffix("/")
        assert origin.startswith("http"), told.read_text(encoding="utf-8")
        served = Served(process, origin, told)
        eventually(lambda: fetch(f"{origin}/search?q=a").status == 200)
        yield served
    finally:
        process.kill()
        process.communicate()


def eventually(is_so: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it has not come to be"
        time.sleep(0.02)


def servers(served: Served) -> list[int]:
    """The processes that serve: all others are theirs."""
    path = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
    return [int(each) for each in path.read_text(encoding="ascii").split()]


def figure(served: Served, name: str) -> float:
    told = fetch(f"{served.origin}/metrics").body.decode()
    found = re.search(rf"^{re.escape(name)} (\S+)$", told, re.MULTILINE)
    assert found is not None, told
    return float(found[1])


def resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def all_serve(served: Served, number: int) -> None:
    """Wait until so many processes are there, and tell their figures, as those do that serve."""

    def is_so() -> bool:
        with suppress(OSError):  # one has just ended
            memory = sum(map(resident, servers(served)))
            told = figure(served, "process_resident_memory_bytes")
            return len(servers(served)) == number and told > 0.8 * memory
        return False

    eventually(is_so)


@dataclass(frozen=True)
class Answer:
    """One answer on a connection, whose body came to its end or not."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


def answers(content: bytes) -> Iterator[Answer]:
    """Yield the answers in what came over a connection, none of them to HEAD (RFC 9112, 6.3)."""
    while content:
        head, end, content = content.partition(b"\r\n\r\n")
        begun, *lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) .*", begun)
        assert found is not None and end, begun
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        status = int(found[1])
        if headers.get("transfer-encoding") == "chunked":
            body, content, is_whole = _chunked(content)
        else:
            has_none = status < 200 or status in (204, 304)
            length = 0 if has_none else int(headers["content-length"])
            body, content, is_whole = content[:length], content[length:], len(content) >= length
        yield Answer(status, headers, body, is_whole)


def _chunked(content: bytes) -> tuple[bytes, bytes, bool]:
    """Return the body, what follows, and whether the body is whole (RFC 9112, 7.1)."""
    body = b""
    while True:
        size, end, rest = content.partition(b"\r\n")
        if not end:
            return body, b"", False
        length = int(size, 16)
        if length == 0:
            return body, rest.removeprefix(b"\r\n"), rest.startswith(b"\r\n")
        body += rest[:length]
        if len(rest) < length + 2:
            return body, b"", False
        content = rest[length + 2 :]


def seeded(factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of one's own like the repository's; it is built once for all."""
    first = factory.getbasetemp() / "seeded"
    if not first.exists():
        seed(first)
    return Path(shutil.copytree(first, factory.mktemp("whole") / "workspace"))


def build(root: Path) -> None:
    """Build the workspace in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "kgpub", "build"], cwd=root, check=True, capture_output=True
    )


def descendants(pid: int) -> dict[int, str]:
    """Return the processes below one, with their command lines."""
    found: dict[int, str] = {}
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text(encoding="ascii").split()):
                with suppress(OSError):
                    line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                    if line:  # or it has ended, and only its number is left
                        found[child] = line.decode()
                found |= descendants(child)
    return found
