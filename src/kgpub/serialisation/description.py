"""Quads gathered by subject: what every syntax for people starts from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kgpub.vocabulary import RDF

RDF_TYPE = RDF + "type"
_DEFAULT = DefaultGraph()

QuadOrTriple: TypeAlias = Quad | Triple
"""What the writers take; a triple stands in the default graph."""
Object: TypeAlias = str | Literal | Triple
"""An object: an IRI as a string, a literal, or else what only `any_term` allows."""
BLANK = "_:"
"""What the string begins with that stands for a blank node; no IRI does."""
Description: TypeAlias = dict[str, set[Object]]
"""What is said of one subject: objects by the IRI of the predicate."""
Descriptions: TypeAlias = dict[str, Description]
"""Descriptions by the IRI of the subject."""


def parts(quad: QuadOrTriple, any_term: bool = False) -> tuple[str, str, str, Object]:
    """Return graph ("" for the default graph), subject and predicate as IRIs, and the object.

    Raises ValueError for a blank node, a triple term or a base direction, unless `any_term` is
    wanted: then a blank node is its label after BLANK.
    """
    subject, term = quad.subject, quad.object
    graph = quad.graph_name if isinstance(quad, Quad) else _DEFAULT
    value: Object
    if any_term:
        name = "" if isinstance(graph, DefaultGraph) else _node(graph)
        value = term if isinstance(term, Literal | Triple) else _node(term)
        return name, _node(subject), quad.predicate.value, value
    if isinstance(term, NamedNode):
        value = term.value
    elif isinstance(term, Literal) and term.direction is None:
        value = term
    else:
        raise ValueError(f"neither an IRI nor a plain literal as object: {quad}")
    if not isinstance(subject, NamedNode) or isinstance(graph, BlankNode):
        raise ValueError(f"neither subject nor graph may be anything but an IRI: {quad}")
    name = "" if isinstance(graph, DefaultGraph) else graph.value
    return name, subject.value, quad.predicate.value, value


def _node(node: NamedNode | BlankNode | Triple) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def describe(quads: Iterable[QuadOrTriple], any_term: bool = False) -> Descriptions:
    """Gather the union of all graphs of `quads` by subject and predicate; see `parts`."""
    union: Descriptions = {}
    # Each term makes a string of its own of the same IRI; of those one is kept.
    known: dict[str, str] = {}
    for quad in quads:
        _, subject, predicate, value = parts(quad, any_term)
        kept = known.setdefault(value, value) if isinstance(value, str) else value
        about = union.setdefault(known.setdefault(subject, subject), {})
        about.setdefault(known.setdefault(predicate, predicate), set()).add(kept)
    return union


def describe_graphs(quads: Iterable[QuadOrTriple]) -> dict[str, Descriptions]:
    """Gather each graph of `quads` by itself, by the graph's IRI, the default graph by ""."""
    graphs: dict[str, Descriptions] = {}
    for quad in quads:
        graph, subject, predicate, value = parts(quad)
        descriptions = graphs.setdefault(graph, {})
        descriptions.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    return graphs
