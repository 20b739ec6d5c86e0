"""The order in which a person reads: of subjects, and of what is said about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, Triple

from kgpub.serialisation.description import RDF_TYPE, Description, Descriptions, Object
from kgpub.vocabulary import KG, OA, OWL, RDFS, SKOS

_DIGITS = re.compile(r"([0-9]+)")
_MAX_KEPT = 4


def natural(text: str) -> tuple[str, str]:
    """Return a key that sorts runs of ASCII digits by their number: `char=9` before `char=10`.

    The number is never computed, so that a run of any length costs its length.
    """
    parts = _DIGITS.split(text)
    parts[1::2] = map(_BY_LENGTH.__getitem__, parts[1::2])
    return "".join(parts), text


class _ByLength(dict[str, str]):
    """Runs of digits behind their length; short ones are kept, of which there are 11,110."""

    def __missing__(self, run: str) -> str:
        digits = run.lstrip("0")
        key = f"{len(digits):09}{digits}"
        if len(run) <= _MAX_KEPT:
            self[run] = key
        return key


_BY_LENGTH = _ByLength()


@dataclass(frozen=True)
class Order:
    """How to order subjects and predicates; all members are IRIs.

    Subjects stand by the first of their classes in `classes`, those of other classes after them;
    within a class by the value of the first predicate of `sorted_by` that they have, then by IRI.
    What a subject refers to by a predicate of `followed` and that has no place in `classes` stands
    right after it, the first time. Predicates stand as in `predicates`, others after them by IRI.
    Among the types of one subject, `types` follow `classes` without giving the subject a place.
    """

    classes: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    sorted_by: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    _class_ranks: dict[str, int] = field(init=False, repr=False, compare=False)
    _type_ranks: dict[str, int] = field(init=False, repr=False, compare=False)
    _predicate_ranks: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_class_ranks", _ranks(self.classes))
        object.__setattr__(self, "_type_ranks", _ranks((*self.classes, *self.types)))
        object.__setattr__(self, "_predicate_ranks", _ranks((RDF_TYPE, *self.predicates)))

    def predicate_key(self, iri: str) -> tuple[int, str]:
        """Return the key that sorts a predicate; rdf:type comes first."""
        return self._predicate_ranks.get(iri, len(self._predicate_ranks)), iri

    def type_rank(self, term: str) -> int:
        """Return the rank of a class, as N-Quads writes it, among the types of a subject."""
        return self._type_ranks.get(term[1:-1], len(self._type_ranks))

    def objects(
        self, predicate: str, objects: set[Object], positions: Mapping[str, int]
    ) -> list[Object]:
        """Return the objects in order: IRIs, literals by language, datatype and value, triples.

        IRIs that are subjects come first, as they stand at `positions` in the document, so that a
        list of statements reads like the statements; classes, the objects of rdf:type, as in
        `classes` and `types`. Others by IRI.
        """
        if len(objects) == 1:
            return list(objects)
        places = self._type_ranks if predicate == RDF_TYPE else positions
        last = len(places)
        iris = [each for each in objects if isinstance(each, str)]
        literals = [each for each in objects if isinstance(each, Literal)]
        triples = [each for each in objects if isinstance(each, Triple)]
        return [
            *sorted(iris, key=lambda iri: (places.get(iri, last), natural(iri))),
            *sorted(literals, key=literal_key),
            *sorted(triples, key=str),
        ]

    def positions(self, descriptions: Descriptions) -> dict[str, int]:
        """Return the subjects in order, each with its position; however deep they refer."""
        ranks = {subject: self._rank(about) for subject, about in descriptions.items()}
        followers = {
            subject: self._followers(subject, about, ranks)
            for subject, about in descriptions.items()
        }
        following = {follower for each in followers.values() for follower in each}
        keys = {
            subject: (ranks[subject], self._place(about), natural(subject))
            for subject, about in descriptions.items()
        }
        first = sorted(descriptions.keys() - following, key=keys.__getitem__)
        # Followers that refer to each other in a circle are reached from no first subject.
        circles = sorted(following, key=keys.__getitem__)
        return _ranks(_depth_first([*first, *circles], followers))

    def _rank(self, about: Description) -> int:
        unlisted = len(self.classes)
        types = about.get(RDF_TYPE, ())
        return min(
            (self._class_ranks.get(each, unlisted) for each in types if isinstance(each, str)),
            default=unlisted,
        )

    def _place(self, about: Description) -> tuple[str, str]:
        for predicate in self.sorted_by:
            if iris := [each for each in about.get(predicate, ()) if isinstance(each, str)]:
                return min(map(natural, iris))
        return "", ""

    def _followers(self, subject: str, about: Description, ranks: dict[str, int]) -> list[str]:
        unlisted = len(self.classes)
        return [
            iri
            for predicate in self.followed
            if predicate in about
            for iri in sorted((o for o in about[predicate] if isinstance(o, str)), key=natural)
            if iri != subject and ranks.get(iri) == unlisted
        ]


def literal_key(literal: Literal) -> tuple[str, str, str, str]:
    """Return the key that sorts a literal: language, datatype, value, direction."""
    direction = str(literal.direction or "")
    return literal.language or "", literal.datatype.value, literal.value, direction


def _ranks(iris: Iterable[str]) -> dict[str, int]:
    return {iri: rank for rank, iri in enumerate(dict.fromkeys(iris))}


def _depth_first(first: list[str], followers: dict[str, list[str]]) -> list[str]:
    seen: dict[str, None] = {}
    stack = first[::-1]
    while stack:
        subject = stack.pop()
        if subject not in seen:
            seen[subject] = None
            stack.extend(reversed(followers[subject]))
    return list(seen)


def _terms(namespace: str, names: str) -> tuple[str, ...]:
    return tuple(namespace + name for name in names.split())


READING_ORDER = Order(
    classes=_terms(
        KG,
        "Submission Article Person Organisation Office Place Group Topic Statement Quotation Link",
    ),
    predicates=(
        RDFS + "label",
        SKOS + "prefLabel",
        SKOS + "altLabel",
        # What the subject is called or says,
        *_terms(KG, "title name alternativeName spelling words attributionWords"),
        # what it is and about whom,
        *_terms(KG, "kind negated saidBy medium addressee about topic"),
        *_terms(KG, "person holder resident between subject object target office organisation"),
        *_terms(KG, "organisationKind role participant place origin destination via jurisdiction"),
        *_terms(KG, "singleHolder description content quantity ordinal manner"),
        # when and why,
        *_terms(KG, "time dayOfWeek start end current countedSince"),
        *_terms(KG, "earliest latest certainFrom certainUntil"),
        *_terms(KG, "before after during until reason purpose means despite"),
        # how it is known,
        *_terms(KG, "language publisher published source linkedEntity linkedItem method score"),
        *_terms(KG, "wikidata evidence lookedUpIn decided contradictory incompatible"),
        *_terms(KG, "retracts retractedFrom retractedOn retractionReason retractedBy"),
        OWL + "sameAs",
        *_terms(KG, "article contributor submitted acceptance acceptedBy acceptedOn"),
        *_terms(KG, "acceptanceRemark shapesChecksum submittedBy editedBy file checksum"),
        *_terms(OA, "exact prefix suffix start end"),
        # and last what is long, or leads on to what follows.
        *_terms(KG, "describes records passage attributionPassage asserts participation text"),
    ),
    followed=_terms(KG, "passage attributionPassage asserts participation acceptance"),
    sorted_by=_terms(KG, "passage linkedEntity"),
    types=_terms(KG, "Passage"),
)
"""kgpub's order: what was submitted, who and what there is, what is said with all that hangs on it.

Statements and quotations stand in the order of their words in the article, each followed by its
passages, then by the facts and events that it is the first to assert.
"""
