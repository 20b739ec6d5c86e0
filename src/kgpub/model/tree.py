"""A submission as it was written: scalars, lists and mappings, each with its position.

YAML, JSON, CSV and XLSX files all become such a tree. Scalars stay text: what `2016` or `no`
means is decided by the key that they stand under, never by the file format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Scalar(NamedTuple):
    """A text with its position; line and column count from 1, columns in code points."""

    text: str
    line: int
    column: int


class Faulty(NamedTuple):
    """A value that is told to be wrong already, so that nothing more is to be told of it.

    `inside` is what stands there all the same.
    """

    line: int
    column: int
    inside: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    line: int
    column: int

    def __iter__(self) -> Iterator[Tree]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in the order written; its keys are unique.

    `left_out` is what cannot have its place in it and is told to be wrong: the second value of a
    key. If `partial`, what was left out may be under any key.
    """

    entries: tuple[tuple[Scalar, Tree], ...]
    line: int
    column: int
    left_out: tuple[Tree, ...] = ()
    partial: bool = False

    def __iter__(self) -> Iterator[tuple[Scalar, Tree]]:
        return iter(self.entries)

    def get(self, key: str) -> Tree | None:
        """Return the value under `key`, or None; Faulty where it may have been left out."""
        missing = Faulty(self.line, self.column) if self.partial else None
        return next((value for name, value in self.entries if name.text == key), missing)


Tree = Scalar | Items | Fields | Faulty


def inner(tree: Tree) -> Iterator[Tree]:
    """Yield `tree` and all values in it, also what was left out; keys are no values."""
    open_ = [tree]
    while open_:
        yield (one := open_.pop())
        if isinstance(one, Fields):
            open_ += (*(value for _, value in one.entries), *one.left_out)
        elif isinstance(one, Items):
            open_ += one.items
        elif isinstance(one, Faulty):
            open_ += one.inside
