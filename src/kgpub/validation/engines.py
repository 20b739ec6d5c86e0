"""Engines that validate data: all give the same report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Protocol

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node, Report, Result
from kgpub.validation import ill_typed, native
from kgpub.validation.batches import at_once, batched_results
from kgpub.validation.deciding import marks, with_exclusions
from kgpub.validation.evaluation import Evaluation
from kgpub.validation.index import Subject
from kgpub.validation.shapes import Shapes
from kgpub.validation.split import Split, retargeted, roots


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
    it; for one validation also those whose queries could tell stored literals from submitted
    ones, and those that tell the data's blank nodes from IRIs. Wherever it does, its
    restrictions hold.
    """

    name = "fast"

    def validate(self, data: Sequence[Triple | Quad], shapes: Shapes) -> Report:
        """See Engine."""
        triples = _triples(data)
        if not native.is_installed():
            return _report(_reference(shapes, roots(shapes.index), triples), shapes)
        share = shapes.split
        if not native.numbers_blank_nodes() and any(map(_has_blank_node, triples)):
            share = share.without(share.kinds, "it tells the blank nodes in the data from IRIs")
        evaluation = Evaluation(
            shapes.index, shapes.triples, share.native, triples, shapes.read_by_queries
        )
        failing: dict[Subject, set[Node]] = {}
        for each in share.deciding:
            failing.setdefault(each.constraint.shape, set()).update(evaluation.failing(each))
        results = _native(shapes, share, triples, failing)
        for each in share.queries:
            results += evaluation.results(each)
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


def _native(
    shapes: Shapes, share: Split, triples: list[Triple], failing: Mapping[Subject, set[Node]]
) -> list[Result]:
    if not share.native:
        return []
    most = at_once(triples)
    is_disguised = shapes.has_ill_typed or ill_typed.holds_any(triples)
    try:
        if share is shapes.split and not failing and not is_disguised:
            core, compiled = shapes.core, shapes.compiled
        else:
            core = retargeted(shapes.index, shapes.triples, share.native)
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
