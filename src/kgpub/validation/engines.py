"""Engines that validate data: all give the same report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Protocol

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node, Report, Result
from kgpub.validation import ill_typed, native, wide_numbers
from kgpub.validation.batches import at_once, batched_results
from kgpub.validation.constraints import SparqlConstraint
from kgpub.validation.deciding import marks, with_exclusions
from kgpub.validation.evaluation import Evaluation
from kgpub.validation.exact_comparisons import Comparison
from kgpub.validation.graph_view import Nothing, Overlay
from kgpub.validation.incremental import Incremental
from kgpub.validation.index import Subject, text_of
from kgpub.validation.rdf_1_1 import NotInRdf11
from kgpub.validation.shapes import Shapes
from kgpub.validation.split import Split, reached_from, retargeted, roots


class Engine(Protocol):
    """Validates a data graph against shapes."""

    name: str

    def validate(self, data: Sequence[Triple | Quad], shapes: Shapes) -> Report:
        """Validate the union of all graphs of `data`, terms as submitted, nothing inferred.

        `data` holds what the shapes need of the ontology: its class hierarchy, its kinds.
        Messages are those of the shapes; a result of a shape without any has none. Raises
        WorkspaceError where the shapes cannot be evaluated.
        """
        ...


class ReferenceEngine:
    """pySHACL for everything. Not thread-safe: never within a web request."""

    name = "pyshacl"

    def validate(self, data: Sequence[Triple | Quad], shapes: Shapes) -> Report:
        """See Engine."""
        return _report(_reference(shapes, roots(shapes.index), _triples(data)), shapes)


class FastEngine:
    """The native engine for core constraints, one query for each sh:sparql, pySHACL for the rest.

    pySHACL takes over the whole where there is no native engine, and shapes that `Split` gives to
    it; for one validation also those that tell the data's blank nodes from IRIs. Wherever it does,
    its restrictions hold.
    """

    name = "fast"

    def __init__(self, wide: bool = False) -> None:
        """With `wide` the data have numbers of more digits than the engines calculate with."""
        self._wide = wide

    def validate(self, data: Sequence[Triple | Quad], shapes: Shapes) -> Report:
        """See Engine."""
        triples = _triples(data)
        if not native.is_installed():
            return _report(_reference(shapes, roots(shapes.index), triples), shapes)
        numbers = ill_typed.with_numbers(triples)
        wide = wide_numbers.among(numbers)
        if wide and shapes.looks_at_numbers and not self._wide:
            if any(isinstance(each.object, Triple) for each in numbers):
                return FastEngine(wide=True).validate(triples, shapes)
            return _changed_by(wide, triples, shapes, self)
        return self._validated(triples, shapes, ill_typed.holds_any(numbers))

    def _validated(self, triples: list[Triple], shapes: Shapes, is_ill_typed: bool) -> Report:
        share = shapes.split
        if not native.numbers_blank_nodes() and any(map(_has_blank_node, triples)):
            share = share.without(share.kinds, "it tells the blank nodes in the data from IRIs")

        def evaluation(of: list[Triple]) -> Evaluation:
            read = shapes.read_by_queries
            return Evaluation(shapes.index, shapes.triples, share.native, of, read, self._wide)

        as_given = evaluation(triples)
        disguised = as_given
        if is_ill_typed and not shapes.has_ill_typed and (share.queries or share.deciding):
            disguised = evaluation(ill_typed.disguised(triples))
        exact = shapes.comparisons if self._wide else shapes.wide_comparisons
        failing, results = _compared(exact, shapes, share, as_given) if exact else ({}, [])
        for each in share.deciding:
            evaluated = as_given if each.constraint.query.tells_datatypes else disguised
            with _told_with_place(each.constraint, shapes):
                nodes = evaluated.failing(each)
                failing.setdefault(each.constraint.shape, set()).update(nodes)
        for each in share.queries:
            evaluated = as_given if each.constraint.query.tells_datatypes else disguised
            with _told_with_place(each.constraint, shapes):
                results += evaluated.results(each)
        if disguised is not as_given:
            results = ill_typed.told_as_submitted(results)
        results += _native(shapes, share, triples, failing, exact, is_ill_typed)
        if share.reference:
            results += _reference(shapes, share.reference, triples)
        return _report(results, shapes)


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {each.name: each for each in (FastEngine(), ReferenceEngine())}
)
"""By name; the first is the default."""


def engine(name: str = "fast") -> Engine:
    """Return the engine of that name; raises WorkspaceError with the names there are."""
    try:
        return ENGINES[name]
    except KeyError:
        raise WorkspaceError(
            f"there is no validation engine {name!r}", f"Engines: {', '.join(ENGINES)}."
        ) from None


def _triples(data: Iterable[Triple | Quad]) -> list[Triple]:
    return list(dict.fromkeys(each.triple if isinstance(each, Quad) else each for each in data))


def _has_blank_node(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _changed_by(
    wide: Iterable[Triple], triples: list[Triple], shapes: Shapes, fast: Engine
) -> Report:
    """Validate without the triples in `wide`, then what they can matter to with them.

    So that one number does not have all queries evaluated by rdflib, which is slow.
    """
    apart = set(wide)
    rest = [each for each in triples if each not in apart]
    incremental = Incremental(shapes, FastEngine(wide=True))
    before = Overlay(Nothing(), rest)
    state = incremental.state(before, fast.validate(rest, shapes))
    return incremental.recheck(state, before, wide, (), None).applied(state).report


def _compared(
    comparisons: Iterable[Comparison], shapes: Shapes, share: Split, evaluation: Evaluation
) -> tuple[dict[Subject, set[Node]], list[Result]]:
    """Return what comparisons fail for where their shapes decide, and their results."""
    _, deciding = reached_from(shapes.index, share.native)
    failing: dict[Subject, set[Node]] = {}
    results: list[Result] = []
    for each in comparisons:
        shape, severity = text_of(each.shape), shapes.severity(each.shape)
        if each.shape in deciding:
            nodes = {focus for focus, _ in evaluation.compared(each, deciding=True)}
            failing.setdefault(each.shape, set()).update(nodes)
        for focus, value in evaluation.compared(each):
            results.append(Result(focus, "", value, each.component, shape, severity))
    return failing, results


@contextmanager
def _told_with_place(constraint: SparqlConstraint, shapes: Shapes) -> Iterator[None]:
    """Tell errors at the evaluation of a query with the place of that."""
    try:
        yield
    except NotInRdf11:
        raise
    except WorkspaceError as error:
        told = shapes.places.told([constraint.fault(error.message)])[0]
        raise WorkspaceError(told, error.remedy) from error


def _native(
    shapes: Shapes,
    share: Split,
    triples: list[Triple],
    failing: Mapping[Subject, set[Node]],
    compared: Collection[Comparison],
    is_ill_typed: bool,
) -> list[Result]:
    if not share.native:
        return []
    most = at_once(triples)
    is_disguised = shapes.has_ill_typed or is_ill_typed
    try:
        if share is shapes.split and not (failing or compared or is_disguised):
            core, compiled = shapes.core, shapes.compiled
        else:
            core = retargeted(shapes.index, shapes.triples, share.native)
            if compared:
                apart = {each.triple for each in compared}
                core = [each for each in core if each not in apart]
            if failing:
                core = with_exclusions(shapes.index, core, failing)
                triples = triples + marks(failing)
            if is_disguised:
                core, triples = ill_typed.disguised(core), ill_typed.disguised(triples)
            compiled = native.compile_shapes(core)
        results = native.core_results(compiled, triples, most)
        if len(results) >= most:
            results = list(batched_results(core, triples, most))
        return ill_typed.told_as_submitted(results) if is_disguised else results
    except ValueError as error:
        raise WorkspaceError(f"the shapes cannot be evaluated: {error}") from error


def _reference(shapes: Shapes, led: Iterable[Subject], triples: list[Triple]) -> list[Result]:
    # Takes a tenth of a second to import, and is seldom needed.
    from kgpub.validation.reference import reference_results

    return reference_results(shapes, led, triples)


def _report(results: Iterable[Result], shapes: Shapes) -> Report:
    """Add what the shapes say and engines render differently: messages and paths."""
    completed: list[Result] = []
    by_query = {each.component for each in shapes.constraints}
    # Once a shape: a hundred thousand nodes may fail for the same reason.
    said = cache(lambda shape: (shapes.path(shape), shapes.messages(shape)))
    for result in results:
        if result.component not in by_query:
            path, messages = said(NamedNode(result.shape))
            path = path if result.path == "" else result.path
            result = replace(result, path=path, messages=messages)
        completed.append(result)
    return Report.of(completed)
