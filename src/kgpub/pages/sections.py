"""What is told of an entity, by the sections of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgpub.pages.quotes import Quote, in_order, quote
from kgpub.pages.reading import types
from kgpub.pages.told import Told, told
from kgpub.pages.view import View
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import FACT_TYPES

MAX_SHOWN = 100
"""Facts, events or statements of one section that are shown."""
MAX_EXAMINED = 1_000
"""Of what has an entity as one property, that many are looked at and put in order."""

_FACTS = tuple(KG + name for name in FACT_TYPES)
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
_EVENT_PLACES = (kg.place, kg.origin, kg.destination, kg.via)


@dataclass(frozen=True, slots=True)
class Kind:
    """A section: facts or events of `types` that have the entity as one of `predicates`."""

    key: str
    types: frozenset[str]
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page. `key` names its heading; `more` are not shown, at the least."""

    key: str
    told: list[Told]
    more: int


@dataclass(frozen=True, slots=True)
class Sayings:
    """Statements of a page. `key` names their heading; `more` are not shown, at the least."""

    key: str
    quotes: list[Quote]
    more: int


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


def sections(view: View, entity: str) -> list[Section]:
    """Return the sections of facts on an entity that are not empty."""
    found = []
    by_predicate: dict[str, list[tuple[str, list[str]]]] = {}
    for kind in KINDS:
        facts: list[str] = []
        for predicate in kind.predicates:
            if predicate not in by_predicate:
                subjects = _having(view, predicate, entity)
                by_predicate[predicate] = [(each, types(view.reading, each)) for each in subjects]
            facts += [
                each for each, classes in by_predicate[predicate] if kind.types & set(classes)
            ]
        if facts:
            found.append(section(view, kind.key, facts, entity))
    return found


def events(view: View, entity: str) -> Section | None:
    """Return the events in which an entity takes part, that concern it, or happened there."""
    found = [
        event
        for participation in _having(view, kg.participant, entity)
        for event in view.reading.subjects(kg.participation, participation)
    ]
    for predicate in (kg.office, kg.organisation, *_TOLD_OF, *_EVENT_PLACES):
        subjects = _having(view, predicate, entity)
        found += [each for each in subjects if kg.Event in types(view.reading, each)]
    return section(view, "events", found, entity) if found else None


def said_by(view: View, entity: str) -> Sayings | None:
    """Return what an entity says."""
    return _sayings(view, "said-by", _having(view, kg.saidBy, entity))


def said_of(view: View, entity: str) -> Sayings | None:
    """Return what is said about an entity, or to it."""
    found = [
        each
        for predicate in (*_TOLD_OF, kg.addressee)
        for each in _having(view, predicate, entity)
        if {kg.Statement, kg.Quotation} & set(types(view.reading, each))
    ]
    return _sayings(view, "said-of", found)


def section(view: View, key: str, iris: Sequence[str], of: str) -> Section:
    """Return facts or events as a section, by the first day that they can cover, unknown ones last.

    Those that begin on the same day are in the order of the last day that they can cover.
    """
    unique = sorted(set(iris), key=lambda each: _in_time(view, each))
    shown = [told(view, each, of) for each in unique[:MAX_SHOWN]]
    return Section(key, shown, len(unique) - len(shown))


def _having(view: View, predicate: str, entity: str) -> list[str]:
    return view.reading.subjects(predicate, entity)[:MAX_EXAMINED]


def _in_time(view: View, iri: str) -> tuple[str, str, str]:
    # ISO 8601 days of four-digit years are in the order of their characters; "~" is behind them.
    first, last = view.value(iri, kg.earliest), view.value(iri, kg.latest)
    return (first or last or "~", last or "~", iri)


def _sayings(view: View, key: str, statements: Sequence[str]) -> Sayings | None:
    unique = in_order(view, list(dict.fromkeys(statements)))
    shown = [each for each in (quote(view, one) for one in unique[:MAX_SHOWN]) if each]
    more = max(0, len(unique) - MAX_SHOWN)
    return Sayings(key, shown, more) if shown else None
