"""What pages read of a dataset: its triples by pattern, in an order that never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Protocol, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from kgpub.vocabulary import RDF
from kgpub.vocabulary import terms as kg

Term = NamedNode | Literal
"""An object; published data have no blank nodes."""

TYPE = RDF + "type"
MAX_READ = 10_000
"""Triples of one pattern that are read: what is asked for is a page, not a dataset."""

_MAX_KEPT = 2_000
_MAX_KEPT_LENGTH = 20_000
"""Subjects that are kept after they are read, and code points of one: some 40 MB at the most."""

TextOf = Callable[[str], str | None]
"""The exact text of the article with an IRI, or None where there is none."""


class Reading(Protocol):
    """The union of a dataset's graphs. IRIs are strings; answers are sorted, without repetition.

    Of more triples that match than are asked for, or than MAX_READ, only so many are read. Which,
    the index of the store decides: on disk, that is by the terms alone, not by who wrote them when.
    """

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """Return the objects of `subject` and `predicate`: IRIs by code points, then literals."""

    def subjects(self, predicate: str, object_: str, most: int = MAX_READ) -> list[str]:
        """Return the IRIs that have the IRI `object_` as `predicate`, `most` at the most."""

    def typed(self, predicate: str, object_: str, most: int) -> dict[str, frozenset[str]]:
        """Return what `subjects` does, each with its classes, without reading more of it."""

    def described(self, subject: str) -> list[tuple[str, Term]]:
        """Return predicate and object of each triple of `subject`."""

    def referring(self, object_: str, most: int = MAX_READ) -> list[tuple[str, str]]:
        """Return predicate and subject of `most` triples with the IRI `object_` as their object."""

    def text_of(self, article: str) -> str | None:
        """Return the exact text of an article, which the offsets of passages count in."""


@dataclass(frozen=True, slots=True)
class Described:
    """The triples of a subject, by predicate; `whole` unless it has more than are read."""

    objects: Mapping[str, list[Term]]
    whole: bool


class StoreReading:
    """Reads the default graph of a store, for any number of threads."""

    def __init__(self, store: Store, text_of: TextOf | None = None) -> None:
        """`text_of` gives the texts of articles; without it they are what the store has."""
        self._store = store
        self._text_of = text_of
        self._kept: OrderedDict[str, Described] = OrderedDict()
        self._lock = Lock()

    def objects(self, subject: str, predicate: str) -> list[Term]:
        described = self._described(subject)
        if described.whole:
            return list(described.objects.get(predicate, ()))
        return sorted({_object(quad) for quad in self._quads(subject, predicate, None)}, key=_order)

    def subjects(self, predicate: str, object_: str, most: int = MAX_READ) -> list[str]:
        quads = islice(self._quads(None, predicate, object_), most)
        return sorted({_subject(quad) for quad in quads})

    def typed(self, predicate: str, object_: str, most: int) -> dict[str, frozenset[str]]:
        # One query takes a third of the time of as many lookups.
        pattern = f"?subject {NamedNode(predicate)} {NamedNode(object_)}"
        query = f"""SELECT ?subject ?class {{
            {{ SELECT ?subject {{ {pattern} }} LIMIT {most} }}
            OPTIONAL {{ ?subject {NamedNode(TYPE)} ?class }}
        }}"""
        found: dict[str, set[str]] = {}
        for subject, class_ in cast(QuerySolutions, self._store.query(query)):
            if isinstance(subject, NamedNode):
                classes = found.setdefault(subject.value, set())
                if isinstance(class_, NamedNode):
                    classes.add(class_.value)
        return {subject: frozenset(found[subject]) for subject in sorted(found)}

    def described(self, subject: str) -> list[tuple[str, Term]]:
        objects = self._described(subject).objects
        return [(predicate, term) for predicate in sorted(objects) for term in objects[predicate]]

    def referring(self, object_: str, most: int = MAX_READ) -> list[tuple[str, str]]:
        quads = islice(self._quads(None, None, object_), most)
        return sorted({(quad.predicate.value, _subject(quad)) for quad in quads})

    def text_of(self, article: str) -> str | None:
        if self._text_of is not None:
            return self._text_of(article)
        texts = self.objects(article, kg.text)
        return texts[0].value if texts else None

    def _described(self, subject: str) -> Described:
        """Return all of a subject: its next property is asked for soon, and on the next page."""
        with self._lock:
            kept = self._kept.get(subject)
            if kept is not None:
                self._kept.move_to_end(subject)
                return kept
        objects: dict[str, list[Term]] = {}
        quads = list(self._quads(subject, None, None))
        for quad in quads:
            objects.setdefault(quad.predicate.value, []).append(_object(quad))
        for terms in objects.values():
            if len(terms) > 1:  # nearly none; to sort one would take as long as to read it
                terms.sort(key=_order)
        described = Described(objects, len(quads) < MAX_READ)
        length = sum(len(term.value) for terms in objects.values() for term in terms)
        if length <= _MAX_KEPT_LENGTH:
            with self._lock:
                self._kept[subject] = described
                if len(self._kept) > _MAX_KEPT:
                    self._kept.popitem(last=False)
        return described

    def _quads(
        self, subject: str | None, predicate: str | None, object_: str | None
    ) -> Iterator[Quad]:
        quads = self._store.quads_for_pattern(
            _node(subject), _node(predicate), _node(object_), DefaultGraph()
        )
        return islice(quads, MAX_READ)


def iris(terms: list[Term]) -> list[str]:
    """Return those of `terms` that are IRIs."""
    return [term.value for term in terms if isinstance(term, NamedNode)]


def literals(terms: list[Term]) -> list[Literal]:
    """Return those of `terms` that are literals."""
    return [term for term in terms if isinstance(term, Literal)]


def value(terms: list[Term]) -> str | None:
    """Return the lexical form or IRI of the first of `terms`, or None where there is none."""
    return terms[0].value if terms else None


def types(reading: Reading, iri: str) -> list[str]:
    """Return the classes of what has an IRI."""
    return iris(reading.objects(iri, TYPE))


def _node(iri: str | None) -> NamedNode | None:
    return None if iri is None else NamedNode(iri)


def _order(term: Term) -> tuple[bool, str, str, str]:
    if isinstance(term, NamedNode):
        return (False, term.value, "", "")
    return (True, term.value, term.language or "", term.datatype.value)


def _object(quad: Quad) -> Term:
    term = quad.object
    if isinstance(term, NamedNode | Literal):
        return term
    return Literal(str(term))


def _subject(quad: Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)
