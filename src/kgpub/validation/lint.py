"""Faults in shapes that engines pass over in silence, or fail at: found before any engine runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import Literal, NamedNode

from kgpub.messages import Message
from kgpub.model.report import Node
from kgpub.validation import parameters
from kgpub.validation.components import Use, components, unvalidated, uses
from kgpub.validation.index import TYPE, IllFormedList, Subject, TripleIndex, text_of
from kgpub.validation.paths import IllFormedPath, read_path
from kgpub.validation.queries import ConstraintQuery, QueryFault, read_query
from kgpub.validation.shape_graph import (
    DISJOINT,
    LISTS,
    MEMBERS,
    all_shapes,
    is_disjoint,
    leads_to,
    references,
    shape_nodes,
)
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import OWL, RDF, SH

MAX_DEPTH = 50
"""Shapes within shapes at most."""
MAX_WAYS = 100_000
"""Ways in which a shape leads to others at most.

For one node an engine may go them all: shapes that refer to the same one twice double them.
"""

_MANY_WAYS = Message("fault-ways", limit=f"{MAX_WAYS:,}")

_OF_PROPERTY_SHAPES = (
    "minCount",
    "maxCount",
    "uniqueLang",
    "lessThan",
    "lessThanOrEquals",
    "qualifiedValueShape",
)
_VALUE_LISTS = (*LISTS, *(SH + name for name in ("in", "languageIn", "ignoredProperties")))


def faults(
    index: TripleIndex, classes: Collection[str] | None, entailment: Collection[str] = ()
) -> list[Fault]:
    """Return what is wrong with the shapes of `index`, each with the node it is wrong with.

    `classes` are the IRIs that a sh:targetClass may name; None for any. `entailment` are those of
    the regimes that a sh:entailment may name.
    """
    found = [
        *_paths(index),
        *_misplaced(index),
        *_lists(index),
        *_references(index),
        *_literals(index),
        *parameters.faults(index),
    ]
    for shape, value in index.pairs(SH + "targetClass") if classes is not None else ():
        if text_of(value) not in (classes or ()):
            text = Message("fault-target-class", value=str(value))
            found.append(Fault(shape, text, SH + "targetClass", value))
    for node, regime in index.pairs(SH + "entailment"):
        if text_of(regime) not in entailment:
            text = Message("fault-entailment", value=str(regime))
            found.append(Fault(node, text, SH + "entailment", regime))
    return found


def notes(index: TripleIndex) -> Iterator[Fault]:
    """Yield what SHACL has engines ignore, each with the shape or constraint that has it."""
    shapes = shape_nodes(index)
    yield from parameters.notes(index, shapes)
    for subject in index.all_subjects():
        with suppress(IllFormedList):
            for predicate, shape in references(index, subject):
                if predicate != SH + "property" and not index.predicates(shape):
                    text = Message("fault-nothing-said", value=str(shape))
                    yield _about_reference(index, subject, shape, text)
    declared, _ = components(index)
    used, _ = uses(index, declared, all_shapes(index))
    yield from unvalidated(used, index)


def imports(index: TripleIndex) -> Iterator[Fault]:
    """Yield which other graphs the shapes ask for; they are never fetched."""
    for name, iri in (("owl:imports", OWL + "imports"), ("sh:shapesGraph", SH + "shapesGraph")):
        for subject, graph in index.pairs(iri):
            if not index.predicates(graph):
                text = Message("fault-not-fetched", name=name, value=str(graph))
                yield Fault(subject, text, iri, graph)


def read_queries(
    index: TripleIndex,
) -> tuple[dict[tuple[Subject, Subject], ConstraintQuery], list[Fault]]:
    """Read the queries of sh:sparql by shape and constraint, and what is wrong with them."""
    queries: dict[tuple[Subject, Subject], ConstraintQuery] = {}
    found: list[Fault] = []
    for shape, node in index.pairs(SH + "sparql"):
        if isinstance(node, Literal):
            text = Message("fault-literal", name="sh:sparql")
            found.append(Fault(shape, text, SH + "sparql", node))
            continue
        selects = index.objects(node, SH + "select")
        paths = index.objects(shape, SH + "path")
        if len(selects) != 1:
            text = Message("fault-selects", number=len(selects))
            found.append(Fault(node, text, *_second(SH + "select", selects)))
            continue
        try:
            path = str(read_path(index, paths[0])) if paths else None
            prefixes = _prefixes(index, node)
            queries[shape, node] = read_query(text_of(selects[0]), prefixes, path)
        except QueryFault as error:
            text = Message("fault-query", fault=error.fault)
            found.append(Fault(node, text, SH + "select"))
    return queries, found


def read_validators(
    index: TripleIndex,
) -> tuple[list[tuple[Use, Subject, ConstraintQuery]], list[Fault]]:
    """Read the constraints of constraint components, with validators, and what is wrong."""
    declared, found = components(index)
    used, problems = uses(index, declared, all_shapes(index))
    found += problems
    read: list[tuple[Use, Subject, ConstraintQuery]] = []
    for use in used:
        paths = index.objects(use.shape, SH + "path")
        validator = use.component.validator(bool(paths))
        if validator is None:
            continue
        asks = index.objects(validator, SH + "ask")
        text = text_of((asks or index.objects(validator, SH + "select"))[0])
        names = [each.name for each in use.component.parameters]
        try:
            path = str(read_path(index, paths[0])) if paths else None
            query = read_query(text, _prefixes(index, validator), path, names, bool(asks))
        except QueryFault as error:
            name = SH + ("ask" if asks else "select")
            found.append(Fault(validator, Message("fault-query", fault=error.fault), name))
        else:
            read.append((use, validator, query))
    return read, found


def _prefixes(index: TripleIndex, node: Subject) -> dict[str, str]:
    # SHACL, section 5.2.1: sh:prefixes/owl:imports*/sh:declare.
    pending: list[Node] = list(index.objects(node, SH + "prefixes"))
    visited: set[Node] = set()
    prefixes: dict[str, str] = {}
    while pending:
        ontology = pending.pop()
        if ontology in visited:
            continue
        visited.add(ontology)
        pending += index.objects(ontology, OWL + "imports")
        for declaration in index.objects(ontology, SH + "declare"):
            names = index.objects(declaration, SH + "prefix")
            spaces = index.objects(declaration, SH + "namespace")
            if len(names) != 1 or len(spaces) != 1:
                raise QueryFault(Message("fault-declaration", node=str(declaration)))
            name, space = text_of(names[0]), text_of(spaces[0])
            if not re.fullmatch(r"[\w.-]*", name) or re.search(r"[\s<>\"{}|\\^`]", space):
                raise QueryFault(Message("fault-no-prefix", node=str(declaration)))
            if prefixes.setdefault(name, space) != space:
                raise QueryFault(Message("fault-prefix-twice", name=f"{name}:"))
    return dict(sorted(prefixes.items()))


def _paths(index: TripleIndex) -> Iterator[Fault]:
    node_shapes = set(index.subjects(TYPE, NamedNode(SH + "NodeShape")))
    for shape in sorted(_property_shapes(index), key=str):
        if isinstance(shape, Literal):
            continue
        paths = index.objects(shape, SH + "path")
        if shape in node_shapes:
            yield Fault(shape, Message("fault-node-shape"), TYPE, NamedNode(SH + "NodeShape"))
        elif len(paths) != 1:
            text = Message("fault-paths", number=len(paths))
            if isinstance(shape, NamedNode) and not index.predicates(shape):
                text = Message("fault-undescribed")
            yield Fault(shape, text, *_second(SH + "path", paths))
        else:
            try:
                read_path(index, paths[0])
            except IllFormedPath as error:
                yield Fault(shape, Message("fault-path", fault=error.fault), SH + "path")


def _second(predicate: str, values: list[Node]) -> tuple[str, Node] | tuple[()]:
    """Return the predicate and value of the triple that is one too many, if there is one."""
    return (predicate, values[1]) if len(values) > 1 else ()


def _property_shapes(index: TripleIndex) -> set[Node]:
    """Return what has a path, or is said to be, or used as, a property shape."""
    return {
        *(subject for subject, _ in index.pairs(SH + "path")),
        *index.subjects(TYPE, NamedNode(SH + "PropertyShape")),
        *(value for _, value in index.pairs(SH + "property")),
    }


def _misplaced(index: TripleIndex) -> Iterator[Fault]:
    told = _property_shapes(index)  # of these, that they have no path
    for name in _OF_PROPERTY_SHAPES:
        for shape, _ in index.pairs(SH + name):
            if shape not in told and not index.objects(shape, SH + "path"):
                text = Message("fault-of-property-shapes", name=f"sh:{name}")
                yield Fault(shape, text, SH + name)
    for shape, value in index.pairs(SH + "node"):
        if index.objects(value, SH + "path"):
            text = Message("fault-node-property", value=str(value))
            yield Fault(shape, text, SH + "node", value)


def _literals(index: TripleIndex) -> Iterator[Fault]:
    for predicate in MEMBERS:
        for shape, value in index.pairs(predicate):
            if isinstance(value, Literal):
                text = Message("fault-literal", name=predicate.replace(SH, "sh:", 1))
                yield Fault(shape, text, predicate, value)


def _lists(index: TripleIndex) -> Iterator[Fault]:
    for predicate in _VALUE_LISTS:
        for shape, head in index.pairs(predicate):
            name = predicate.replace(SH, "sh:", 1)
            try:
                cells = index.cells(head)
            except IllFormedList:
                yield Fault(shape, Message("fault-list", name=name), predicate, head)
                continue
            if predicate not in LISTS:
                continue
            text = Message("fault-list-of-shapes", name=name)
            if not cells:
                yield Fault(shape, text, predicate, head)
            for cell, member in cells:
                if isinstance(member, Literal):
                    yield Fault(shape, text, RDF + "first", member, cell)


def _references(index: TripleIndex) -> Iterator[Fault]:
    crowded = list(_crowded(index))
    yield from crowded
    graph: dict[Subject, list[Subject]] = {}
    if crowded:
        return  # so many ways are not even looked at
    for subject in index.all_subjects():
        try:
            named = [shape for _, shape in leads_to(index, subject)]
        except IllFormedList:
            continue
        if named:
            graph[subject] = named
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = error.args[1][::-1]
        names = " → ".join(text_of(node) for node in circle)
        text = Message("fault-recursive", circle=names)
        yield _about_reference(index, circle[0], circle[1], text)
        return
    depth: dict[Subject, int] = {}
    for shape in order:
        depth[shape] = 1 + max((depth[each] for each in graph.get(shape, ())), default=0)
        if depth[shape] == MAX_DEPTH + 1:
            yield Fault(shape, Message("fault-deep", limit=MAX_DEPTH))
    ways: dict[Subject, int] = {}
    for shape in order:
        led_to = [ways[each] for each in graph.get(shape, ())]
        ways[shape] = min(1 + sum(led_to), MAX_WAYS + 1)
        if ways[shape] > MAX_WAYS and max(led_to, default=0) <= MAX_WAYS:
            yield Fault(shape, _MANY_WAYS)


def _crowded(index: TripleIndex) -> Iterator[Fault]:
    """Yield the shapes whose disjoint properties alone have too many siblings, see `leads_to`."""
    siblings: dict[Subject, list[Subject]] = defaultdict(list)
    for parent, each in index.pairs(SH + "property"):
        if not isinstance(each, Literal):
            siblings[parent] += [each] * len(index.objects(each, SH + "qualifiedValueShape"))
    for parent, those in siblings.items():
        if len(those) * sum(is_disjoint(index, each) for each in set(those)) > MAX_WAYS:
            yield Fault(parent, _MANY_WAYS)


def _about_reference(index: TripleIndex, shape: Subject, other: Subject, text: Message) -> Fault:
    """Return what is wrong with `shape` where it first refers to `other`."""
    predicate = next(name for name, each in leads_to(index, shape) if each == other)
    if predicate == DISJOINT:
        return Fault(shape, text, predicate)
    for head in index.objects(shape, predicate) if predicate in LISTS else ():
        for cell, member in index.cells(head):
            if member == other:
                return Fault(shape, text, RDF + "first", other, cell)
    return Fault(shape, text, predicate, other)
