"""Validation of what has changed since the last build, and of no more than that can matter to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Report, Result
from kgpub.model.submission import graph_of
from kgpub.pipeline import verdicts
from kgpub.pipeline.cache import CacheReader
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.verdicts import Rewritten
from kgpub.validation import Engine, Shapes
from kgpub.validation.graph_view import Changed, Remembered, View
from kgpub.validation.incremental import Incremental, Recheck, State
from kgpub.validation.setwise import stored
from kgpub.validation.stored_graph import StoredGraph
from kgpub.validation.submitted import AS_WRITTEN
from kgpub.vocabulary.schema import TYPE

_SHARED = "graph/"
"""Below the base: the graphs that several files have a share in."""


class CannotTell(Exception):
    """What a change does to the published graph cannot be told; the text says why."""


@dataclass(frozen=True)
class Change:
    """What the files that have changed do to the graph: the union of all named graphs.

    `parts` are those that are new or different, `added` may hold triples that are there already.
    """

    parts: tuple[Part, ...]
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...]


class Published:
    """What was built last: `graph`, as submitted, and what was said of it.

    `extra` are the quads in the store that are not validated, such as those of the catalogue; the
    nodes that they are about are in no others.
    """

    def __init__(
        self, cache: CacheReader, store: Store, rewritten: Rewritten, base: str, extra: list[Quad]
    ) -> None:
        self.cache = cache
        self.store = store
        self.rewritten = rewritten
        self._shared = base + _SHARED
        without = frozenset(quad.subject for quad in extra)
        self.graph: View = Remembered(StoredGraph(store, rewritten, without))  # type: ignore[arg-type]

    def changed(self, parts: Iterable[Part]) -> tuple[list[Part], set[str]]:
        """Return those of all parts that are new or different, and the files that are gone."""
        before = self.cache.published_digests()
        parts = list(parts)
        changed = [part for part in parts if before.get(part.file) != part.digest]
        return changed, before.keys() - {part.file for part in parts}

    def change(self, parts: Sequence[Part], gone: Iterable[str] = ()) -> Change:
        """Return what new or different parts, and files that are gone, do. Raises CannotTell."""
        before = {part.file for part in parts if self.cache.published_file(part.graph) is not None}
        before |= set(gone)
        old: list[Quad] = []
        for file in sorted(before):
            quads = self.cache.published(file)
            if not quads:
                raise CannotTell(f"what {file} was published as cannot be read")
            old += quads
        added = dict.fromkeys(quad.triple for part in parts for quad in part.quads)
        removed = self._removed([quad for quad in old if quad.triple not in added], before)
        return Change(tuple(parts), tuple(added), tuple(removed))

    def _removed(self, quads: Sequence[Quad], files: Set[str]) -> Iterator[Triple]:
        """Yield the triples that no file but `files` gives."""
        contents: dict[str, frozenset[Quad]] = {}
        for triple, several in _by_triple(quads).items():
            if self._others(self._graphs_with(triple), files):
                continue
            if any(graph_of(quad).startswith(self._shared) for quad in several):
                # The file that gives it describes, in its own graph, what it is about.
                for file in self._others(self._graphs_near(triple), files) - contents.keys():
                    contents[file] = frozenset(self.cache.published(file))
                    if not contents[file]:
                        raise CannotTell(f"what {file} gives cannot be read")
                if any(quad in content for content in contents.values() for quad in several):
                    continue
            yield triple

    def _others(self, graphs: Iterable[str], files: Set[str]) -> set[str]:
        found = {self.cache.published_file(graph) for graph in graphs}
        return {file for file in found if file is not None} - files

    def _graphs_with(self, triple: Triple) -> set[str]:
        value = triple.object
        written = stored(value) if isinstance(value, Literal) else value
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, written)
        return {graph_of(quad) for quad in found}

    def _graphs_near(self, triple: Triple) -> set[str]:
        """Return the graphs that say something of what a triple, or its subject, is about."""
        about = self.store.quads_for_pattern(triple.subject, None, None)
        return self.graphs_about({triple.subject, triple.object, *(quad.object for quad in about)})

    def literals(self, change: Change) -> Rewritten | None:
        """Return the rewritten literals after a change; None where one is made of two.

        Some may be among them that are not there any more.
        """
        found = {predicate: dict(values) for predicate, values in self.rewritten.items()}
        for triple in change.added:
            value, predicate = triple.object, triple.predicate.value
            if not isinstance(value, Literal) or value.datatype.value in AS_WRITTEN:
                continue
            written = stored(value)
            known = found.get(predicate, {}).get(written)
            if known is not None and known != value:
                return None
            if known is None and written != value:
                if self._holds(triple.predicate, written):
                    return None
                found.setdefault(predicate, {})[written] = value
        return found

    def _holds(self, predicate: NamedNode, value: Literal) -> bool:
        found = self.store.quads_for_pattern(None, predicate, value, DefaultGraph())
        return next(found, None) is not None

    def graphs_about(self, nodes: Iterable[object]) -> set[str]:
        """Return the IRIs of the graphs that say something of `nodes`."""
        return {
            graph_of(quad)
            for node in nodes
            if isinstance(node, NamedNode)
            for quad in self.store.quads_for_pattern(node, None, None)
        }

    def described(self, classes: Iterable[str]) -> Iterator[Quad]:
        """Yield the quads that give a node one of some classes."""
        for each in classes:
            yield from self.store.quads_for_pattern(None, TYPE, NamedNode(each), DefaultGraph())


def _by_triple(quads: Iterable[Quad]) -> Mapping[Triple, list[Quad]]:
    found: dict[Triple, list[Quad]] = {}
    for quad in quads:
        found.setdefault(quad.triple, []).append(quad)
    return found


class Revalidation:
    """Validates changes of what was built last, any number of them."""

    def __init__(
        self, shapes: Shapes, engine: Engine, vocabulary: Iterable[Quad], published: Published
    ) -> None:
        self.vocabulary = tuple(vocabulary)
        self.published = published
        self._incremental = Incremental(shapes, engine, (quad.triple for quad in self.vocabulary))

    def recheck(self, change: Change, state: State) -> Recheck:
        """Validate what a change can matter to; `state` tells of what was built last."""
        return self._incremental.recheck(state, self.published.graph, change.added, change.removed)

    def about(self, change: Change, dataset: Dataset, files: Set[str]) -> Report:
        """Return the results, after a change, on what some files describe or no file does.

        Raises CannotTell where the change has to be validated on the whole graph.
        """
        recheck = self.recheck(change, State({}))
        if recheck.log:
            raise CannotTell("; ".join(recheck.log))
        focuses = {
            quad.subject for part in dataset.parts if part.file in files for quad in part.quads
        }
        kept = verdicts.state_of(self.published.cache, focuses)  # type: ignore[arg-type]
        results = [
            result
            for key, some in kept.results.items()
            if key not in recheck.changed
            for result in some
        ]
        after = Changed(self.published.graph, change.added, change.removed)
        for some in recheck.changed.values():
            results += (each for each in some if each.focus in focuses or _nowhere(each, after))
        return Report.of(results)


def _nowhere(result: Result, graph: View) -> bool:
    return graph.away(result.focus) == []


def state_of(
    report: Report,
    quads: Iterable[Quad],
    shapes: Shapes,
    engine: Engine,
    vocabulary: Iterable[Quad],
) -> State:
    """Return what a report on `quads`, all there are, says of each root and target."""
    if not report.results:
        return State({})
    nothing = StoredGraph(Store(), {})
    graph = Changed(nothing, (quad.triple for quad in chain(quads, vocabulary)))
    return Incremental(shapes, engine).state(graph, report)
