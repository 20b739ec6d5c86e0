"""A server under mixed load for a long time: it must not grow, and must not answer wrongly.

Queries that are quick, slow and hostile, clients that leave or read slowly, pages, search, saved
queries, mistakes, and builds in between. At intervals the load rests, and what the server takes is
looked at; the first sample is of a server that is warm.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks import serving_servers as servers
from benchmarks.corpus import write_article, write_workspace
from benchmarks.serving_clients import Clients, Known, Unexpected, fetched, query_path
from benchmarks.serving_watching import BOUNDS, MEBIBYTE, Sample, grown, memory_a_minute, sampled
from benchmarks.synthesis import synthesise
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.vocabulary import KG

OUTPUT = Path(__file__).parent / "SERVING.md"
TITLE = "## Soak"
_SETTINGS = {
    # For a machine that has more to do, too: quick queries wait, though they must not fail.
    "QUERIES_SECONDS": "10",
    "QUERIES_MEMORY": str(256 * MEBIBYTE),
    # So small that it is full when the server is warm.
    "QUERIES_CACHE": str(4 * MEBIBYTE),
}
_WORKERS = 3
"""At rest, with the settings above: two for quick queries and one to spare."""
_RESTS = 12
"""So many that a line can be drawn through the samples of the last half."""
_TWICE = ("quick", "hostile", "leaving")
_MOST_FAULTS = 20
_MOST_LINES = 200
_PATIENCE = 60.0
_NO_HTTP = "Invalid HTTP request received."
"""What uvicorn says of each client that sends something else."""
_ADDED = 1_000_000
"""Number of the article that comes and goes: far beyond those of the corpus."""
_COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{KG}Article> }}"


@dataclass
class _Gate:
    """Lets actions begin, or not, and knows how many are under way."""

    condition: threading.Condition = field(default_factory=threading.Condition)
    is_open: bool = True
    is_over: bool = False
    inside: int = 0

    @contextmanager
    def passed(self) -> Iterator[None]:
        with self.condition:
            self.condition.wait_for(lambda: self.is_open or self.is_over)
            self.inside += 1
        try:
            yield
        finally:
            with self.condition:
                self.inside -= 1
                self.condition.notify_all()

    def set(self, is_open: bool, is_over: bool = False) -> None:
        with self.condition:
            self.is_open, self.is_over = is_open, is_over
            self.condition.notify_all()

    def empty(self, seconds: float) -> bool:
        with self.condition:
            return self.condition.wait_for(lambda: not self.inside, seconds)


@dataclass
class Soaked:
    """What came of it: how often what was done, samples, and what was wrong."""

    actions: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """All that a server must not do."""
        return [*self.faults, *(grown(self.samples) if self.samples else ["no sample"])]


def soak(root: Path, seconds: float, rests: int, every: float) -> Soaked:
    """Serve the workspace in `root`, which is built, under load; look `rests` + 1 times.

    There is a build every so many seconds.
    """
    found = Soaked()
    known = Known.of(Workspace(root).generations.open())
    with TemporaryDirectory(prefix="kgpub-soak-") as folder, _told(found.faults) as errors:
        environment = {f"KGPUB_SERVE_{name}": value for name, value in _SETTINGS.items()}
        environment["TMPDIR"] = folder
        port = servers.free_port()
        command = servers.kgpub(root, port, "--processes", "1")  # whose memory is looked at
        with servers.started("kgpub", command, port, "/sparql", environment, errors) as server:
            actions = dict(Clients(port, known).actions())
            actions["builds"] = _Builder(root, port, every).build
            gate, began = _Gate(), time.monotonic()
            threads = _begin(actions, gate, found)
            try:
                for number in range(1, rests + 2):
                    # The first stretch warms.
                    while time.monotonic() < began + number * seconds / (rests + 1):
                        time.sleep(0.1)
                    gate.set(is_open=False)
                    if not gate.empty(_PATIENCE) or len(found.faults) >= _MOST_FAULTS:
                        found.faults.append("the load was ended")
                        break
                    state = root / STATE
                    sample = sampled(server, _WORKERS, Path(folder), state, began, _PATIENCE)
                    found.samples.append(sample)
                    gate.set(is_open=True)
            except ValueError as error:
                found.faults.append(str(error))
            finally:
                gate.set(is_open=False, is_over=True)
                for thread in threads:
                    thread.join(_PATIENCE)
    return found


def _begin(
    actions: dict[str, Callable[[Random], object]], gate: _Gate, found: Soaked
) -> list[threading.Thread]:
    threads = []
    for name, action in actions.items():
        for number in range(2 if name in _TWICE else 1):
            draw = Random(f"{name} {number}")
            arguments = (name, action, draw, gate, found)
            threads.append(threading.Thread(target=_repeat, args=arguments))
    for thread in threads:
        thread.start()
    return threads


def _repeat(
    name: str, action: Callable[[Random], object], draw: Random, gate: _Gate, found: Soaked
) -> None:
    while not gate.is_over and len(found.faults) < _MOST_FAULTS:
        with gate.passed():
            if gate.is_over:
                return
            try:
                if action(draw) is not False:
                    found.actions[name] += 1
            except (Unexpected, OSError, ValueError, http.client.HTTPException) as error:
                found.faults.append(f"{name}: {type(error).__name__}: {error}")


@dataclass
class _Builder:
    """Builds the workspace by turns with an article more and without it."""

    root: Path
    port: int
    every: float
    last: float = field(default_factory=time.monotonic)
    added: Path | None = None

    def build(self, draw: Random) -> bool:
        """Build, if it is time to, and wait until that is served; return whether it was time."""
        if time.monotonic() < self.last + self.every:
            time.sleep(0.1)
            return False
        before = self._count()
        if self.added is None:
            self.added = write_article(self.root, synthesise(_ADDED + draw.randrange(1_000)))
            expected = before + 1
        else:
            shutil.rmtree(self.added)
            self.added, expected = None, before - 1
        command = [sys.executable, "-m", "kgpub", "build", "--workspace", str(self.root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unexpected(f"the build failed: {done.stdout}{done.stderr}")
        until = time.monotonic() + 15
        while self._count() != expected:
            if time.monotonic() > until:
                raise Unexpected("the new build is not served")
            time.sleep(0.2)
        self.last = time.monotonic()
        return True

    def _count(self) -> int:
        got = fetched(self.port, query_path(_COUNT, "csv"))
        if got.status != 200:
            raise Unexpected(f"{got.status}: {got.text}")
        return int(got.text.split()[1])


@contextmanager
def _told(faults: list[str]) -> Iterator[int]:
    """Yield a descriptor to write to; whatever is no line of the access log is a fault."""
    reading, writing = os.pipe()

    def read() -> None:
        with os.fdopen(reading, encoding="utf-8", errors="replace") as lines:
            said = [each for each in lines if not (each.startswith("{") or _NO_HTTP in each)]
        if said:
            faults.append(f"the server says: {''.join(said[:_MOST_LINES])}")

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield writing
    finally:
        os.close(writing)
        reader.join(_PATIENCE)


def section(found: Soaked) -> str:
    """Return what came of it as Markdown."""
    minutes = found.samples[-1].seconds / 60 if found.samples else 0.0
    lines = [
        TITLE,
        "",
        f"{minutes:.0f} minutes of mixed load: queries quick, repeated, slow and hostile, clients",
        "that leave or read slowly, pages, search, saved queries, mistakes, builds. What the",
        "server takes when the load rests; MiB of its own process, and of all with shared pages",
        "once.",
        "",
        "| s | MiB | all MiB | processes | files open | of builds gone | temporary | kept |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found.samples:
        own, all_ = each.memory / MEBIBYTE, each.together / MEBIBYTE
        lines.append(
            f"| {each.seconds:.0f} | {own:.0f} | {all_:.0f} | {each.processes} "
            f"| {each.files} | {each.gone} | {each.temporary} | {each.kept} |"
        )
    memory, together = BOUNDS.memory // MEBIBYTE, BOUNDS.together // MEBIBYTE
    more = [f"{memory} MiB", f"{together} MiB in all", f"{BOUNDS.processes} process"]
    more += [f"{BOUNDS.files} files open", f"{BOUNDS.gone} of builds gone", f"{BOUNDS.kept} kept"]
    done = ", ".join(f"{name} {count:,}" for name, count in sorted(found.actions.items()))
    lines += ["", f"From the first sample to the last it may be {', '.join(more)} more.", ""]
    slope = memory_a_minute(found.samples)
    if slope is not None:
        bound = BOUNDS.a_minute / MEBIBYTE
        lines += [
            f"In the last half its own process grew by {slope / MEBIBYTE:.2f} MiB a minute, as the",
            f"straight line does that fits the samples best; it may be {bound:g}.",
            "",
        ]
    lines += [f"Done: {done} (quick ones are twenty queries each).", ""]
    lines += [f"- FAULT: {each}" for each in found.problems] or ["No fault."]
    return "\n".join([*lines, ""])


def section_of(page: str) -> str:
    """Return what came of an earlier soak, "" where a page has nothing of it."""
    _, title, text = page.partition(f"{TITLE}\n")
    return title + text


def with_section(page: str, text: str) -> str:
    """Return a page with what came of a soak, instead of what it has of it, at its end."""
    before = page.removesuffix(section_of(page)).rstrip()
    return "\n\n".join(filter(None, (before, text.rstrip()))) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Soak as the command line says; return 1 where there is a problem."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--facts", type=int, default=1_000, help="of the synthetic corpus")
    parser.add_argument("--every", type=float, default=60.0, help="seconds between builds")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the page to change")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="kgpub-soaked-") as folder:
        root = Path(folder) / "workspace"
        write_workspace(root, options.facts)
        Workspace(root).build()
        found = soak(root, 60 * options.minutes, _RESTS, options.every)
    text = section(found)
    page = options.output.read_text(encoding="utf-8") if options.output.exists() else ""
    options.output.write_text(with_section(page, text), encoding="utf-8")
    sys.stdout.write(text)
    return 1 if found.problems else 0
