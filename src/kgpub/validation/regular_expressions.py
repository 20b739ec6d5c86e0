"""The regular expressions that pySHACL and rdflib match, and the texts that they match them on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node
from kgpub.validation import backtracking, lint
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.prebinding import parts_of
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import SH

if TYPE_CHECKING:
    from kgpub.validation.constraints import SparqlConstraint
    from kgpub.validation.shapes import Shapes

_SIMPLER = (
    "Write it without repetitions of what can be divided in several ways, and without look-around "
    "and references back: then the engine fast matches it in linear time."
)
_CONSTANT = "Write it as a constant: then it is known beforehand how long that may take."


@dataclass(frozen=True)
class _Expression:
    """A regular expression of a shape, for the values of the predicate `path`, or any text.

    `holder` has it, or the query with it, as value of `predicate`.
    """

    shape: Subject
    holder: Subject
    predicate: str
    pattern: str
    path: str | None
    multiline: bool


def refuse_unbounded(shapes: Shapes, roots: Iterable[Subject], data: Iterable[Triple]) -> None:
    """Raise WorkspaceError for a regular expression that Python might match for ever on `data`.

    Looked at are those of the shapes that `roots` lead to, and of the queries of these.
    """
    reached = _reached(shapes.index, roots)
    found = [each for shape in reached for each in _of_shape(shapes.index, shape)]
    for constraint in shapes.constraints:
        if constraint.shape in reached:
            found += _of_query(constraint, shapes)
    if not found:
        return
    lengths = lengths_of((*data, *shapes.triples))
    for each in found:
        fault = backtracking.fault(
            each.pattern, lengths.get(each.path, 0), multiline=each.multiline
        )
        if fault is not None:
            raise WorkspaceError(
                _told(shapes, each.shape, each.predicate, each.holder, fault), _SIMPLER
            )


def _told(shapes: Shapes, shape: Subject, predicate: str, holder: Subject, fault: str) -> str:
    return shapes.places.told([Fault(shape, fault, predicate, None, holder)])[0]


def computed(algebra: Any, bindings: Mapping[str, Node]) -> Iterator[str]:
    """Yield the regular expressions that a query has as variables pre-bound by `bindings`.

    `algebra` is rdflib's. Raises WorkspaceError where the query computes one, or reads it from
    the data.
    """
    for part in parts_of(algebra):
        if part.name not in ("Builtin_REGEX", "Builtin_REPLACE"):
            continue
        if isinstance(part.pattern, rdflib.Literal):
            continue
        bound = bindings.get(str(part.pattern))
        if not isinstance(part.pattern, rdflib.Variable) or not isinstance(bound, Literal):
            message = "a query computes a regular expression, which may take exponential time"
            raise WorkspaceError(message, _CONSTANT)
        yield bound.value


def _reached(index: TripleIndex, roots: Iterable[Subject]) -> list[Subject]:
    reached = set(roots)
    pending = list(reached)
    while pending:
        fresh = {shape for _, shape in lint.leads_to(index, pending.pop())} - reached
        reached |= fresh
        pending += fresh
    return sorted(reached, key=str)


def _of_shape(index: TripleIndex, shape: Subject) -> Iterator[_Expression]:
    paths = index.objects(shape, SH + "path")
    path = paths[0].value if paths and isinstance(paths[0], NamedNode) else None
    flags = "".join(text_of(each) for each in index.objects(shape, SH + "flags"))
    for pattern in index.objects(shape, SH + "pattern"):
        multiline = "m" in flags.lower()
        yield _Expression(shape, shape, SH + "pattern", text_of(pattern), path, multiline)


def _of_query(constraint: SparqlConstraint, shapes: Shapes) -> Iterator[_Expression]:
    query, shape, holder = constraint.query, constraint.shape, constraint.node
    predicate = SH + ("ask" if query.is_ask else "select")
    try:
        patterns = [*query.patterns, *computed(query.algebra, dict(constraint.bindings))]
    except WorkspaceError as error:
        told = _told(shapes, shape, predicate, holder, error.message)
        raise WorkspaceError(told, error.remedy) from error
    for pattern in patterns:
        yield _Expression(shape, holder, predicate, pattern, None, multiline=True)


def lengths_of(triples: Iterable[Triple]) -> dict[str | None, int]:
    """Return the code points of the longest value of each predicate; of any term for None."""
    found: dict[str | None, int] = {None: 0}
    for subject, predicate, value in triples:
        length = 0 if isinstance(value, Triple) else len(value.value)
        found[predicate.value] = max(found.get(predicate.value, 0), length)
        if isinstance(subject, NamedNode):
            length = max(length, len(subject.value))
        found[None] = max(found[None], length)
    return found
