"""Sorted canonical N-Quads, read line by line: a file of any size, in memory that stays the same.

What `serialisation.nquads` has written has single spaces between the terms, one quad a line, and
lines in the order of their bytes. So all that is said of a subject stands together, a line divides
without a parser, and what is said of one subject is found by halving.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, RdfFormat, parse

_PAGE = 4096
_WINDOW = 8 << 20
"""Bytes that are searched at a time."""
_KEPT = 32 << 20
"""Bytes of the file that may be in memory, about."""


class Line(NamedTuple):
    """A quad, each term as N-Quads writes it, in UTF-8."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


class Subject(NamedTuple):
    """All that is said of one subject, in whichever graphs: its quads in the file's order."""

    name: bytes
    lines: tuple[Line, ...]

    def objects(self, predicate: bytes) -> list[bytes]:
        """Return the objects of one predicate, each once, sorted."""
        return list(
            dict.fromkeys(line.object for line in self.lines if line.predicate == predicate)
        )


def divided(line: bytes) -> Line:
    """Return the terms of a line of canonical N-Quads whose quad is in a named graph."""
    subject, predicate, rest = line.split(b" ", 2)
    value, graph, _ = rest.rsplit(b" ", 2)
    return Line(subject, predicate, value, graph)


def read(path: Path) -> Iterator[Line]:
    """Yield the quads of a file of canonical N-Quads. Raises OSError."""
    with path.open("rb") as stream:
        yield from map(divided, stream)


class SortedFile:
    """A file of sorted canonical N-Quads in which lines are looked up.

    `forget` has the system take back the memory that the file's content has come to.
    """

    def __init__(
        self, content: mmap.mmap | bytes, forget: Callable[[], None] = lambda: None
    ) -> None:
        self._content = content
        self._forget = forget
        self._read = 0

    def saying(self, predicate: bytes, value: bytes) -> Iterator[Line]:
        """Yield the quads with this predicate whose objects begin with `value`, in order."""
        content, mark = self._content, b" %b %b" % (predicate, value)
        start = 0
        while start < len(content):
            stop = min(start + _WINDOW, len(content))
            found = content.find(mark, start, stop + len(mark) - 1)
            if found < 0:
                self._count(stop - start)
                start = stop
                continue
            end = content.find(b"\n", found) + 1 or len(content)
            line = divided(content[content.rfind(b"\n", 0, found) + 1 : end])
            if line.predicate == predicate and line.object.startswith(value):
                yield line  # and no literal has these characters in it
            self._count(end - start)
            start = end

    def subject(self, name: bytes) -> Subject:
        """Return what is said of a subject: nothing where that is not described."""
        content, prefix = self._content, name + b" "
        low, high = 0, len(content)
        while low < high:  # the first line that is not before `prefix` begins in [low, high]
            start = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = content.find(b"\n", start, len(content)) + 1 or len(content)
            self._count(_PAGE)
            if content[start : start + len(prefix)] < prefix:
                low = end
            else:
                high = start
        lines = []
        while content[low : low + len(prefix)] == prefix:
            end = content.find(b"\n", low) + 1 or len(content)
            lines.append(divided(content[low:end]))
            low = end
        return Subject(name, tuple(lines))

    def _count(self, size: int) -> None:
        """Count bytes that were read, and forget them when they are many."""
        self._read += size
        if self._read > _KEPT:
            self._read = 0
            self._forget()


@contextmanager
def opened(path: Path) -> Iterator[SortedFile]:
    """Open a file of sorted quads to look lines up. Raises OSError."""
    with path.open("rb") as stream:
        if not path.stat().st_size:  # nothing cannot be mapped
            yield SortedFile(b"")
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield SortedFile(content, lambda: _taken_back(content))


def _taken_back(content: mmap.mmap) -> None:
    """Unmap the pages that were read; where the system keeps them they are there again at once."""
    if hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)


def iri(term: bytes) -> str:
    """Return the IRI that a term of N-Quads is. Canonical ones have no escapes (RDFC-1.0)."""
    return term[1:-1].decode()


def node(value: str) -> bytes:
    """Return an IRI as a term of N-Quads."""
    return f"<{value}>".encode()


def literal(term: bytes) -> Literal:
    """Return the literal that a term of N-Quads is."""
    text = b"<x:x> <x:x> " + term + b" ."
    found = next(iter(parse(text, format=RdfFormat.N_TRIPLES))).object
    if not isinstance(found, Literal):
        raise TypeError(f"{term.decode()} is no literal")
    return found
