"""All validation engines give the same report, and the one that SHACL asks for.

Expectations are worked out by hand from the specification; random shapes and data, the examples
of the shapes, and the W3C's test suite compare the engines with each other and with the suite.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kgpub.model.report import Report
from kgpub.validation import ENGINES, Shapes

ROOT = Path(__file__).parents[2]
EX = "http://example.org/"
SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <{SH}> .
@prefix xsd: <{XSD}> .
"""
DECLARED = 'ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] .'


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def shapes(text: str) -> Shapes:
    return Shapes.parse({"shapes.ttl": PREFIXES + DECLARED + text})


def short(text: str) -> str:
    return text.replace(f"<{EX}", "<").replace(EX, "")


def told(report: Report) -> list[tuple[str, ...]]:
    """Focus node, path, value, component and shape of each result, short."""
    return [
        (
            short(str(result.focus)),
            short(result.path or ""),
            "" if result.value is None else short(str(result.value)),
            result.component.removeprefix(SH).removesuffix("ConstraintComponent"),
            short(result.shape),
        )
        for result in report.results
    ]


# Random shapes and data, as Turtle.

NODES = [f"ex:n{number}" for number in range(4)]
LITERALS = [
    '"a"', '"ab"', '""', '"a"@en', '"ab"@ar', '"b"@ckb', "1", "2", '"01"^^xsd:integer', "1.0", "1.50", '"1"^^xsd:nonNegativeInteger',
    "true", '"x"^^xsd:integer', '"2020-01-01"^^xsd:date', '"2021-02-30"^^xsd:date', '"2021-05-05"^^xsd:date', '"2020"^^ex:own',
]  # fmt: skip
PREDICATES = ["ex:p", "ex:q"]
CLASSES = ["ex:C", "ex:D", "ex:E"]

nodes = st.sampled_from(NODES)
values = st.sampled_from(NODES + LITERALS)
predicates = st.sampled_from(PREDICATES)
classes = st.sampled_from(CLASSES)
triples = st.tuples(nodes, predicates, values) | st.tuples(nodes, st.just("a"), classes)
data = st.lists(triples, max_size=14, unique=True).map(
    lambda found: "ex:D rdfs:subClassOf ex:C .\n" + "".join(f"{s} {p} {o} .\n" for s, p, o in found)
)
paths = st.recursive(
    predicates,
    lambda inner: (
        inner.map(lambda path: f"[ sh:inversePath {path} ]")
        | st.tuples(inner, inner).map(lambda pair: f"( {pair[0]} {pair[1]} )")
        | st.tuples(inner, inner).map(lambda pair: f"[ sh:alternativePath ( {pair[0]} {pair[1]} ) ]")
        | inner.map(lambda path: f"[ sh:zeroOrMorePath {path} ]")
        | inner.map(lambda path: f"[ sh:oneOrMorePath {path} ]")
        | inner.map(lambda path: f"[ sh:zeroOrOnePath {path} ]")
    ),
    max_leaves=3,
)
counts = st.integers(0, 2)
of_any_shape = st.one_of(
    classes.map(lambda name: f"sh:class {name}"),
    st.sampled_from(["xsd:integer", "xsd:string", "rdf:langString", "xsd:date", "xsd:decimal"]).map(
        lambda name: f"sh:datatype {name}"
    ),
    st.sampled_from(["IRI", "Literal", "BlankNodeOrIRI"]).map(lambda kind: f"sh:nodeKind sh:{kind}"),
    counts.map(lambda count: f"sh:minLength {count}"),
    counts.map(lambda count: f"sh:maxLength {count}"),
    st.sampled_from(["^a", "^[0-9]+$", "b"]).map(lambda pattern: f'sh:pattern "{pattern}"'),
    st.just('sh:pattern "A" ; sh:flags "i"'),
    st.just('sh:languageIn ( "en" "ar" )'),
    values.map(lambda value: f"sh:hasValue {value}"),
    st.lists(values, max_size=3).map(lambda members: f"sh:in ( {' '.join(members)} )"),
    predicates.map(lambda predicate: f"sh:equals {predicate}"),
    predicates.map(lambda predicate: f"sh:disjoint {predicate}"),
    st.just("sh:minInclusive 1"),
    st.just("sh:maxExclusive 2"),
    st.just('sh:minExclusive "2020-01-01"^^xsd:date'),
)
of_property_shapes = st.one_of(
    counts.map(lambda count: f"sh:minCount {count}"),
    counts.map(lambda count: f"sh:maxCount {count}"),
    st.just("sh:uniqueLang true"),
    predicates.map(lambda predicate: f"sh:lessThan {predicate}"),
    predicates.map(lambda predicate: f"sh:lessThanOrEquals {predicate}"),
)
of_node_shapes = st.just("sh:closed true ; sh:ignoredProperties ( rdf:type )") | st.just(
    "sh:closed true"
)
settled = st.sampled_from(
    ["", "sh:severity sh:Warning", 'sh:message "m"@en , "ر"@ar', "sh:deactivated true"]
)


def shape(parts: list[str]) -> str:
    return "[ " + " ; ".join(part for part in parts if part) + " ]"


def parameter(constraint: str) -> str:
    return constraint.split()[0]


def property_shape(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    constraints = st.lists(of_any_shape | of_property_shapes | inner, max_size=2, unique_by=parameter)
    return st.tuples(paths, settled, constraints).map(
        lambda parts: shape([f"sh:path {parts[0]}", parts[1], *parts[2]])
    )


def node_shape(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    constraints = st.lists(of_any_shape | of_node_shapes | inner, max_size=2, unique_by=parameter)
    return st.tuples(settled, constraints).map(lambda parts: shape(["a sh:NodeShape", parts[0], *parts[1]]))


def references(deeper: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    any_shape = property_shape(deeper) | node_shape(deeper)
    return st.one_of(
        property_shape(deeper).map(lambda inner: f"sh:property {inner}"),
        any_shape.map(lambda inner: f"sh:node {inner}"),
        any_shape.map(lambda inner: f"sh:not {inner}"),
        st.lists(any_shape, min_size=1, max_size=2).flatmap(
            lambda several: st.sampled_from(["and", "or", "xone"]).map(
                lambda name: f"sh:{name} ( {' '.join(several)} )"
            )
        ),
        st.tuples(any_shape, counts, counts).map(
            lambda parts: (
                f"sh:qualifiedValueShape {parts[0]} ; sh:qualifiedMinCount {parts[1]} ; "
                f"sh:qualifiedMaxCount {parts[2]}"
            )
        ),
    )


once = references(st.nothing())
nested = once | references(once)
targets = st.one_of(
    classes.map(lambda name: f"sh:targetClass {name}"),
    nodes.map(lambda node: f"sh:targetNode {node}"),
    st.just("sh:targetNode ex:absent , 1"),
    predicates.map(lambda predicate: f"sh:targetSubjectsOf {predicate}"),
    predicates.map(lambda predicate: f"sh:targetObjectsOf {predicate}"),
)
roots = st.lists(
    st.tuples(targets, node_shape(nested) | property_shape(nested)), min_size=1, max_size=3
).map(
    lambda several: "".join(
        f"ex:S{number} {body[2:-2]} ; {target} .\n"
        for number, (target, body) in enumerate(several)
    )
)


def same(shapes_text: str, data_text: str) -> None:
    parsed, triples = shapes(shapes_text), turtle(data_text)
    reports = {name: engine.validate(triples, parsed) for name, engine in ENGINES.items()}
    assert set(reports["fast"].results) == set(reports["pyshacl"].results)
    assert reports["fast"] == reports["pyshacl"]


@settings(max_examples=int(os.environ.get("N", "100")), deadline=None, suppress_health_check=list(HealthCheck))
@given(roots, data)
def test_random_core_shapes(shapes_text: str, data_text: str) -> None:
    same(shapes_text, data_text)
