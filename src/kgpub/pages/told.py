"""Facts and events as pages show them: what is told, when, of whom, and by which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import NamedNode

from kgpub.pages import asking
from kgpub.pages.quotes import Quote, quotes
from kgpub.pages.reading import TYPE, Term, types
from kgpub.pages.rendering import Reference, Text
from kgpub.pages.view import View, text
from kgpub.pages.when import when
from kgpub.vocabulary import EDTF
from kgpub.vocabulary import terms as kg

Value = Reference | Text | Markup

MAX_VALUES = 50
"""Values of one property that are shown on a thing's own page."""
MAX_QUOTES = 50
"""Statements that are shown behind a fact on its own page."""
_MAX_PARTIES, _MAX_CONTRADICTIONS = 10, 10
"""Of a fact, on the pages of others; contradictions also on its own."""

_TIMES = (kg.time, kg.start, kg.end)
_SIDES = ((kg.subject, kg.object), (kg.holder, kg.target))
"""Of facts that have two sides, where each stands."""
_PARTIES = (
    kg.person,
    kg.resident,
    kg.holder,
    kg.subject,
    kg.between,
    kg.office,
    kg.organisation,
    kg.organisationKind,
    kg.place,
    kg.object,
    kg.target,
)
_UNSHOWN = {
    TYPE,
    kg.kind,
    kg.negated,
    kg.current,
    kg.participation,
    kg.earliest,
    kg.latest,
    kg.certainFrom,
    kg.certainUntil,
    *_TIMES,
}
"""What has a place of its own, or is computed from what is shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values; `more` are those that are not shown, at the least.

    `all` leads to a query for all values where there are more.
    """

    label: Text
    values: Sequence[Value]
    more: int = 0
    all: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact or event. `left` and `right` are those of whom its kind is said, or to whom.

    `href` leads to its own page. `times` are labels with the times they tell. `bounds` are the
    first and the last day it can cover, None where unknown, as ISO 8601. `all_quotes` leads to a
    query for all statements behind it, "" on the pages of others: its own has more.
    """

    iri: str
    href: str | None
    kind: Text
    left: list[Reference]
    right: list[Reference]
    negated: bool
    current: bool
    times: list[tuple[str, Markup]]
    rows: list[Row]
    quotes: list[Quote]
    more_quotes: int
    all_quotes: str
    contradictions: list[Reference]
    bounds: tuple[str | None, str | None]


def told(view: View, iri: str, of: str = "", most_quotes: int = MAX_QUOTES) -> Told:
    """Return a fact or event as it is shown on the page of what it tells `of`, or on its own.

    On another's page the parties of a fact stand in its heading, without whose page it is.
    """
    event = kg.Event in types(view.reading, iri)
    left, right = ([], _others(view, iri, of)) if event else _sides(view, iri, of)
    shown, more = quotes(view, iri, most_quotes)
    skipped = set() if event or not of else set(_PARTIES)
    most = _MAX_PARTIES if of else MAX_VALUES
    contradictions = view.reading.subjects(kg.incompatible, iri, _MAX_CONTRADICTIONS)
    return Told(
        iri=iri,
        href=view.frame.page_of(iri),
        kind=view.kind(iri),
        left=left,
        right=right,
        negated=view.holds(iri, kg.negated),
        current=view.holds(iri, kg.current),
        times=times(view, iri),
        rows=[*_roles(view, iri, most), *rows(view, iri, _UNSHOWN | skipped, most)],
        quotes=shown,
        more_quotes=more,
        all_quotes="" if of else asking.link(view.frame, asking.statements("kg:asserts", iri)),
        contradictions=view.references(contradictions),
        bounds=(view.value(iri, kg.earliest), view.value(iri, kg.latest)),
    )


def times(view: View, iri: str) -> list[tuple[str, Markup]]:
    """Return the times that are told of a fact or event, each with the key of its label."""
    return [
        (predicate.rpartition("#")[2], when(view.frame, each.value))
        for predicate in _TIMES
        for each in view.reading.objects(iri, predicate)
    ]


def rows(view: View, iri: str, without: Iterable[str] = (), most: int = MAX_VALUES) -> list[Row]:
    """Return the properties of a thing with their first values, but for some.

    Of a property that is told in several languages, readers get what they understand.
    """
    found: dict[str, list[Term]] = {}
    for predicate, term in view.reading.described(iri):
        if predicate not in without:
            found.setdefault(predicate, []).append(term)
    return [
        row(
            view,
            predicate,
            values(view, terms[:most]),
            len(terms) - most,
            asking.values(iri, asking.term(predicate)),
        )
        for predicate, terms in found.items()
    ]


def row(view: View, iri: str, shown: Sequence[Value], more: int, query: str) -> Row:
    """Return the row of a property or role. `more` values are asked for by `query`, if any."""
    if more <= 0:
        return Row(view.called(iri), shown)
    return Row(view.called(iri), shown, more, asking.link(view.frame, query))


def values(view: View, terms: list[Term]) -> list[Value]:
    """Return objects as pages show them."""
    shown: list[Value] = []
    texts = []
    for term in terms:
        if isinstance(term, NamedNode):
            shown.append(view.reference(term.value))
        elif term.language:
            texts.append(text(term))
        elif term.datatype.value.startswith(EDTF):
            shown.append(when(view.frame, term.value))
        elif term.value in ("true", "false") and term.datatype.value.endswith("boolean"):
            shown.append(view.frame.say(term.value))
        else:
            shown.append(Text(term.value))
    own = [each for each in texts if each.language == view.frame.language]
    return [*shown, *(own or texts)]


def _sides(view: View, iri: str, of: str) -> tuple[list[Reference], list[Reference]]:
    for one, other in _SIDES:
        here, there = view.iris(iri, one), view.iris(iri, other)
        if here and there:
            left = [] if here == [of] else view.references(here[:_MAX_PARTIES])
            return left, view.references(there[:_MAX_PARTIES])
    parties = [each for predicate in _PARTIES for each in view.iris(iri, predicate)]
    others = [each for each in parties if each != of]
    return [], view.references(others[:_MAX_PARTIES])


def _others(view: View, event: str, of: str) -> list[Reference]:
    """Return who else took part in an event, on the page of one who did, or whom it concerns."""
    if not of:
        return []
    participations = view.iris(event, kg.participation)[: _MAX_PARTIES + 1]
    those = {who for each in participations for who in view.iris(each, kg.participant)}
    return view.references(sorted(those - {of})[:_MAX_PARTIES])


def _roles(view: View, event: str, most: int) -> list[Row]:
    """Return who took part in an event, by role: `most` parts are looked at."""
    by_role: dict[str, set[str]] = {}
    participations = view.iris(event, kg.participation)
    for participation in participations[:most]:
        for role in view.iris(participation, kg.role) or [kg.participant]:
            by_role.setdefault(role, set()).update(view.iris(participation, kg.participant))
    more = len(participations) - most
    return [
        row(
            view,
            role,
            view.references(sorted(those)[:most]),
            max(more, len(those) - most),
            asking.participants(event, role),
        )
        for role, those in sorted(by_role.items())
    ]
