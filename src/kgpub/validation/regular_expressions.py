"""The regular expressions that pySHACL and rdflib match, and the texts that they match them on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node
from kgpub.validation import backtracking, shape_graph
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.patterns import UnknownFlag, for_python
from kgpub.validation.query_texts import Matching, Texts, length_of
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import SH

if TYPE_CHECKING:
    from kgpub.validation.queries import ConstraintQuery
    from kgpub.validation.shapes import Shapes

_SIMPLER = (
    "Write it without repetitions of what can be divided in several ways, and without look-around "
    "and references back."
)
_LINEAR = "Then the engine fast matches it in linear time."
_CONSTANT = "Write it as a constant: then it is known beforehand how long that may take."


@dataclass(frozen=True)
class Lengths:
    """How many code points the longest value of each predicate has, and the longest of all terms.

    The latter counts languages, datatypes and predicates as well: what a query can get at.
    """

    values: Mapping[str, int]
    longest: int

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Lengths:
        """Measure the terms of `triples`."""
        values: dict[str, int] = {}
        longest = 0
        for subject, predicate, value in triples:
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            length = len(value.value)
            values[predicate.value] = max(values.get(predicate.value, 0), length)
            longest = max(longest, *map(length_of, (subject, predicate, value)))
        return cls(values, longest)


def refuse_unbounded(shapes: Shapes, roots: Iterable[Subject], data: Iterable[Triple]) -> None:
    """Raise WorkspaceError for a regular expression that Python might match for ever on `data`.

    Looked at are those of the shapes that `roots` lead to, and of the queries of these.
    """
    reached = _reached(shapes.index, roots)
    patterned = [each for each in reached if shapes.index.objects(each, SH + "pattern")]
    constraints = [
        each
        for each in shapes.constraints
        if each.shape in reached and Matching.of(each.query.algebra)
    ]
    if not patterned and not constraints:
        return
    targets = (each for each in shapes.triples if each.predicate.value == SH + "targetNode")
    lengths = Lengths.of((*data, *targets))
    for shape in patterned:
        for fault in _of_shape(shapes.index, shape, lengths):
            raise WorkspaceError(shapes.places.told([fault])[0], f"{_SIMPLER} {_LINEAR}")
    for each in constraints:
        bindings: dict[str, Node] = {"currentShape": each.shape, **dict(each.bindings)}
        try:
            check_query(each.query, bindings, lengths.longest)
        except WorkspaceError as error:
            fault = each.fault(error.message)
            raise WorkspaceError(shapes.places.told([fault])[0], error.remedy) from error


def check_query(query: ConstraintQuery, bindings: Mapping[str, Node], longest: int) -> None:
    """Raise WorkspaceError for a regular expression of a query that might be matched for ever.

    Variables are pre-bound by `bindings`; `longest` is the length of the longest term of the data.
    What the query computes, or reads from the data, is refused as a regular expression.
    """
    matchings = Matching.of(query.algebra)
    if not matchings:
        return
    texts = Texts(query.algebra, bindings, longest)
    for each in matchings:
        pattern = each.pattern
        bound = bindings.get(str(pattern)) if isinstance(pattern, rdflib.Variable) else None
        if not isinstance(bound, Literal) and not isinstance(pattern, rdflib.Literal):
            message = "a query computes a regular expression, which may take exponential time"
            raise WorkspaceError(message, _CONSTANT)
        constant = bound.value if isinstance(bound, Literal) else str(pattern)
        for flags in each.flags:
            fault = _fault(constant, flags, texts.length(each.text))
            if fault is not None:
                raise WorkspaceError(fault, _SIMPLER)


def _fault(pattern: str, flags: str, length: int) -> str | None:
    try:
        text, _ = for_python(pattern, flags)
    except UnknownFlag as error:
        return str(error)
    except re.error:
        return f"Python does not read the regular expression {pattern!r}"
    return backtracking.fault(text, length, multiline="m" in flags, written=pattern)


def _reached(index: TripleIndex, roots: Iterable[Subject]) -> list[Subject]:
    reached = set(roots)
    pending = list(reached)
    while pending:
        fresh = {shape for _, shape in shape_graph.leads_to(index, pending.pop())} - reached
        reached |= fresh
        pending += fresh
    return sorted(reached, key=str)


def _of_shape(index: TripleIndex, shape: Subject, lengths: Lengths) -> Iterator[Fault]:
    paths = index.objects(shape, SH + "path")
    length = lengths.longest
    if paths and isinstance(paths[0], NamedNode):
        length = lengths.values.get(paths[0].value, 0)
    flags = "".join(text_of(each) for each in index.objects(shape, SH + "flags"))
    for pattern in index.objects(shape, SH + "pattern"):
        fault = _fault(text_of(pattern), flags, length)
        if fault is not None:
            yield Fault(shape, fault, SH + "pattern", None, shape)
