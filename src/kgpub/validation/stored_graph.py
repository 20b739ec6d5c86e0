"""The published graph as submitted, read from the store that answers queries.

Oxigraph rewrites the literals that it calculates with (`1.50` becomes `1.5`, and an
xsd:nonNegativeInteger an xsd:integer). Which were submitted is known for each predicate, and a
value is read back as it was written; nothing is stored twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.graph_view import MUCH
from kgpub.validation.index import Subject
from kgpub.validation.submitted import AS_WRITTEN, StoredForms, stored

_UNION = DefaultGraph()


class StoredGraph:
    """The default graph of a store; see `kgpub.validation.graph_view.View`.

    `forms` are those of all its literals, or more. Triples about nodes in `without`, and about
    IRIs that begin with `without_below`, are not in the graph.
    """

    def __init__(
        self,
        store: Store,
        forms: StoredForms,
        without: Set[Node] = frozenset(),
        without_below: str | None = None,
    ) -> None:
        self._store = store
        self._forms = forms
        self._without = without
        self._below = without_below

    # Of an integer whose last byte is 255, Oxigraph's store on disk also finds the 255 above it
    # (pyoxigraph 0.5.13), so what is found by an object is compared with it.

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """See View."""
        if isinstance(subject, Literal) or self._is_without(subject):
            return []
        found = self._store.quads_for_pattern(subject, NamedNode(predicate), None, _UNION)
        return [self._read(quad).object for quad in found]  # type: ignore[misc]

    def subjects(self, predicate: str, value: Node, limit: int | None = None) -> list[Subject]:
        """See View."""
        written = stored(value) if isinstance(value, Literal) else value
        if isinstance(written, Literal) and self._forms.submitted(predicate, written) != value:
            return []
        found = self._store.quads_for_pattern(None, NamedNode(predicate), written, _UNION)
        subjects = (
            quad.subject
            for quad in found
            if quad.object == written and not self._is_without(quad.subject)
        )
        return list(islice(subjects, limit))  # type: ignore[arg-type]

    def away(self, subject: Node) -> list[Triple] | None:
        """See View."""
        found = list(islice(self._about(subject), MUCH + 1))
        return None if len(found) > MUCH else [self._read(quad) for quad in found]

    def here(self, value: Node) -> list[Triple] | None:
        """See View."""
        quads: Iterable[Quad] = self._store.quads_for_pattern(None, None, value, _UNION)
        if isinstance(value, Literal):
            quads = (quad for quad in quads if quad.object == value)
        found = list(islice(quads, MUCH + 1))
        if len(found) > MUCH:
            return None
        return [quad.triple for quad in found if not self._is_without(quad.subject)]

    def outgoing(self, subject: Node) -> list[Triple]:
        """See View."""
        return [self._read(quad) for quad in self._about(subject)]

    def triples(self) -> Iterator[Triple]:
        """See View."""
        found = self._store.quads_for_pattern(None, None, None, _UNION)
        return (self._read(quad) for quad in found if not self._is_without(quad.subject))

    def _about(self, subject: Node) -> Iterable[Quad]:
        if isinstance(subject, Literal) or self._is_without(subject):
            return ()
        return self._store.quads_for_pattern(subject, None, None, _UNION)

    def _is_without(self, node: object) -> bool:
        if node in self._without:
            return True
        below = self._below
        return below is not None and isinstance(node, NamedNode) and node.value.startswith(below)

    def _read(self, quad: Quad) -> Triple:
        value = quad.object
        if not isinstance(value, Literal) or value.datatype.value in AS_WRITTEN:
            return quad.triple
        submitted = self._forms.submitted(quad.predicate.value, value)
        return (
            quad.triple if submitted == value else Triple(quad.subject, quad.predicate, submitted)
        )
