"""Focus nodes that a change can matter to, and the part of the graph that decides about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.model.report import Node, Result
from kgpub.validation.graph_view import View
from kgpub.validation.index import SUBCLASS_OF, TYPE
from kgpub.validation.paths import Alternative, Inverse, Path, Predicate, Repeated, Sequence
from kgpub.validation.query_patterns import Prefix, inverted
from kgpub.validation.reading_patterns import Count, RootPatterns, Targets

MAX_WALK = 20_000
"""Nodes that one walk back from a change may meet, before it is given up for a wider recheck."""


class TooFar(Exception):
    """A walk met more nodes than it may."""


class Walk:
    """Follows paths in a graph; with `limit`, no further than to so many nodes in all."""

    def __init__(self, view: View, limit: int | None = None) -> None:
        self._view = view
        self._left = limit
        self._classes: dict[tuple[Node, ...], dict[Node, None]] = {}

    def follow(self, prefix: Prefix, nodes: Iterable[Node]) -> dict[Node, None]:
        """Return where the paths lead, one after the other, from all of `nodes`; or TooFar."""
        reached = dict.fromkeys(nodes)
        for path in prefix:
            reached = self._ends(reached, path)
        return reached

    def back(self, prefix: Prefix, nodes: Iterable[Node]) -> dict[Node, None]:
        """Return from where the paths may lead to some of `nodes`; or TooFar."""
        return self.follow(tuple(inverted(path) for path in reversed(prefix)), nodes)

    def superclasses(self, classes: Iterable[Node]) -> dict[Node, None]:
        """Return `classes` and all that they are subclasses of."""
        key = tuple(classes)
        found = self._classes.get(key)
        if found is None:
            found = self._ends(dict.fromkeys(key), Repeated(Predicate(SUBCLASS_OF), "*"))
            self._classes[key] = found
        return found

    def is_target(self, targets: Targets, node: Node) -> bool:
        """Return whether `node` is a target."""
        if node in targets.nodes:
            return True
        if targets.classes:
            types = self.superclasses(self._view.objects(node, TYPE))
            if any(klass in types for klass in targets.classes):
                return True
        return any(self._view.objects(node, each) for each in targets.subjects_of) or any(
            self._view.subjects(each, node) for each in targets.objects_of
        )

    def _ends(self, nodes: Mapping[Node, None], path: Path) -> dict[Node, None]:
        match path:
            case Predicate(iri):
                return self._counted([each for n in nodes for each in self._view.objects(n, iri)])
            case Inverse(Predicate(iri)):
                found: dict[Node, None] = {}
                for node in nodes:
                    found.update(self._counted(self._view.subjects(iri, node)))
                return found
            case Inverse(inner):
                return self._ends(nodes, inverted(inner))
            case Sequence(parts):
                return self.follow(parts, nodes)
            case Alternative(parts):
                return {each: None for part in parts for each in self._ends(nodes, part)}
            case Repeated(inner, modifier):
                reached = dict(nodes) if modifier != "+" else {}
                pending = self._ends(nodes, inner)
                while pending:
                    fresh = {each: None for each in pending if each not in reached}
                    reached.update(fresh)
                    pending = self._ends(fresh, inner) if modifier != "?" else {}
                return reached

    def _counted(self, nodes: Iterable[Node]) -> dict[Node, None]:
        found = dict.fromkeys(nodes)
        if self._left is not None:
            self._left -= len(found)
            if self._left < 0:
                raise TooFar
        return found


class Changes:
    """The ends of added and removed triples by predicate."""

    def __init__(self, triples: Iterable[Triple], union: View) -> None:
        self.union = union
        self.subjects: dict[str, dict[Node, None]] = {}
        self.objects: dict[str, dict[Node, None]] = {}
        self._typed: dict[Node, dict[Node, None]] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            self.subjects.setdefault(predicate, {})[subject] = None
            self.objects.setdefault(predicate, {})[value] = None
            if predicate == TYPE:
                for klass in Walk(union).superclasses([value]):
                    self._typed.setdefault(klass, {})[subject] = None
        self._everything = {each: None for some in self.subjects.values() for each in some}

    def starts(self, patterns: RootPatterns) -> dict[Prefix, dict[Node, None]]:
        """Return the nodes at which reads of a root meet a change, by the way to them."""
        found: dict[Prefix, dict[Node, None]] = {}
        for ends, reads in ((self.subjects, patterns.outward), (self.objects, patterns.inward)):
            for predicate, nodes in ends.items():
                for prefix in reads.get(predicate, ()):
                    found.setdefault(prefix, {}).update(nodes)
        for prefix in patterns.anything:
            found.setdefault(prefix, {}).update(self._everything)
        for count in patterns.counts:
            for ends, predicates in ((self.subjects, count.outward), (self.objects, count.inward)):
                for predicate in predicates:
                    if predicate in ends:
                        found.setdefault(count.prefix, {}).update(ends[predicate])
        for klass, nodes in self._typed.items():
            for prefix in patterns.members.get(klass, ()):
                found.setdefault(prefix, {}).update(nodes)
        return found


def affected(patterns: RootPatterns, changes: Changes) -> tuple[dict[Node, None], str]:
    """Return the focus nodes of a root that a change can matter to, others perhaps among them.

    The text says why they cannot be told, and all have to be rechecked; it is "" if they can.
    """
    if SUBCLASS_OF in changes.subjects and patterns.members:
        return {}, "rdfs:subClassOf has changed"
    if patterns.unbounded and (
        patterns.anywhere is None or not patterns.anywhere.isdisjoint(changes.subjects)
    ):
        return {}, patterns.unbounded
    found: dict[Node, None] = {}
    walk = Walk(changes.union, MAX_WALK)
    try:
        for prefix, nodes in changes.starts(patterns).items():
            found.update(walk.back(prefix, nodes))
    except TooFar:
        return {}, f"the change is connected with more than {MAX_WALK} nodes"
    if found and patterns.unbounded:
        return {}, patterns.unbounded
    return found, ""


def collect(
    patterns: RootPatterns, nodes: Iterable[Node], view: View, found: dict[Triple, None]
) -> None:
    """Add to `found` all triples that validating `nodes` from a root reads."""
    walk = Walk(view)
    reached: dict[Prefix, dict[Node, None]] = {(): dict.fromkeys(nodes)}

    def at(prefix: Prefix) -> dict[Node, None]:
        if prefix not in reached:
            reached[prefix] = walk.follow(prefix[-1:], at(prefix[:-1]))
        return reached[prefix]

    def lead_away(node: Node, predicate: str) -> list[Node]:
        values = view.objects(node, predicate)
        if values and not isinstance(node, Literal):
            named = NamedNode(predicate)
            found.update((Triple(node, named, value), None) for value in values)
        return values

    for predicate, prefixes in patterns.outward.items():
        for node in {each: None for prefix in prefixes for each in at(prefix)}:
            lead_away(node, predicate)
    for predicate, prefixes in patterns.inward.items():
        named = NamedNode(predicate)
        for node in {each: None for prefix in prefixes for each in at(prefix)}:
            found.update((Triple(s, named, node), None) for s in view.subjects(predicate, node))
    for prefix in patterns.anything:
        for node in at(prefix):
            found.update(dict.fromkeys(view.outgoing(node)))
    for count in patterns.counts:
        for node in at(count.prefix):
            found.update(dict.fromkeys(_counted(count, node, view)))
    typed = {
        each: None for some in patterns.members.values() for prefix in some for each in at(prefix)
    }
    classes = {each: None for node in typed for each in lead_away(node, TYPE)}
    for klass in walk.superclasses(classes):
        lead_away(klass, SUBCLASS_OF)


def _counted(count: Count, node: Node, view: View) -> Iterator[Triple]:
    """Yield triples with all value nodes that are counted, or with more than decide."""
    needed, values = count.bound + 1, set[Node]()
    if not isinstance(node, Literal):
        for predicate in count.outward:
            for value in view.objects(node, predicate)[:needed]:
                values.add(value)
                yield Triple(node, NamedNode(predicate), value)
    for predicate in count.inward:
        if len(values) >= needed:
            return
        for subject in view.subjects(predicate, node, needed):
            values.add(subject)
            yield Triple(subject, NamedNode(predicate), node)


def attributed(
    patterns: RootPatterns,
    nodes: Iterable[Node],
    view: View,
    results: Mapping[tuple[str, Node], list[Result]],
) -> dict[Node, frozenset[Result]]:
    """Return the results that each of `nodes` has from a root; those without are left out.

    `results` are by shape and focus node. What a shape says of a node depends on nothing else,
    so that results belong to all focus nodes of the root that lead there.
    """
    shapes = {shape for shape, _ in results}
    reported = [(prefix, shape) for prefix, shape in patterns.reported if shape in shapes]
    walk = Walk(view)
    found: dict[Node, frozenset[Result]] = {}
    for node in nodes if reported else ():
        own = frozenset(
            result
            for prefix, shape in reported
            for focus in walk.follow(prefix, [node])
            for result in results.get((shape, focus), ())
        )
        if own:
            found[node] = own
    return found
