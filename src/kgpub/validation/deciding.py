"""SPARQL constraints on shapes that only decide whether nodes conform to other shapes.

The native engine does not evaluate them. It need not: once it is known for which nodes such a
constraint fails, it says the same as a core constraint that excludes these nodes, which triples
of our own mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.model.report import Node
from kgpub.validation import shape_graph
from kgpub.validation.index import Subject, TripleIndex
from kgpub.vocabulary import RDF, SH, XSD

_NAME = "urn:kgpub:deciding:"
_MARK = "urn:kgpub:fails:"
_ONE = Literal("1", datatype=NamedNode(XSD + "integer"))
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_REFERENCES = frozenset((*shape_graph.MEMBERS, *shape_graph.LISTS))


def with_exclusions(
    index: TripleIndex, triples: Iterable[Triple], failing: Mapping[Subject, Iterable[Node]]
) -> list[Triple]:
    """Return `triples`, of shapes, with `failing` nodes excluded where a shape decides.

    `failing` holds nodes by shape; the data need the triples that `marks` gives. All shapes
    that lead to one of these get a copy that says so; what refers to them as deciding refers to
    the copy, so that nothing else is reported of the originals.
    """
    copied = _leading(index, set(failing))
    names = {shape: NamedNode(f"{_NAME}{n}") for n, shape in enumerate(sorted(copied, key=str))}
    wrapped = {
        shape: NamedNode(f"{names[shape].value}:focus")
        for shape in failing
        if index.objects(shape, SH + "path")
    }
    exclusions = {
        shape: BlankNode(f"excluded{number}")
        for number, shape in enumerate(sorted(failing, key=str))
    }
    found: list[Triple] = []
    for triple in triples:
        of_property = triple.predicate.value == SH + "property"
        subject = triple.subject
        if isinstance(subject, Triple):
            continue
        if subject in names:
            found += _copied(index, triple, names, {} if of_property else wrapped)
        if of_property:
            found.append(triple)
        elif triple.predicate.value in _REFERENCES:
            found += _referring(index, triple, subject, {**names, **wrapped})
        else:
            found.append(triple)
    for number, shape in enumerate(failing):
        path = BlankNode(f"path{exclusions[shape].value}")
        found += [
            Triple(exclusions[shape], NamedNode(SH + "path"), path),
            Triple(path, NamedNode(SH + "inversePath"), NamedNode(f"{_MARK}{number}")),
            Triple(exclusions[shape], NamedNode(SH + "minCount"), _ONE),
        ]
        holders: list[NamedNode] = [names[shape]] if shape not in wrapped else [wrapped[shape]]
        if shape in wrapped:
            found.append(Triple(wrapped[shape], NamedNode(SH + "property"), names[shape]))
            # As a sh:property it is not wrapped: it may have sh:qualifiedValueShape, and then
            # counts among the siblings of others.
            parents = index.subjects(SH + "property", shape)
            holders += [names[parent] for parent in parents if parent in names]
        found += [Triple(each, NamedNode(SH + "not"), exclusions[shape]) for each in holders]
    return found


def marks(failing: Mapping[Subject, Iterable[Node]]) -> list[Triple]:
    """Return triples to add to the data, so that `with_exclusions` can tell the nodes.

    They lead to the nodes, from a subject of their own: no other shape can see that, for SHACL
    has no path over any predicate, and sh:closed looks at what leads away.
    """
    return [
        Triple(NamedNode(_MARK), NamedNode(f"{_MARK}{number}"), node)
        for number, nodes in enumerate(failing.values())
        for node in nodes
    ]


def _leading(index: TripleIndex, failing: set[Subject]) -> set[Subject]:
    parents: dict[Subject, set[Subject]] = {}
    for shape in index.all_subjects():
        for _, each in shape_graph.references(index, shape):
            parents.setdefault(each, set()).add(shape)
    found, pending = set(failing), list(failing)
    while pending:
        fresh = parents.get(pending.pop(), set()) - found
        found |= fresh
        pending += fresh
    return found


def _copied(
    index: TripleIndex,
    triple: Triple,
    names: Mapping[Subject, NamedNode],
    wrapped: Mapping[Subject, NamedNode],
) -> Iterator[Triple]:
    copy = names[triple.subject]  # type: ignore[index]
    if triple.predicate.value in shape_graph.TARGETS:
        return
    if triple.predicate.value in _REFERENCES:
        yield from _referring(index, triple, copy, {**names, **wrapped})
    else:
        yield Triple(copy, triple.predicate, triple.object)


def _referring(
    index: TripleIndex, triple: Triple, subject: Subject, names: Mapping[Subject, NamedNode]
) -> Iterator[Triple]:
    value = triple.object
    if triple.predicate.value in shape_graph.LISTS:
        members = [names.get(each, each) for each in index.members(value)]  # type: ignore[arg-type]
        key = f"{subject} {triple.predicate} {value}"
        label = f"l{hashlib.sha256(key.encode()).hexdigest()}"
        value, cells = _list(members, label)
        yield from cells
    else:
        value = names.get(value, value)  # type: ignore[arg-type]
    yield Triple(subject, triple.predicate, value)


def _list(members: Sequence[Node], label: str) -> tuple[Subject, list[Triple]]:
    triples: list[Triple] = []
    head: Subject = _NIL
    for number in reversed(range(len(members))):
        cell = BlankNode(f"{label}n{number}")
        triples += [Triple(cell, _FIRST, members[number]), Triple(cell, _REST, head)]
        head = cell
    return head, triples
