"""Core constraints by the native engine of the PyPI package `shacl`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kgpub.model.report import Node, Result
from kgpub.serialisation.terms import terms_of
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex, text_of
from kgpub.validation.patterns import for_native
from kgpub.validation.rdf_1_1 import Term, blank_nodes, replaced
from kgpub.validation.shape_graph import LISTS, MEMBERS, TARGETS, referred_to
from kgpub.vocabulary import RDF, SH

if TYPE_CHECKING:
    import shacl

_SPARQL = frozenset(
    SH + name for name in ("sparql", "parameter", "validator", "nodeValidator", "propertyValidator")
)
_COUNTS = frozenset(
    SH + name
    for name in (
        *("minCount", "maxCount", "minLength", "maxLength"),
        *("qualifiedMinCount", "qualifiedMaxCount"),
    )
)
_DECIDING = tuple(name for name in (*MEMBERS, *LISTS) if name != SH + "property")
_PATTERN, _FLAGS = SH + "pattern", SH + "flags"
_MAX_COUNT = 2**32 - 1
_BLANK = "_:"
"""Most data have none; to look at each term takes longer."""
_BLANK_NODES = "_:y <urn:p> _:x .\n_:z <urn:p> _:y .\n"
_PATTERN_SHAPE, _VALUE = NamedNode("urn:kgpub:pattern"), NamedNode("urn:kgpub:value")


_PROBE = (
    ("targetSubjectsOf", NamedNode("urn:p")),
    ("targetObjectsOf", NamedNode("urn:p")),
    ("nodeKind", NamedNode(SH + "IRI")),
)


def is_installed() -> bool:
    """Return whether there is a native engine: it has no wheels for Linux on ARM, nor for musl."""
    return find_spec("shacl") is not None


@dataclass(frozen=True)
class Compiled:
    """Shapes as the engine has them, and how many blank nodes there are in them."""

    shapes: shacl.Shapes
    blank_nodes: int


def compile_shapes(triples: Iterable[Triple]) -> Compiled:
    """Compile a shapes graph, but for its SPARQL; raises ValueError where it is not read.

    Implicit class targets are written out in it.
    """
    import shacl

    core = [_counted(triple) for triple in triples if triple.predicate.value not in _SPARQL]
    core = _with_patterns(_typed_by_path(core))
    shapes = shacl.Shapes.from_text(_ntriples(core), format="ntriples")
    return Compiled(shapes, len(_blank_nodes(core)))


def _with_patterns(triples: list[Triple]) -> list[Triple]:
    """Return the shapes with their regular expressions as the engine reads them."""
    flags = {s: text_of(o) for s, p, o in triples if p.value == _FLAGS}
    found: list[Triple] = []
    for triple in triples:
        value = triple.object
        if triple.predicate.value in (_PATTERN, _FLAGS) and isinstance(value, Literal):
            own = flags.get(triple.subject, "")
            is_pattern = triple.predicate.value == _PATTERN
            text, kept = for_native(value.value if is_pattern else "", own)
            if not is_pattern and not kept:
                continue
            triple = Triple(triple.subject, triple.predicate, Literal(text if is_pattern else kept))
        found.append(triple)
    return found


def _typed_by_path(triples: list[Triple]) -> list[Triple]:
    """Return the shapes with a path to the class for each sh:class of shapes that only decide.

    To decide about one node, the engine sorts all instances of the class, each time anew. Such
    shapes have no results of their own, and an instance is what the path leads to the class from
    (SHACL, sections 1.1 and 4.1.1).
    """
    index = TripleIndex(triples)
    deciding = _deciding(index)
    found: list[Triple] = []
    for triple in triples:
        shape, klass = triple.subject, triple.object
        is_class = triple.predicate.value == SH + "class" and isinstance(klass, NamedNode)
        if is_class and shape in deciding:
            found += _instance_of(shape, klass)
        else:
            found.append(triple)
    return found


def _deciding(index: TripleIndex) -> set[Node]:
    """Return the shapes that others refer to, but for those that have results of their own."""
    reported = {shape for _, shape in index.pairs(SH + "property")}
    reported |= {subject for name in TARGETS for subject, _ in index.pairs(name)}
    return referred_to(index, _DECIDING) - reported


def _instance_of(shape: Subject | Triple, klass: Node | Triple) -> list[Triple]:
    """Return that values of `shape` are instances of `klass`, as sh:path and sh:hasValue."""
    types, classes, more, constraint = (BlankNode() for _ in range(4))
    return [
        Triple(shape, NamedNode(SH + "property"), constraint),
        Triple(constraint, NamedNode(SH + "path"), types),
        Triple(types, NamedNode(RDF + "first"), NamedNode(TYPE)),
        Triple(types, NamedNode(RDF + "rest"), classes),
        Triple(classes, NamedNode(RDF + "first"), more),
        Triple(classes, NamedNode(RDF + "rest"), NamedNode(RDF + "nil")),
        Triple(more, NamedNode(SH + "zeroOrMorePath"), NamedNode(SUBCLASS_OF)),
        Triple(constraint, NamedNode(SH + "hasValue"), klass),
    ]


def _counted(triple: Triple) -> Triple:
    """Return `triple` with a number that the engine reads: none of more than 32 bits, nor -0.

    No node has as many values, and no text as many characters, so that the results are the same.
    """
    count = triple.object
    if triple.predicate.value not in _COUNTS or not isinstance(count, Literal):
        return triple
    number = Literal(str(min(int(count.value), _MAX_COUNT)), datatype=count.datatype)
    return Triple(triple.subject, triple.predicate, number)


def reads_pattern(pattern: Node, flags: Iterable[Node]) -> bool:
    """Return whether the engine, where there is one, reads a sh:pattern with its sh:flags."""
    if not is_installed():
        return True
    shape = [
        Triple(_PATTERN_SHAPE, NamedNode(SH + "targetNode"), _VALUE),
        Triple(_PATTERN_SHAPE, NamedNode(SH + "pattern"), pattern),
        *(Triple(_PATTERN_SHAPE, NamedNode(SH + "flags"), flag) for flag in flags),
    ]
    try:
        compile_shapes(shape)
    except (ValueError, re.error):
        return False
    return True


def core_results(
    compiled: Compiled, data: Iterable[Triple], most: int | None = None
) -> list[Result]:
    """Validate `data`; results without messages. Of more than `most` there are about as many.

    Where the engine does not `number_blank_nodes`, they are IRIs to it, so that no shape may tell
    them apart. The path of a result is given where it is a bare predicate, and is "" for any other.
    """
    data = list(data)
    if numbers_blank_nodes():
        text = _ntriples(data)
        nodes = _numbered(data, compiled.blank_nodes) if _BLANK in text else {}
    else:
        text, nodes = _without_blank_nodes(data)
    results = compiled.shapes.validate_text(text, format="ntriples", max_results=most).results
    found = {text for each in results for text in (each.focus_node, each.value) if text}
    terms = terms_of(found - set(nodes))

    def submitted(text: str) -> Node:
        found = nodes.get(text) or replaced(terms[text], lambda term: nodes.get(str(term), term))
        return cast(Node, found)  # or a triple term, which nothing asks but to show it

    return [
        Result(
            focus=submitted(each.focus_node),
            path=each.path if each.path is None or _is_predicate(each.path) else "",
            value=None if each.value is None else submitted(each.value),
            component=each.component_iri,
            shape=(each.source_shape or "").removeprefix("<").removesuffix(">"),
            severity=each.severity_iri,
        )
        for each in results
    ]


@lru_cache(maxsize=1)
def numbers_blank_nodes() -> bool:
    """Return whether the engine's labels for blank nodes tell in what order it met them.

    It goes on from those in the shapes. It has no documented way to tell them; this tries it.
    """
    shape = [Triple(_PATTERN_SHAPE, NamedNode(SH + name), value) for name, value in _PROBE]
    more = Triple(BlankNode("x"), NamedNode(SH + "group"), BlankNode("y"))
    for before, triples in ((0, shape), (2, [more, *shape])):
        shapes = compile_shapes(triples).shapes
        results = shapes.validate_text(_BLANK_NODES, format="ntriples").results
        if sorted(each.focus_node for each in results) != [_label(before + n) for n in range(3)]:
            return False
    return True


def _label(number: int) -> str:
    return f"_:0_b{number}"


def _numbered(data: Iterable[Triple], first: int) -> dict[str, BlankNode]:
    return {_label(number): node for number, node in enumerate(_blank_nodes(data), first)}


def _blank_nodes(triples: Iterable[Triple]) -> dict[BlankNode, None]:
    """Return the blank nodes in the order in which they are written first."""
    nodes = (node for s, _, o in triples for term in (s, o) for node in blank_nodes(term))
    return dict.fromkeys(nodes)


def _without_blank_nodes(data: list[Triple]) -> tuple[str, dict[str, BlankNode]]:
    """Return N-Triples with IRIs for blank nodes, and these by the IRI as N-Triples has it."""
    text = _ntriples(data)
    if _BLANK not in text:
        return text, {}
    nodes = _blank_nodes(data)
    prefix = "urn:kgpub:blank"
    while prefix in text:
        prefix += "-"
    names = {node: NamedNode(f"{prefix}:{number}") for number, node in enumerate(nodes)}

    def new(term: Term) -> Term:
        return names.get(term, term) if isinstance(term, BlankNode) else term

    renamed = (Triple(names.get(s, s), p, replaced(o, new)) for s, p, o in data)
    return _ntriples(renamed), {str(name): node for node, name in names.items()}


def _is_predicate(path: str) -> bool:
    return path.startswith("<") and path.find(">") == len(path) - 1


def _ntriples(triples: Iterable[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
