"""Sorted canonical N-Quads by subject: lines, which are divided without a parser.

`lines.nquads` has written them: single spaces between the terms, one quad a line. An IRI holds no
space and no quotation mark, so that a literal ends at the last quotation mark of its line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import BinaryIO, NamedTuple, Protocol

from kgpub.serialisation.description import RDF_TYPE
from kgpub.serialisation.order import Order, literal_key, natural
from kgpub.serialisation.room import OFTEN, Room
from kgpub.serialisation.terms import literal_of
from kgpub.vocabulary import RDF, XSD

TYPE = f"<{RDF_TYPE}>"
"""The predicate that has the classes of a subject."""
_LANG_STRING, _STRING = RDF + "langString", XSD + "string"
_BLOCK = 1 << 20


class Said(NamedTuple):
    """What is said of a subject: predicates in the order of the lines, each once, and objects.

    The objects of the predicate `predicates[n]` are those from `starts[n]` up to `starts[n + 1]`,
    each once. All terms are as N-Quads writes them.
    """

    subject: str
    predicates: tuple[str, ...]
    starts: list[int]
    objects: list[str]

    def of(self, number: int) -> list[str]:
        """Return the objects of the predicate with this number."""
        return self.objects[self.starts[number] : self.starts[number + 1]]


class Subjects(Protocol):
    """What is said of each subject; they are numbered from 0 in the order of their lines."""

    most: int
    """More subjects than this there are not."""

    def __iter__(self) -> Iterator[Said]:
        """Yield what is said of each; once before any is asked for."""

    def __getitem__(self, number: int) -> Said:
        """Return what is said of one."""


class SubjectsInMemory(list[Said]):
    """Those of lines that fit in memory."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        super().__init__(said(b"".join(each)) for _, each in groupby(lines, key=_subject_of))
        self.most = len(self)


class SubjectsOnDisk:
    """Those of the lines of an open file, of which one is in memory at a time."""

    def __init__(self, stream: BinaryIO, room: Room) -> None:
        self._stream = stream
        self._room = room
        stream.seek(0)
        self.most = sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))
        self._starts = room.numbers(self.most + 1)

    def __iter__(self) -> Iterator[Said]:
        starts, start, number = self._starts, 0, 0
        self._stream.seek(0)
        lines: list[bytes] = []
        mark = b" "  # no line begins so
        for line in chain(self._stream, (b"",)):
            if line.startswith(mark):
                lines.append(line)
                continue
            if lines:
                text = b"".join(lines)
                yield said(text)
                start += len(text)
                number += 1
                starts[number] = start
                if not number % OFTEN:
                    self._room.forget()
            mark = _subject_of(line) + b" "
            lines = [line]

    def __getitem__(self, number: int) -> Said:
        start, end = self._starts[number], self._starts[number + 1]
        return said(os.pread(self._stream.fileno(), end - start, start))


def said(lines: bytes) -> Said:
    """Divide the lines of one subject, from whichever graphs."""
    text = lines.decode()
    subject = text[: text.index(" ")]
    pairs = _in_one_graph(text, subject) or _in_any_graphs(text)
    predicates: list[str] = []
    starts: list[int] = []
    objects: list[str] = []
    before = last = ""
    for predicate, value in pairs:
        if predicate != before:
            predicates.append(predicate)
            starts.append(len(objects))
            before = predicate
        elif value == last:
            continue  # the same triple in another graph
        objects.append(value)
        last = value
    starts.append(len(objects))
    return Said(subject, tuple(predicates), starts, objects)


def _in_one_graph(text: str, subject: str) -> list[list[str]]:
    """Return predicates and objects where all lines end in the same named graph, else nothing."""
    end = text.rfind(" ", 0, -3)
    graph = text[end:]
    if graph[1] != "<" or '"' in graph:
        return []
    # No term has the end of a line in it: what stands between the same ends is what differs.
    found = text[len(subject) + 1 : end].split(f"{graph}{subject} ")
    if len(found) != text.count("\n"):
        return []
    pairs = [each.split(" ", 1) for each in found]
    # Of `<s> <p> <o> .`, in the default graph, the object would be taken for the graph.
    return pairs if min(map(len, pairs)) == 2 else []


def _in_any_graphs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n")[:-1]:
        _, predicate, rest = line.split(" ", 2)
        start = rest.rindex('"') if rest[0] == '"' else 0
        yield predicate, rest[: rest.index(" ", start)]


def objects_in_order(
    order: Order, predicate: str, objects: Sequence[str], position: Callable[[str], int]
) -> list[str]:
    """Return objects as `Order.objects` orders them, all terms as N-Quads writes them."""
    iris = [each for each in objects if each[0] == "<"]
    literals = [each for each in objects if each[0] != "<"]
    if len(iris) > 1:
        place = order.type_rank if predicate == TYPE else position
        places = {each: place(each) for each in iris}
        if len(set(places.values())) == len(iris):
            iris.sort(key=places.__getitem__)
        else:
            iris.sort(key=lambda each: (places[each], natural(each[1:-1])))
    if len(literals) > 1:
        literals.sort(key=_literal_key)
    return iris + literals


def _literal_key(term: str) -> tuple[str, str, str, str]:
    if "\\" in term:  # values are compared, not their escapes
        return literal_key(literal_of(term))
    end = term.rindex('"')
    value, kind = term[1:end], term[end + 1 :]
    if kind.startswith("@"):
        return kind[1:], _LANG_STRING, value, ""
    return "", kind[3:-1] or _STRING, value, ""


def _subject_of(line: bytes) -> bytes:
    return line[: line.find(b" ")]
