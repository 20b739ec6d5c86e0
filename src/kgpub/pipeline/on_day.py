"""The dataset as it was on a day: what was submitted by then, and was not retracted yet.

What has no day is there on all of them: submissions without a date, the ontology, the catalogue,
and graphs that updates wrote. Of an article there is what is known of it today, once a submission
tells of it; of links, those of entities that were described: the declared ones that a submission
declared, with the evidence that was given, the others that were decided by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.mapping.emission import LINKS_GRAPH
from kgpub.mapping.links import FOUND_GRAPH, REVIEWED_GRAPH
from kgpub.mapping.retractions import HISTORY_GRAPH, IS_VERSION_OF, RETRACTIONS_GRAPH
from kgpub.pipeline.comparison.marking import CONTRADICTIONS_GRAPH, mark
from kgpub.store.union import with_union
from kgpub.vocabulary import KIND, OWL
from kgpub.vocabulary import terms as kg

_SUBMISSION, _ARTICLE = "submission/", "article/"
_SUBMITTED, _RETRACTED_ON = NamedNode(kg.submitted), NamedNode(kg.retractedOn)
_DECIDED, _SAME_AS = NamedNode(kg.decided), NamedNode(OWL + "sameAs")
_ENTITY, _ITEM = NamedNode(kg.linkedEntity), NamedNode(kg.linkedItem)
_METHOD, _DECLARED = NamedNode(kg.method), NamedNode(KIND + "declared")
_WIKIDATA, _EVIDENCE = NamedNode(kg.wikidata), NamedNode(kg.evidence)
_NO_DAY = ""
Subject: TypeAlias = NamedNode | BlankNode | Triple
Term: TypeAlias = Subject | Literal
Node: TypeAlias = Term | DefaultGraph
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
    """Yield the quads of the dataset on `day`, in no order, of which some may come again.

    `store` holds those of today, in named graphs and their union; `history` is what they do not say
    any more, and `base` is where the workspace's data begin. Contradictions are those of the day.
    They are read as they are asked for: all of them together may be more than there is memory for.
    """
    past = _Past.of(history)
    dataset = _Dataset(day, _Present(day, store, past, base), list(past.quads_on(day)))
    yield from dataset.quads()
    yield from mark(dataset.quads(), base).quads


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
    """Which quads of a store were in the dataset on a day, as far as their graphs tell."""

    def __init__(self, day: date, store: Store, past: _Past, base: str) -> None:
        self._store = store
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

    def told(self) -> Iterator[Quad]:
        """Yield all that was there but links."""
        for graph in self._store.named_graphs():
            if graph not in self._absent and graph not in self._links:
                quads = self._store.quads_for_pattern(None, None, None, graph)
                yield from (quad for quad in quads if self._has(quad))

    def links(self) -> Iterator[Quad]:
        """Yield the links of today."""
        for graph in self._links:
            yield from self._store.quads_for_pattern(None, None, None, graph)

    def says(
        self, subject: Subject, predicate: NamedNode | None = None, object_: Term | None = None
    ) -> bool:
        """Whether anything but links was there that says this of `subject`, or anything at all."""
        quads = self._store.quads_for_pattern(subject, predicate, object_, None)
        union = DefaultGraph()
        return any(
            self._has(quad) for quad in quads if quad.graph_name != union and not self.is_link(quad)
        )

    def _has(self, quad: Quad) -> bool:
        """Whether the graph of a quad was there, and it is no record of a later retraction."""
        if quad.graph_name == self._retractions:
            return quad.subject not in self._later
        return quad.graph_name not in self._absent


@dataclass(frozen=True)
class _Dataset:
    """The dataset on a day: what is still there, and what was there besides."""

    day: date
    present: _Present
    past: Sequence[Quad]

    def quads(self) -> Iterator[Quad]:
        """Yield all quads but the marks of contradictions."""
        yield from self.present.told()
        yield from (quad for quad in self.past if not self.present.is_link(quad))
        yield from self._links()

    @cached_property
    def _past_triples(self) -> Set[tuple[Node, ...]]:
        """What was said, as subjects, and as subjects with predicates and objects."""
        said = [quad for quad in self.past if not self.present.is_link(quad)]
        triples = {(quad.subject, quad.predicate, quad.object) for quad in said}
        return {*triples, *((quad.subject,) for quad in said)}

    def _says(self, *said: Node) -> bool:
        return said in self._past_triples or self.present.says(*said)  # type: ignore[arg-type]

    def _links(self) -> Iterator[Quad]:
        """Yield the quads of links that were there."""
        by_link: dict[tuple[Node, Node], list[Quad]] = {}
        same: list[Quad] = []
        past = (quad for quad in self.past if self.present.is_link(quad))
        for quad in dict.fromkeys([*self.present.links(), *past]):
            if quad.predicate == _SAME_AS:
                same.append(quad)
            else:
                by_link.setdefault((quad.graph_name, quad.subject), []).append(quad)
        pairs: set[tuple[Node, Node, Node]] = set()
        for (graph, _), about in by_link.items():
            values = {quad.predicate: quad.object for quad in about}
            entity, item = values.get(_ENTITY), values.get(_ITEM)
            if entity is None or item is None:
                continue
            if values.get(_METHOD) == _DECLARED:
                if not self._says(entity, _WIKIDATA, item):
                    continue
                # Others may have declared the same since, and given other evidence.
                about = [
                    quad
                    for quad in about
                    if quad.predicate != _EVIDENCE or self._says(entity, _EVIDENCE, quad.object)
                ]
            elif not self._says(entity) or _day_of(values.get(_DECIDED)) > self.day.isoformat():
                continue
            yield from about
            pairs.add((graph, entity, item))
        yield from (q for q in same if (q.graph_name, q.subject, q.object) in pairs)


def _articles(graphs: Iterable[NamedNode], base: str) -> set[NamedNode]:
    """Return the articles that the submissions with these graphs are about."""
    start = base + _SUBMISSION
    slugs = (graph.value.removeprefix(start) for graph in graphs if graph.value.startswith(start))
    return {NamedNode(base + _ARTICLE + slug.partition("/")[0]) for slug in slugs}


def _day(quad: Quad) -> str:
    return _day_of(quad.object)


def _day_of(value: Node | None) -> str:
    return value.value if isinstance(value, Literal) else _NO_DAY
