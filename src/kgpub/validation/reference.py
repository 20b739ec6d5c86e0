"""Validation by pySHACL, the reference.

pySHACL patches rdflib's globals while it runs, and here a filter sits on rdflib's log meanwhile:
one validation at a time in a process, and none within a web request.
"""

from __future__ import annotations

import decimal
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseException
from rdflib.namespace import SH

from kgpub.errors import WorkspaceError
from kgpub.messages import Lines
from kgpub.model.report import Result
from kgpub.validation import lint
from kgpub.validation.constraints import SPARQL_COMPONENT, SparqlConstraint, sorted_messages
from kgpub.validation.index import Subject, text_of
from kgpub.validation.paths import inverts_sequences, path_triples, read_path
from kgpub.validation.patterns import for_python
from kgpub.validation.query_patterns import normal
from kgpub.validation.rdf_1_1 import of_rdf_1_1, refuse_rdf_1_2, shapes_of_rdf_1_1
from kgpub.validation.rdflib_queries import prepared
from kgpub.validation.regular_expressions import refuse_unbounded
from kgpub.validation.split import reached_from, retargeted
from kgpub.vocabulary import XSD

if TYPE_CHECKING:
    from kgpub.validation.shapes import Shapes


_DIGITS = 200
"""Of the numbers that a query calculates."""
_LONGEST_REASON = 200
_MOST = 5
"""Queries of which one has failed that are told."""


def reference_results(
    shapes: Shapes, roots: Iterable[Subject], data: Iterable[ox.Triple]
) -> list[Result]:
    """Validate `data` against what `roots` lead to; results with the messages of sh:sparql only.

    The path of a result is given where it is a bare predicate, and is "" for any other path.
    Raises WorkspaceError where pySHACL cannot evaluate the shapes, NotInRdf11 for other data.
    """
    import pyshacl
    from pyshacl.errors import (
        ConstraintLoadError,
        ReportableRuntimeError,
        ShapeLoadError,
        ValidationFailure,
    )

    roots, data = list(roots), list(data)
    refuse_unbounded(shapes, roots, data)
    constraints = {(each.shape, each.node): each for each in shapes.constraints}
    with quiet():
        shapes_graph = _graph(shapes_of_rdf_1_1(_prepared(shapes, roots)))
        data_graph = _graph(of_rdf_1_1(data, shapes.triples, bool(shapes.constraints)))
        try:
            _, report, _text = pyshacl.validate(
                data_graph,
                shacl_graph=shapes_graph,
                inference="none",
                # Depth counts shapes and what they refer to, with one to spare.
                max_validation_depth=2 * lint.MAX_DEPTH + 2,
            )
        except (ConstraintLoadError, ReportableRuntimeError, ShapeLoadError) as error:
            raise WorkspaceError(f"pySHACL cannot evaluate the shapes: {error}") from error
        except (NotImplementedError, ParseException, AssertionError) as error:
            # It does not support $shapesGraph, nor $PATH in a validator for every path; rdflib
            # fails at repeated paths within one another.
            raise WorkspaceError(
                f"pySHACL cannot evaluate the shapes: {error or 'rdflib fails at a path'}",
                "The engine fast does.",
            ) from error
        except TypeError as error:
            # It does at sh:lessThanOrEquals with an ill-typed literal.
            raise WorkspaceError(
                f"pySHACL fails on this data: {error}", "The engine fast validates it."
            ) from error
        except Exception as error:
            # rdflib's evaluator lets through whatever Python raises for a value, or a depth.
            raise _failure(error, shapes, roots) from error
        if isinstance(report, ValidationFailure):
            raise WorkspaceError(f"pySHACL cannot evaluate the shapes: {report.message}")
        try:
            return list(_results(report, constraints, data_graph))
        except ValueError as error:  # a query has made a term that RDF has not
            raise _failure(error, shapes, roots) from error


def _failure(error: Exception, shapes: Shapes, roots: Iterable[Subject]) -> WorkspaceError:
    """Return an error with the places of the queries that may have failed."""
    reached, _ = reached_from(shapes.index, roots)
    faults = [each.fault(reason(error)) for each in shapes.constraints if each.shape in reached]
    told = shapes.places.told(faults)
    if len(told) == 1:
        return WorkspaceError(told[0], "Write the query in another way, or try the engine fast.")
    message = f"pySHACL cannot evaluate the shapes: {reason(error)}"
    remedy = "Try the engine fast, or write the query that it is in another way."
    return WorkspaceError(message, remedy if told else "Try the engine fast.", Lines(told[:_MOST]))


def reason(error: Exception) -> str:
    """Return what rdflib's evaluator failed at, in a line."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply for rdflib"
    text = " ".join(str(error).split())[:_LONGEST_REASON]
    return f"rdflib fails at it: {text or type(error).__name__}"


def _results(
    report: rdflib.Graph,
    constraints: dict[tuple[Subject, Subject], SparqlConstraint],
    data: rdflib.Graph,
) -> Iterator[Result]:
    solved: set[tuple[Subject, Subject, Any]] = set()
    for node in report.objects(None, SH.result):
        result = _result(report, node)
        if result.component != SPARQL_COMPONENT:
            yield _with_messages(result, report, node, constraints.values())
            continue
        shape = from_rdflib(report.value(node, SH.sourceShape))
        source = from_rdflib(report.value(node, SH.sourceConstraint))
        constraint = constraints[shape, source]
        focus = report.value(node, SH.focusNode)
        if not constraint.needs_solution:
            solution = {} if result.value is None else {"value": result.value}
            if result.path and result.path != constraint.path:
                solution["path"] = ox.NamedNode(result.path[1:-1])
            yield constraint.result(solution, result.focus)
        elif (shape, source, focus) not in solved:
            # pySHACL reports no bindings but these, and the messages may name others.
            solved.add((shape, source, focus))
            yield from _solutions(constraint, focus, data)


def _with_messages(
    result: Result, report: rdflib.Graph, node: Any, constraints: Iterable[SparqlConstraint]
) -> Result:
    """Complete a result of a constraint component; that of a core constraint has no messages."""
    found = [
        each
        for each in constraints
        if (each.component, text_of(each.shape)) == (result.component, result.shape)
    ]
    if not found:
        return result
    if len(found) > 1 or found[0].needs_solution:
        texts = report.objects(node, SH.resultMessage)
        return replace(result, messages=sorted_messages(from_rdflib(each) for each in texts))
    value = {} if result.value is None else {"value": result.value}
    own = found[0].result({**dict(found[0].bindings), **value}, result.focus)
    return replace(result, path=result.path or own.path, messages=own.messages)


def _result(report: rdflib.Graph, node: Any) -> Result:
    path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
    return Result(
        focus=from_rdflib(report.value(node, SH.focusNode)),
        path=None if path is None else f"<{path}>" if isinstance(path, rdflib.URIRef) else "",
        value=None if value is None else from_rdflib(value),
        component=str(report.value(node, SH.sourceConstraintComponent)),
        shape=text_of(from_rdflib(report.value(node, SH.sourceShape))),
        severity=str(report.value(node, SH.resultSeverity)),
    )


def dataset(
    data: Iterable[ox.Triple], shapes: Iterable[ox.Triple], shapes_graph: str
) -> rdflib.Dataset:
    """Return `data` as default graph, and `shapes` as graph of the name given."""
    found = rdflib.Dataset()
    for graph, triples in (
        (found.default_graph, data),
        (found.graph(rdflib.URIRef(shapes_graph)), shapes),
    ):
        for subject, predicate, value in triples:
            graph.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(value)))
    return found


def solutions(
    data: rdflib.Graph, query: str, bindings: Mapping[str, ox.NamedNode | Any]
) -> list[dict[str, Any]]:
    """Evaluate a SELECT, with variables pre-bound as rdflib does; of an ASK one solution, or none.

    Raises WorkspaceError where rdflib cannot. It might match a regular expression for ever: those
    of the query are to be looked at before.
    """
    initial = {name: to_rdflib(term) for name, term in bindings.items()}
    with quiet():
        try:
            # Numbers of any size are added exactly.
            with decimal.localcontext(prec=_DIGITS):
                found = data.query(prepared(query), initBindings=initial)
                if found.askAnswer is not None:
                    return [{}] if found.askAnswer else []
                rows = [row.asdict() for row in found]  # type: ignore[union-attr]
            return [{name: from_rdflib(term) for name, term in row.items()} for row in rows]
        except AssertionError as error:
            # At repeated paths within one another.
            raise WorkspaceError("a query cannot be evaluated: rdflib fails at a path") from error
        except Exception as error:
            # Its evaluator lets through whatever Python raises for a value, or a depth.
            message = f"a query cannot be evaluated: {reason(error)}"
            raise WorkspaceError(message, "Write it in another way.") from error


def _solutions(constraint: SparqlConstraint, focus: Any, data: rdflib.Graph) -> Iterator[Result]:
    for solution in solutions(data, constraint.query.text, {"this": from_rdflib(focus)}):
        yield constraint.result(solution, from_rdflib(focus))


def _prepared(shapes: Shapes, roots: Iterable[Subject]) -> list[ox.Triple]:
    # Queries with their prefixes put in: pySHACL's rules for which it takes differ. It reads the
    # inverse of a sequence as the sequence of the inverses, in the same order.
    queries: dict[Any, str] = {each.node: each.query.with_path for each in shapes.constraints}
    select, prefixes = str(SH.select), str(SH.prefixes)
    prepared: list[ox.Triple] = []
    for triple in retargeted(shapes.index, shapes.triples, roots):
        if triple.subject in queries and triple.predicate.value == prefixes:
            continue
        if triple.subject in queries and triple.predicate.value == select:
            triple = ox.Triple(
                triple.subject, triple.predicate, ox.Literal(queries[triple.subject])
            )
        if triple.predicate.value == str(SH.pattern):
            assert not isinstance(triple.subject, ox.Triple)
            flags = "".join(map(text_of, shapes.index.objects(triple.subject, str(SH.flags))))
            triple = ox.Triple(triple.subject, triple.predicate, _pattern(triple.object, flags))
        if triple.predicate.value == str(SH.path):
            path = read_path(shapes.index, triple.object)  # type: ignore[arg-type]
            if inverts_sequences(path):
                value, described = path_triples(normal(path), lambda _: ox.BlankNode())
                prepared += described
                triple = ox.Triple(triple.subject, triple.predicate, value)
        prepared.append(triple)
    return prepared


def _pattern(pattern: Any, flags: str) -> ox.Literal:
    """Return a sh:pattern for pySHACL, which knows the flags i and m."""
    text, _ = for_python(text_of(pattern), flags)
    return ox.Literal(f"(?s){text}" if "s" in flags else text)


def _graph(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, value in triples:
        graph.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(value)))
    return graph


def to_rdflib(term: Any) -> Any:
    """Return the same term for rdflib, its lexical form kept; raises NotInRdf11."""
    refuse_rdf_1_2(term)
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == XSD + "string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def from_rdflib(term: Any) -> Any:
    """Return the same term for pyoxigraph."""
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(term.datatype or XSD + "string"))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback, or warning, for each ill-typed literal.

    Such literals are what is looked for here.
    """

    def silent(_: logging.LogRecord) -> bool:
        return False

    logger = logging.getLogger("rdflib.term")
    logger.addFilter(silent)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeFilter(silent)
