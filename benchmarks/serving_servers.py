"""Servers under measurement, each a process with children: started, watched, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 180.0
"""rdflib reads some 30,000 triples a second before it listens."""
_END_SECONDS = 20.0
_GONE = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Server:
    """A server on loopback: its first process, and the path of its endpoint."""

    name: str
    pid: int
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def started(
    name: str,
    command: Sequence[str],
    port: int,
    path: str,
    environment: Mapping[str, str] | None = None,
    errors: int = subprocess.DEVNULL,
) -> Iterator[Server]:
    """Run a server until it is not needed; yield it once it listens.

    `errors` is where its standard error goes. Raises OSError where it does not come to listen, or
    ends on its own.
    """
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )
    try:
        _await_listening(process, port)
        yield Server(name, process.pid, port, path)
    except OSError as error:
        if process.poll() is not None:
            raise OSError(f"{name} has ended with {process.returncode}") from error
        raise
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def kgpub(workspace: Path, port: int, *options: str) -> list[str]:
    """Return the command that serves a workspace."""
    command = [sys.executable, "-m", "kgpub", "serve", "--workspace", str(workspace)]
    return [*command, "--port", str(port), *options]


def oxigraph(store: Path, port: int) -> list[str]:
    """Return the command that serves a store of Oxigraph, without a time-out."""
    program = Path(sys.executable).parent / "oxigraph"
    command = [str(program), "serve-read-only", "--location", str(store)]
    return [*command, "--bind", f"{HOST}:{port}"]


def rdflib_endpoint(python: str, triples: Path, port: int) -> list[str]:
    """Return the command that serves a file of triples from rdflib's memory.

    `python` is the interpreter of an environment that has rdflib-endpoint.
    """
    command = [python, "-m", "rdflib_endpoint", "serve", "--host", HOST]
    return [*command, "--port", str(port), str(triples)]


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _await_listening(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise OSError(f"{process.args!r} has ended with {process.returncode}")
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
    raise OSError(f"{process.args!r} does not listen after {_START_SECONDS:.0f} s")


def tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:  # which grows
        with suppress(*_GONE):
            for task in Path(f"/proc/{each}/task").iterdir():
                with suppress(*_GONE):
                    found += map(int, (task / "children").read_text().split())
    return found


def processor_seconds(pid: int) -> float:
    """Return what a process and its descendants have used, those that have ended included."""
    ticks = 0
    for each in tree(pid):
        with suppress(*_GONE):
            # The name, in brackets, may hold spaces. See proc(5): utime to cstime.
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / _TICKS


def settle(pid: int, seconds: float = 60.0) -> None:
    """Wait until a server has nothing to do any more, so long at most."""
    until = time.monotonic() + seconds
    before = processor_seconds(pid)
    while time.monotonic() < until:
        time.sleep(0.25)
        now = processor_seconds(pid)
        if now - before <= 0.02:
            return
        before = now
