"""Update operations carried out on a store, of whose graphs some may not be changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Store,
    Triple,
)

from kgpub.errors import QueryError
from kgpub.store import union
from kgpub.store.syntax import measure
from kgpub.store.updates.operations import (
    Clear,
    Create,
    Data,
    Modify,
    Reader,
    Template,
    Transfer,
    Update,
    graph_of,
    with_graph,
)

UNNAMED = "graph/updates"
"""Below the base: the graph of what updates write without naming one."""
_TAKEN = ("graph/", "links/", "submission/")
_ROWS = 1_000
"""Solutions whose quads are made at once."""


class OfBuild(QueryError):
    """An update names a graph of the build as one to write to."""


class TooMuch(QueryError):
    """An update changes more than it may."""


@dataclass(frozen=True)
class ChangeLimits:
    """`quads` that one update may change, and `bytes` that it may add, as N-Quads.

    `solutions` are those of one operation.
    """

    quads: int = 1_000_000
    bytes: int = 64 * 2**20
    solutions: int = 1_000_000


@dataclass
class Changes:
    """How many quads an update has added to each graph, and removed from it."""

    limits: ChangeLimits
    added: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    removed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _quads: int = 0
    _bytes: int = 0

    def count(self, counts: dict[str, int], quads: Iterable[Quad]) -> list[Quad]:
        """Count `quads`, and return them. Raises TooMuch."""
        kept = []
        for quad in quads:
            kept.append(quad)
            self._quads += 1
            if counts is self.added:
                self._bytes += len(str(quad).encode()) + 3
            if self._quads > self.limits.quads or self._bytes > self.limits.bytes:
                raise TooMuch(
                    f"the update changes more than {self.limits.quads:,} quads, or adds more than "
                    f"{self.limits.bytes:,} bytes",
                    "Change less at once.",
                )
            counts[graph_of(quad)] += 1
        return kept


class Evaluation:
    """Carries out operations on a store whose default graph is the union of the named ones.

    Graphs of which `is_protected` says so stay as they are: to name one is a mistake, and what
    variables or ALL come to is passed over.
    """

    def __init__(
        self,
        store: Store,
        reader: Reader,
        is_protected: Callable[[str], bool],
        limits: ChangeLimits,
    ) -> None:
        self._store = store
        self._reader = reader
        self._is_protected = is_protected
        self._blank = f"urn:kgpub:{reader.mark}:"
        self.changes = Changes(limits)

    def evaluate(self, updates: Sequence[Update]) -> Changes:
        """Carry out `updates`, and return what has changed.

        Raises OfBuild, TooMuch, and QueryError where an operation fails.
        """
        for update in updates:
            for graph in sorted(update.written):
                if self._is_protected(graph):
                    raise OfBuild(
                        f"the graph <{graph}> is made by builds, and no update changes it",
                        "What articles say changes by submissions; write to another graph.",
                    )
        try:
            for update in updates:
                self._carry_out(update)
        except SyntaxError as error:  # of a part that stands alone
            raise QueryError(f"an operation cannot be carried out: {error}") from error
        return self.changes

    def _carry_out(self, update: Update) -> None:
        match update:
            case Data(quads=quads, is_inserted=True):
                self._change((), quads)
            case Data(quads=quads):
                self._change(quads, ())
            case Modify():
                self._modify(update)
            case Clear():
                for graph in self._cleared(update):
                    self._change(self._quads(graph), ())
            case Create(graph=graph, is_silent=False):
                if next(self._quads(graph), None) is not None:
                    raise QueryError(f"there is a graph <{graph}> already", "Use CREATE SILENT.")
            case Transfer():
                self._transfer(update)

    def _change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove quads, then add some, of graphs that are not protected."""
        changes, store = self.changes, self._store
        wanted = {quad for quad in added if not self._is_protected(graph_of(quad))}
        gone = changes.count(
            changes.removed,
            (
                quad
                for quad in removed
                if quad not in wanted and not self._is_protected(graph_of(quad)) and quad in store
            ),
        )
        fresh = changes.count(changes.added, (quad for quad in wanted if quad not in store))
        union.change(store, gone, fresh)

    def _quads(self, graph: str) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, NamedNode(graph))

    def _cleared(self, update: Clear) -> list[str]:
        if update.kind == "GRAPH":
            return [update.graph]
        names = [name.value for name in self._store.named_graphs() if isinstance(name, NamedNode)]
        kept = self._reader.unnamed if update.kind == "NAMED" else ""
        return [name for name in names if name != kept and not self._is_protected(name)]

    def _transfer(self, update: Transfer) -> None:
        source = NamedNode(update.source) if update.source else DefaultGraph()
        target = NamedNode(update.target)
        if source == target:
            return
        found = self._store.quads_for_pattern(None, None, None, source)
        moved = [with_graph(quad, target) for quad in found]
        if not moved and update.source:
            if not update.is_silent:
                raise QueryError(
                    f"there is no graph <{update.source}>", f"Use {update.kind} SILENT."
                )
            return
        self._change(() if update.kind == "ADD" else self._quads(update.target), moved)
        if update.kind == "MOVE":
            self._change(self._quads(update.source or self._reader.unnamed), ())

    def _modify(self, update: Modify) -> None:
        removed: set[Quad] = set()
        added: set[Quad] = set()
        templates = [(update.deleted, removed), (update.inserted, added)]
        limits = self.changes.limits
        solutions = self._solutions(update)
        count = 0
        while some := list(islice(solutions, _ROWS)):
            count += len(some)
            for template, quads in templates:
                if template is not None:
                    quads.update(self._instances(template, some))
            if count > limits.solutions or len(removed) + len(added) > limits.quads:
                raise TooMuch(
                    f"an operation has more than {limits.solutions:,} solutions, or changes more "
                    f"than {limits.quads:,} quads",
                    "Change less at once.",
                )
        self._change(removed, added)

    def _solutions(self, update: Modify) -> Iterator[QuerySolution]:
        measure(update.query)
        graphs, default = update.graphs, update.default
        default_graph: Any = [NamedNode(default)] if default else None
        if graphs is not None:
            default_graph = [NamedNode(iri) for iri in graphs.default]
        found = self._store.query(
            update.query,
            base_iri=self._reader.base or None,
            prefixes=dict(self._reader.prefixes),
            default_graph=default_graph,
            named_graphs=None if graphs is None else [NamedNode(iri) for iri in graphs.named],
        )
        assert isinstance(found, QuerySolutions)
        return iter(found)

    def _instances(self, template: Template, solutions: Iterable[QuerySolution]) -> Iterator[Quad]:
        rows = [
            f"({' '.join(self._written(solution[name]) for name in template.variables)})"
            for solution in solutions
        ]
        for quad in self._reader.instances(template, rows):
            subject, object_ = self._read(quad.subject), self._read(quad.object)
            if self._is_blank(quad.predicate) or self._is_blank(quad.graph_name):
                continue
            yield Quad(subject, quad.predicate, object_, quad.graph_name)

    def _written(self, term: Any) -> str:
        """Return a term of a solution as SPARQL has it; blank nodes, which it has not, as IRIs."""
        if term is None:
            return "UNDEF"
        if isinstance(term, BlankNode):
            return f"<{self._blank}{term.value}>"
        if isinstance(term, Triple):
            return f"<<( {' '.join(map(self._written, term))} )>>"
        return str(term)

    def _is_blank(self, term: Any) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._blank)

    def _read(self, term: Any) -> Any:
        if self._is_blank(term):
            return BlankNode(term.value.removeprefix(self._blank))
        if isinstance(term, Triple):
            return Triple(*map(self._read, term))
        return term


def protected(built: Set[str], base: str) -> Callable[[str], bool]:
    """Return what tells the graphs that updates may not write, by their IRIs.

    These are the graphs `built`, and where below `base` builds may place others.
    """
    unnamed = base + UNNAMED
    taken = tuple(base + each for each in _TAKEN)

    def is_protected(graph: str) -> bool:
        if graph in built:
            return True
        is_own = graph == unnamed or graph.startswith(f"{unnamed}/")
        return graph.startswith(taken) and not is_own

    return is_protected
