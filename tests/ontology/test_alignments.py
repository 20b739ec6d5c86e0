"""The alignments name terms that exist, claim what OWL 2 DL allows, and hold of this ontology."""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, SDO, TIME, DefinedNamespaceMeta

from kgpub.vocabulary import KG, OA, WIKIDATA

KGA = Namespace("https://w3id.org/kgpub/alignments#")
MATCHES = (KGA.closeMatch, KGA.relatedMatch)
PROPERTY_TYPES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
CLASS_TYPES = {OWL.Class, RDFS.Datatype}
BUILT_IN = (str(RDF), str(RDFS), str(OWL), "http://www.w3.org/2001/XMLSchema#")
# rdflib knows which terms these namespaces have; schema.org it knows under https only.
CLOSED: dict[str, DefinedNamespaceMeta] = {
    "http://purl.org/dc/terms/": DCTERMS,
    "http://xmlns.com/foaf/0.1/": FOAF,
    "http://www.w3.org/ns/org#": ORG,
    "http://www.w3.org/ns/prov#": PROV,
    "http://www.w3.org/2004/02/skos/core#": SKOS,
    "http://www.w3.org/2006/time#": TIME,
}
SCHEMA = "http://schema.org/"
OTHERS = {
    # Web Annotation Vocabulary
    *(OA + name for name in ["Annotation", "TextPositionSelector", "TextQuoteSelector"]),
    *(OA + name for name in ["exact", "hasSelector", "hasSource"]),
    # Wikibase's RDF format
    "http://wikiba.se/ontology#Statement",
}


def _foreign(graph: Graph) -> set[str]:
    """Return the IRIs of the terms of others that `graph` aligns with."""
    relations = (*MATCHES, RDFS.subClassOf, RDFS.subPropertyOf)
    found = {str(o) for relation in relations for o in graph.objects(None, relation)}
    return {iri for iri in found if not iri.startswith((KG, *BUILT_IN))}


def _exists(iri: str) -> bool:
    if iri.startswith(WIKIDATA):
        return re.fullmatch("[PQ][1-9][0-9]*", iri.removeprefix(WIKIDATA)) is not None
    if iri.startswith(SCHEMA):
        return "https://schema.org/" + iri.removeprefix(SCHEMA) in SDO
    namespace = next((n for ns, n in CLOSED.items() if iri.startswith(ns)), None)
    return iri in OTHERS if namespace is None else URIRef(iri) in namespace


def test_every_foreign_term_exists(alignments: Graph) -> None:
    assert {iri for iri in _foreign(alignments) if not _exists(iri)} == set()


@pytest.mark.parametrize(
    "iri",
    [
        "http://www.w3.org/ns/org#Organisation",
        "http://www.w3.org/ns/prov#wasSaidBy",
        "http://schema.org/Organisation",
        "http://www.w3.org/ns/oa#begin",
        "http://www.wikidata.org/entity/39",
    ],
)
def test_a_foreign_term_that_does_not_exist_is_noticed(iri: str) -> None:
    assert not _exists(iri)


def test_every_vocabulary_of_the_mission_is_aligned_with(alignments: Graph) -> None:
    expected = {*CLOSED, SCHEMA, OA, WIKIDATA}
    aligned = _foreign(alignments)
    assert {ns for ns in expected if not any(iri.startswith(ns) for iri in aligned)} == set()


def test_schema_org_is_written_with_http_throughout(alignments: Graph) -> None:
    iris = {str(term) for triple in alignments for term in triple}
    assert {iri for iri in iris if iri.startswith("https://schema.org")} == set()


def test_only_terms_and_kinds_of_this_ontology_are_aligned(
    ontology: Graph, concepts: set[URIRef], alignments: Graph
) -> None:
    aligned = {s for match in MATCHES for s in alignments.subjects(match)}
    aligned |= set(alignments.subjects(RDFS.subClassOf))
    aligned |= set(alignments.subjects(RDFS.subPropertyOf)) - set(MATCHES)
    assert aligned <= {*ontology.subjects(RDF.type), *concepts}


def test_every_wikidata_term_has_its_label_and_every_label_its_use(alignments: Graph) -> None:
    used = {o for match in MATCHES for o in alignments.objects(None, match)}
    of_wikidata = {o for o in used if str(o).startswith(WIKIDATA)}
    labelled = {s for s in alignments.subjects(RDFS.label) if str(s).startswith(WIKIDATA)}
    assert labelled == of_wikidata


def test_classes_are_no_subclasses_of_wikidata_entities(alignments: Graph) -> None:
    """Wikidata's entities are individuals; the predicates of its data are others (wdt:P39)."""
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentProperty):
        above = {str(o) for o in alignments.objects(None, relation)}
        assert not {iri for iri in above if iri.startswith(WIKIDATA)}


def test_properties_of_wikidata_match_facts_and_properties_and_items_match_classes(
    ontology: Graph, alignments: Graph
) -> None:
    for match in MATCHES:
        for term, other in alignments.subject_objects(match):
            if str(other).startswith(WIKIDATA + "Q"):
                assert (term, RDF.type, OWL.Class) in ontology, term


def test_no_foreign_term_is_matched_in_two_ways(alignments: Graph) -> None:
    relations = (*MATCHES, RDFS.subClassOf, RDFS.subPropertyOf)
    pairs = [pair for relation in relations for pair in alignments.subject_objects(relation)]
    assert [pair for pair in pairs if pairs.count(pair) > 1] == []


def test_every_class_and_property_in_an_axiom_is_declared(merged: Graph) -> None:
    declared = {kind: set(merged.subjects(RDF.type, kind)) for kind in PROPERTY_TYPES | CLASS_TYPES}
    classes = declared[OWL.Class]
    properties = set().union(*(declared[kind] for kind in PROPERTY_TYPES))
    assert set(merged.objects(None, RDFS.subClassOf)) <= classes
    assert set(merged.objects(None, OWL.disjointWith)) <= classes
    assert set(merged.objects(None, RDFS.domain)) <= classes
    used = {p for p in merged.predicates() if not str(p).startswith(BUILT_IN)}
    above = {p for p in merged.objects(None, RDFS.subPropertyOf) if p != RDFS.seeAlso}
    assert used | above <= properties


def test_every_type_of_an_individual_is_a_declared_class(merged: Graph) -> None:
    types = {t for t in merged.objects(None, RDF.type) if not str(t).startswith(BUILT_IN)}
    assert types <= set(merged.subjects(RDF.type, OWL.Class))


def test_no_term_is_two_kinds_of_property_or_class_and_datatype(merged: Graph) -> None:
    """OWL 2 Structural Specification, section 5.8.1: the typing constraints of OWL 2 DL."""
    for term in set(merged.subjects(RDF.type)):
        types = set(merged.objects(term, RDF.type))
        assert len(types & PROPERTY_TYPES) <= 1, term
        assert len(types & CLASS_TYPES) <= 1, term


def test_a_subproperty_is_of_the_kind_of_its_superproperty(merged: Graph) -> None:
    for prop, above in merged.subject_objects(RDFS.subPropertyOf):
        kinds = set(merged.objects(prop, RDF.type)) & PROPERTY_TYPES
        builtin = {OWL.AnnotationProperty} if above == RDFS.seeAlso else set()
        assert kinds == (set(merged.objects(above, RDF.type)) & PROPERTY_TYPES | builtin), prop
