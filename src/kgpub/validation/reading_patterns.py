"""What validation of a focus node reads from the data: derived from the shapes, not from data.

Each shape that has targets is compiled to *reads*: a path from the focus node to some nodes, and
what is looked up at these. A change to the data that no read of a focus node meets, in the graph
before or after, cannot change what is said of it; and the triples that its reads meet are enough
to decide about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from kgpub.model.report import Node
from kgpub.validation import shape_graph
from kgpub.validation.index import Subject, text_of
from kgpub.validation.paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    read_path,
)
from kgpub.validation.queries import ConstraintQuery
from kgpub.validation.query_patterns import Prefix, Unbounded, normal, query_steps
from kgpub.validation.shapes import Shapes
from kgpub.validation.split import roots, target_classes
from kgpub.vocabulary import RDF, SH

MAX_READS = 5000
"""Shapes that one root leads to at most, a shape once for each way there.

Shapes that share shapes could multiply the ways without end.
"""

_PAIRS = tuple(SH + name for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"))

_COUNTS = frozenset((SH + "minCount", SH + "maxCount"))
_MOST_VALUES = 2**32
"""More than any node has; the bounds of shapes may be larger than machine numbers."""
_Read = TypeVar("_Read")
_NAMING = ("name", "description", "order", "group", "defaultValue", "message")
_NOT_VALIDATING = {RDF + "type", *shape_graph.TARGETS} | {
    SH + name for name in ("path", "severity", "deactivated", *_NAMING)
}


@dataclass(frozen=True)
class Targets:
    """The targets of a root (SHACL, section 2.1.3), implicit class targets among `classes`."""

    nodes: frozenset[Node]
    classes: tuple[Node, ...]
    subjects_of: tuple[str, ...]
    objects_of: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """Value nodes that are only counted, `bound` at most and one more.

    They lie one step from where `prefix` leads: over a predicate in `outward`, or over one in
    `inward` against its direction.
    """

    prefix: Prefix
    outward: tuple[str, ...]
    inward: tuple[str, ...]
    bound: int


@dataclass(frozen=True)
class Reads:
    """What is read of focus nodes; each read is a path from there.

    At the ends of the paths, `outward` and `inward` read the triples with a predicate that lead
    away and that lead there, `anything` all that lead away, and `members` whether the node is an
    instance of a class; `counts` need only some of what they read.
    """

    outward: Mapping[str, tuple[Prefix, ...]]
    inward: Mapping[str, tuple[Prefix, ...]]
    anything: tuple[Prefix, ...]
    members: Mapping[Node, tuple[Prefix, ...]]
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class RootPatterns(Reads):
    """What validation from one root reads.

    `reported` are the shapes that results may come from, with the paths to their focus nodes;
    None where they are too many. `unbounded` says why the reads are not all, or is ""; then
    `anywhere` are the predicates of the triples that may be read anywhere, None for any. `queries`
    are those that are evaluated; with each stands whether that may be for one node at a time.
    """

    root: Subject
    targets: Targets
    reported: tuple[tuple[Prefix, str], ...] | None
    unbounded: str
    anywhere: frozenset[str] | None
    queries: tuple[tuple[ConstraintQuery, bool], ...]


def united(several: tuple[Reads, ...]) -> Reads:
    """Return what all of `several` read together."""
    if len(several) == 1:
        return several[0]
    return Reads(
        outward=_united([each.outward for each in several]),
        inward=_united([each.inward for each in several]),
        anything=tuple(dict.fromkeys(path for each in several for path in each.anything)),
        members=_united([each.members for each in several]),
        counts=tuple(dict.fromkeys(count for each in several for count in each.counts)),
    )


def _united(
    several: Iterable[Mapping[_Read, tuple[Prefix, ...]]],
) -> dict[_Read, tuple[Prefix, ...]]:
    found: dict[_Read, dict[Prefix, None]] = {}
    for each in several:
        for read, prefixes in each.items():
            found.setdefault(read, {}).update(dict.fromkeys(prefixes))
    return {read: tuple(prefixes) for read, prefixes in found.items()}


def root_patterns(shapes: Shapes) -> list[RootPatterns]:
    """Compile every active shape that has targets."""
    return [_Compilation(shapes, root).patterns() for root in roots(shapes.index)]


class _Compilation:
    def __init__(self, shapes: Shapes, root: Subject) -> None:
        self._shapes = shapes
        self._index = shapes.index
        self._root = root
        self._outward: dict[str, dict[Prefix, None]] = {}
        self._inward: dict[str, dict[Prefix, None]] = {}
        self._anything: dict[Prefix, None] = {}
        self._members: dict[Node, dict[Prefix, None]] = {}
        self._counts: dict[Count, None] = {}
        self._reported: dict[tuple[Prefix, str], None] = {}
        self._unbounded: list[str] = []
        self._anywhere: frozenset[str] | None = frozenset()
        self._visited: set[tuple[Subject, Prefix, bool]] = set()
        self._evaluated: dict[str, tuple[ConstraintQuery, bool]] = {}

    def patterns(self) -> RootPatterns:
        targets = self._targets()
        for klass in targets.classes:
            self._members.setdefault(klass, {})[()] = None
        for predicate in targets.subjects_of:
            self._outward.setdefault(predicate, {})[()] = None
        for predicate in targets.objects_of:
            self._inward.setdefault(predicate, {})[()] = None
        complete = True
        try:
            self._shape(self._root, (), True)
        except _TooMany:
            complete = False
            self._unbounded.append(f"it reads along more than {MAX_READS} paths")
            self._anywhere = None
        return RootPatterns(
            root=self._root,
            targets=targets,
            outward={key: tuple(value) for key, value in self._outward.items()},
            inward={key: tuple(value) for key, value in self._inward.items()},
            anything=tuple(self._anything),
            members={key: tuple(value) for key, value in self._members.items()},
            counts=tuple(self._counts),
            reported=tuple(self._reported) if complete else self._all_reported(),
            unbounded="; ".join(dict.fromkeys(self._unbounded)),
            anywhere=self._anywhere,
            queries=tuple(self._evaluated.values()),
        )

    def _targets(self) -> Targets:
        def named(name: str) -> tuple[str, ...]:
            return tuple(text_of(each) for each in self._index.objects(self._root, SH + name))

        return Targets(
            frozenset(self._index.objects(self._root, SH + "targetNode")),
            tuple(target_classes(self._index, self._root)),
            named("targetSubjectsOf"),
            named("targetObjectsOf"),
        )

    def _all_reported(self) -> tuple[tuple[Prefix, str], ...] | None:
        """Return the reported shapes where the compilation was cut short, if they are not many."""
        found: dict[tuple[Prefix, str], None] = {}
        pending: list[tuple[Subject, Prefix]] = [(self._root, ())]
        while pending:
            shape, prefix = pending.pop()
            if shape_graph.is_deactivated(self._index, shape) or (prefix, text_of(shape)) in found:
                continue
            found[prefix, text_of(shape)] = None
            if len(found) > MAX_READS:
                return None
            path = self._path(shape)
            values = prefix if path is None else (*prefix, path)
            for each in self._index.objects(shape, SH + "property"):
                if not isinstance(each, Literal):
                    pending.append((each, values))
        return tuple(found)

    def _path(self, shape: Subject) -> Path | None:
        paths = self._index.objects(shape, SH + "path")
        return normal(read_path(self._index, paths[0])) if paths else None

    def _shape(self, shape: Subject, prefix: Prefix, is_reported: bool) -> None:
        key = shape, prefix, is_reported
        if key in self._visited or shape_graph.is_deactivated(self._index, shape):
            return
        self._visited.add(key)
        if len(self._visited) > MAX_READS:
            raise _TooMany
        if is_reported:
            self._reported[prefix, text_of(shape)] = None
        path = self._path(shape)
        values = prefix
        if path is not None:
            values = (*prefix, path)
            steps = _single_steps(path) if self._only_counts(shape) else None
            if steps is None:
                self._steps(prefix, path)
            else:
                self._counts[Count(prefix, *steps, self._bound(shape))] = None
        for klass in self._index.objects(shape, SH + "class"):
            self._members.setdefault(klass, {})[values] = None
        for pair in _PAIRS:
            for predicate in self._index.objects(shape, pair):
                self._outward.setdefault(text_of(predicate), {})[prefix] = None
        if shape_graph.is_closed(self._index, shape):
            self._anything[values] = None
        for predicate_, each in shape_graph.leads_to(self._index, shape):
            self._shape(each, values, is_reported and predicate_ == SH + "property")
        self._queries(shape, prefix, values, is_reported)

    def _only_counts(self, shape: Subject) -> bool:
        predicates = set(self._index.predicates(shape))
        return bool(predicates & _COUNTS) and predicates <= _COUNTS | _NOT_VALIDATING

    def _bound(self, shape: Subject) -> int:
        values = (each for name in _COUNTS for each in self._index.objects(shape, name))
        return min(max(int(text_of(each)) for each in values), _MOST_VALUES)

    def _queries(self, shape: Subject, prefix: Prefix, values: Prefix, is_reported: bool) -> None:
        alone = bool(prefix) or not is_reported or self._targets_literals()
        for constraint in self._shapes.constraints_of(shape):
            query = constraint.query
            _, before = self._evaluated.get(query.text, (query, False))
            self._evaluated[query.text] = query, before or alone or bool(query.obstacle)
            anchors = {"this": prefix, **({"value": values} if query.is_ask else {})}
            predicates = {
                name: value.value
                for name, value in constraint.bindings
                if isinstance(value, NamedNode)
            }
            try:
                for start, path in query_steps(query, anchors, predicates):
                    self._steps(start, path)
            except Unbounded as reason:
                self._unbounded.append(f"the query of {text_of(constraint.node)}: {reason}")
                named = None if query.inconstant or constraint.bindings else query.predicates
                if named is None or self._anywhere is None:
                    self._anywhere = None
                else:
                    self._anywhere |= named

    def _targets_literals(self) -> bool:
        return bool(self._index.objects(self._root, SH + "targetObjectsOf")) or any(
            isinstance(each, Literal) for each in self._index.objects(self._root, SH + "targetNode")
        )

    def _steps(self, prefix: Prefix, path: Path) -> Prefix:
        """Note what following `path` reads, and return where it leads."""
        match path:
            case Predicate(iri):
                self._outward.setdefault(iri, {})[prefix] = None
            case Inverse(inner):
                assert isinstance(inner, Predicate)
                self._inward.setdefault(inner.iri, {})[prefix] = None
            case Sequence(parts):
                reached = prefix
                for part in parts:
                    reached = self._steps(reached, part)
            case Alternative(parts):
                for part in parts:
                    self._steps(prefix, part)
            case Repeated(inner, modifier):
                again = prefix if modifier == "?" else (*prefix, Repeated(inner, "*"))
                self._steps(again, inner)
        return (*prefix, path)


def _single_steps(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the predicates that `path` goes over, and those against their direction, as one step.

    None where it may go further.
    """
    parts = path.parts if isinstance(path, Alternative) else (path,)
    outward: list[str] = []
    inward: list[str] = []
    for part in parts:
        match part:
            case Predicate(iri):
                outward.append(iri)
            case Inverse(Predicate(iri)):
                inward.append(iri)
            case _:
                return None
    return tuple(outward), tuple(inward)


class _TooMany(Exception):
    pass
