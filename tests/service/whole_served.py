"""All that is served of a workspace, by the command itself in a process of its own.

Nothing is taken for granted of what a client of the open internet sends: requests are bytes.
"""

from __future__ import annotations

import json
import os
import re
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

    def connect(self, receive_buffer: int = 0) -> socket.socket:
        """Return a new connection; with a small buffer the server soon has to wait."""
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", self.port))
        return connection

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

    `before` is called in the new process.
    """
    named = {f"KGPUB_SERVE_{name.upper()}": value for name, value in environment.items()}
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


def status_of(answer: bytes) -> int:
    """Return the status of the first answer, 0 where there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def statuses(answers: bytes) -> list[int]:
    """Return the status of each answer on a connection."""
    return [int(each) for each in re.findall(rb"(?m)^HTTP/1\.1 (\d{3}) ", answers)]


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
