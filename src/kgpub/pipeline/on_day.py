"""The dataset as it was on a day: what was submitted by then, and was not retracted yet.

What has no day is there on all of them: submissions without a date, the ontology, the catalogue,
and graphs that updates wrote. Of an article there is what is known of it today, once a submission
tells of it; of links, those that were decided by then, of entities that were described.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.mapping.emission import LINKS_GRAPH
from kgpub.mapping.links import FOUND_GRAPH, REVIEWED_GRAPH
from kgpub.mapping.retractions import HISTORY_GRAPH, IS_VERSION_OF, RETRACTIONS_GRAPH
from kgpub.pipeline.comparison.marking import CONTRADICTIONS_GRAPH, mark
from kgpub.store.union import with_union
from kgpub.vocabulary import OWL
from kgpub.vocabulary import terms as kg

_SUBMISSION, _ARTICLE = "submission/", "article/"
_SUBMITTED, _RETRACTED_ON = NamedNode(kg.submitted), NamedNode(kg.retractedOn)
_DECIDED, _SAME_AS = NamedNode(kg.decided), NamedNode(OWL + "sameAs")
_ENTITY, _ITEM = NamedNode(kg.linkedEntity), NamedNode(kg.linkedItem)
_NO_DAY = ""
_BATCH = 50_000
"""Quads that are put into a store at a time."""


def is_as_today(store: Store, history: Sequence[Quad], day: date) -> bool:
    """Whether the dataset on `day` is the one of today: nothing in it has changed since."""
    of_store = (
        quad
        for predicate in (_SUBMITTED, _RETRACTED_ON, _DECIDED)
        for quad in store.quads_for_pattern(None, predicate, None)
    )
    days = (quad for quad in history if quad.predicate in (_SUBMITTED, _RETRACTED_ON))
    return not any(_day(quad) > day.isoformat() for some in (of_store, days) for quad in some)


def store_on(day: date, store: Store, history: Sequence[Quad], base: str) -> Store:
    """Return a store, in memory, of the dataset on `day`; see `quads_on`."""
    made = Store()
    quads = iter(with_union(quads_on(day, store, history, base)))
    while some := list(islice(quads, _BATCH)):
        made.extend(some)  # to load in bulk takes 200 MB, however few there are
    return made


def quads_on(day: date, store: Store, history: Sequence[Quad], base: str) -> Iterator[Quad]:
    """Yield the quads of the dataset on `day`, in no order.

    `store` holds those of today, in named graphs and their union; `history` is what they do not say
    any more, and `base` is where the workspace's data begin. Contradictions are those of the day.
    """
    past = _Past.of(history)
    present = _Present(day, store, past, base)
    told: list[Quad] = []
    links: list[Quad] = []
    for quad in (*_named(store), *past.quads_on(day)):
        if present.has(quad):
            (links if present.is_link(quad) else told).append(quad)
    described = {quad.subject for quad in told}
    kept = dict.fromkeys([*told, *_links_of(described, links, day)])
    yield from kept
    yield from mark(kept, base).quads


def _named(store: Store) -> Iterator[Quad]:
    """Yield the quads of the named graphs."""
    union = DefaultGraph()
    return (quad for quad in store if quad.graph_name != union)


@dataclass(frozen=True)
class _Past:
    """A history: its quads by graph, and by graph which one of the dataset had them, from when.

    Days are as in ISO 8601, "" where none is told.
    """

    quads: Mapping[NamedNode, Sequence[Quad]]
    sources: Mapping[NamedNode, NamedNode]
    submitted: Mapping[NamedNode, str]
    retracted: Mapping[NamedNode, str]

    @classmethod
    def of(cls, history: Iterable[Quad]) -> _Past:
        quads: dict[NamedNode, list[Quad]] = {}
        sources: dict[NamedNode, NamedNode] = {}
        days: dict[NamedNode, dict[NamedNode, str]] = {_SUBMITTED: {}, _RETRACTED_ON: {}}
        for quad in history:
            graph, subject = quad.graph_name, quad.subject
            assert isinstance(graph, NamedNode)  # all that a build writes is in named graphs
            if not graph.value.endswith(f"/{HISTORY_GRAPH}"):
                quads.setdefault(graph, []).append(quad)
            elif isinstance(subject, NamedNode) and quad.predicate in days:
                days[quad.predicate][subject] = _day(quad)
            elif isinstance(subject, NamedNode) and isinstance(quad.object, NamedNode):
                assert quad.predicate == IS_VERSION_OF
                sources[subject] = quad.object
        return cls(quads, sources, days[_SUBMITTED], days[_RETRACTED_ON])

    def begun(self, day: date) -> set[NamedNode]:
        """Return the graphs of the dataset that had any of it on `day` or before."""
        return {
            source
            for graph, source in self.sources.items()
            if self.submitted.get(graph, _NO_DAY) <= day.isoformat()
        }

    def quads_on(self, day: date) -> Iterator[Quad]:
        """Yield what was said on `day`, in the graphs of the dataset that had it."""
        for graph, quads in self.quads.items():
            since = self.submitted.get(graph, _NO_DAY)
            if since <= day.isoformat() < self.retracted[graph]:
                source = self.sources[graph]
                yield from (Quad(q.subject, q.predicate, q.object, source) for q in quads)


class _Present:
    """Which quads were in the dataset on a day, as far as their graphs tell."""

    def __init__(self, day: date, store: Store, past: _Past, base: str) -> None:
        self._links = {
            NamedNode(base + name) for name in (LINKS_GRAPH, FOUND_GRAPH, REVIEWED_GRAPH)
        }
        self._retractions = NamedNode(base + RETRACTIONS_GRAPH)
        self._absent = {NamedNode(base + CONTRADICTIONS_GRAPH)}
        retracted = store.quads_for_pattern(None, _RETRACTED_ON, None, self._retractions)
        self._later = {quad.subject for quad in retracted if _day(quad) > day.isoformat()}
        self._absent |= {
            quad.subject  # a submission, whose graph has its IRI
            for quad in store.quads_for_pattern(None, _SUBMITTED, None, None)
            if isinstance(quad.subject, NamedNode) and _day(quad) > day.isoformat()
        }
        known = {graph for graph in store.named_graphs() if isinstance(graph, NamedNode)}
        there = known - self._absent
        # What has been told of an article stays, also where all that told of it is retracted.
        there |= past.begun(day)
        told = _articles(known | set(past.sources.values()), base)
        self._absent |= told - _articles(there, base)

    def is_link(self, quad: Quad) -> bool:
        """Whether a quad is in a graph of links."""
        return quad.graph_name in self._links

    def has(self, quad: Quad) -> bool:
        """Whether the graph of a quad was there, and it is no record of a later retraction."""
        if quad.graph_name == self._retractions:
            return quad.subject not in self._later
        return quad.graph_name not in self._absent


def _articles(graphs: Iterable[NamedNode], base: str) -> set[NamedNode]:
    """Return the articles that the submissions with these graphs are about."""
    start = base + _SUBMISSION
    slugs = (graph.value.removeprefix(start) for graph in graphs if graph.value.startswith(start))
    return {NamedNode(base + _ARTICLE + slug.partition("/")[0]) for slug in slugs}


def _links_of(described: Container[object], quads: Iterable[Quad], day: date) -> Iterator[Quad]:
    """Yield those of the quads of links that are of described entities, and decided by `day`."""
    by_link: dict[tuple[object, object], dict[NamedNode, Quad]] = {}
    quads = list(quads)
    for quad in quads:
        if quad.predicate in (_ENTITY, _ITEM, _DECIDED):
            by_link.setdefault((quad.graph_name, quad.subject), {})[quad.predicate] = quad
    kept: set[tuple[object, object]] = set()
    pairs: set[tuple[object, object, object]] = set()
    for (graph, link), about in by_link.items():
        entity = about[_ENTITY].object if _ENTITY in about else None
        decided = _day(about[_DECIDED]) if _DECIDED in about else _NO_DAY
        if entity in described and decided <= day.isoformat():
            kept.add((graph, link))
            if _ITEM in about:
                pairs.add((graph, entity, about[_ITEM].object))
    for quad in quads:
        if quad.predicate == _SAME_AS:
            if (quad.graph_name, quad.subject, quad.object) in pairs:
                yield quad
        elif (quad.graph_name, quad.subject) in kept:
            yield quad


def _day(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, Literal) else _NO_DAY
