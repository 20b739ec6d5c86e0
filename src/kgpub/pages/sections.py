"""What is told of an entity, by the sections of its page.

Of an entity that much refers to, a page looks at a part, puts that in order, and shows the first
of it: how long a page takes does not depend on how much there is. What is shown in part has a query
for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kgpub.pages import asking
from kgpub.pages.bounds import shares
from kgpub.pages.quotes import Quote, in_order, quote
from kgpub.pages.told import Told, told
from kgpub.pages.view import View
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import FACT_TYPES

MAX_SHOWN = 50
"""Facts, events and statements that one page shows."""
MAX_QUOTES = 100
"""Statements that it shows behind those facts and events, about."""
MAX_READ = 150
"""Of what has an entity as one property, as much is read, with no more than its classes."""
MAX_EXAMINED = 200
"""Of all that, as much is looked at closer and put in order."""

_FACTS = tuple(KG + name for name in FACT_TYPES)
_STATEMENTS = frozenset((kg.Statement, kg.Quotation))
_TOLD_OF = (kg.about, kg.topic)
_CIRCUMSTANCES = (
    kg.reason,
    kg.purpose,
    kg.means,
    kg.after,
    kg.before,
    kg.until,
    kg.during,
    kg.despite,
)
_EVENTS = (kg.office, kg.organisation, *_TOLD_OF, kg.place, kg.origin, kg.destination, kg.via)
"""What joins an event with entities, besides taking part in it."""
_SAID_OF = (*_TOLD_OF, kg.addressee)
_QUOTES_EACH = (2, 10)
"""Statements behind one fact: as many at least, as many at the most."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A section: facts or events of `types` that have the entity as one of `predicates`."""

    key: str
    types: frozenset[str]
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What could stand in a section, in its order.

    `key` names the heading of the section; `query` asks for all of it. `left` were found and not
    looked at; unless all has been `read` there may be even more.
    """

    key: str
    iris: Sequence[str]
    left: int
    read: bool
    query: str

    @property
    def whole(self) -> bool:
        """Whether there are no more."""
        return self.read and not self.left

    def beyond(self, shown: int) -> int:
        """Return how many there are besides the first, at the least."""
        return max(len(self.iris) - shown + self.left, 0 if self.read else 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page; `more` are not shown, at the least; for the rest see Candidates."""

    key: str
    told: list[Told]
    more: int
    read: bool
    whole: bool
    query: str


@dataclass(frozen=True, slots=True)
class Sayings:
    """Statements of a page, as in Section."""

    key: str
    quotes: list[Quote]
    more: int
    read: bool
    query: str


@dataclass(frozen=True, slots=True)
class Referring:
    """What has an entity as a property, by the property: IRIs with their classes."""

    having: Mapping[str, Mapping[str, frozenset[str]]]

    def of(self, predicates: Iterable[str], classes: frozenset[str]) -> list[str]:
        """Return what has one of some classes, and the entity as one of some properties."""
        return [
            iri
            for predicate in predicates
            for iri, found in self.having[predicate].items()
            if classes & found
        ]

    def read(self, *predicates: str) -> bool:
        """Tell whether all is here that has the entity as one of some properties."""
        return all(len(self.having[each]) < MAX_READ for each in predicates)


def _kind(key: str, type_: str, *predicates: str) -> Kind:
    return Kind(key, frozenset((type_,)), predicates)


KINDS: Sequence[Kind] = (
    _kind("offices-held", kg.Tenure, kg.person),
    _kind("holders", kg.Tenure, kg.office),
    _kind("memberships", kg.Membership, kg.person),
    _kind("members", kg.Membership, kg.organisation),
    _kind("occupations", kg.Occupation, kg.person),
    _kind("workers", kg.Occupation, kg.organisation),
    _kind("residences", kg.Residence, kg.resident),
    _kind("residents", kg.Residence, kg.place),
    _kind("relationships", kg.Relationship, kg.between, kg.subject, kg.object, *_TOLD_OF),
    _kind("stances", kg.Stance, kg.holder),
    _kind("stances-towards", kg.Stance, kg.target, *_TOLD_OF),
    _kind("characterisations", kg.Characterisation, kg.subject, *_TOLD_OF),
    _kind("holdings", kg.Holding, kg.holder, *_TOLD_OF),
    Kind("told-of", frozenset((kg.Tenure, kg.Membership, kg.Residence, kg.Occupation)), _TOLD_OF),
    Kind("circumstances", frozenset((kg.Event, *_FACTS)), _CIRCUMSTANCES),
)
"""In the order of the page. Events and statements follow."""

_PROPERTIES = tuple(
    dict.fromkeys(
        (
            *(predicate for kind in KINDS for predicate in kind.predicates),
            *_EVENTS,
            kg.participant,
            kg.saidBy,
            *_SAID_OF,
        )
    )
)


def candidates(view: View, entity: str) -> tuple[list[Candidates], list[Candidates]]:
    """Return what could stand in the sections of facts and events, and in those of statements.

    Each has its share of MAX_EXAMINED; there are none of sections that would be empty.
    """
    found = Referring({each: view.reading.typed(each, entity, MAX_READ) for each in _PROPERTIES})
    facts = [each for each in _facts(view, entity, found) if each.iris]
    said = [each for each in _sayings(entity, found) if each.iris]
    given = shares([len(each.iris) for each in (*facts, *said)], MAX_EXAMINED)
    of_facts, of_said = given[: len(facts)], given[len(facts) :]
    ordered = [
        _first(each, most, _in_time(view, each.iris[:most]))
        for each, most in zip(facts, of_facts, strict=True)
    ]
    with_words = [
        _first(each, most, _with_words(view, each.iris[:most]))
        for each, most in zip(said, of_said, strict=True)
    ]
    return ordered, [each for each in with_words if each.iris]


def _first(found: Candidates, most: int, ordered: Sequence[str]) -> Candidates:
    return replace(found, iris=ordered, left=len(found.iris) - most)


def _facts(view: View, entity: str, found: Referring) -> Iterator[Candidates]:
    for kind in KINDS:
        query = asking.facts(kind.types, asking.any_of(kind.predicates), entity)
        iris = found.of(kind.predicates, kind.types)
        yield Candidates(kind.key, _unique(iris), 0, found.read(*kind.predicates), query)
    # The events in which it takes part, that concern it, or happened there.
    iris = [
        event
        for participation in found.having[kg.participant]
        for event in view.reading.subjects(kg.participation, participation, MAX_READ)
    ]
    iris += found.of(_EVENTS, frozenset((kg.Event,)))
    path = f"(kg:participation/kg:participant)|{asking.any_of(_EVENTS)}"
    query = asking.facts((kg.Event,), path, entity)
    yield Candidates("events", _unique(iris), 0, found.read(kg.participant, *_EVENTS), query)


def _sayings(entity: str, found: Referring) -> Iterator[Candidates]:
    """Yield what an entity says, and what is said about or to it."""
    for key, predicates in (("said-by", (kg.saidBy,)), ("said-of", _SAID_OF)):
        iris = _unique(found.of(predicates, _STATEMENTS))
        query = asking.statements(asking.any_of(predicates), entity)
        yield Candidates(key, iris, 0, found.read(*predicates), query)


def _unique(iris: Iterable[str]) -> list[str]:
    return sorted(set(iris))


def shown_facts(
    view: View, found: Sequence[Candidates], shown: Sequence[int], of: str
) -> list[Section]:
    """Return sections with as many of the candidates of each as `shown` says."""
    least, most = _QUOTES_EACH
    quotes = max(least, min(most, MAX_QUOTES // max(1, sum(shown))))
    return [
        Section(
            each.key,
            [told(view, iri, of, quotes) for iri in each.iris[:number]],
            each.beyond(number),
            each.read,
            each.whole,
            each.query,
        )
        for each, number in zip(found, shown, strict=True)
    ]


def shown_sayings(view: View, found: Sequence[Candidates], shown: Sequence[int]) -> list[Sayings]:
    """Return sections with as many of the candidates of each as `shown` says."""
    return [
        Sayings(
            each.key,
            [said for said in (quote(view, iri) for iri in each.iris[:number]) if said],
            each.beyond(number),
            each.read,
            each.query,
        )
        for each, number in zip(found, shown, strict=True)
    ]


def _in_time(view: View, iris: Iterable[str]) -> list[str]:
    """Return facts or events by the first day that they can cover, unknown ones last.

    Those that begin on the same day are in the order of the last day that they can cover.
    """

    def place(iri: str) -> tuple[str, str, str]:
        # ISO 8601 days of four-digit years are in the order of their characters; "~" is behind.
        first, last = view.value(iri, kg.earliest), view.value(iri, kg.latest)
        return (first or last or "~", last or "~", iri)

    return sorted(iris, key=place)


def _with_words(view: View, statements: Iterable[str]) -> list[str]:
    return in_order(view, [each for each in statements if view.value(each, kg.words)])
