"""Which engine evaluates which shapes, decided once for a shapes graph.

SHACL validates from the shapes that have targets; call them roots. All that a root leads to is
evaluated with it, so that roots are what can be shared out among engines; their results together
are those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.validation import lint, native
from kgpub.validation.constraints import SparqlConstraint
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex
from kgpub.vocabulary import OWL, RDFS, SH

_CLASS = NamedNode(RDFS + "Class")
_KINDS = {SH + name for name in ("nodeKind", "pattern", "minLength", "maxLength")}


@dataclass(frozen=True)
class Split:
    """Shares of the roots.

    The core constraints of `native` roots are for the native engine, and their constraints of
    sh:sparql, in `queries` with the roots that lead to them, for one query each. `reference`
    roots are for pySHACL, each for the reason given. Native roots among `kinds` lead to
    constraints that tell blank nodes from IRIs.
    """

    native: frozenset[Subject]
    queries: tuple[tuple[SparqlConstraint, frozenset[Subject]], ...]
    reference: Mapping[Subject, str]
    kinds: frozenset[Subject]

    def without(self, moved: frozenset[Subject], reason: str) -> Split:
        """Give those of the native roots that are in `moved` to pySHACL."""
        moved &= self.native
        if not moved:
            return self
        left = ((constraint, led - moved) for constraint, led in self.queries)
        return Split(
            self.native - moved,
            tuple((constraint, led) for constraint, led in left if led),
            {**self.reference, **dict.fromkeys(moved, reason)},
            self.kinds,
        )


def split(index: TripleIndex, constraints: Iterable[SparqlConstraint]) -> Split:
    """Share out the roots of a shapes graph; `constraints` are its active ones."""
    by_shape: dict[Subject, list[SparqlConstraint]] = {}
    for constraint in constraints:
        by_shape.setdefault(constraint.shape, []).append(constraint)
    components = {
        path.value
        for _, parameter in index.pairs(SH + "parameter")
        for path in index.objects(parameter, SH + "path")
        if isinstance(path, NamedNode)
    }
    reference: dict[Subject, str] = {}
    native_roots: set[Subject] = set()
    kinds: set[Subject] = set()
    queries: dict[tuple[Subject, Subject], tuple[SparqlConstraint, set[Subject]]] = {}
    for root in roots(index):
        direct, nested = _reach(index, root)
        reason = _reason(index, root, direct, nested, by_shape, components)
        if reason:
            reference[root] = reason
            continue
        native_roots.add(root)
        if any(_KINDS & set(index.predicates(shape)) for shape in direct | nested):
            kinds.add(root)
        for shape in direct:
            for each in by_shape.get(shape, ()):
                queries.setdefault((shape, each.node), (each, set()))[1].add(root)
    return Split(
        frozenset(native_roots),
        tuple((constraint, frozenset(led)) for constraint, led in queries.values()),
        reference,
        frozenset(kinds),
    )


def roots(index: TripleIndex) -> list[Subject]:
    """Return the active shapes that have targets, implicit ones included, sorted."""
    found = {subject for predicate in lint.TARGETS for subject, _ in index.pairs(predicate)}
    found |= {shape for shape in _shapes(index) if _class_types(index, shape)}
    return sorted((shape for shape in found if not lint.is_deactivated(index, shape)), key=str)


def retargeted(
    index: TripleIndex, triples: Iterable[Triple], kept: Iterable[Subject]
) -> list[Triple]:
    """Return the shapes graph with the targets of `kept` only, implicit ones written out.

    Messages are left out: they are added to the results from the templates, alike for all.
    """
    kept = set(kept)
    dropped = {*lint.TARGETS, SH + "message"}
    implicit = {(shape, klass) for shape in _shapes(index) for klass in _class_types(index, shape)}
    found = [
        triple
        for triple in triples
        if not (triple.predicate.value == TYPE and (triple.subject, triple.object) in implicit)
        and (
            triple.predicate.value not in dropped
            or (triple.subject in kept and triple.predicate.value in lint.TARGETS)
        )
    ]
    explicit = {shape for shape, _ in implicit if shape in kept}
    target_class = NamedNode(SH + "targetClass")
    return found + [Triple(shape, target_class, shape) for shape in sorted(explicit, key=str)]


def target_classes(index: TripleIndex, root: Subject) -> list[NamedNode | Literal | Subject]:
    """Return the classes whose instances are targets of `root` (SHACL, 2.1.3.2 and 2.1.3.3)."""
    implicit = [root] if _class_types(index, root) else []
    return [*index.objects(root, SH + "targetClass"), *implicit]


def target_values(index: TripleIndex, led: Iterable[Subject]) -> set[str]:
    """Return the predicates whose values are targets of some of `led` (SHACL, 2.1.3.5)."""
    found = (each for root in led for each in index.objects(root, SH + "targetObjectsOf"))
    return {each.value for each in found if isinstance(each, NamedNode)}


def _shapes(index: TripleIndex) -> set[Subject]:
    typed = (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape"))
    return {shape for each in typed for shape in index.subjects(TYPE, each)}


def _class_types(index: TripleIndex, shape: Subject) -> list[Subject]:
    metaclasses = {_CLASS, NamedNode(OWL + "Class"), *index.subjects(SUBCLASS_OF, _CLASS)}
    return [each for each in index.objects(shape, TYPE) if each in metaclasses]  # type: ignore[misc]


def _reach(index: TripleIndex, root: Subject) -> tuple[set[Subject], set[Subject]]:
    """Return the shapes whose focus nodes are the targets of `root`, and those further on."""
    direct, pending = {root}, []
    for predicate, shape in lint.references(index, root):
        if lint.is_deactivated(index, shape):
            continue
        if predicate == SH + "property" and not index.objects(root, SH + "path"):
            direct.add(shape)
        else:
            pending.append(shape)
    for shape in direct - {root}:
        pending += [each for _, each in lint.references(index, shape)]
    nested: set[Subject] = set()
    while pending:
        shape = pending.pop()
        if shape not in nested and not lint.is_deactivated(index, shape):
            nested.add(shape)
            pending += [each for _, each in lint.references(index, shape)]
    return direct, nested


def _reason(
    index: TripleIndex,
    root: Subject,
    direct: set[Subject],
    nested: set[Subject],
    by_shape: Mapping[Subject, list[SparqlConstraint]],
    components: set[str],
) -> str:
    for shape in sorted(direct | nested, key=str):
        if components & set(index.predicates(shape)):
            return f"{shape} has a constraint component of its own"
        for pattern in index.objects(shape, SH + "pattern"):
            if not native.reads_pattern(pattern, index.objects(shape, SH + "flags")):
                return f"the native engine does not read the sh:pattern of {shape}"
        for constraint in by_shape.get(shape, ()):
            if shape in nested:
                return f"{shape}, which has a sh:sparql, decides whether other shapes conform"
            if constraint.query.obstacle:
                return f"the query of {constraint.node}: {constraint.query.obstacle}"
            if any(isinstance(each, Literal) for each in index.objects(root, SH + "targetNode")):
                return f"{root} has a sh:sparql and a literal as target"
    return ""
