"""Lines of RDF files, which parsers do not tell: the parser gets one line at a time."""

from __future__ import annotations

import re
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_BOM = b"\xef\xbb\xbf"
_CHUNK = 2**20
_NEEDLE = 40
_SEPARATORS = re.compile("[#/:]")

Term = NamedNode | BlankNode | Literal | Triple


class LineFeed:
    """Gives a parser one line of `stream` at a time, so that it cannot be ahead of what it tells.

    Pass it to `pyoxigraph.parse` as the input. When that has yielded a quad, `number` is the line
    on which the quad ended, from 1, and `since` that on which the quad before did. A byte order
    mark is left out.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.number = 0
        self.since = 1
        self.given = b"\n"
        self.rest = b""
        self.sought = 0

    def told(self) -> None:
        """Note that a statement has ended on the line that was given last."""
        self.since = self.number

    @property
    def indentation(self) -> int:
        """The spaces at the beginning of the last line."""
        return len(self.given) - len(self.given.lstrip())

    def column(self, term: Term) -> int:
        """Return the column, in code points from 1, at which the term stands on the last line.

        Where several of one line have the same text, they are taken to come in their order.
        """
        line = self.given
        text = term.value if isinstance(term, Literal) else _local(term)
        needle = text[:_NEEDLE].encode("utf-8", "replace")
        found = line.find(needle, self.sought) if needle else -1
        if found < 0:
            return self.indentation + 1
        self.sought = found + len(needle)
        while found > 0 and line[found - 1] not in b" \t,;[({":
            found -= 1
        return len(line[:found].decode("utf-8", "replace")) + 1

    def read(self, size: int) -> bytes:
        """Return the next line, or as much of it as `size` bytes hold."""
        if not self.rest:
            self.rest = self.stream.readline(_CHUNK)
            if self.number == 0:
                self.rest = self.rest.removeprefix(_BOM)
            self.number += self.given.endswith(b"\n")
            self.sought = 0
        self.given, self.rest = self.rest[:size], self.rest[size:]
        return self.given


def _local(term: NamedNode | BlankNode | Triple) -> str:
    """Return what follows the last of # / : in an IRI; nothing of another term."""
    return _SEPARATORS.split(term.value)[-1] if isinstance(term, NamedNode) else ""
