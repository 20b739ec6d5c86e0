"""What has changed, in words: who and what, since when, by which words of which article."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kgpub.pages.quotes import in_order
from kgpub.pages.reading import TYPE, Term
from kgpub.pages.rendering import Frame, Site, Text
from kgpub.pages.retracted import Retraction, retraction_of
from kgpub.pages.view import View, shortened
from kgpub.pages.words import words
from kgpub.release.differences.changes import IDENTIFYING, Changed, Section, Sides
from kgpub.release.differences.reading import FileReading
from kgpub.vocabulary import XSD
from kgpub.vocabulary import terms as kg

MAX_VALUES = 10
"""Values of one property that are told of each side; the rest are counted."""
MAX_SOURCES = 5
"""Statements that are told of each side; the rest are counted."""
MAX_TEXT = 1_000
"""Code points of a text that are told."""
GRAPH = "graph"
"""Stands for a property where all that differs is which submission records something."""

_Pair = tuple[str, Term]
_COMPUTED = (kg.earliest, kg.latest, kg.certainFrom, kg.certainUntil)
"""What says in other terms what stands beside it."""
_MAX_NAMED = 20_000
"""Names that a telling keeps before it forgets them and begins anew."""


@dataclass(frozen=True)
class Row:
    """The values of a property, by IRI, that only one side has; `more` were left out of each."""

    property: str
    label: Text
    removed: tuple[Text, ...]
    added: tuple[Text, ...]
    more: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Source:
    """A statement that asserts a fact or event. `what` is `added`, `removed` or `kept`."""

    what: str
    statement: str
    words: Text
    speakers: tuple[Text, ...]
    article: Text
    article_iri: str
    passage: str


@dataclass(frozen=True)
class Told:
    """A change as people read it. `was` is what the thing was called before, where that differs.

    `retraction` says why what was there before is gone, where that was retracted.
    """

    changed: Changed
    title: Text
    was: Text | None
    kind: Text
    rows: tuple[Row, ...]
    sources: tuple[Source, ...]
    more_sources: int = 0
    retraction: Retraction | None = None

    @property
    def kind_beside(self) -> Text:
        """The kind, where the title does not begin with it."""
        return Text("") if self.title.text.startswith(self.kind.text) else self.kind

    @property
    def particulars(self) -> tuple[Row, ...]:
        """The rows but for those that a fact's title tells, where it is in one dataset only."""
        is_titled = self.changed.section is Section.situations and self.changed.what != "changed"
        return tuple(row for row in self.rows if not (is_titled and row.property in IDENTIFYING))


@dataclass
class Telling:
    """Tells changes in one language, with names from both datasets."""

    sides: Sides
    language: str
    _views: tuple[View, View] = field(init=False, repr=False)
    _told: int = 0

    def __post_init__(self) -> None:
        self._views = self._fresh()

    def tell(self, changed: Changed) -> Told:
        """Return a change in words."""
        self._told += 1
        if self._told % _MAX_NAMED == 0:  # views keep each name they have looked up
            self._views = self._fresh()
        before, after = self._views
        old = before.called(changed.before) if changed.before else None
        new = after.called(changed.after) if changed.after else None
        title = new or old
        assert title is not None  # it is in one of the two
        view, iri = (after, changed.after) if changed.after else (before, changed.before)
        kept, sources, more = _sources(changed, before, after)
        return Told(
            changed,
            title,
            old if new and old and old.text != new.text else None,
            _class(view, iri),
            tuple(_rows(changed, kept, before, after)),
            tuple(sources),
            more,
            retraction_of(self.sides.after, changed.before) if changed.before else None,
        )

    def _fresh(self) -> tuple[View, View]:
        # No page: only names are asked for, never where things are.
        frame = Frame(Site("", "", "", ""), self.language, "")
        return View(self.sides.before, frame), View(self.sides.after, frame)


def _class(view: View, iri: str) -> Text:
    classes = view.classes(iri)
    return view.called(classes[0]) if classes else Text("")


def _rows(changed: Changed, kept: Iterable[str], before: View, after: View) -> list[Row]:
    """Return what differs of a thing, and of the statements that assert it on both sides.

    What is the same of several statements, as where who said them has another name, is told once.
    """
    hidden = {*_COMPUTED, *(() if changed.what == "changed" else (TYPE,))}
    old, new = _both(changed, before, after)
    rows = _differing(old, new, before, after, hidden)
    for statement in kept:
        old, new = _around(before, statement), _around(after, statement)
        rows += _differing(old, new, before, after, {kg.asserts})
    if not rows and changed.before == changed.after:
        return list(_graphs(changed.before, before, after))
    return list(dict.fromkeys(rows))


def _both(changed: Changed, before: View, after: View) -> tuple[set[_Pair], set[_Pair]]:
    """Return what is said of a thing on each side; of one with very much, what differs alone."""
    readings = (_reading(before), _reading(after))
    iri = changed.before
    if iri == changed.after and not all(reading.is_whole(iri) for reading in readings):
        return readings[0].only(iri), readings[1].only(iri)
    return _pairs(before, changed.before), _pairs(after, changed.after)


def _differing(
    old: set[_Pair], new: set[_Pair], before: View, after: View, hidden: set[str]
) -> list[Row]:
    gone, come = _by_predicate(old - new), _by_predicate(new - old)
    rows = []
    for predicate in sorted((gone.keys() | come.keys()) - hidden):
        removed, added = gone.get(predicate, []), come.get(predicate, [])
        view = after if added else before
        rows.append(
            Row(
                predicate,
                view.called(predicate),
                _values(before, removed),
                _values(after, added),
                (_more(removed), _more(added)),
            )
        )
    return rows


def _by_predicate(pairs: Iterable[_Pair]) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for predicate, term in pairs:
        found.setdefault(predicate, []).append(term)
    return found


def _pairs(view: View, iri: str) -> set[_Pair]:
    """Return what is said of a thing; parts in an event by their roles."""
    pairs: set[_Pair] = set()
    for predicate, term in view.reading.described(iri) if iri else ():
        if predicate == kg.participation:
            roles = view.iris(term.value, kg.role) or [kg.participant]
            for each in view.reading.objects(term.value, kg.participant):
                pairs.update((role, each) for role in roles)
        else:
            pairs.add((predicate, term))
    return pairs


def _around(view: View, statement: str) -> set[_Pair]:
    """Return what is said of a statement and of its passages."""
    passages = view.iris(statement, kg.passage) + view.iris(statement, kg.attributionPassage)
    return {pair for each in (statement, *passages) for pair in view.reading.described(each)}


def _graphs(iri: str, before: View, after: View) -> Iterable[Row]:
    """Yield in which graphs a thing is that was not and the other way round, where it differs."""
    old, new = ({quad.graph_name for quad in _reading(view).quads(iri)} for view in (before, after))
    if old != new:
        removed = sorted((_graph(before, each) for each in old - new), key=str)
        added = sorted((_graph(after, each) for each in new - old), key=str)
        more = (_more(removed), _more(added))
        yield Row(GRAPH, Text(""), tuple(removed[:MAX_VALUES]), tuple(added[:MAX_VALUES]), more)


def _graph(view: View, name: NamedNode | BlankNode | DefaultGraph) -> Text:
    return view.called(name.value) if isinstance(name, NamedNode) else Text("—")


def _reading(view: View) -> FileReading:
    assert isinstance(view.reading, FileReading)  # see Telling
    return view.reading


def _values(view: View, terms: Iterable[Term]) -> tuple[Text, ...]:
    return tuple(_value(view, term) for term in sorted(terms, key=str)[:MAX_VALUES])


def _more(values: Sized) -> int:
    return max(0, len(values) - MAX_VALUES)


def _value(view: View, term: Term) -> Text:
    if isinstance(term, NamedNode):
        return view.called(term.value)
    if term.datatype.value == XSD + "boolean" and term.value in ("true", "false"):
        return Text(words(view.frame.language)[term.value], view.frame.language)
    return _text(term)


def _text(literal: Literal) -> Text:
    return Text(shortened(literal.value, MAX_TEXT), literal.language or "")


def _sources(changed: Changed, before: View, after: View) -> tuple[list[str], list[Source], int]:
    """Return the statements behind a fact or event on both sides, sources to tell, how many more.

    Those that only one side has come first.
    """
    if changed.section is not Section.situations:
        return [], [], 0
    old = set(before.reading.subjects(kg.asserts, changed.before)) if changed.before else set()
    new = set(after.reading.subjects(kg.asserts, changed.after)) if changed.after else set()
    told: list[Source] = []
    more = 0
    kept = sorted(old & new)
    for what, view, statements in (
        ("removed", before, sorted(old - new)),
        ("added", after, sorted(new - old)),
        ("kept", after, kept),
    ):
        found = in_order(view, statements[: MAX_SOURCES * 4])[:MAX_SOURCES]
        told += [_source(what, view, each) for each in found]
        more += len(statements) - len(found)
    return kept, told, more


def _source(what: str, view: View, statement: str) -> Source:
    said = view.texts(statement, kg.words)
    articles = view.iris(statement, kg.article)
    passages = view.iris(statement, kg.passage)
    speakers = view.iris(statement, kg.saidBy)[:MAX_VALUES]
    return Source(
        what,
        statement,
        Text(shortened(said[0].text, MAX_TEXT), said[0].language) if said else Text(""),
        tuple(view.called(each) for each in speakers),
        view.called(articles[0]) if articles else Text(""),
        articles[0] if articles else "",
        passages[0] if passages else "",
    )
