"""Where the numbers lie by which subjects are put in order: in memory, or on disk for many.

Those on disk are files that are mapped, of which the system keeps in memory what it has room for.
`forget` gives back what this process holds of them, which is so bounded by how often it is called.
"""

from __future__ import annotations

import mmap
import os
import sys
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from struct import unpack
from types import TracebackType
from typing import BinaryIO, Protocol, Self


class Numbers(Protocol):
    """Numbers of at most 64 bits, by their places."""

    def __getitem__(self, place: int, /) -> int: ...

    def __setitem__(self, place: int, number: int, /) -> None: ...


class Register(Protocol):
    """Terms by number, from 0 up."""

    def add(self, term: str) -> None:
        """Give a new term the next number; none is looked up before all are there."""

    def find(self, term: str) -> int:
        """Return the number of a term, or -1."""


class Log(Protocol):
    """Lines that are written, and then read in the order in which they were."""

    def write(self, line: bytes, /) -> object:
        """Add a line, with its end."""

    def __iter__(self) -> Iterator[bytes]: ...


class Room(Protocol):
    """Makes what is to be kept."""

    def numbers(self, count: int) -> Numbers:
        """Return so many zeros."""

    def register(self, most: int) -> Register:
        """Return an empty register for so many terms at most."""

    def log(self) -> Log:
        """Return an empty log."""

    def forget(self) -> None:
        """Give back memory that is not needed at the moment."""


class Memory:
    """Keeps everything in memory."""

    def numbers(self, count: int) -> Numbers:
        return [0] * count

    def register(self, most: int) -> Register:
        return _MemoryRegister()

    def log(self) -> Log:
        return _MemoryLog()

    def forget(self) -> None:
        pass


class _MemoryRegister:
    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, term: str) -> None:
        self._numbers[term] = len(self._numbers)

    def find(self, term: str) -> int:
        return self._numbers.get(term, -1)


class _MemoryLog(list[bytes]):
    def write(self, line: bytes, /) -> None:
        self.append(line)


class Disk:
    """Keeps everything in files in a folder, as long as the context lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._mapped: list[mmap.mmap] = []
        self._made = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def numbers(self, count: int) -> Numbers:
        size = max(count, 1) * array("Q").itemsize
        stream = self._file()
        stream.truncate(size)
        if hasattr(os, "posix_fallocate"):
            # To write where the disk has no room then would end the process (SIGBUS, mmap(2)).
            os.posix_fallocate(stream.fileno(), 0, size)
        mapped = self._stack.enter_context(mmap.mmap(stream.fileno(), size))
        self._mapped.append(mapped)
        return self._stack.enter_context(memoryview(mapped).cast("Q"))

    def register(self, most: int) -> Register:
        return _DiskRegister(self, most)

    def log(self) -> Log:
        return _DiskLog(self._file())

    def forget(self) -> None:
        if sys.platform == "linux":  # where the pages of a shared file are only unmapped by this
            for mapped in self._mapped:
                mapped.madvise(mmap.MADV_DONTNEED)

    def _file(self) -> BinaryIO:
        self._made += 1
        path = self._folder / f"room.{self._made}"
        self._stack.callback(path.unlink)
        return self._stack.enter_context(path.open("x+b"))


class _DiskLog:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.write = stream.write

    def __iter__(self) -> Iterator[bytes]:
        self._stream.seek(0)
        return iter(self._stream)


class _DiskRegister:
    """Terms by 128 bits of their BLAKE2b, which no two are known to share.

    A table of twice the size has for each digest, from the place on that it names, the number.
    """

    def __init__(self, room: Disk, most: int) -> None:
        self._room = room
        self._count = 0
        self._high, self._low = room.numbers(most), room.numbers(most)
        self._table: Numbers | None = None
        self._mask = 0

    def add(self, term: str) -> None:
        high, low = unpack("<QQ", blake2b(term.encode(), digest_size=16).digest())
        self._high[self._count], self._low[self._count] = high, low
        self._count += 1

    def find(self, term: str) -> int:
        table = self._filled() if self._table is None else self._table
        high, low = unpack("<QQ", blake2b(term.encode(), digest_size=16).digest())
        place = high & self._mask
        while found := table[place]:
            if self._high[found - 1] == high and self._low[found - 1] == low:
                return found - 1
            place = (place + 1) & self._mask
        return -1

    def _filled(self) -> Numbers:
        size = 1 << (2 * self._count).bit_length()
        self._mask = size - 1
        self._table = table = self._room.numbers(size)
        for number in range(self._count):
            place = self._high[number] & self._mask
            while table[place]:
                place = (place + 1) & self._mask
            table[place] = number + 1
            if not number % OFTEN:
                self._room.forget()
        return table


OFTEN = 1 << 12
"""Steps after which to forget: each may have touched a page or two of each file."""
