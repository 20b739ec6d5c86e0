"""The published graph as submitted, read from the store that answers queries.

Oxigraph rewrites the literals that it calculates with (`1.50` becomes `1.5`, and an
xsd:nonNegativeInteger an xsd:integer). Which were submitted is known for each predicate, and a
value is read back as it was written; nothing is stored twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.graph_view import MUCH
from kgpub.validation.index import Subject
from kgpub.validation.setwise import stored

_UNION = DefaultGraph()


class StoredGraph:
    """The default graph of a store; see `kgpub.validation.graph_view.View`.

    `rewritten` has by predicate the submitted literal for each that the store made of it. Of what
    is said of the nodes in `without` nothing is in the graph.
    """

    def __init__(
        self,
        store: Store,
        rewritten: Mapping[str, Mapping[Literal, Literal]],
        without: Set[Node] = frozenset(),
    ) -> None:
        self._store = store
        self._rewritten = rewritten
        self._without = without

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        if isinstance(subject, Literal) or subject in self._without:
            return []
        found = self._store.quads_for_pattern(subject, NamedNode(predicate), None, _UNION)
        return [self._read(quad).object for quad in found]  # type: ignore[misc]

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        written = stored(value) if isinstance(value, Literal) else value
        if isinstance(value, Literal) and self._submitted(predicate, written) != value:
            return []
        found = self._store.quads_for_pattern(None, NamedNode(predicate), written, _UNION)
        enough = None if limit is None else limit + len(self._without)
        subjects = [quad.subject for quad in islice(found, enough)]
        if not self._without.isdisjoint(subjects):
            subjects = [each for each in subjects if each not in self._without]
        return subjects[:limit]  # type: ignore[return-value]

    def away(self, subject: Node) -> list[Triple] | None:
        """See View."""
        found = list(islice(self._about(subject), MUCH + 1))
        return None if len(found) > MUCH else [self._read(quad) for quad in found]

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        found = list(islice(self._store.quads_for_pattern(None, None, value, _UNION), MUCH + 1))
        if len(found) > MUCH:
            return None
        return [quad.triple for quad in found if quad.subject not in self._without]

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        return [self._read(quad) for quad in self._about(subject)]

    def triples(self) -> Iterator[Triple]:
        """See View."""
        found = self._store.quads_for_pattern(None, None, None, _UNION)
        return (self._read(quad) for quad in found if quad.subject not in self._without)

    def _about(self, subject: Node) -> Iterable[Quad]:
        if isinstance(subject, Literal) or subject in self._without:
            return ()
        return self._store.quads_for_pattern(subject, None, None, _UNION)

    def _read(self, quad: Quad) -> Triple:
        values = self._rewritten.get(quad.predicate.value)
        if values is None:
            return quad.triple
        value = quad.object
        if not isinstance(value, Literal):
            return quad.triple
        return Triple(quad.subject, quad.predicate, values.get(value, value))

    def _submitted(self, predicate: str, written: Node) -> Node:
        values = self._rewritten.get(predicate, {})
        return values.get(written, written) if isinstance(written, Literal) else written
