"""Lines sorted by bytes in bounded memory: parts are sorted by themselves, on disk, and merged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
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
            yield from dict.fromkeys(self._lines)
            return
        yield from self._merged(self._lines)
        for part in self._parts:
            part.unlink()

    def _keep(self) -> None:
        self._lines.sort()
        self._parts.append(self._written(dict.fromkeys(self._lines)))
        self._lines, self._size = [], 0
        if len(self._parts) == MAX_PARTS:
            whole = self._written(self._merged())
            for part in self._parts:
                part.unlink()
            self._parts = [whole]

    def _written(self, lines: Iterable[bytes]) -> Path:
        path = self._folder / f"{self._name}.{self._made}"
        self._made += 1
        with path.open("wb") as stream:
            stream.writelines(lines)
        return path

    def _merged(self, more: list[bytes] | None = None) -> Iterator[bytes]:
        """Merge the parts, and lines that are sorted, some of each at a time.

        What is not after the last line of any portion is complete. The portions are sorted
        together, which takes little where each is sorted already: less than to compare the first
        lines of all parts for every line, in Python.
        """
        hint = max(self._part_bytes // MAX_PARTS, 1)
        with ExitStack() as stack:
            streams = [stack.enter_context(part.open("rb")) for part in self._parts]
            portions = {number: stream.readlines(hint) for number, stream in enumerate(streams)}
            # Number -1 is the rest in memory, which has no stream to be read on.
            portions[-1] = more or []
            while portions:
                ends = [each[-1] for number, each in portions.items() if number >= 0]
                batch: list[bytes] = []
                for number, portion in list(portions.items()):
                    cut = bisect_right(portion, min(ends)) if ends else len(portion)
                    batch += portion[:cut]
                    del portion[:cut]
                    if not portion:
                        portions[number] = streams[number].readlines(hint) if number >= 0 else []
                    if not portions[number]:
                        del portions[number]
                batch.sort()
                yield from dict.fromkeys(batch)
