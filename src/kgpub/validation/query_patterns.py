"""What the query of a SPARQL constraint reads for one focus node, where that can be bounded.

With $this pre-bound, the triple patterns of a group are evaluated one after the other, each from
a node that is known by then: the focus node, or what an earlier pattern led to. If that reaches
all patterns, the query reads what lies along these paths and no more. What a pattern may start
from depends on where it stands: an OPTIONAL, or an EXISTS, may start from what the group before
it certainly binds, a SELECT within from $this only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rdflib import paths as rdflib_paths
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef, Variable

from kgpub.validation.paths import Alternative, Inverse, Path, Predicate, Repeated, Sequence
from kgpub.validation.prebinding import parts_of
from kgpub.validation.queries import ConstraintQuery

Prefix = tuple[Path, ...]
"""Paths to follow one after the other from a focus node, inverses at predicates only."""

Known = dict[str, Prefix]


class Unbounded(Exception):
    """What a query reads cannot be bounded; the text says why."""


def normal(path: Path) -> Path:
    """Return a path that means the same, with inverses at predicates only."""
    match path:
        case Inverse(inner):
            return inverted(inner)
        case Sequence(parts):
            return Sequence(tuple(normal(part) for part in parts))
        case Alternative(parts):
            return Alternative(tuple(normal(part) for part in parts))
        case Repeated(inner, modifier):
            return Repeated(normal(inner), modifier)
        case _:
            return path


def inverted(path: Path) -> Path:
    """Return the path that leads back, with inverses at predicates only."""
    match path:
        case Inverse(inner):
            return normal(inner)
        case Sequence(parts):
            return Sequence(tuple(inverted(part) for part in reversed(parts)))
        case Alternative(parts):
            return Alternative(tuple(inverted(part) for part in parts))
        case Repeated(inner, modifier):
            return Repeated(inverted(inner), modifier)
        case _:
            return Inverse(path)


def query_steps(
    query: ConstraintQuery, anchors: Mapping[str, Prefix], predicates: Mapping[str, str]
) -> list[tuple[Prefix, Path]]:
    """Return the paths that a query follows, each with the prefix that it starts from.

    `anchors` are the pre-bound variables that nodes are known for, with the way to them;
    `predicates` those that are bound to IRIs. Raises Unbounded.
    """
    if query.inconstant:
        raise Unbounded("it asks for the time, or for chance")
    reading = _Reading(anchors, predicates)
    reading.binds(query.algebra.p, {})
    patterns = [part for part in parts_of(query.algebra) if part.name == "BGP" and part.triples]
    if len(patterns) != reading.patterns:
        raise Unbounded("a part of it is not understood")
    return reading.steps


class _Reading:
    def __init__(self, anchors: Mapping[str, Prefix], predicates: Mapping[str, str]) -> None:
        self._anchors = anchors
        self._bound = predicates
        self.steps: list[tuple[Prefix, Path]] = []
        self.patterns = 0

    def binds(self, part: Any, outer: Known) -> Known:
        """Read `part`, whose solutions must agree with `outer`; return what it certainly binds."""
        match part.name:
            case "BGP":
                return self._pattern(part.triples, outer)
            case "Project":
                known = self.binds(part.p, outer)
                selected = {str(variable) for variable in part.PV}
                return {name: way for name, way in known.items() if name in selected}
            case "Distinct" | "Reduced" | "OrderBy":
                return self.binds(part.p, outer)
            case "ToMultiSet" if part.p.name != "values":
                return self.binds(part.p, {})
            case "Join":
                known = self.binds(part.p1, outer)
                return {**known, **self.binds(part.p2, {**outer, **known})}
            case "LeftJoin":
                known = self.binds(part.p1, outer)
                optional = self.binds(part.p2, known)
                self._expression(part.expr, {**optional, **known})
                return known
            case "Union":
                # What both sides bind lies on two ways, of which a prefix is one.
                self.binds(part.p1, outer)
                self.binds(part.p2, outer)
                return {}
            case "Filter":
                known = self.binds(part.p, outer)
                self._expression(part.expr, known)
                return known
            case "Extend":
                known = self.binds(part.p, outer)
                self._expression(part.expr, known)
                return {name: way for name, way in known.items() if name != str(part.var)}
            case "AggregateJoin":
                self.binds(part.p.p, {})
                return {}
            case _:
                raise Unbounded(f"it contains {part.name}")

    def _expression(self, expression: Any, known: Known) -> None:
        pending = [expression]
        while pending:
            each = pending.pop()
            if isinstance(each, list | tuple):
                pending.extend(each)
            elif isinstance(each, CompValue):
                if each.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                    self.binds(each.graph, known)
                else:
                    pending.extend(getattr(each, key) for key in each if key != "_vars")

    def _pattern(self, triples: list[tuple[Any, Any, Any]], outer: Known) -> Known:
        if triples:
            self.patterns += 1
        known: Known = {}
        pending = [(s, self._path(p), o) for s, p, o in triples]
        while pending:
            starts = list(self._starts(pending, {**outer, **known, **self._anchors}))
            if not starts:
                raise Unbounded("a pattern of it is not connected with $this")
            _, number, prefix, path = min(starts, key=lambda each: each[:2])
            subject, _, value = pending.pop(number)
            self.steps.append((prefix, path))
            for term in (subject, value):
                way = {**outer, **known, **self._anchors}.get(str(term))
                if isinstance(term, Variable):
                    known[str(term)] = way if way is not None else (*prefix, path)
        return known

    def _starts(
        self, pending: list[tuple[Any, Path, Any]], known: Known
    ) -> Iterator[tuple[tuple[bool, int, int], int, Prefix, Path]]:
        # From subjects first: fewer triples lead away from a node than may lead there.
        for number, (subject, path, value) in enumerate(pending):
            for term, way in ((subject, path), (value, inverted(path))):
                if isinstance(term, Variable) and str(term) in known:
                    prefix = known[str(term)]
                    rank = (term is value, len(prefix), len(str(path)))
                    yield rank, number, prefix, way
                    break

    def _path(self, path: Any) -> Path:
        match path:
            case URIRef():
                return Predicate(str(path))
            case Variable() if str(path) in self._bound:
                return Predicate(self._bound[str(path)])
            case rdflib_paths.InvPath():
                return inverted(self._path(path.arg))
            case rdflib_paths.SequencePath():
                return Sequence(tuple(self._path(each) for each in path.args))
            case rdflib_paths.AlternativePath():
                return Alternative(tuple(self._path(each) for each in path.args))
            case rdflib_paths.MulPath():
                return Repeated(self._path(path.path), str(path.mod))
            case _:
                raise Unbounded("it has patterns for any predicate")
