"""Validation of what has changed since the last build, and of no more than that can matter to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.mapping.minting import CONTRADICTION
from kgpub.model.report import VIOLATION, Node, Report, Result
from kgpub.model.submission import graph_of
from kgpub.pipeline import verdicts
from kgpub.pipeline.cache import CacheReader, CannotTell
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.suggestions import MAX_COMPARED, below, same_slugs
from kgpub.validation import Engine, Shapes
from kgpub.validation.graph_view import Overlay, Remembered, View
from kgpub.validation.incremental import Incremental, Recheck, State
from kgpub.validation.stored_graph import StoredGraph
from kgpub.validation.submitted import StoredForms, SubmittedLiterals, stored
from kgpub.vocabulary import ENTITY_SECTIONS, KG
from kgpub.vocabulary.schema import EVENT, TYPE

_SHARED = "graph/"
"""Below the base: the graphs that several files have a share in."""


@dataclass(frozen=True)
class Delta:
    """What the files that have changed do to the graph: the union of all named graphs.

    `parts` are those that are new or different, `added` may hold triples that are there already.
    """

    parts: tuple[Part, ...]
    added: Collection[Triple]
    removed: tuple[Triple, ...]


class Published:
    """What was built last: `graph`, as submitted, and the graphs that the store has it in.

    `extra` are the quads in the store that are not validated, such as those of the catalogue; the
    nodes that they are about are in no others. `forms` are those of all literals in the store.
    """

    def __init__(self, store: Store, forms: StoredForms, base: str, extra: Iterable[Quad]) -> None:
        self.store = store
        self.forms = forms
        self.base = base
        without = frozenset(quad.subject for quad in extra if isinstance(quad.subject, NamedNode))
        marks = base + CONTRADICTION
        self.graph: View = Remembered(StoredGraph(store, forms, without, marks))

    def delta(self, parts: Sequence[Part], gone: Iterable[str], cache: CacheReader) -> Delta:
        """Return what new or different parts, and files that are gone, do. Raises CannotTell."""
        before = {cache.published_file(part.graph) for part in parts} | set(gone)
        files = {file for file in before if file is not None}
        old: list[Quad] = []
        for file in sorted(files):
            quads = cache.published(file)
            if not quads:
                raise CannotTell(f"what {file} was published as cannot be read")
            old += quads
        added = dict.fromkeys(quad.triple for part in parts for quad in part.quads)
        gives = _Others(self, cache, files)
        removed = (
            triple
            for triple, several in _by_triple(old).items()
            if triple not in added and not gives.holds(triple, several)
        )
        return Delta(tuple(parts), added, tuple(removed))

    def is_shared(self, quad: Quad) -> bool:
        """Whether several files have a share in the graph of `quad`."""
        return graph_of(quad).startswith(self.base + _SHARED)

    def forms_after(self, delta: Delta) -> StoredForms:
        """Return the forms of all literals after a change, and of some before it."""
        return self.forms.joined(SubmittedLiterals(delta.added).forms())

    def graphs_with(self, triple: Triple) -> set[str]:
        """Return the IRIs of the graphs that have a triple."""
        value = triple.object
        written = stored(value) if isinstance(value, Literal) else value
        found = self.store.quads_for_pattern(triple.subject, triple.predicate, written)
        # Oxigraph may find other integers too, see kgpub.validation.stored_graph.
        return {graph_of(quad) for quad in found if quad.object == written}

    def graphs_about(self, nodes: Iterable[object]) -> set[str]:
        """Return the IRIs of the graphs that say something of `nodes`."""
        return {
            graph_of(quad)
            for node in nodes
            if isinstance(node, NamedNode)
            for quad in self.store.quads_for_pattern(node, None, None)
        }

    def graphs_near(self, triple: Triple) -> set[str]:
        """Return the graphs that say something of what a triple, or its subject, is about."""
        about = self.store.quads_for_pattern(triple.subject, None, None)
        return self.graphs_about({triple.subject, triple.object, *(quad.object for quad in about)})

    def members(self, klass: str, most: int) -> Iterator[Quad]:
        """Yield the quads that give nodes a class, no more than `most` of them."""
        found = self.store.quads_for_pattern(None, TYPE, NamedNode(klass), DefaultGraph())
        return islice(found, most)


class _Others:
    """What files other than some, the changed ones, gave to what was built last."""

    def __init__(self, published: Published, cache: CacheReader, files: Set[str]) -> None:
        self._published = published
        self._cache = cache
        self._files = files
        self._contents: dict[str, frozenset[Quad]] = {}

    def holds(self, triple: Triple, quads: Iterable[Quad]) -> bool:
        """Whether one of them gives `triple`, which the changed files gave as `quads`."""
        if next(self._giving(self._published.graphs_with(triple)), None):
            return True
        shared = [quad for quad in quads if self._published.is_shared(quad)]
        # A file that gives a shared one describes, in its own graph, what it is about.
        return bool(shared) and any(
            quad in self._content(file)
            for file in self._giving(self._published.graphs_near(triple))
            for quad in shared
        )

    def _giving(self, graphs: Iterable[str]) -> Iterator[str]:
        for graph in graphs:
            file = self._cache.published_file(graph)
            if file is not None and file not in self._files:
                yield file

    def _content(self, file: str) -> frozenset[Quad]:
        if file not in self._contents:
            self._contents[file] = frozenset(self._cache.published(file))
            if not self._contents[file]:
                raise CannotTell(f"what {file} gives cannot be read")
        return self._contents[file]


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

    def recheck(self, delta: Delta, state: State) -> Recheck:
        """Validate what a change can matter to; `state` tells of what was built last."""
        published = self.published
        return self._incremental.recheck(
            state, published.graph, delta.added, delta.removed, published.forms
        )

    def described(self, delta: Delta, after: View, report: Report) -> Iterator[Quad]:
        """Yield what is described `after` a change that values refused by `report` may stand for.

        That is all of the classes that lie in the same folders, of each MAX_COMPARED and one more
        at most, what is said of the values and of others of the same slug, below the workspace's
        base too, and the kinds.
        """
        yield from (quad for part in delta.parts for quad in part.quads)
        yield from self.vocabulary
        refused = {
            each.value
            for each in report.results
            if isinstance(each.value, NamedNode) and each.severity == VIOLATION
        }
        lessened = {triple.subject for triple in delta.removed}
        alike = {
            NamedNode(other)
            for each in refused
            for other in (*below(self.published.base, each.value), *same_slugs(each.value))
        }
        yield from (Quad(*triple) for each in refused | alike for triple in after.outgoing(each))
        for klass in _classes_of(refused, self.published.base):
            for quad in self.published.members(klass, MAX_COMPARED + 1):
                if quad.subject not in lessened or after.away(quad.subject) != []:  # type: ignore[arg-type]
                    yield quad

    def report_on(
        self, recheck: Recheck, dataset: Dataset, files: Set[str], cache: CacheReader
    ) -> Report:
        """Return the results, after a change, on what some files describe.

        Of those on what no file describes, those that the change has to do with are among them.
        Raises CannotTell where the change has to be validated on the whole graph.
        """
        if recheck.log:
            raise CannotTell("; ".join(recheck.log))
        focuses: set[Node] = {
            quad.subject  # type: ignore[misc]
            for part in dataset.parts
            if part.file in files
            for quad in part.quads
        }
        kept = verdicts.state_of(cache, focuses)
        results = [
            result
            for key, some in kept.results.items()
            if key not in recheck.changed
            for result in some
        ]
        others: list[Result] = []
        for some in recheck.changed.values():
            for each in some:
                (results if each.focus in focuses else others).append(each)
        results += (each for each in others if recheck.after.away(each.focus) == [])
        return Report.of(results)


def state_from(
    report: Report,
    quads: Iterable[Quad],
    shapes: Shapes,
    engine: Engine,
    vocabulary: Iterable[Quad],
) -> State:
    """Return what a report on `quads`, all there are, says of each root and target."""
    if not report.results:
        return State({})
    nothing = StoredGraph(Store(), StoredForms({}))
    graph = Overlay(nothing, (quad.triple for quad in chain(quads, vocabulary)))
    return Incremental(shapes, engine).state(graph, report)


def _classes_of(nodes: Iterable[NamedNode], base: str) -> set[str]:
    """Return the classes of what lies in the same folders as `nodes`."""
    folders = {node.value.rpartition("/")[0] for node in nodes}
    classes = {base + folder[:-1]: KG + name for name, folder in ENTITY_SECTIONS.values()}
    classes[base + "event"] = KG + EVENT
    return {classes[folder] for folder in folders & classes.keys()}
