"""The entries of one mapping as they are read, of which a key may stand twice."""

from __future__ import annotations

from kgpub.errors import FileProblems
from kgpub.messages import Message
from kgpub.model.slug import quoted
from kgpub.model.tree import Faulty, Fields, Scalar, Tree

_OF_CLASS = ("type", "@type")
"""Keys whose value decides what is right under all others."""


class Entries:
    """Gathers entries; of two with one key the first is kept, and the second is a problem."""

    def __init__(self, problems: FileProblems) -> None:
        self._problems = problems
        self._kept: dict[str, tuple[Scalar, Tree]] = {}
        self._left_out: list[Tree] = []
        self._partial = False

    def __bool__(self) -> bool:
        return bool(self._kept or self._left_out)

    def add(self, key: Scalar, value: Tree) -> None:
        """Add an entry; nobody knows which of two types it is to be."""
        first = self._kept.setdefault(key.text, (key, value))
        if first[0] is key:
            return
        remedy = Message("join-two", line=first[0].line)
        self._problems.add(key, Message("key-repeated", key=quoted(key.text)), remedy)
        self._left_out.append(value)
        _, kept = first
        is_told = isinstance(kept, Faulty)
        if key.text in _OF_CLASS and not is_told and not _is_same(kept, value):
            self._kept[key.text] = first[0], Faulty(kept.line, kept.column, (kept,))

    def leave_out(self, *values: Tree) -> None:
        """Leave out what would stand under a key that nobody knows."""
        self._left_out += values
        self._partial = True

    def fields(self, line: int, column: int) -> Fields:
        """Return the mapping, which begins at `line` and `column`."""
        entries, left_out = tuple(self._kept.values()), tuple(self._left_out)
        return Fields(entries, line, column, left_out, self._partial)


def _is_same(one: Tree, other: Tree) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.text == other.text
