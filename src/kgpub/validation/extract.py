"""The part of a graph that is enough to decide about focus nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.model.report import Node
from kgpub.validation.index import SUBCLASS_OF, TYPE
from kgpub.validation.neighbourhood import Walk
from kgpub.validation.paths import Path
from kgpub.validation.query_patterns import Prefix
from kgpub.validation.reading_patterns import Count, Reads


@dataclass(frozen=True)
class Stop:
    """What is read at nodes, and which paths are followed from them to where more is read.

    Of their triples those that lead away over `outward` and that lead there over `inward`, all
    that lead away with `anything`, with `types` their classes; of `counts` some.
    """

    outward: tuple[str, ...]
    inward: tuple[str, ...]
    anything: bool
    types: bool
    counts: tuple[Count, ...]
    further: tuple[tuple[Path, Stop], ...]


def stop_at_focus_nodes(reads: Reads) -> Stop:
    """Return what is read of focus nodes, as the tree that the paths of `reads` make."""
    outward, inward = _by_prefix(reads.outward), _by_prefix(reads.inward)
    counts: dict[Prefix, list[Count]] = {}
    for count in reads.counts:
        counts.setdefault(count.prefix, []).append(count)
    anything = set(reads.anything)
    types = {prefix for some in reads.members.values() for prefix in some}
    stops: dict[Prefix, dict[Path, Stop]] = {(): {}}
    for prefix in (*outward, *inward, *counts, *anything, *types):
        stops.update((prefix[:length], {}) for length in range(1, len(prefix) + 1))
    for prefix in sorted(stops, key=len, reverse=True):
        stop = Stop(
            tuple(outward.get(prefix, ())),
            tuple(inward.get(prefix, ())),
            prefix in anything,
            prefix in types,
            tuple(counts.get(prefix, ())),
            tuple(stops[prefix].items()),
        )
        if not prefix:
            break
        stops[prefix[:-1]][prefix[-1]] = stop
    return stop


def _by_prefix(reads: Mapping[str, tuple[Prefix, ...]]) -> dict[Prefix, list[str]]:
    found: dict[Prefix, list[str]] = {}
    for predicate, prefixes in reads.items():
        for prefix in prefixes:
            found.setdefault(prefix, []).append(predicate)
    return found


class Extract:
    """Triples of a graph that are enough to decide about focus nodes.

    There may be more than that: a verdict depends on nothing but what its reads meet, and what a
    read meets is here if and only if it is in the graph. `given` are triples of the graph to begin
    with, among them all about the nodes in `known`.
    """

    def __init__(
        self, walk: Walk, given: Iterable[Triple] = (), known: Iterable[Node] = ()
    ) -> None:
        self.triples: dict[Triple, None] = dict.fromkeys(given)
        self._walk = walk
        self._view = walk.view
        self._whole: set[Node] = set(known)
        self._away: dict[tuple[str, ...], set[Node]] = {}
        self._here: dict[tuple[str, ...], set[Node]] = {}
        self._typed: set[Node] = set()

    def add(self, stop: Stop, nodes: dict[Node, None]) -> None:
        """Add what is read at `nodes`, and where the paths from there lead."""
        pending = [(stop, nodes)]
        while pending:
            stop, nodes = pending.pop()
            if nodes:
                self._add(stop, nodes)
                pending += (
                    (further, self._walk.follow((path,), nodes)) for path, further in stop.further
                )

    def _add(self, stop: Stop, nodes: dict[Node, None]) -> None:
        if stop.anything:
            for node in set(nodes) - self._whole:
                self._whole.add(node)
                self.triples.update(dict.fromkeys(self._view.outgoing(node)))
        if stop.outward:
            self._lead_away(nodes, stop.outward)
        if stop.inward:
            self._lead_here(nodes, stop.inward)
        if stop.types:
            untyped = set(nodes) - self._typed
            self._typed |= untyped
            self._lead_away(untyped, (TYPE,))
            classes = (each for node in untyped for each in self._walk.classes(node))
            self._lead_away(classes, (SUBCLASS_OF,))
        for count in stop.counts:
            for node in nodes if count.inward else set(nodes) - self._whole:
                self._count(count, node)

    def _lead_away(self, nodes: Iterable[Node], predicates: tuple[str, ...]) -> None:
        """Add the triples about `nodes` with these predicates."""
        added = self._away.setdefault(predicates, set())
        fresh = set(nodes) - self._whole - added
        added |= fresh
        for node in fresh:
            if isinstance(node, Literal):
                continue
            about = self._view.away(node) if len(predicates) > 1 else None
            if about is not None:
                found = (each for each in about if each.predicate.value in predicates)
                self.triples.update(dict.fromkeys(found))
                continue
            for predicate in predicates:
                named = NamedNode(predicate)
                values = self._view.objects(node, predicate)
                self.triples.update((Triple(node, named, value), None) for value in values)

    def _lead_here(self, nodes: Iterable[Node], predicates: tuple[str, ...]) -> None:
        """Add the triples with these predicates that lead to `nodes`."""
        added = self._here.setdefault(predicates, set())
        fresh = set(nodes) - added
        added |= fresh
        for node in fresh:
            leading = None if isinstance(node, Literal) else self._view.here(node)
            if leading is not None:
                found = (each for each in leading if each.predicate.value in predicates)
                self.triples.update(dict.fromkeys(found))
                continue
            for predicate in predicates:
                named = NamedNode(predicate)
                subjects = self._view.subjects(predicate, node)
                self.triples.update((Triple(each, named, node), None) for each in subjects)

    def _count(self, count: Count, node: Node) -> None:
        """Add triples with all value nodes that are counted, or with more than decide."""
        needed, values = count.bound + 1, set[Node]()
        if not isinstance(node, Literal):
            for predicate in count.outward:
                some = self._view.objects(node, predicate)[:needed]
                values.update(some)
                if node not in self._whole:
                    named = NamedNode(predicate)
                    self.triples.update((Triple(node, named, value), None) for value in some)
        for predicate in count.inward:
            if len(values) >= needed:
                return
            subjects = self._view.subjects(predicate, node, needed)
            values.update(subjects)
            named = NamedNode(predicate)
            self.triples.update((Triple(each, named, node), None) for each in subjects)
