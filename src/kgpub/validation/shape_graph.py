"""Which shapes a shapes graph holds, and which of them refer to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from pyoxigraph import Literal, NamedNode

from kgpub.model.report import Node
from kgpub.validation import parameters
from kgpub.validation.index import TYPE, IllFormedList, Subject, TripleIndex, text_of
from kgpub.vocabulary import SH

MEMBERS = tuple(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
"""Predicates whose values are shapes."""
LISTS = tuple(SH + name for name in ("and", "or", "xone"))
"""Predicates whose values are lists of shapes."""
TARGETS = tuple(
    SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
DISJOINT = SH + "qualifiedValueShapesDisjoint"


def shape_nodes(index: TripleIndex) -> set[Subject]:
    """Return the shapes (SHACL, section 2.1); members of ill-formed lists are left out."""
    typed = (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape"))
    found: set[Node] = {shape for each in typed for shape in index.subjects(TYPE, each)}
    found |= {subject for predicate in TARGETS for subject, _ in index.pairs(predicate)}
    found |= referred_to(index, (*MEMBERS, *LISTS))
    return {node for node in found if not isinstance(node, Literal)}


def all_shapes(index: TripleIndex) -> set[Subject]:
    """Return `shape_nodes`, and whatever has a parameter of a shape."""
    having = (node for name in parameters.OF_SHAPES for node, _ in index.pairs(name))
    return {*shape_nodes(index), *having}


def referred_to(index: TripleIndex, predicates: Iterable[str]) -> set[Node]:
    """Return what some of MEMBERS and LISTS refer to; members of ill-formed lists left out."""
    found: set[Node] = set()
    for predicate in predicates:
        for _, value in index.pairs(predicate):
            if predicate in MEMBERS:
                found.add(value)
                continue
            with suppress(IllFormedList):
                found.update(index.members(value))
    return found


def references(index: TripleIndex, shape: Subject) -> Iterator[tuple[str, Subject]]:
    """Yield the shapes that `shape` refers to, with the predicate that does; lists well-formed."""
    for predicate in MEMBERS:
        for value in index.objects(shape, predicate):
            if not isinstance(value, Literal):
                yield predicate, value
    for predicate in LISTS:
        for head in index.objects(shape, predicate):
            for value in index.members(head):
                if not isinstance(value, Literal):
                    yield predicate, value


def leads_to(index: TripleIndex, shape: Subject) -> Iterator[tuple[str, Subject]]:
    """Yield what `references` does, and the shapes that values may have to conform to none of.

    These are the siblings of qualified value shapes (section 4.7.3); lists must be well-formed.
    """
    yield from references(index, shape)
    if not is_disjoint(index, shape):
        return
    own = index.objects(shape, SH + "qualifiedValueShape")
    for parent in index.subjects(SH + "property", shape) if own else ():
        for each in index.objects(parent, SH + "property"):
            for sibling in index.objects(each, SH + "qualifiedValueShape"):
                if not isinstance(sibling, Literal) and sibling not in own:
                    yield DISJOINT, sibling


def is_disjoint(index: TripleIndex, shape: Subject) -> bool:
    return any(text_of(each) == "true" for each in index.objects(shape, DISJOINT))


def is_closed(index: TripleIndex, shape: Subject) -> bool:
    return any(text_of(each) == "true" for each in index.objects(shape, SH + "closed"))


def is_deactivated(index: TripleIndex, node: Subject) -> bool:
    """Return whether sh:deactivated is true of a shape or constraint."""
    return any(text_of(value) == "true" for value in index.objects(node, SH + "deactivated"))
