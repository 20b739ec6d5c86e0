"""Which engine evaluates which shapes, decided once for a shapes graph.

SHACL validates from the shapes that have targets; call them roots. All that a root leads to is
evaluated with it, so that roots are what can be shared out among engines; their results together
are those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.model.report import Node
from kgpub.validation import native, parameters, shape_graph
from kgpub.validation.constraints import SparqlConstraint
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex, text_of
from kgpub.validation.paths import follow, read_path
from kgpub.vocabulary import OWL, RDFS, SH

_CLASS = NamedNode(RDFS + "Class")
_KINDS = {SH + name for name in ("nodeKind", "pattern", "minLength", "maxLength")}


@dataclass(frozen=True)
class Share:
    """A SPARQL constraint, and the roots whose targets are focus nodes of its shape.

    `is_further` is true where other nodes are as well: its shape is a sh:property of a property
    shape.
    """

    constraint: SparqlConstraint
    roots: frozenset[Subject]
    is_further: bool


@dataclass(frozen=True)
class Split:
    """Shares of the roots.

    The core constraints of `native` roots are for the native engine, and their SPARQL
    constraints, in `queries`, for Oxigraph; so are those of shapes that decide whether nodes
    conform to others, in `deciding`. `reference` roots are for pySHACL, each for the
    reason given. Native roots among `kinds` lead to constraints that tell blank nodes from IRIs.
    """

    native: frozenset[Subject]
    queries: tuple[Share, ...]
    reference: Mapping[Subject, str]
    kinds: frozenset[Subject]
    deciding: tuple[Share, ...]

    def without(self, moved: frozenset[Subject], reason: str) -> Split:
        """Give those of the native roots that are in `moved` to pySHACL."""
        moved &= self.native
        if not moved:
            return self
        left = (replace(each, roots=each.roots - moved) for each in self.queries)
        return Split(
            self.native - moved,
            tuple(each for each in left if each.roots or each.is_further),
            {**self.reference, **dict.fromkeys(moved, reason)},
            self.kinds,
            tuple(
                replace(each, roots=each.roots - moved)
                for each in self.deciding
                if each.roots - moved
            ),
        )


def split(index: TripleIndex, constraints: Iterable[SparqlConstraint]) -> Split:
    """Share out the roots of a shapes graph; `constraints` are its active ones."""
    by_shape: dict[Subject, list[SparqlConstraint]] = {}
    for constraint in constraints:
        by_shape.setdefault(constraint.shape, []).append(constraint)
    reference: dict[Subject, str] = {}
    native_roots: set[Subject] = set()
    kinds: set[Subject] = set()
    led: dict[Subject, set[Subject]] = {}
    decided: dict[Subject, set[Subject]] = {}
    beyond: set[Subject] = set()
    for root in roots(index):
        reach = _reach(index, root)
        reason = _reason(index, reach)
        if reason:
            reference[root] = reason
            continue
        native_roots.add(root)
        if any(_KINDS & set(index.predicates(shape)) for shape in reach.all):
            kinds.add(root)
        for shape in reach.direct:
            led.setdefault(shape, set()).add(root)
        beyond |= reach.further
        for shape in reach.deciding & set(by_shape):
            decided.setdefault(shape, set()).add(root)
    return Split(
        frozenset(native_roots),
        tuple(
            Share(constraint, frozenset(led.get(shape, ())), shape in beyond)
            for shape, several in by_shape.items()
            if shape in led or shape in beyond
            for constraint in several
        ),
        reference,
        frozenset(kinds),
        tuple(
            Share(constraint, frozenset(led), True)
            for shape, led in decided.items()
            for constraint in by_shape[shape]
        ),
    )


def roots(index: TripleIndex) -> list[Subject]:
    """Return the active shapes that have targets, implicit ones included, sorted."""
    found = {subject for predicate in shape_graph.TARGETS for subject, _ in index.pairs(predicate)}
    found |= {shape for shape in _shapes(index) if _class_types(index, shape)}
    return sorted(
        (shape for shape in found if not shape_graph.is_deactivated(index, shape)), key=str
    )


def retargeted(
    index: TripleIndex, triples: Iterable[Triple], kept: Iterable[Subject]
) -> list[Triple]:
    """Return the shapes graph with the targets of `kept` only, implicit ones written out.

    Messages are left out: they are added to the results from the templates, alike for all.
    """
    kept = set(kept)
    dropped = {*shape_graph.TARGETS, SH + "message"}
    implicit = {(shape, klass) for shape in _shapes(index) for klass in _class_types(index, shape)}
    found = [
        triple
        for triple in triples
        if not (triple.predicate.value == TYPE and (triple.subject, triple.object) in implicit)
        and (
            triple.predicate.value not in dropped
            or (triple.subject in kept and triple.predicate.value in shape_graph.TARGETS)
        )
    ]
    explicit = {shape for shape, _ in implicit if shape in kept}
    target_class = NamedNode(SH + "targetClass")
    return found + [Triple(shape, target_class, shape) for shape in sorted(explicit, key=str)]


def focus_nodes(
    shapes: TripleIndex, led: Iterable[Subject], data: TripleIndex, deciding: bool = False
) -> dict[Subject, dict[Node, None]]:
    """Return the focus nodes, from the targets of `led`, of each shape that is reported on.

    These are `led` and what they lead to by sh:property. With `deciding` also those that decide
    whether nodes conform to others, with all nodes that they may have to decide about.
    """
    reached: dict[Subject, dict[Node, None]] = {}
    pending = [(root, targets(shapes, root, data)) for root in led]
    while pending:
        shape, nodes = pending.pop()
        known = reached.setdefault(shape, {})
        fresh = [node for node in nodes if node not in known]
        if not fresh:
            continue
        known.update(dict.fromkeys(fresh))
        paths = shapes.objects(shape, SH + "path")
        values = follow(read_path(shapes, paths[0]), fresh, data) if paths else fresh
        for predicate, each in shape_graph.leads_to(shapes, shape):
            if (deciding or predicate == SH + "property") and not shape_graph.is_deactivated(
                shapes, each
            ):
                pending.append((each, values))
    return reached


def targets(shapes: TripleIndex, root: Subject, data: TripleIndex) -> list[Node]:
    """Return the focus nodes that the targets of `root` name in `data`; some perhaps repeatedly."""
    found = list(shapes.objects(root, SH + "targetNode"))
    for klass in target_classes(shapes, root):
        found += data.instances(klass)
    for each in shapes.objects(root, SH + "targetSubjectsOf"):
        found += [subject for subject, _ in data.pairs(text_of(each))]
    for each in shapes.objects(root, SH + "targetObjectsOf"):
        found += [value for _, value in data.pairs(text_of(each))]
    return found


def target_classes(index: TripleIndex, root: Subject) -> list[NamedNode | Literal | Subject]:
    """Return the classes whose instances are targets of `root` (SHACL, 2.1.3.2 and 2.1.3.3)."""
    implicit = [root] if _class_types(index, root) else []
    return [*index.objects(root, SH + "targetClass"), *implicit]


def target_values(index: TripleIndex, led: Iterable[Subject]) -> set[str]:
    """Return the predicates whose values are targets of some of `led` (SHACL, 2.1.3.5)."""
    found = (each for root in led for each in index.objects(root, SH + "targetObjectsOf"))
    return {each.value for each in found if isinstance(each, NamedNode)}


def _shapes(index: TripleIndex) -> set[Subject]:
    """Return the shapes that may be classes as well: typed, referred to, or with a parameter."""
    metaclasses = (_CLASS, NamedNode(OWL + "Class"), *index.subjects(SUBCLASS_OF, _CLASS))
    classes = {shape for each in metaclasses for shape in index.subjects(TYPE, each)}
    shapes = shape_graph.shape_nodes(index) & classes
    return shapes | {
        shape for shape in classes if not parameters.OF_SHAPES.isdisjoint(index.predicates(shape))
    }


def _class_types(index: TripleIndex, shape: Subject) -> list[Subject]:
    metaclasses = {_CLASS, NamedNode(OWL + "Class"), *index.subjects(SUBCLASS_OF, _CLASS)}
    return [each for each in index.objects(shape, TYPE) if each in metaclasses]  # type: ignore[misc]


@dataclass(frozen=True)
class _Reach:
    """The shapes that a root leads to, itself included.

    Focus nodes of `direct` ones are its targets, those of `further` ones lie beyond; both are
    reported on. `deciding` ones only decide whether nodes conform to another.
    """

    direct: set[Subject]
    further: set[Subject]
    deciding: set[Subject]

    @property
    def all(self) -> set[Subject]:
        return self.direct | self.further | self.deciding


def reached_from(index: TripleIndex, led: Iterable[Subject]) -> tuple[set[Subject], set[Subject]]:
    """Return the shapes that `led` lead to, themselves included, and those of them that decide."""
    reaches = [_reach(index, root) for root in led]
    deciding = {shape for reach in reaches for shape in reach.deciding}
    return {shape for reach in reaches for shape in reach.all}, deciding


def _reach(index: TripleIndex, root: Subject) -> _Reach:
    reach = _Reach(set(), set(), set())
    pending = [(reach.direct, root)]
    while pending:
        known, shape = pending.pop()
        if shape in known or shape_graph.is_deactivated(index, shape):
            continue
        known.add(shape)
        for predicate, each in shape_graph.leads_to(index, shape):
            if known is reach.deciding or predicate != SH + "property":
                pending.append((reach.deciding, each))
            elif known is reach.further or index.objects(shape, SH + "path"):
                pending.append((reach.further, each))
            else:
                pending.append((reach.direct, each))
    return reach


def _reason(index: TripleIndex, reach: _Reach) -> str:
    for shape in sorted(reach.all, key=str):
        for pattern in index.objects(shape, SH + "pattern"):
            if not native.reads_pattern(pattern, index.objects(shape, SH + "flags")):
                return f"the native engine does not read the sh:pattern of {shape}"
        if index.objects(shape, SH + "path") and shape_graph.is_closed(index, shape):
            # SHACL, section 4.8.1: the value nodes may have no other properties.
            return f"the native engine holds the focus nodes of {shape} to its sh:closed"
    return ""
