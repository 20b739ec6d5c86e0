"""The kinds are SKOS concepts, each in one scheme, named and defined in three languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from kgpub.vocabulary import KIND

LANGUAGES = ["ar", "ckb", "en"]
SCHEMES = {
    "OrganisationKind",
    "GroupKind",
    "PlaceKind",
    "RelationshipKind",
    "OccupationKind",
    "StanceKind",
    "EventKind",
    "Role",
    "MembershipRole",
    "Medium",
    "LinkMethod",
    "ContradictionKind",
}


def _tags(graph: Graph, subject: URIRef, *predicates: URIRef) -> list[str]:
    values = [value for predicate in predicates for value in graph.objects(subject, predicate)]
    assert all(isinstance(value, Literal) for value in values)
    return sorted(value.language or "" for value in values if isinstance(value, Literal))


def test_the_schemes_are_those_that_the_ontology_speaks_of(schemes: Graph) -> None:
    assert set(schemes.subjects(RDF.type, SKOS.ConceptScheme)) == {
        URIRef(KIND + name) for name in SCHEMES
    }


def test_every_scheme_has_concepts(schemes: Graph) -> None:
    assert set(schemes.objects(None, SKOS.inScheme)) == {URIRef(KIND + name) for name in SCHEMES}


def test_everything_in_the_namespace_is_a_concept_or_a_scheme(
    schemes: Graph, concepts: set[URIRef]
) -> None:
    described = {s for s in schemes.subjects() if isinstance(s, URIRef) and s.startswith(KIND)}
    assert described == concepts | {URIRef(KIND + name) for name in SCHEMES}


def test_every_concept_is_in_exactly_one_scheme(schemes: Graph, concepts: set[URIRef]) -> None:
    assert {c for c in concepts if len(list(schemes.objects(c, SKOS.inScheme))) != 1} == set()


def test_every_concept_has_one_preferred_label_in_each_language(
    schemes: Graph, concepts: set[URIRef]
) -> None:
    for concept in concepts:
        assert _tags(schemes, concept, SKOS.prefLabel) == LANGUAGES, concept


def test_every_scheme_has_a_name_in_each_language(schemes: Graph) -> None:
    for name in SCHEMES:
        scheme = URIRef(KIND + name)
        labels = set(_tags(schemes, scheme, SKOS.prefLabel, RDFS.label))
        assert labels == set(LANGUAGES), scheme


def test_every_concept_and_scheme_has_one_definition_in_each_language(
    schemes: Graph, concepts: set[URIRef]
) -> None:
    for subject in concepts | {URIRef(KIND + name) for name in SCHEMES}:
        assert _tags(schemes, subject, SKOS.definition) == LANGUAGES, subject
        for text in schemes.objects(subject, SKOS.definition):
            assert str(text).endswith("."), (subject, text)


def test_no_two_concepts_of_a_scheme_share_a_preferred_label(schemes: Graph) -> None:
    for name in SCHEMES:
        labels = [
            label
            for concept in schemes.subjects(SKOS.inScheme, URIRef(KIND + name))
            for label in schemes.objects(concept, SKOS.prefLabel)
        ]
        assert len(labels) == len(set(labels)), name


def test_broader_concepts_stay_within_the_scheme(schemes: Graph, concepts: set[URIRef]) -> None:
    for relation in (SKOS.broader, SKOS.narrower, SKOS.related):
        for one, other in schemes.subject_objects(relation):
            assert other in concepts, (one, other)
            home, away = (set(schemes.objects(c, SKOS.inScheme)) for c in (one, other))
            assert home == away, (one, other)


def test_identifiers_of_concepts_are_slugs(concepts: set[URIRef]) -> None:
    slug = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
    assert {c for c in concepts if not slug.fullmatch(c.removeprefix(KIND))} == set()


def test_no_concept_has_the_name_of_a_key(concepts: set[URIRef], context: dict[str, Any]) -> None:
    """A key of the context would win over the kind when JSON-LD expands `kind: name`."""
    assert {c.removeprefix(KIND) for c in concepts} & set(context) == set()


def test_concepts_are_no_classes_or_properties(schemes: Graph, concepts: set[URIRef]) -> None:
    owl_types = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for concept in concepts:
        assert not set(schemes.objects(concept, RDF.type)) & owl_types, concept


def test_the_definitions_of_the_ontology_name_schemes_only(root: Path) -> None:
    text = (root / "ontology" / "kgpub.ttl").read_text(encoding="utf-8")
    assert set(re.findall(r"kind:(\w+)", text)) <= SCHEMES
