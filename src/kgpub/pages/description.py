"""What a server of linked data tells of one thing, as triples.

That is a concise bounded description (W3C member submission CBD) in both directions, for a model
in which facts are things of their own: what is said of the thing; the facts, events, statements
and links that refer to it, whole; the statements that assert those, with their passages; and of
all else that is mentioned, the classes and what it is called.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.pages.reading import MAX_READ, TYPE, Reading, Term, iris, types
from kgpub.vocabulary import KG, OA, RDFS, SKOS, XSD
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ASSERTED_TYPES, STATEMENT_TYPES

MAX_TRIPLES = 5_000
"""Of one description. A country or a newspaper is referred to by more."""
MAX_REFERRING = 200
"""Of what refers to the thing by one property; so there is room for what does by others."""

_ASSERTED = frozenset(KG + name for name in ASSERTED_TYPES)
_STATEMENTS = frozenset(KG + name for name in STATEMENT_TYPES)
_RECORDS = (kg.Link, kg.Contradiction, kg.Retraction, kg.Acceptance)
_TELLING = frozenset((*_ASSERTED, *_STATEMENTS, *_RECORDS, kg.Participation, kg.Passage))
"""What is told whole; of all else, what it is called."""
_OFFSETS = (OA + "start", OA + "end")
_OFFSET = NamedNode(XSD + "nonNegativeInteger")
"""Of the offsets of passages, by the context."""
_PASSAGES = (kg.passage, kg.attributionPassage)
_CALLED = (TYPE, kg.name, kg.title, SKOS + "prefLabel", RDFS + "label")


@dataclass(frozen=True)
class Description:
    """Triples, without repetition; `is_whole` unless some were left off."""

    triples: tuple[Triple, ...]
    is_whole: bool


def description(reading: Reading, iri: str, most: int = MAX_TRIPLES) -> Description:
    """Return what is told of `iri`, in `most` triples; none where nothing is known of it."""
    gathered = _Gathered(most)
    own = reading.described(iri)
    referring = reading.referring(iri)
    shown = [
        (predicate, subject)
        for predicate, pairs in groupby(referring, key=lambda pair: pair[0])
        for _, subject in islice(pairs, MAX_REFERRING)
    ]
    is_whole = len(own) < MAX_READ and len(shown) == len(referring)
    gathered.add(iri, own)
    for predicate, subject in shown:
        gathered.add(subject, [(predicate, NamedNode(iri))])
    told = {iri}
    waiting = deque([*dict.fromkeys(subject for _, subject in shown), *_led_to(reading, iri, iri)])
    while waiting and not gathered.is_full:
        subject = waiting.popleft()
        if subject not in told and _TELLING.intersection(types(reading, subject)):
            told.add(subject)
            gathered.add(subject, reading.described(subject))
            waiting.extend(_led_to(reading, subject, iri))
    for mentioned in sorted(gathered.mentioned - told):
        if gathered.is_full:
            break
        gathered.add(mentioned, called(reading, mentioned))
    return Description(tuple(gathered.triples), is_whole and not gathered.is_full)


def called(reading: Reading, iri: str) -> Iterator[tuple[str, Term]]:
    """Yield the classes of a thing and what it is called, as predicates and objects."""
    for predicate in _CALLED:
        for each in reading.objects(iri, predicate):
            yield predicate, each


def as_published(triple: Triple) -> Triple:
    """Return a triple of the store as the dumps have it.

    Oxigraph keeps every whole number as xsd:integer, of whatever datatype it was.
    """
    if triple.predicate.value not in _OFFSETS or not isinstance(triple.object, Literal):
        return triple
    offset = Literal(triple.object.value, datatype=_OFFSET)
    return Triple(triple.subject, triple.predicate, offset)


@dataclass
class _Gathered:
    most: int
    triples: dict[Triple, None] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    is_full: bool = False

    def add(self, subject: str, pairs: Iterable[tuple[str, Term]]) -> None:
        """Take what is said of `subject`, as long as there is room."""
        node = NamedNode(subject)
        self.mentioned.add(subject)
        for predicate, value in pairs:
            triple = as_published(Triple(node, NamedNode(predicate), value))
            if triple not in self.triples and len(self.triples) == self.most:
                self.is_full = True
                return
            self.triples[triple] = None
            if predicate != TYPE and not isinstance(value, Literal):
                self.mentioned.add(value.value)


def _led_to(reading: Reading, iri: str, about: str) -> list[str]:
    """Return what is told together with `iri`, in the description of `about`."""
    classes = frozenset(types(reading, iri))
    found: list[str] = []
    if classes & _STATEMENTS:
        for predicate in _PASSAGES:
            found += iris(reading.objects(iri, predicate))
        if iri == about:
            found += iris(reading.objects(iri, kg.asserts))
    if classes & _ASSERTED:
        found += reading.subjects(kg.asserts, iri)
        found += iris(reading.objects(iri, kg.participation))
    if kg.Participation in classes:
        found += reading.subjects(kg.participation, iri)
    return found
