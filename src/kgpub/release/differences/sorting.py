"""Lines sorted by bytes in bounded memory: parts are sorted by themselves, on disk, and merged."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

PART_BYTES = 2**26
"""Of lines that are held in memory; with what Python needs for each, some 100 MB."""
MAX_PARTS = 64
"""Files that are merged, and so open, at a time."""


class Sorting:
    """Takes lines in any order and gives them sorted, each once.

    Parts that do not fit in memory are files `<name>.<number>` in `folder`. Whatever the disk
    refuses is raised as OSError.
    """

    def __init__(self, folder: Path, name: str, part_bytes: int = PART_BYTES) -> None:
        self._folder = folder
        self._name = name
        self._part_bytes = part_bytes
        self._lines: list[bytes] = []
        self._size = 0
        self._made = 0
        self._parts: list[Path] = []

    def add(self, lines: Iterable[bytes]) -> None:
        """Take lines, each with its end."""
        for line in lines:
            self._lines.append(line)
            self._size += len(line)
            if self._size >= self._part_bytes:
                self._keep()

    def sorted(self) -> Iterator[bytes]:
        """Yield what was taken, in order; the parts on disk are removed at the end."""
        self._lines.sort()
        if not self._parts:
            yield from (line for line, _ in groupby(self._lines))
            return
        yield from _merged(self._parts, self._lines)
        for part in self._parts:
            part.unlink()

    def _keep(self) -> None:
        self._lines.sort()
        self._parts.append(self._written(line for line, _ in groupby(self._lines)))
        self._lines, self._size = [], 0
        if len(self._parts) == MAX_PARTS:
            whole = self._written(_merged(self._parts))
            for part in self._parts:
                part.unlink()
            self._parts = [whole]

    def _written(self, lines: Iterable[bytes]) -> Path:
        path = self._folder / f"{self._name}.{self._made}"
        self._made += 1
        with path.open("wb") as stream:
            stream.writelines(lines)
        return path


def _merged(parts: Iterable[Path], more: Iterable[bytes] = ()) -> Iterator[bytes]:
    with ExitStack() as stack:
        streams = [stack.enter_context(part.open("rb")) for part in parts]
        yield from (line for line, _ in groupby(heapq.merge(*streams, more)))
