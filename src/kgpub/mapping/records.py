"""What a tree says, node by node, before identifiers are minted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.model.tree import Scalar


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicate and an object of a record, with the position of the value.

    A blank node as object is a reference to the record of that label in the same file.
    """

    predicate: NamedNode
    object: NamedNode | Literal | BlankNode | Record
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Record:
    """A node of the submission: class (local name), identifier if it has one, and its pairs.

    `name` is the IRI that the submitter chose, `label` the `_:label` by which other facts of the
    file refer to it. `words`, on statements, and `attribution` are the scalars to be grounded.
    """

    type: str
    name: NamedNode | None
    label: str | None
    pairs: tuple[Pair, ...]
    line: int
    column: int
    words: Scalar | None = None
    attribution: Scalar | None = None

    def children(self) -> Iterator[Record]:
        """Yield the records described inside this one."""
        for pair in self.pairs:
            if isinstance(pair.object, Record):
                yield pair.object

    def walk(self) -> Iterator[Record]:
        """Yield this record and all inside it, outermost first."""
        yield self
        for child in self.children():
            yield from child.walk()
