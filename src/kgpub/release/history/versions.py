"""What one release says otherwise than the one before: new versions of what it says of each thing.

A thing may be described in several named graphs, one for each submission, and each of these can go
without the others. So what has versions is what one graph says of one thing: its record.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.files import SortedFile

_DIGITS = 32
"""Of the SHA-256 of a record's name: 128 bits."""


class Event(Enum):
    """What became of a record, as Activity Streams 2.0 calls it."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


class Pair(NamedTuple):
    """Predicate and object, as canonical N-Quads write them."""

    predicate: bytes
    object: bytes


@dataclass(frozen=True)
class Version:
    """All that a named graph says of a thing in a release: `pairs` in their order.

    `subject` and `graph` are terms as canonical N-Quads write them, b"" the default graph. A record
    that is deleted has no pairs.
    """

    event: Event
    subject: bytes
    graph: bytes
    pairs: tuple[Pair, ...] = ()

    @property
    def record(self) -> str:
        """The name of the record, the same for all its versions: hexadecimal digits."""
        return hashlib.sha256(self.graph + b" " + self.subject).hexdigest()[:_DIGITS]


def first_versions(file: SortedFile) -> Iterator[Version]:
    """Yield what a dataset says as versions that are all new, in the order of its lines."""
    lines = (line for block in file.blocks() for line in block.splitlines(keepends=True))
    for subject, its in groupby(lines, key=_subject):
        for graph, pairs in _by_graph(its).items():
            yield Version(Event.CREATE, subject, graph, pairs)


def versions(differences: Differences) -> Iterator[Version]:
    """Yield new versions of the records that differ, in the order of subjects, then graphs."""
    changed = heapq.merge(differences.removed.lines(), differences.added.lines())
    for subject, its in groupby(changed, key=_subject):
        before = {parted(line)[0] for line in differences.before.all_lines_of(subject)}
        after = _by_graph(differences.after.all_lines_of(subject))
        for graph in _by_graph(its):
            if graph not in after:
                yield Version(Event.DELETE, subject, graph)
            else:
                event = Event.UPDATE if graph in before else Event.CREATE
                yield Version(event, subject, graph, after[graph])


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _by_graph(lines: Iterable[bytes]) -> dict[bytes, tuple[Pair, ...]]:
    """Return predicates and objects of lines of one subject by graph, graphs sorted."""
    found: dict[bytes, list[Pair]] = {}
    for line in lines:
        graph, pair = parted(line)
        found.setdefault(graph, []).append(pair)
    return {graph: tuple(found[graph]) for graph in sorted(found)}


def parted(line: bytes) -> tuple[bytes, Pair]:
    """Return graph, predicate and object of a line.

    The last term is a graph if it is an IRI and not the object, or the datatype of one.
    """
    _, predicate, rest = line[:-3].split(b" ", 2)
    value, _, last = rest.rpartition(b" ")
    if value and last.startswith(b"<") and b'"' not in last:
        return last, Pair(predicate, value)
    return b"", Pair(predicate, rest)
