"""The context and the ontology say the same of every property and class."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, TIME, XSD, Graph, URIRef

from kgpub.vocabulary import EDTF, KG, KIND

ABSTRACT = {"Entity", "Fact", "Situation"}
# Plain strings in a submission; the mapping gives them the article's language.
TAGGED_BY_THE_MAPPING = {"text", "words", "attributionWords"}
# What stands in place is described where it stands, so its keys hold nodes instead of references.
NESTED = {"describes", "records", "asserts", "participation"}
BASES = {
    "Person": "person/",
    "Organisation": "organisation/",
    "Office": "office/",
    "Place": "place/",
    "Topic": "topic/",
    "Article": "article/",
}


def _expand(name: str, context: dict[str, Any]) -> str:
    prefix, _, local = name.partition(":")
    return context[prefix] + local if local and isinstance(context.get(prefix), str) else name


def _definitions(context: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return each property of the own namespace, by local name, with its keys' definitions."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, term in context.items():
        if key.startswith("@"):
            continue
        definition = {"@id": term} if isinstance(term, str) else term or {}
        iri = _expand(str(definition.get("@id", "")), context)
        local = iri.removeprefix(KG)
        if iri.startswith(KG) and local and local[0].islower():
            found[local].append({**definition, "key": key})
    return found


@pytest.fixture(scope="module")
def by_property(context: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return _definitions(context)


def _locals(graph: Graph, *kinds: URIRef) -> set[str]:
    subjects = {str(s) for kind in kinds for s in graph.subjects(RDF.type, kind)}
    return {s.removeprefix(KG) for s in subjects if s.startswith(KG)}


def test_every_property_has_a_key_and_every_key_a_property(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    assert set(by_property) == _locals(ontology, OWL.ObjectProperty, OWL.DatatypeProperty)


def test_every_concrete_class_is_named_by_its_own_name(
    ontology: Graph, context: dict[str, Any]
) -> None:
    named = {
        key: term.removeprefix("kg:")
        for key, term in context.items()
        if isinstance(term, str) and term.startswith("kg:") and term[3].isupper()
    }
    assert named == {name: name for name in _locals(ontology, OWL.Class) - ABSTRACT}


def test_the_abstract_classes_are_those_with_named_subclasses_only(ontology: Graph) -> None:
    superclasses = {str(c).removeprefix(KG) for c in ontology.objects(None, RDFS.subClassOf)}
    assert superclasses - {"Statement"} == ABSTRACT


def test_a_prefix_means_the_namespace_that_the_code_means(context: dict[str, Any]) -> None:
    assert context["kg"] == KG
    assert context["xsd"] == str(XSD)
    assert context["edtf"] == EDTF


def test_properties_of_things_hold_references_and_properties_of_data_do_not(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    of_things = _locals(ontology, OWL.ObjectProperty)
    for prop, definitions in by_property.items():
        for term in definitions:
            references = term.get("@type") in {"@id", "@vocab"}
            nodes = prop in NESTED and term.get("@container") in {"@id", "@set"}
            assert (references or nodes) == (prop in of_things), term


def test_properties_of_concepts_are_read_in_the_namespace_of_kinds(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    vocabularies = {SKOS.Concept: KIND, TIME.DayOfWeek: str(TIME)}
    for prop, definitions in by_property.items():
        ranges = set(ontology.objects(URIRef(KG + prop), RDFS.range))
        expected = next((v for r, v in vocabularies.items() if r in ranges), None)
        for term in definitions:
            assert (term.get("@type") == "@vocab") == (expected is not None), term
            assert term.get("@context", {}).get("@vocab") == expected, term


def test_references_are_read_in_the_folder_of_their_class(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    for prop, definitions in by_property.items():
        for class_ in ontology.objects(URIRef(KG + prop), RDFS.range):
            folder = BASES.get(str(class_).removeprefix(KG))
            for term in definitions:
                if folder and term.get("@type") == "@id":
                    assert term["@context"]["@base"] == folder, term


def test_typed_values_have_the_datatype_of_the_range(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]], context: dict[str, Any]
) -> None:
    untyped = {XSD.string, RDF.langString}
    for prop in _locals(ontology, OWL.DatatypeProperty):
        (range_,) = ontology.objects(URIRef(KG + prop), RDFS.range)
        for term in by_property[prop]:
            datatype = _expand(term["@type"], context) if "@type" in term else None
            assert datatype == (None if range_ in untyped else str(range_)), term


def test_text_with_a_language_is_given_by_language(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    for prop in _locals(ontology, OWL.DatatypeProperty):
        (range_,) = ontology.objects(URIRef(KG + prop), RDFS.range)
        by_language = range_ == RDF.langString and prop not in TAGGED_BY_THE_MAPPING
        for term in by_property[prop]:
            assert (term.get("@container") == "@language") == by_language, term


def test_what_the_mapping_tags_has_a_language_in_the_ontology(
    ontology: Graph, by_property: dict[str, list[dict[str, Any]]]
) -> None:
    for prop in TAGGED_BY_THE_MAPPING:
        assert list(ontology.objects(URIRef(KG + prop), RDFS.range)) == [RDF.langString]
        assert all(set(term) == {"@id", "key"} for term in by_property[prop])
