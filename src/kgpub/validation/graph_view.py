"""Graphs to read from while a change is validated: what was there before, and what it becomes.

No graph is copied. What is said of a node, and what leads to it, is asked for as a whole and
kept, unless it is too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from pyoxigraph import Literal, Triple

from kgpub.model.report import Node
from kgpub.validation.index import Subject

MUCH = 32
"""Triples about a node, or that lead to it, that are read as a whole; of more, a predicate's."""
_MOST_NODES = 20_000
"""Nodes that a graph remembers what it read of: 50 MB at most with MUCH triples each."""

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
    """A graph that does not change, and what was read of it, of so many nodes at most."""

    def __init__(self, graph: View, nodes: int = _MOST_NODES) -> None:
        self._graph = graph
        self._room = self._most = nodes
        self._away: dict[Node, list[Triple] | None] = {}
        self._here: dict[Node, list[Triple] | None] = {}
        self._objects: dict[Node, _Ends] = {}
        self._subjects: dict[Node, dict[str, list[Subject]]] = {}
        self._some_objects: dict[tuple[Node, str], list[Node]] = {}
        self._some_subjects: dict[tuple[Node, str, int | None], list[Subject]] = {}

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        ends = self._objects.get(subject)
        if ends is None:
            about = self.away(subject)
            if about is None:
                key = subject, predicate
                if key not in self._some_objects:
                    self._make_room()
                    self._some_objects[key] = self._graph.objects(subject, predicate)
                return self._some_objects[key]
            self._objects[subject] = ends = _objects(about)
        return ends.get(predicate, [])

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        ends = self._subjects.get(value)
        if ends is None:
            leading = None if isinstance(value, Literal) else self.here(value)
            if leading is None:
                key = value, predicate, limit
                if key not in self._some_subjects:
                    self._make_room()
                    self._some_subjects[key] = self._graph.subjects(predicate, value, limit)
                return self._some_subjects[key]
            self._subjects[value] = ends = _subjects(leading)
        return ends.get(predicate, [])[:limit]

    def away(self, subject: Node) -> list[Triple] | None:
        """See View."""
        if subject not in self._away:
            self._make_room()
            self._away[subject] = self._graph.away(subject)
        return self._away[subject]

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        if value not in self._here:
            self._make_room()
            self._here[value] = self._graph.here(value)
        return self._here[value]

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        about = self.away(subject)
        return self._graph.outgoing(subject) if about is None else about

    def triples(self) -> Iterator[Triple]:
        """See View."""
        return self._graph.triples()

    def _make_room(self) -> None:
        if self._room == 0:
            self._away.clear()
            self._here.clear()
            self._objects.clear()
            self._subjects.clear()
            self._some_objects.clear()
            self._some_subjects.clear()
            self._room = self._most
        self._room -= 1


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
        self._away: dict[Node, list[Triple] | None] = {}
        self._here: dict[Node, list[Triple] | None] = {}
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
        if subject not in self._changed_away:
            return self._before.away(subject)
        if subject not in self._away:
            before = self._before.away(subject)
            more = self._more_away.get(subject, [])
            self._away[subject] = None if before is None else self._after(before, more)
        return self._away[subject]

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        if value not in self._changed_here:
            return self._before.here(value)
        if value not in self._here:
            before = self._before.here(value)
            more = self._more_here.get(value, [])
            self._here[value] = None if before is None else self._after(before, more)
        return self._here[value]

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
