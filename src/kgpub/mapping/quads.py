"""The quads of one file as they are written: each with its position, and until when it is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import FileProblems
from kgpub.mapping import retractions
from kgpub.mapping.records import Record
from kgpub.mapping.retractions import day_of
from kgpub.model.submission import Mapped
from kgpub.vocabulary import KG
from kgpub.vocabulary.schema import TYPE


@cache
def node(iri: str) -> NamedNode:
    """Return the node of a term of a vocabulary, made once."""
    return NamedNode(iri)


class Quads:
    """Gathers quads with their positions; what has none of its own takes that of its node."""

    def __init__(self, graph: NamedNode, record: Record) -> None:
        self.graph = graph
        self.quads: list[Quad] = []
        self.positions: list[tuple[int, int]] = []
        self._until = day_of(record)
        self._ends = [(0, self._until)]
        self.node(graph, record)

    def node(self, name: NamedNode, record: Record) -> None:
        self.at = (record.line, record.column)
        self.add(name, TYPE, node(KG + record.type))

    def add(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        object_: NamedNode | Literal,
        line: int = 0,
        column: int = 0,
        graph: NamedNode | None = None,
    ) -> None:
        self.quads.append(Quad(subject, predicate, object_, graph or self.graph))
        self.positions.append((line, column) if line else self.at)

    @contextmanager
    def until(self, day: retractions.Day) -> Iterator[None]:
        """Have what is added meanwhile be said until `day`, whatever it is a part of."""
        before, self._until = self._until, day
        self._ends.append((len(self.quads), day))
        yield
        self._until = before
        self._ends.append((len(self.quads), before))

    def no_later(self, day: retractions.Day) -> AbstractContextManager[None]:
        """Have what is added meanwhile be said until `day` at most; most often that is no day."""
        return nullcontext() if day is None else self.until(retractions.earlier(day, self._until))

    def lives(self) -> retractions.Lives | None:
        """Return until when each quad is said, None where all of them are said still."""
        if all(day is None for _, day in self._ends):
            return None
        bounds = [*(at for at, _ in self._ends[1:]), len(self.quads)]
        days = (
            day
            for (start, day), end in zip(self._ends, bounds, strict=True)
            for _ in range(start, end)
        )
        return retractions.Lives.of(zip(self.quads, days, strict=True))

    def mapped(self, problems: FileProblems) -> Mapped:
        return Mapped(tuple(self.quads), tuple(self.positions), tuple(problems.problems))
