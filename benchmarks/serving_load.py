"""Load on a server: a closed loop of some connections, by this program or by wrk.

wrk is written in C and knows nothing of kgpub; where it is not installed this program, in a process
of its own, does the same, and where it is the two check each other. `python -m
benchmarks.serving_load` reads a Load as JSON and writes what it measured.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import cast
from urllib.parse import quote

import httptools
import uvloop

from benchmarks.serving_servers import HOST, Server

_ROOT = Path(__file__).parents[1]
_PATIENCE = 120.0
"""Seconds that answers may take after the end."""
_SCRIPT = """
local paths, mark, number, kinds = {}, "", 0, 0
init = function(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  kinds, mark = #paths, arguments[2] or ""
end
request = function()
  local path = paths[number % kinds + 1]
  number = number + 1
  if mark ~= "" then path = path .. "%23" .. mark .. "-" .. number end
  return wrk.format("GET", path)
end
done = function(summary, latency, requests)
  local told = summary.errors
  local failed = told.connect + told.read + told.write + told.status + told.timeout
  io.write(string.format("\\nMEASURED %d %d %d", summary.requests, failed, summary.duration))
end
"""


@dataclass(frozen=True)
class Load:
    """Requests for `paths`, one after the other on each connection, for some seconds.

    With a `mark`, each is made another text by a comment at its end, so that no answer can be one
    that was kept. What is under way at the end is waited for.
    """

    port: int
    paths: Sequence[str]
    accept: str
    seconds: float
    connections: int = 4
    mark: str = ""


@dataclass(frozen=True)
class Measured:
    """What came of a load: `answered` in `seconds`, with what was under way at the end.

    `cut` are requests that were not waited for, about, though a server may have worked on them.
    `failed` are answers with another status than 200. `middle` and `high` are seconds: p50, p99.
    """

    answered: int
    cut: int
    failed: int
    seconds: float
    middle: float = 0.0
    high: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.answered / self.seconds


def path_of(server: Server, query: str) -> str:
    """Return the path that asks a query."""
    return f"{server.path}?query={quote(query, safe='')}"


def by_python(load: Load) -> Measured:
    """Measure by this program in a process of its own. Raises OSError where it fails."""
    with _begun() as process:
        told, _ = process.communicate(json.dumps(asdict(load)))
    if process.returncode:
        raise OSError(f"the load has ended with {process.returncode}")
    return Measured(**json.loads(told))


@contextmanager
def running(load: Load) -> Iterator[None]:
    """Have a load on a server, and cut it off at the end. Raises OSError where it ended before."""
    with _begun() as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(load)))
        process.stdin.close()
        try:
            yield
            if process.poll() is not None:
                raise OSError(f"the load has ended with {process.returncode}")
        finally:
            process.kill()


def _begun() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serving_load"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def has_wrk() -> bool:
    """Return whether wrk is installed."""
    return shutil.which("wrk") is not None


def by_wrk(load: Load) -> Measured:
    """Measure by wrk. Raises OSError where it fails."""
    with tempfile.TemporaryDirectory(prefix="kgpub-wrk-") as folder:
        script, paths = Path(folder) / "load.lua", Path(folder) / "paths"
        script.write_text(_SCRIPT)
        paths.write_text("".join(f"{path}\n" for path in load.paths))
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{max(1, round(load.seconds))}s"]
        command += ["--timeout", "60s", "-H", f"Accept: {load.accept}", "-s", str(script)]
        command += [f"http://{HOST}:{load.port}", "--", str(paths), load.mark]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    marked = done.stdout.rpartition("MEASURED ")[2].split()
    if done.returncode or len(marked) != 3:
        raise OSError(f"wrk: {done.stdout}{done.stderr}")
    answered, failed, microseconds = map(int, marked)
    return Measured(answered, load.connections, failed, microseconds / 1e6)


@dataclass
class _Tally:
    load: Load
    head: bytes
    began: float
    number: int = 0
    failed: int = 0
    times: list[float] = field(default_factory=list)
    open: set[_Client] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self) -> bytes:
        load = self.load
        path = load.paths[self.number % len(load.paths)]
        self.number += 1
        varied = f"%23{load.mark}-{self.number}" if load.mark else ""
        return b"GET " + path.encode() + varied.encode() + self.head


class _Client(asyncio.Protocol):
    """One connection: asks, and asks again when the answer has come."""

    def __init__(self, tally: _Tally) -> None:
        self._tally = tally
        self._parser = httptools.HttpResponseParser(self)
        self._asked = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self._tally.open.add(self)
        self._ask()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """See httptools."""
        now, tally = time.perf_counter(), self._tally
        if self._parser.get_status_code() != 200:
            tally.failed += 1
        tally.times.append(now - self._asked)
        if now > tally.began + tally.load.seconds:
            self.leave()
        else:
            self._parser = httptools.HttpResponseParser(self)
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._tally.open.discard(self)
        if not self._tally.open:
            self._tally.over.set()

    def leave(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _ask(self) -> None:
        assert self._transport is not None
        self._asked = time.perf_counter()
        self._transport.write(self._tally.next())


async def _measured(load: Load) -> Measured:
    loop = asyncio.get_running_loop()
    head = f" HTTP/1.1\r\nHost: {HOST}:{load.port}\r\nAccept: {load.accept}\r\n\r\n"
    tally = _Tally(load, head.encode(), time.perf_counter())
    for _ in range(load.connections):
        await loop.create_connection(lambda: _Client(tally), HOST, load.port)
    await asyncio.sleep(load.seconds)
    async with asyncio.timeout(_PATIENCE):
        await tally.over.wait()
    seconds = time.perf_counter() - tally.began
    times = sorted(tally.times)
    cuts = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    unanswered = tally.number - len(times)
    return Measured(len(times), unanswered, tally.failed, seconds, cuts[49], cuts[98])


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(_measured(Load(**json.load(sys.stdin)))))))
