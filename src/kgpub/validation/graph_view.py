"""Graphs to read from while validating a change: a store with exact literals, and what changes.

Oxigraph rewrites the literals that it calculates with (`1.50` becomes `1.5`, and an
xsd:nonNegativeInteger an xsd:integer), so that a store of its own cannot tell what was submitted.
Here such literals are stored under datatypes that Oxigraph does not know, and read back as they
were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol, TypeVar

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.index import Subject, TripleIndex
from kgpub.vocabulary import XSD

_T = TypeVar("_T")

_MUCH = 64
"""Triples about one node that are read at once, rather than a predicate at a time."""

_STORED = "urn:kgpub:submitted:"
_AS_WRITTEN = XSD + "string"


class View(Protocol):
    """A graph that is read a node at a time; terms as submitted.

    With `limit`, no more than so many are returned, whichever they are.
    """

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """Return what `subject` has as values of `predicate`."""
        ...

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """Return what has `value` as value of `predicate`."""
        ...

    def outgoing(self, subject: Node, limit: int | None = None) -> list[Triple]:
        """Return the triples about `subject`."""
        ...

    def triples(self) -> Iterator[Triple]:
        """Yield all triples: everything is read, which only a wider recheck should ask for."""
        ...


class ExactGraph:
    """Triples in a store of Oxigraph, in memory or, with `path`, on disk; literals exact."""

    def __init__(self, triples: Iterable[Triple] = (), path: str | None = None) -> None:
        self._store = Store() if path is None else Store(path)
        self._store.bulk_extend(_quad(triple) for triple in triples)

    def __contains__(self, triple: Triple) -> bool:
        return _quad(triple) in self._store

    def __len__(self) -> int:
        return len(self._store)

    def change(self, added: Iterable[Triple], removed: Iterable[Triple]) -> None:
        """Remove triples, then add others."""
        for triple in removed:
            self._store.remove(_quad(triple))
        self._store.extend(_quad(triple) for triple in added)

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        if isinstance(subject, Literal):
            return []
        quads = self._store.quads_for_pattern(subject, NamedNode(predicate), None)
        return [_read(quad.object) for quad in quads]

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        quads = self._store.quads_for_pattern(None, NamedNode(predicate), _written(value))
        return [_subject(quad) for quad in islice(quads, limit)]

    def outgoing(self, subject: Node, limit: int | None = None) -> list[Triple]:
        """See View."""
        if isinstance(subject, Literal):
            return []
        quads = self._store.quads_for_pattern(subject, None, None)
        return [_triple(quad) for quad in islice(quads, limit)]

    def triples(self) -> Iterator[Triple]:
        """See View."""
        return (_triple(quad) for quad in self._store)


class Joined:
    """A graph and triples that belong to it without being in its store; nothing is copied."""

    def __init__(self, graph: View, more: TripleIndex) -> None:
        self._graph = graph
        self._more = more

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        return _joined(
            self._graph.objects(subject, predicate), self._more.objects(subject, predicate)
        )

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        found = self._graph.subjects(predicate, value, limit)
        return _joined(found, self._more.subjects(predicate, value))[:limit]

    def outgoing(self, subject: Node, limit: int | None = None) -> list[Triple]:
        """See View."""
        return _joined(self._graph.outgoing(subject, limit), list(_about(self._more, subject)))[
            :limit
        ]

    def triples(self) -> Iterator[Triple]:
        """See View."""
        more = {
            triple: None
            for each in self._more.all_subjects()
            for triple in _about(self._more, each)
        }
        yield from (triple for triple in self._graph.triples() if triple not in more)
        yield from more


class Changed:
    """A graph without some triples and with others, nothing copied; it remembers what it read."""

    def __init__(
        self, before: View, added: Iterable[Triple] = (), removed: Iterable[Triple] = ()
    ) -> None:
        self._before = before
        self._added = dict.fromkeys(added)
        self._removed = set(removed)
        self._more = TripleIndex(self._added)
        self._less = TripleIndex(self._removed)
        self._values: dict[Node, dict[str, list[Node]] | None] = {}
        self._objects: dict[tuple[Node, str], list[Node]] = {}
        self._subjects: dict[tuple[str, Node], list[Subject]] = {}

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        if subject not in self._values:
            self._values[subject] = self._all_values(subject)
        values = self._values[subject]
        if values is not None:
            return values.get(predicate, [])
        key = subject, predicate
        found = self._objects.get(key)
        if found is None:
            gone = self._less.objects(subject, predicate)
            found = [o for o in self._before.objects(subject, predicate) if o not in gone]
            self._objects[key] = found = _joined(found, self._more.objects(subject, predicate))
        return found

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        key = predicate, value
        found = self._subjects.get(key)
        if found is not None:
            return found[:limit]
        gone = self._less.subjects(predicate, value)
        enough = None if limit is None else limit + len(gone)
        found = [s for s in self._before.subjects(predicate, value, enough) if s not in gone]
        found = _joined(found, self._more.subjects(predicate, value))
        if limit is None:
            self._subjects[key] = found
        return found[:limit]

    def outgoing(self, subject: Node, limit: int | None = None) -> list[Triple]:
        """See View."""
        gone = sum(len(self._less.objects(subject, p)) for p in self._less.predicates(subject))
        found = self._before.outgoing(subject, None if limit is None else limit + gone)
        kept = [triple for triple in found if triple not in self._removed] if gone else found
        return _joined(kept, list(_about(self._more, subject)))[:limit]

    def triples(self) -> Iterator[Triple]:
        """See View."""
        for triple in self._before.triples():
            if triple not in self._removed and triple not in self._added:
                yield triple
        yield from self._added

    def _all_values(self, subject: Node) -> dict[str, list[Node]] | None:
        """Return what `subject` has by predicate, or None where it is too much to read unasked."""
        triples = self.outgoing(subject, _MUCH + 1)
        if len(triples) > _MUCH:
            return None
        values: dict[str, list[Node]] = {}
        for triple in triples:
            assert not isinstance(triple.object, Triple)
            values.setdefault(triple.predicate.value, []).append(triple.object)
        return values


def _about(triples: TripleIndex, subject: Node) -> Iterator[Triple]:
    if isinstance(subject, Literal):
        return
    for predicate in triples.predicates(subject):
        named = NamedNode(predicate)
        yield from (Triple(subject, named, o) for o in triples.objects(subject, predicate))


def _joined(some: list[_T], more: list[_T]) -> list[_T]:
    return list(dict.fromkeys([*some, *more])) if more else some


def _written(term: Node) -> Node:
    if isinstance(term, Literal) and not term.language:
        datatype = term.datatype.value
        if datatype.startswith(XSD) and datatype != _AS_WRITTEN:
            return Literal(term.value, datatype=NamedNode(_STORED + datatype))
    return term


def _read(term: Node | Triple) -> Node:
    assert not isinstance(term, Triple)
    if isinstance(term, Literal) and term.datatype.value.startswith(_STORED):
        datatype = NamedNode(term.datatype.value.removeprefix(_STORED))
        return Literal(term.value, datatype=datatype)
    return term


def _quad(triple: Triple) -> Quad:
    value = triple.object
    assert not isinstance(value, Triple)
    return Quad(triple.subject, triple.predicate, _written(value))


def _subject(quad: Quad) -> Subject:
    assert not isinstance(quad.subject, Triple)
    return quad.subject


def _triple(quad: Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, _read(quad.object))
