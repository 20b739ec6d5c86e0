"""What a server takes while it serves, and whether that grows."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import linear_regression

from benchmarks.serving_clients import fetched
from benchmarks.serving_servers import Server, settle, tree

MEBIBYTE = 2**20
_GONE = (FileNotFoundError, ProcessLookupError, PermissionError)
_PENDING = re.compile(r"^kgpub_(?:queries_pending|spooled_bytes)(?:\{[^}]*\})? (\S+)$", re.M)
_WORKERS = re.compile(r"^kgpub_workers (\S+)$", re.M)
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.M)
_DELETED = " (deleted)"
"""What Linux adds to the name; see proc(5)."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_FEWEST = 5
"""Samples that a line is drawn through. Each is some MiB off, as allocators are."""
_SHORTEST = 540.0
"""Seconds from the first of them to the last, for the same reason."""


@dataclass(frozen=True)
class Sample:
    """What a server takes when it has nothing to do, so many seconds after it began.

    In bytes: `memory` of the server's own process, `together` of all its processes, shared pages
    once. `files` are open descriptors of all but for those of the workspace's state, of which a
    store has now more, now fewer; `gone` are files of that state which are open though they are
    deleted, as those of builds before. `temporary` are files in the folder for those, deleted ones
    included; `kept` are generations and indexes in the state.
    """

    seconds: float
    memory: int
    together: int
    processes: int
    files: int
    gone: int
    temporary: int
    kept: int


@dataclass(frozen=True)
class Bounds:
    """How much more a server may take at the end than when it was warm; bytes and numbers.

    Allocators keep what is freed in pieces, so that memory is never as it was. One more worker may
    be ready than there must be, and builds before stay open until Python has looked for cycles.
    `a_minute` is how much steeper than level the line of `memory_a_minute` may be.
    """

    memory: int = 32 * MEBIBYTE
    together: int = 64 * MEBIBYTE
    processes: int = 1
    files: int = 16
    gone: int = 64
    temporary: int = 0
    kept: int = 1
    a_minute: int = MEBIBYTE


BOUNDS = Bounds()
_NAMES = tuple(each.name for each in fields(Bounds) if each.name != "a_minute")


def grown(samples: Sequence[Sample], bounds: Bounds = BOUNDS) -> list[str]:
    """Return what grew by more than it may from the first sample to the last, as sentences."""
    told = []
    for name in _NAMES:
        first, last, most = (getattr(each, name) for each in (samples[0], samples[-1], bounds))
        if last - first > most:
            told.append(f"{name} grew from {first:,} to {last:,}, by more than {most:,}")
    slope = memory_a_minute(samples)
    if slope is not None and slope > bounds.a_minute:
        told.append(f"memory grows by {slope:,.0f} a minute, by more than {bounds.a_minute:,}")
    return told


def memory_a_minute(samples: Sequence[Sample]) -> float | None:
    """Return by how many bytes a minute `memory` grows in the last half of the samples.

    As the straight line does that fits them best (least squares); None where they are too few, or
    too near to each other, to tell. What fills while a server becomes warm is in the first half.
    """
    last = samples[len(samples) // 2 :]
    if len(last) < _FEWEST or last[-1].seconds - last[0].seconds < _SHORTEST:
        return None
    minutes = [each.seconds / 60 for each in last]
    return linear_regression(minutes, [each.memory for each in last]).slope


def sampled(
    server: Server, workers: int, temporary: Path, state: Path, began: float, patience: float
) -> Sample:
    """Wait until a server is at rest and look at it.

    Raises ValueError where that takes longer than `patience` seconds: something is never ended.
    """
    until = time.monotonic() + patience
    fetched(server.port, "/")  # so that pages are of the last build, too
    while not _is_at_rest(server, workers):
        if time.monotonic() > until:
            raise ValueError("queries, answers or workers are left though no client is")
        time.sleep(0.1)
    settle(server.pid, patience)
    processes = tree(server.pid)
    open_files = [each for pid in processes for each in _files(pid)]
    of_state = [each for each in open_files if each.startswith(f"{state}/")]
    deleted = {each for each in open_files if each.startswith(f"{temporary}/")}
    return Sample(
        time.monotonic() - began,
        _resident(server.pid),
        sum(map(_share, processes)),
        len(processes),
        len(open_files) - len(of_state),
        sum(each.endswith(_DELETED) for each in of_state),
        len(deleted) + len(list(temporary.iterdir())),
        sum(1 for _ in state.glob("*/*")),
    )


def _is_at_rest(server: Server, workers: int) -> bool:
    text = fetched(server.port, "/metrics").text
    alive = _WORKERS.search(text)
    return (
        alive is not None
        and workers <= float(alive[1]) <= workers + 1
        and not any(float(each) for each in _PENDING.findall(text))
    )


def _files(pid: int) -> list[str]:
    found = []
    with suppress(*_GONE):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(*_GONE):
                found.append(str(each.readlink()))
    return found


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def _share(pid: int) -> int:
    with suppress(*_GONE):
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
        if found is not None:
            return int(found[1]) * 1024
    return 0
