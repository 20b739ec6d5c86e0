"""What the shapes say of themselves, and whether they fit the ontology."""

from __future__ import annotations

import re
from collections import defaultdict

import pyshacl
import pytest
from edtf import parse_edtf
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL

from .changes import (
    KG,
    KGS,
    KIND,
    PARAMETERS,
    constraints,
    ontology,
    rules,
    schemes,
    shape_nodes,
    shapes,
    short,
)

LANGUAGES = {"en", "ar", "ckb"}
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
SETTINGS = (
    *("path", "property", "name", "message", "severity", "order", "group", "targetClass"),
    *("targetSubjectsOf", "targetObjectsOf", "ignoredProperties", "qualifiedValueShape"),
)


def test_the_shapes_are_valid_by_the_shapes_of_shacl_for_shapes() -> None:
    pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    broken = Graph().parse(data=f"<{KGS}x> <{SH.path}> <{KG}name> ; <{SH.minCount}> 'one' .")
    with pytest.raises(ReportableRuntimeError, match="does not validate"):
        pyshacl.validate(Graph(), shacl_graph=broken, meta_shacl=True)


def test_shapes_use_no_parameter_that_these_tests_do_not_know() -> None:
    known = {SH[name] for name in (*PARAMETERS, *SETTINGS)} | {RDF.type}
    used = {p for shape in shape_nodes() for p in shapes().predicates(shape)}
    assert used <= known


def test_every_shape_has_an_iri_of_its_own_namespace() -> None:
    graph = shapes()
    lists = [
        node
        for parameter in (SH["or"], SH["and"], SH.xone)
        for head in graph.objects(None, parameter)
        for node in Collection(graph, head)
    ]
    referred = [
        node
        for parameter in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape, SH.sparql)
        for node in graph.objects(None, parameter)
    ]
    declared = {*shape_nodes(), *graph.subjects(RDF.type, SH.SPARQLConstraint)}
    assert all(str(node).startswith(KGS) for node in declared)
    assert {*lists, *referred} <= declared
    assert set(graph.subjects(SH.path)) <= declared


def languages(node: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(text.language) for text in shapes().objects(node, predicate))


@pytest.mark.parametrize("shape", shape_nodes(), ids=short)
def test_every_shape_has_a_name_in_three_languages_and_one_severity(shape: URIRef) -> None:
    assert languages(shape, SH.name) == sorted(LANGUAGES)
    (severity,) = shapes().objects(shape, SH.severity)
    assert severity in (SH.Violation, SH.Warning, SH.Info)


@pytest.mark.parametrize(("shape", "parameter"), constraints(), ids=lambda part: short(str(part)))
def test_every_constraint_has_a_message_in_three_languages(shape: URIRef, parameter: str) -> None:
    speakers = shapes().objects(shape, SH.sparql) if parameter == "sparql" else [shape]
    for speaker in speakers:
        assert languages(speaker, SH.message) == sorted(LANGUAGES)
        assert languages(speaker, SH.name) == sorted(LANGUAGES)
        texts = {t.language: str(t) for t in shapes().objects(speaker, SH.message)}
        assert re.match(r"[A-Z“{]", texts["en"])
        for language in ("ar", "ckb"):
            assert re.search("[\u0621-\u06d5]{3}", texts[language])


def test_messages_hold_no_invisible_characters_but_around_what_is_put_in() -> None:
    for text in shapes().objects(None, SH.message):
        # In a text that runs from right to left a value must not reorder what stands beside it.
        values = re.findall(r"\{[?$]\w+\}", str(text))
        isolated = re.findall("\u2068\\{[?$]\\w+\\}\u2069", str(text))
        assert len(isolated) == (0 if text.language == "en" else len(values)), text
        rest = re.sub("\u2068(\\{[?$]\\w+\\})\u2069", r"\1", str(text))
        assert not re.search("[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]", rest)


def test_a_property_has_no_two_shapes_of_one_order_on_one_class() -> None:
    for shape in shapes().subjects(SH.closed):
        orders = [
            order
            for part in shapes().objects(shape, SH.property)
            for order in shapes().objects(part, SH.order)
        ]
        assert len(orders) == len(set(orders)), short(str(shape))


# Shapes and ontology


def own_terms(namespace: str, prefix: str) -> set[str]:
    """Return all IRIs of a namespace that the shapes use, those in SPARQL included."""
    terms = {t for triple in shapes() for t in triple if isinstance(t, URIRef)}
    named = {str(term) for term in terms if term.startswith(namespace)}
    for select in shapes().objects(None, SH.select):
        named |= {namespace + name for name in re.findall(rf"\b{prefix}:([\w-]+)", str(select))}
    return {name for name in named if name != namespace}


def test_every_term_that_the_shapes_use_is_declared() -> None:
    declared = {str(term) for term in ontology().subjects(RDFS.isDefinedBy)}
    assert own_terms(KG, "kg") <= declared
    assert own_terms(KIND, "kind") <= {str(term) for term in schemes().subjects(RDF.type)}


def listed() -> dict[str, set[str]]:
    """Return, by class, the properties that its closed shapes allow."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for shape in shapes().subjects(SH.closed, Literal(True)):
        for target in shapes().objects(shape, SH.targetClass):
            for part in shapes().objects(shape, SH.property):
                allowed[str(target)] |= {str(path) for path in shapes().objects(part, SH.path)}
    return allowed


def test_every_class_that_data_use_has_one_closed_shape() -> None:
    abstract = {KG + "Entity", KG + "Fact", KG + "Situation"}
    classes = {str(c) for c in ontology().subjects(RDF.type, OWL.Class) if c.startswith(KG)}
    assert set(listed()) == classes - abstract
    targets = [t for s in shapes().subjects(SH.closed) for t in shapes().objects(s, SH.targetClass)]
    assert len(targets) == len(set(targets))


def test_every_property_of_the_ontology_is_allowed_where_its_domain_says() -> None:
    allowed = listed()
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {p for kind in kinds for p in ontology().subjects(RDF.type, kind)}
    for prop in sorted(p for p in properties if p.startswith(KG)):
        domain = ontology().value(prop, RDFS.domain)
        homes = {c for c, paths in allowed.items() if str(prop) in paths}
        assert homes, f"{prop} is allowed on no class"
        if domain is None:
            continue
        below = {str(c) for c in ontology().transitive_subjects(RDFS.subClassOf, domain)}
        assert homes <= below, f"{prop} is allowed outside its domain"
        if str(domain) != KG + "Fact":
            assert homes == below & set(allowed), f"{prop} is not allowed in all its domain"


# Times


TAKEN = (
    *("2016", "2016-09", "2016-09-30", "2016-21", "201X", "20XX", "2016-XX", "2016-09-XX"),
    *("2016-XX-XX", "2016?", "2016-09~", "201X%", "2016/2017", "2016-01/2016-03-31"),
    *("2016~/2017?", "2016/..", "../2016", "2016/", "/2016"),
)
REFUSED = (
    *("", "16", "20160", "-0044", "2016-13", "2016-00", "2016-1", "2016-09-32", "2016-09-1"),
    *("2016/09", "2016-25", "2XXX", "2016-XX-01", "2016?~", "../..", "/", "..", "2016/2017/2018"),
    *("٢٠١٦", "2016T10", "Y2016", "in 2016", " 2016", "2016 ", "2016."),
)


@pytest.mark.parametrize("text", TAKEN)
def test_the_pattern_of_times_takes_what_articles_say(text: str) -> None:
    parse_edtf(text)
    assert all(re.search(pattern, text) for pattern in edtf_patterns())


@pytest.mark.parametrize("text", REFUSED)
def test_the_pattern_of_times_takes_nothing_else(text: str) -> None:
    assert not any(re.search(pattern, text) for pattern in edtf_patterns())


def edtf_patterns() -> list[str]:
    shaped = shapes().subjects(SH.datatype, URIRef(EDTF))
    patterns = [str(p) for shape in shaped for p in shapes().objects(shape, SH.pattern)]
    assert len(patterns) == 5
    return patterns


# Rules in SPARQL


@pytest.mark.parametrize(("shape", "rule"), rules(), ids=lambda part: short(str(part)))
def test_rules_keep_to_what_can_be_asked_for_all_nodes_at_once(shape: URIRef, rule: URIRef) -> None:
    (select,) = (str(text) for text in shapes().objects(rule, SH.select))
    top = re.sub(r"\{[^{}]*\}", "", select[select.index("{") + 1 : select.rindex("}")])
    assert re.search(r"^\s*(\$this \S+ [?\w]|\?\w+ \S+ \$this\b)", top, re.MULTILINE)
    words = re.sub(r"\bNOT EXISTS\b", "", select).upper()
    forbidden = "MINUS|OPTIONAL|VALUES|GRAPH|SERVICE|UNION|BIND|GROUP|HAVING|COUNT|EXISTS"
    assert not re.search(rf"\b({forbidden})\b", words)
    assert words.count("SELECT") == 1
    projected = set(re.findall(r"\?(\w+)", select[: select.index("WHERE")]))
    for message in shapes().objects(rule, SH.message):
        assert set(re.findall(r"\{\?(\w+)\}", str(message))) <= projected
