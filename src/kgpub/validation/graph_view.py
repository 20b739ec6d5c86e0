"""Graphs to read from while a change is validated: what was there before, and what it becomes.

No graph is copied. What is said of a node, and what leads to it, is asked for as a whole and
kept, unless it is too much, or but one predicate is of interest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from pyoxigraph import Literal, Triple

from kgpub.model.report import Node
from kgpub.validation.index import Subject

MUCH = 32
"""Triples about a node, or that lead to it, that are read as a whole; of more, a predicate's."""
_MOST_READS = 20_000
"""Reads of up to MUCH triples that a graph remembers: 100 MB with 8 each, 400 MB with MUCH."""

_Ends = dict[str, list[Node]]


class View(Protocol):
    """A graph that is read a node at a time; terms as submitted, and in no order."""

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """Return what `subject` has as values of `predicate`."""
        ...

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """Return what has `value` as value of `predicate`, no more than `limit` of them."""
        ...

    def away(self, subject: Node) -> list[Triple] | None:
        """Return the triples about `subject`, or None where there are too many."""
        ...

    def here(self, value: Node) -> list[Triple] | None:
        """Return the triples whose object is `value`, no literal, or None where too many are."""
        ...

    def outgoing(self, subject: Node) -> list[Triple]:
        """Return the triples about `subject`, however many there are."""
        ...

    def triples(self) -> Iterator[Triple]:
        """Yield all triples: everything is read, which only a wider recheck should ask for."""
        ...


class Remembered:
    """A graph that does not change, and what was read of it.

    It remembers so many reads at most, or one that is larger than that: a read of many nodes
    counts once more for each MUCH of them. The first predicate that is asked for of a node is read
    alone: of many nodes none else is needed, and each triple takes as long as the way to the node.
    """

    def __init__(self, graph: View, reads: int = _MOST_READS) -> None:
        self._graph = graph
        self._room = self._most = reads
        self._away: dict[Node, list[Triple] | None] = {}
        self._here: dict[Node, list[Triple] | None] = {}
        self._objects: dict[Node, _Ends] = {}
        self._subjects: dict[Node, dict[str, list[Subject]]] = {}
        self._first: dict[Node, str] = {}
        self._some_objects: dict[tuple[Node, str], list[Node]] = {}
        self._some_subjects: dict[tuple[Node, str], tuple[int | None, list[Subject]]] = {}

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        ends = self._objects.get(subject)
        if ends is None:
            if isinstance(subject, Literal):
                return []
            is_first = self._first.setdefault(subject, predicate) == predicate
            about = None if is_first and subject not in self._away else self.away(subject)
            if about is None:
                return self._objects_of(subject, predicate)
            self._objects[subject] = ends = _objects(about)
        return ends.get(predicate, [])

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        ends = self._subjects.get(value)
        if ends is None:
            leading = None if isinstance(value, Literal) else self.here(value)
            if leading is None:
                return self._subjects_of(predicate, value, limit)
            self._subjects[value] = ends = _subjects(leading)
        return ends.get(predicate, [])[:limit]

    def away(self, subject: Node) -> list[Triple] | None:
        """See View."""
        if subject not in self._away:
            if isinstance(subject, Literal):
                return []
            self._take_room()
            self._away[subject] = self._graph.away(subject)
        return self._away[subject]

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        if value not in self._here:
            self._take_room()
            self._here[value] = self._graph.here(value)
        return self._here[value]

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        about = self.away(subject)
        return self._graph.outgoing(subject) if about is None else about

    def triples(self) -> Iterator[Triple]:
        """See View."""
        return self._graph.triples()

    def _objects_of(self, subject: Node, predicate: str) -> list[Node]:
        key = subject, predicate
        found = self._some_objects.get(key)
        if found is None:
            found = self._graph.objects(subject, predicate)
            self._take_room(1 + len(found) // MUCH)
            self._some_objects[key] = found
        return found

    def _subjects_of(self, predicate: str, value: Node, limit: int | None) -> list[Subject]:
        key = value, predicate
        kept = self._some_subjects.get(key)
        if kept is not None:
            most, found = kept
            if most is None or len(found) < most or (limit is not None and limit <= most):
                return found[:limit]
        found = self._graph.subjects(predicate, value, limit)
        self._take_room(1 + len(found) // MUCH)
        self._some_subjects[key] = limit, found
        return found

    def _take_room(self, reads: int = 1) -> None:
        if reads > self._room:
            self._away.clear()
            self._here.clear()
            self._objects.clear()
            self._subjects.clear()
            self._first.clear()
            self._some_objects.clear()
            self._some_subjects.clear()
            self._room = self._most
        self._room -= reads


class Nothing:
    """A graph without triples."""

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        return []

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        return []

    def away(self, subject: Node) -> list[Triple]:
        """See View."""
        return []

    def here(self, value: Node) -> list[Triple]:
        """See View."""
        return []

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        return []

    def triples(self) -> Iterator[Triple]:
        """See View."""
        return iter(())


class Overlay:
    """A graph without some triples and with others; one that is both is in it."""

    def __init__(
        self, before: View, added: Iterable[Triple] = (), removed: Iterable[Triple] = ()
    ) -> None:
        self._before = before
        self._added = dict.fromkeys(added)
        self._removed = set(removed) - self._added.keys()
        self._more_away = _grouped(self._added, _subject)
        self._more_here = _grouped(self._added, _value)
        self._less_away = _grouped(self._removed, _subject)
        self._less_here = _grouped(self._removed, _value)
        self._changed_away = self._more_away.keys() | self._less_away.keys()
        self._changed_here = self._more_here.keys() | self._less_here.keys()
        self._objects: dict[Node, _Ends] = {}
        self._subjects: dict[Node, dict[str, list[Subject]]] = {}

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        if subject not in self._changed_away:
            return self._before.objects(subject, predicate)
        ends = self._objects.get(subject)
        if ends is None:
            about = self.away(subject)
            if about is None:
                return self._objects_of(subject, predicate)
            self._objects[subject] = ends = _objects(about)
        return ends.get(predicate, [])

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        if value not in self._changed_here:
            return self._before.subjects(predicate, value, limit)
        ends = self._subjects.get(value)
        if ends is None:
            leading = None if isinstance(value, Literal) else self.here(value)
            if leading is None:
                return self._subjects_of(predicate, value, limit)
            self._subjects[value] = ends = _subjects(leading)
        return ends.get(predicate, [])[:limit]

    def away(self, subject: Node) -> list[Triple] | None:
        """See View."""
        before = self._before.away(subject)
        if before is None or subject not in self._changed_away:
            return before
        return self._after(before, self._more_away.get(subject, []))

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        before = self._before.here(value)
        if before is None or value not in self._changed_here:
            return before
        return self._after(before, self._more_here.get(value, []))

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        about = self.away(subject)
        if about is None:
            more = self._more_away.get(subject, [])
            return self._after(self._before.outgoing(subject), more)
        return about

    def triples(self) -> Iterator[Triple]:
        """See View."""
        for triple in self._before.triples():
            if triple not in self._removed and triple not in self._added:
                yield triple
        yield from self._added

    def _after(self, before: list[Triple], more: list[Triple]) -> list[Triple]:
        if not before:
            return more
        kept = [triple for triple in before if triple not in self._removed]
        return list(dict.fromkeys([*kept, *more]))

    def _objects_of(self, subject: Node, predicate: str) -> list[Node]:
        gone = set(_objects(self._less_away.get(subject, [])).get(predicate, []))
        found = [each for each in self._before.objects(subject, predicate) if each not in gone]
        more = self._more_away.get(subject, [])
        return list(dict.fromkeys([*found, *(_objects(more).get(predicate, []))]))

    def _subjects_of(self, predicate: str, value: Node, limit: int | None) -> list[Subject]:
        gone = set(_subjects(self._less_here.get(value, [])).get(predicate, []))
        enough = None if limit is None else limit + len(gone)
        before = self._before.subjects(predicate, value, enough)
        found = [each for each in before if each not in gone]
        more = _subjects(self._more_here.get(value, [])).get(predicate, [])
        return list(dict.fromkeys([*found, *more]))[:limit]


def _subject(triple: Triple) -> Subject:
    assert not isinstance(triple.subject, Triple)
    return triple.subject


def _value(triple: Triple) -> Node:
    assert not isinstance(triple.object, Triple)
    return triple.object


def _grouped(triples: Iterable[Triple], end: Callable[[Triple], Node]) -> dict[Node, list[Triple]]:
    found: dict[Node, list[Triple]] = {}
    for triple in triples:
        found.setdefault(end(triple), []).append(triple)
    return found


def _objects(triples: Iterable[Triple]) -> _Ends:
    found: _Ends = {}
    for triple in triples:
        found.setdefault(triple.predicate.value, []).append(_value(triple))
    return found


def _subjects(triples: Iterable[Triple]) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = {}
    for triple in triples:
        found.setdefault(triple.predicate.value, []).append(_subject(triple))
    return found
