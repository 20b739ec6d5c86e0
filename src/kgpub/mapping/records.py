"""What a tree says, node by node, before identifiers are minted."""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.model.tree import Scalar


class Pair(NamedTuple):
    """A predicate and an object of a record, with the position of the value.

    A blank node as object is a reference to the record of that label in the same file.
    """

    predicate: NamedNode
    object: NamedNode | Literal | BlankNode | Record
    line: int
    column: int


class Record(NamedTuple):
    """A node of the submission: class (local name), identifier if it has one, and its pairs.

    `name` is the IRI that the submitter chose, `label` the `_:label` by which other facts of the
    file refer to it. `words`, on statements, and `attribution` are the scalars to be grounded.
    `retraction` says that it is retracted, and is no part of what identifies it.
    """

    type: str
    name: NamedNode | None
    label: str | None
    pairs: tuple[Pair, ...]
    line: int
    column: int
    words: Scalar | None = None
    attribution: Scalar | None = None
    retraction: Record | None = None

    def walk(self) -> list[Record]:
        """Return this record and all inside it, outermost first."""
        records = [self]
        for pair in self.pairs:
            if isinstance(pair.object, Record):
                records += pair.object.walk()
        return records
