"""Focus nodes that a change can matter to, and what results say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import Literal, Triple

from kgpub.model.report import Node, Result
from kgpub.validation.graph_view import View
from kgpub.validation.index import SUBCLASS_OF, TYPE
from kgpub.validation.paths import Predicate, Repeated, ends
from kgpub.validation.query_patterns import Prefix
from kgpub.validation.reading_patterns import RootPatterns, Targets

_SUPERCLASSES = Repeated(Predicate(SUBCLASS_OF), "*")
MAX_WALK = 20_000
"""Nodes that one walk back from a change may meet, before it is given up for a wider recheck."""


class TooFar(Exception):
    """A walk met more nodes than it may."""


class Walk:
    """Follows paths in a graph that does not change; what it has found of classes is kept."""

    def __init__(self, view: View, limit: int | None = None) -> None:
        self.view = view
        self._left = limit
        self._classes: dict[tuple[Node, ...], dict[Node, None]] = {}
        self._types: dict[Node, dict[Node, None]] = {}

    def follow(self, prefix: Prefix, nodes: Iterable[Node]) -> dict[Node, None]:
        """Return where the paths lead, one after the other, from all of `nodes`; or TooFar."""
        reached = dict.fromkeys(nodes)
        for path in prefix:
            reached = ends(reached, path, self)
        return reached

    def back(self, prefix: Prefix, nodes: Iterable[Node]) -> dict[Node, None]:
        """Return from where the paths may lead to some of `nodes`; or TooFar."""
        reached = dict.fromkeys(nodes)
        for path in reversed(prefix):
            reached = ends(reached, path, self, inverse=True)
        return reached

    def superclasses(self, classes: Iterable[Node]) -> dict[Node, None]:
        """Return `classes` and all that they are subclasses of."""
        key = tuple(classes)
        found = self._classes.get(key)
        if found is None:
            found = ends(key, _SUPERCLASSES, self)
            self._classes[key] = found
        return found

    def classes(self, node: Node) -> dict[Node, None]:
        """Return the classes of `node` and all that they are subclasses of."""
        if isinstance(node, Literal):
            return {}
        found = self._types.get(node)
        if found is None:
            self._types[node] = found = self.superclasses(self.view.objects(node, TYPE))
        return found

    def is_target(self, targets: Targets, node: Node) -> bool:
        """Return whether `node` is a target."""
        if node in targets.nodes:
            return True
        if targets.classes and not self.classes(node).keys().isdisjoint(targets.classes):
            return True
        return any(self.view.objects(node, each) for each in targets.subjects_of) or any(
            self.view.subjects(each, node, 1) for each in targets.objects_of
        )

    def objects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """See Steps."""
        objects = self.view.objects
        return self._counted({each: None for n in nodes for each in objects(n, predicate)})

    def subjects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """See Steps."""
        found: dict[Node, None] = {}
        subjects, left = self.view.subjects, self._left
        enough = None if left is None else left + 1
        for node in nodes:
            for each in subjects(predicate, node, enough):
                found[each] = None
            if enough is not None and len(found) > enough:
                break
        return self._counted(found)

    def _counted(self, nodes: dict[Node, None]) -> dict[Node, None]:
        if self._left is not None:
            self._left -= len(nodes)
            if self._left < 0:
                raise TooFar
        return nodes


class Touched:
    """The ends of added and removed triples by predicate; `walk` is in the graph afterwards."""

    def __init__(self, triples: Iterable[Triple], walk: Walk) -> None:
        self.walk = walk
        self.subjects: dict[str, dict[Node, None]] = {}
        self.objects: dict[str, dict[Node, None]] = {}
        self._typed: dict[Node, dict[Node, None]] = {}
        self._leading: dict[tuple[Prefix, frozenset[Node]], dict[Node, None] | None] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                continue
            self.subjects.setdefault(predicate, {})[subject] = None
            self.objects.setdefault(predicate, {})[value] = None
            if predicate == TYPE:
                for klass in walk.superclasses([value]):
                    self._typed.setdefault(klass, {})[subject] = None
        self._everything = {each: None for some in self.subjects.values() for each in some}
        values = {each: None for some in self.objects.values() for each in some}
        self.ends = {**self._everything, **values}

    def starts(self, patterns: RootPatterns) -> dict[Prefix, dict[Node, None]]:
        """Return the nodes at which reads of a root meet a change, by the way to them."""
        found: dict[Prefix, dict[Node, None]] = {}
        for met, reads in ((self.subjects, patterns.outward), (self.objects, patterns.inward)):
            for predicate in met.keys() & reads.keys():
                for prefix in reads[predicate]:
                    found.setdefault(prefix, {}).update(met[predicate])
        for prefix in patterns.anything:
            found.setdefault(prefix, {}).update(self._everything)
        for count in patterns.counts:
            for met, predicates in ((self.subjects, count.outward), (self.objects, count.inward)):
                for predicate in predicates:
                    if predicate in met:
                        found.setdefault(count.prefix, {}).update(met[predicate])
        for klass in self._typed.keys() & patterns.members.keys():
            for prefix in patterns.members[klass]:
                found.setdefault(prefix, {}).update(self._typed[klass])
        return found

    def leading(self, prefix: Prefix, nodes: Iterable[Node]) -> dict[Node, None] | None:
        """Return from where `prefix` may lead to some of `nodes`; None where the walk is too long.

        Many roots read the same: no walk is made twice.
        """
        key = prefix, frozenset(nodes)
        if key not in self._leading:
            try:
                self._leading[key] = Walk(self.walk.view, MAX_WALK).back(prefix, nodes)
            except TooFar:
                self._leading[key] = None
        return self._leading[key]


class TargetIndex:
    """Tells of which roots a node is a target."""

    def __init__(self, patterns: Iterable[RootPatterns]) -> None:
        self._nodes: dict[Node, set[int]] = {}
        self._classes: dict[Node, set[int]] = {}
        self._subjects_of: dict[str, set[int]] = {}
        self._objects_of: dict[str, set[int]] = {}
        for number, each in enumerate(patterns):
            for node in each.targets.nodes:
                self._nodes.setdefault(node, set()).add(number)
            for klass in each.targets.classes:
                self._classes.setdefault(klass, set()).add(number)
            for predicate in each.targets.subjects_of:
                self._subjects_of.setdefault(predicate, set()).add(number)
            for predicate in each.targets.objects_of:
                self._objects_of.setdefault(predicate, set()).add(number)

    def roots(self, node: Node, walk: Walk) -> set[int]:
        """Return the numbers of the roots that `node` is a target of."""
        found = set(self._nodes.get(node, ()))
        if self._subjects_of:
            walk.view.away(node)  # several predicates are looked at, so that it is read as a whole
        for klass in walk.classes(node):
            found |= self._classes.get(klass, set())
        if not isinstance(node, Literal):
            for predicate, numbers in self._subjects_of.items():
                if not numbers <= found and walk.view.objects(node, predicate):
                    found |= numbers
        for predicate, numbers in self._objects_of.items():
            if not numbers <= found and walk.view.subjects(predicate, node, 1):
                found |= numbers
        return found


def affected(
    patterns: RootPatterns, changes: Touched, targets: Collection[Node]
) -> tuple[dict[Node, None], str]:
    """Return the focus nodes of a root that a change can matter to, others perhaps among them.

    `targets` are those of the root among the ends of the changed triples, before or after. The
    text says why they cannot be told, and all have to be rechecked; it is "" if they can.
    """
    if SUBCLASS_OF in changes.subjects and patterns.members:
        return {}, "rdfs:subClassOf has changed"
    if patterns.unbounded and (
        patterns.anywhere is None or not patterns.anywhere.isdisjoint(changes.subjects)
    ):
        return {}, patterns.unbounded
    found: dict[Node, None] = {}
    for prefix, nodes in changes.starts(patterns).items():
        if not prefix:
            found.update((node, None) for node in nodes if node in targets)
            continue
        leading = changes.leading(prefix, nodes)
        if leading is None:
            return {}, f"the change is connected with more than {MAX_WALK} nodes"
        found.update(leading)
    if found and patterns.unbounded:
        return {}, patterns.unbounded
    return found, ""


def attributed(
    patterns: RootPatterns,
    nodes: Iterable[Node],
    walk: Walk,
    results: Mapping[tuple[str, Node], list[Result]],
) -> dict[Node, frozenset[Result]]:
    """Return the results that each of `nodes` has from a root; those without are left out.

    `results` are by shape and focus node. What a shape says of a node depends on nothing else,
    so that results belong to all focus nodes of the root that lead there.
    """
    shapes = {shape for shape, _ in results}
    reported = [each for each in patterns.reported or () if each[1] in shapes]
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
