"""Constraints of sh:sparql, each as one query for all focus nodes, on Oxigraph."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kgpub.model.report import Node, Result
from kgpub.validation.constraints import SparqlConstraint
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex
from kgpub.validation.split import target_classes
from kgpub.vocabulary import SH


def load(triples: Iterable[Triple]) -> Store:
    """Load `triples` into the default graph of a store in memory."""
    store = Store()
    # Half the time of bulk_extend for a few thousand, and no more for a hundred thousand.
    store.extend(Quad(*triple) for triple in triples)
    return store


def focus_nodes(shapes: TripleIndex, root: Subject, store: Store) -> set[Node]:
    """Return the targets of `root` (SHACL, section 2.1.3), literals as the store has them."""
    found: set[Any] = set(shapes.objects(root, SH + "targetNode"))
    for klass in target_classes(shapes, root):
        if isinstance(klass, NamedNode):
            found |= _instances(store, klass)
    for predicate in shapes.objects(root, SH + "targetSubjectsOf"):
        if isinstance(predicate, NamedNode):
            found.update(quad.subject for quad in store.quads_for_pattern(None, predicate, None))
    for predicate in shapes.objects(root, SH + "targetObjectsOf"):
        if isinstance(predicate, NamedNode):
            found.update(quad.object for quad in store.quads_for_pattern(None, predicate, None))
    return found


def sparql_results(
    constraint: SparqlConstraint,
    focuses: Container[Node],
    store: Store,
    restored: Mapping[Node, Literal],
) -> list[Result]:
    """Evaluate the query of `constraint` once and keep the solutions whose $this is in `focuses`.

    `restored` are the submitted literals for those that the store rewrote; they go into results
    and messages.
    """
    query = constraint.query
    results: list[Result] = []
    rows = store.query(query.text)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        if row["this"] not in focuses:
            continue
        solution: dict[str, Node] = {}
        for name in query.variables:
            term = row[name]
            if term is not None:
                solution[name] = term if name in query.computed else restored.get(term, term)
        results.append(constraint.result(solution, solution["this"]))
    return results


def _instances(store: Store, klass: NamedNode) -> set[Any]:
    classes, pending = {klass}, [klass]
    while pending:
        subclass_of = NamedNode(SUBCLASS_OF)
        for quad in store.quads_for_pattern(None, subclass_of, pending.pop()):
            if isinstance(quad.subject, NamedNode) and quad.subject not in classes:
                classes.add(quad.subject)
                pending.append(quad.subject)
    rdf_type = NamedNode(TYPE)
    return {
        quad.subject for each in classes for quad in store.quads_for_pattern(None, rdf_type, each)
    }
