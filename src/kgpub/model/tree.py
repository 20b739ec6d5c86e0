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
    """A mapping, in the order written; its keys are unique."""

    entries: tuple[tuple[Scalar, Tree], ...]
    line: int
    column: int

    def __iter__(self) -> Iterator[tuple[Scalar, Tree]]:
        return iter(self.entries)

    def get(self, key: str) -> Tree | None:
        """Return the value under `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Tree = Scalar | Items | Fields
