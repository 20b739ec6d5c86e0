"""The terms of SHACL: which there are, how often a shape may have them, with what values.

SHACL's appendix on syntax rules calls shapes that break these rules ill-formed, and leaves it
open what an engine does with them. Here they are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.messages import Message
from kgpub.model.report import Node
from kgpub.validation import native
from kgpub.validation.index import IllFormedList, Subject, TripleIndex, text_of
from kgpub.validation.patterns import compiled
from kgpub.validation.shape_places import Fault
from kgpub.vocabulary import RDF, SH, XSD

TERMS = frozenset(
    {"targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "property", "path"}
    | {"severity", "message", "deactivated", "class", "datatype", "nodeKind", "minCount"}
    | {"maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "minLength"}
    | {"maxLength", "pattern", "flags", "languageIn", "uniqueLang", "equals", "disjoint"}
    | {"lessThan", "lessThanOrEquals", "not", "and", "or", "xone", "node", "qualifiedValueShape"}
    | {"qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint", "closed"}
    | {"ignoredProperties", "hasValue", "in", "name", "description", "order", "group"}
    | {"defaultValue", "sparql", "select", "ask", "prefixes", "declare", "prefix", "namespace"}
    | {"parameter", "optional", "validator", "nodeValidator", "propertyValidator"}
    | {"labelTemplate", "shapesGraph", "entailment", "suggestedShapesGraph"}
)
"""Local names in SHACL's namespace that SHACL Core and SHACL-SPARQL define for shapes graphs."""

OF_SHAPES = frozenset(
    SH + name
    for name in TERMS
    - {"name", "description", "order", "group", "defaultValue", "select", "ask", "prefixes"}
    - {"declare", "prefix", "namespace", "parameter", "optional", "validator", "nodeValidator"}
    - {"propertyValidator", "labelTemplate", "shapesGraph", "entailment", "suggestedShapesGraph"}
    - {"severity", "message", "deactivated"}
)
"""IRIs that make their subject a shape (SHACL, section 2.1)."""

ADVANCED = frozenset(
    {"target", "rule", "condition", "subject", "predicate", "object", "construct", "values"}
    | {"expression", "filterShape", "nodes", "intersection", "union", "returnType", "js"}
    | {"jsFunctionName", "jsLibrary", "jsLibraryURL", "update", "annotationProperty"}
    | {"annotationValue", "annotationVarName", "resultAnnotation"}
)
"""Those that SHACL Advanced Features and SHACL-JS add: not evaluated by any engine here."""

COUNTS = (
    *("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount"),
)
BOOLEANS = tuple(
    SH + name for name in ("deactivated", "uniqueLang", "closed", "qualifiedValueShapesDisjoint")
)
_SINGLE = (
    *("severity", "deactivated", "nodeKind", "datatype", "minCount", "maxCount", "minExclusive"),
    *("minInclusive", "maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern"),
    *("flags", "languageIn", "uniqueLang", "qualifiedValueShape", "qualifiedMinCount", "in"),
    *("qualifiedMaxCount", "qualifiedValueShapesDisjoint", "closed", "ignoredProperties"),
)
_NODE_KINDS = frozenset(
    SH + name for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral")
) | {SH + "IRIOrLiteral"}
_TRUE, _FALSE = (Literal(text, datatype=NamedNode(XSD + "boolean")) for text in ("true", "false"))


def _is_iri(value: Node) -> bool:
    return isinstance(value, NamedNode)


def _is_count(value: Node) -> bool:
    # Python reads integers of some four thousand digits, and pySHACL is in Python.
    return (
        isinstance(value, Literal)
        and value.datatype.value == XSD + "integer"
        and re.fullmatch(r"\+?[0-9]{1,4000}|-0+", value.value) is not None
    )


def _is_string(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype.value == XSD + "string"


def _is_text(value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype.value in (
        XSD + "string",
        RDF + "langString",
    )


def _is_boolean(value: Node) -> bool:
    return (
        isinstance(value, Literal)
        and value.datatype.value == XSD + "boolean"
        and value.value in ("true", "false", "1", "0")
    )


def _is_literal(value: Node) -> bool:
    return isinstance(value, Literal)


_VALUES: Mapping[str, tuple[Callable[[Node], bool], str]] = {
    **dict.fromkeys(
        ("class", "datatype", "equals", "disjoint", "lessThan", "lessThanOrEquals", "targetClass"),
        (_is_iri, "fault-not-iri"),
    ),
    **dict.fromkeys(
        ("targetSubjectsOf", "targetObjectsOf", "severity"), (_is_iri, "fault-not-iri")
    ),
    **dict.fromkeys(COUNTS, (_is_count, "fault-not-count")),
    **dict.fromkeys(("pattern", "flags", "ask", "select"), (_is_string, "fault-not-string")),
    **dict.fromkeys(
        ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
        (_is_literal, "fault-not-literal"),
    ),
    **dict.fromkeys(
        (*(name.removeprefix(SH) for name in BOOLEANS), "optional"),
        (_is_boolean, "fault-not-boolean"),
    ),
    "nodeKind": (lambda value: text_of(value) in _NODE_KINDS, "fault-not-node-kind"),
    "targetNode": (lambda value: not isinstance(value, BlankNode), "fault-blank-node"),
    "message": (_is_text, "fault-not-text"),
}
_MEMBERS: Mapping[str, tuple[Callable[[Node], bool], str]] = {
    "languageIn": (_is_string, "fault-not-string"),
    "ignoredProperties": (_is_iri, "fault-not-iri"),
}


def faults(index: TripleIndex) -> Iterator[Fault]:
    """Yield shapes and constraints with what is wrong with the values of their parameters."""
    for name in _SINGLE:
        for shape in dict.fromkeys(shape for shape, _ in index.pairs(SH + name)):
            values = index.objects(shape, SH + name)
            if len(values) > 1:
                text = Message("fault-several", name=f"sh:{name}")
                yield Fault(shape, text, SH + name, values[1])
    for name, (fits, fault) in _VALUES.items():
        for shape, value in index.pairs(SH + name):
            if not fits(value):
                text = Message(
                    "fault-value", name=f"sh:{name}", value=str(value), fault=Message(fault)
                )
                yield Fault(shape, text, SH + name, value)
    for name, (fits, fault) in _MEMBERS.items():
        for shape, head in index.pairs(SH + name):
            try:
                cells = index.cells(head)
            except IllFormedList:
                continue
            for cell, value in cells:
                if not fits(value):
                    text = Message(
                        "fault-lists", name=f"sh:{name}", value=str(value), fault=Message(fault)
                    )
                    yield Fault(shape, text, RDF + "first", value, cell)
    yield from _patterns(index)


def _patterns(index: TripleIndex) -> Iterator[Fault]:
    for shape, pattern in index.pairs(SH + "pattern"):
        flags = index.objects(shape, SH + "flags")
        if any(set(text_of(each)) - set("smixq") for each in flags):
            text = Message("fault-flags", value=str(flags[0]))
            yield Fault(shape, text, SH + "flags")
            continue
        if native.is_installed() and native.reads_pattern(pattern, flags):
            continue
        try:
            compiled(text_of(pattern), "".join(map(text_of, flags)))
        except (re.error, OverflowError, RecursionError) as error:
            text = Message("fault-pattern", english=str(error))
            yield Fault(shape, text, SH + "pattern", pattern)


def notes(index: TripleIndex, shapes: set[Subject]) -> Iterator[Fault]:
    """Yield shapes and constraints with what SHACL has an engine ignore, and why.

    Such shapes are well-formed; but whoever wrote them may have meant something else.
    """
    constraints = {node for _, node in index.pairs(SH + "sparql") if not isinstance(node, Literal)}
    for subject in sorted(shapes | constraints, key=str):
        for predicate in index.predicates(subject):
            name = predicate.removeprefix(SH)
            if not predicate.startswith(SH) or name in TERMS:
                continue
            code = "fault-advanced" if name in ADVANCED else "fault-no-term"
            yield Fault(subject, Message(code, name=f"sh:{name}"), predicate)
    for name in BOOLEANS:
        for shape, value in index.pairs(name):
            if value not in (_TRUE, _FALSE) and _is_boolean(value):
                text = Message("fault-no-effect", name=name.replace(SH, "sh:", 1), value=str(value))
                yield Fault(shape, text, name, value)


def only_true(triples: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Drop booleans other than the literal true, which have no effect and split engines."""
    return tuple(
        triple
        for triple in triples
        if triple.predicate.value not in BOOLEANS or triple.object == _TRUE
    )
