"""What shapes say of records together: where one changes what is said of another, and only there.

The embedded store is where records meet: it finds all that is said of a node, whichever record
says it. Validated again are nodes that two records describe differently, and nodes of which
something was left open; by the same shapes, on as much of the graph as they read. Constraints that
lead over an entity to other facts, such as tenures that overlap, are asked of the whole store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice

from pyoxigraph import Literal, NamedNode, Quad, Store

from kgpub.batch.locality import Locality
from kgpub.batch.mapped import Part
from kgpub.batch.record import Origin
from kgpub.errors import Problem
from kgpub.model.report import Node, Report
from kgpub.model.submission import graph_of
from kgpub.pipeline import placing
from kgpub.pipeline.rules import Rules
from kgpub.pipeline.suggestions import Suggestions
from kgpub.validation import engine
from kgpub.validation.graph_view import Remembered
from kgpub.validation.incremental import Incremental
from kgpub.validation.neighbourhood import Walk
from kgpub.validation.setwise import sparql_results
from kgpub.validation.stored_graph import StoredGraph
from kgpub.validation.submitted import StoredForms, stored

NODES = 1000
"""Nodes that are validated at a time."""
_GRAPHS = 20
"""Graphs that are told of at one node: many may describe the same."""


def contested(keys: Iterable[bytes]) -> Iterator[NamedNode]:
    """Yield the nodes of which, by sorted lines of node and digest, not all say the same."""
    for node, lines in groupby(keys, lambda line: line.split(b" ", 1)[0]):
        if len(list(islice(lines, 2))) == 2:
            yield NamedNode(node.decode())


def forms(lines: Iterable[bytes]) -> StoredForms:
    """Return the literals that the store has otherwise than they were written."""
    found = StoredForms({})
    for line in lines:
        predicate, value, datatype = json.loads(line)
        literal = Literal(value, datatype=NamedNode(datatype))
        found.add([(predicate, stored(literal), literal)])
    return found


class Across:
    """Validates what was loaded into a store, beyond what was validated record by record."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        base: str,
        written: StoredForms,
        origin: Callable[[str], Origin],
    ) -> None:
        """`origin` tells where the article of a slug was read."""
        self._origin = origin
        self._store = store
        self._rules = rules
        self._vocabulary = tuple(rules.vocabulary())
        self._base = base
        self._graph = StoredGraph(store, written)
        self._locality = Locality(rules.shapes, base)

    def problems(self, nodes: Iterable[NamedNode]) -> Iterator[Problem]:
        """Yield what is wrong with `nodes`, and what leads over entities to other facts.

        Places are lines of sources where records are in lines, else folders of articles.
        """
        far = self._far()
        if far.results:
            yield from self._placed(far)
        incremental = Incremental(self._rules.shapes, engine())
        coming = iter(nodes)
        while some := list(islice(coming, NODES)):
            # A view remembers what it has read: for so many nodes, no more.
            report = incremental.at(Remembered(self._graph), some)
            near = [each for each in report.results if self._is_near(each.shape)]
            if near:
                yield from self._placed(Report.of(near))

    def _is_near(self, shape: str) -> bool:
        return shape not in self._locality.far_shapes

    def _far(self) -> Report:
        results = []
        walk = Walk(self._graph)
        targets = {each.root: each.targets for each in self._locality.far_roots}
        for share in self._locality.far_queries:
            found = sparql_results(share.constraint, _Everything(), self._store, {})
            results += [
                each
                for each in found
                if any(
                    walk.is_target(targets[root], each.focus)
                    for root in share.roots
                    if root in targets
                )
            ]
        return Report.of(results)

    def _placed(self, report: Report) -> Iterator[Problem]:
        for each in report.results:
            one = Report((each,))
            parts = [*self._parts(each.focus)]
            if isinstance(each.value, NamedNode):
                parts += [part for part in self._parts(each.value) if part not in parts]
            quads = [quad for part in parts for quad in part.quads]
            yield from placing.problems(one, parts, self._suggestions(quads))

    def _suggestions(self, quads: list[Quad]) -> Suggestions:
        return Suggestions(lambda: [*quads, *self._vocabulary], self._rules.shapes)

    def _parts(self, node: Node) -> Iterator[Part]:
        """Yield the files that say something of a node, by their graphs, some of many."""
        if isinstance(node, Literal):
            return
        quads = (q for q in self._store.quads_for_pattern(node, None, None) if graph_of(q))
        by_graph = groupby(sorted(quads, key=graph_of), graph_of)
        for graph, some in islice(by_graph, _GRAPHS):
            own = list(some)
            file, line = self._place(graph.removeprefix(self._base))
            yield Part(file, own, [(line, 1)] * len(own))

    def _place(self, name: str) -> tuple[str, int]:
        """Return where what stands in a graph was read: a file and a line."""
        kind, _, rest = name.partition("/")
        if kind not in ("article", "submission"):
            return name, 1
        slug = rest.partition("/")[0]
        origin = self._origin(slug)
        folder = f"{origin.source}/articles/{slug}"
        return (origin.source, origin.line) if origin.line else (folder, 1)


class _Everything(frozenset[Node]):
    """All nodes: which of them are targets is asked of the few that a query finds."""

    def __contains__(self, _: object) -> bool:
        return True
