"""Answers that are kept, so that a question that is asked again is answered at once."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from kgpub.service.sparql.wire import Forms
from kgpub.store.queries import Graphs


class Question(NamedTuple):
    """What an answer depends on: the build, the query with its dataset and day, the forms."""

    version: str
    text: str
    graphs: Graphs | None
    forms: Forms
    on: str = ""


class Kept(NamedTuple):
    """A whole answer in a content coding, "" for none."""

    content: bytes
    form: str
    coding: str


class Cache:
    """The answers from a build that were asked for last, `most` bytes together.

    As soon as one from another build is asked for, those from the build before are forgotten:
    nobody asks for them again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._version = ""
        self._kept: OrderedDict[tuple[Question, str], Kept] = OrderedDict()
        self._size = 0
        self.hits = 0
        self.misses = 0

    def get(self, question: Question, coding: str) -> Kept | None:
        """Return the answer that is kept, in a coding."""
        if question.version != self._version:
            self._version = question.version
            self._kept.clear()
            self._size = 0
        key = question, coding
        kept = self._kept.get(key)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return kept

    def put(self, question: Question, coding: str, kept: Kept) -> None:
        """Keep an answer, unless one from another build has been asked for since.

        The one that was asked for longest ago goes first.
        """
        if question.version != self._version:
            return
        key = question, coding
        before = self._kept.pop(key, None)
        self._size += _size(question, kept) - (_size(question, before) if before else 0)
        self._kept[key] = kept
        while self._size > self._most:
            (oldest, _), gone = self._kept.popitem(last=False)
            self._size -= _size(oldest, gone)


def _size(question: Question, kept: Kept) -> int:
    """Return about how many bytes an entry takes; a character of Python takes up to four."""
    graphs = question.graphs
    iris = (*graphs.default, *graphs.named) if graphs is not None else ()
    return len(kept.content) + 4 * (len(question.text) + sum(map(len, iris))) + 1_000
