"""Nothing follows from the ontology, its alignments and its data that is false (OWL 2 RL)."""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
from owlrl.Namespaces import ERRNS
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from kgpub.vocabulary import KG, KIND, OA
from kgpub.vocabulary import terms as kg

DATA = "https://example.org/data/"
PREFIXES = f"""
@prefix : <{DATA}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <{KG}> .
@prefix kind: <{KIND}> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <{OWL}> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <{RDFS}> .
@prefix schema: <http://schema.org/> .
@prefix skos: <{SKOS}> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PROV = Namespace("http://www.w3.org/ns/prov#")
ORG = Namespace("http://www.w3.org/ns/org#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SCHEMA = Namespace("http://schema.org/")
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
SAMPLE = Namespace(DATA)

# What each thing of the data may become where everything foreign is loaded, and nothing else.
AGENT = {FOAF.Agent, DCTERMS.Agent, PROV.Agent}
FOREIGN_TYPES: dict[str, set[URIRef]] = {
    kg.Person: {FOAF.Person, SCHEMA.Person, GEO.SpatialThing} | AGENT,
    kg.Organisation: {ORG.Organization, FOAF.Organization, SCHEMA.Organization} | AGENT,
    kg.Office: {ORG.Post},
    kg.Place: {
        DCTERMS.Location,
        DCTERMS.LocationPeriodOrJurisdiction,
        PROV.Location,
        SCHEMA.Place,
    },
    kg.Group: {FOAF.Group} | AGENT,
    kg.Topic: set(),
    kg.Article: {
        DCTERMS.BibliographicResource,
        FOAF.Document,
        PROV.Entity,
        SCHEMA.Article,
        SCHEMA.CreativeWork,
    },
    kg.Statement: {PROV.Entity},
    kg.Quotation: {PROV.Entity, SCHEMA.Quotation, SCHEMA.CreativeWork, FOAF.Document},
    kg.Passage: {
        PROV.Entity,
        URIRef(OA + "Selector"),
        URIRef(OA + "TextPositionSelector"),
        URIRef(OA + "TextQuoteSelector"),
    },
    kg.Submission: {
        PROV.Entity,
        PROV.Bundle,
        SCHEMA.Dataset,
        SCHEMA.CreativeWork,
        FOAF.Document,
    },
    kg.Link: {PROV.Entity},
    kg.Contradiction: {PROV.Entity},
    kg.Retraction: {PROV.Entity},
    kg.Acceptance: {PROV.Activity},
}


def axioms(graph: Graph) -> Graph:
    """Leave out the annotations, from which nothing follows and which take the most time."""
    silent = {RDFS.label, RDFS.isDefinedBy, SKOS.definition, SKOS.prefLabel, SKOS.altLabel}
    kept = Graph()
    for s, p, o in graph:
        if p not in silent:
            kept.add((s, p, o))
    return kept


def close(graph: Graph) -> Graph:
    closed = axioms(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def contradictions(closed: Graph) -> list[str]:
    """Return what the reasoner complains of, and the members of owl:Nothing."""
    found = [str(message) for message in closed.objects(None, ERRNS.error)]
    nothing = closed.subjects(RDF.type, OWL.Nothing)
    return found + [f"{member} is in owl:Nothing" for member in nothing]


def _read(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def _types(closed: Graph, thing: Node) -> set[Node]:
    own = {str(t) for t in closed.objects(thing, RDF.type)}
    return {URIRef(t) for t in own if not t.startswith((KG, str(OWL), str(RDF), str(RDFS)))}


@pytest.fixture(scope="module")
def sample(root: Path) -> Graph:
    return Graph().parse(root / "tests" / "ontology" / "sample.ttl", format="turtle")


@pytest.fixture(scope="module")
def foreign(root: Path) -> Graph:
    return Graph().parse(root / "tests" / "ontology" / "foreign.ttl", format="turtle")


@pytest.fixture(scope="module")
def own(ontology: Graph, alignments: Graph, sample: Graph) -> Graph:
    return axioms(ontology) + axioms(alignments) + sample


@pytest.fixture(scope="module")
def closed(own: Graph, schemes: Graph, foreign: Graph) -> Graph:
    """Everything, the foreign vocabularies' own axioms too."""
    return close(own + schemes + foreign)


def test_the_sample_has_every_concrete_class_and_every_property(
    ontology: Graph, sample: Graph
) -> None:
    used = {str(term) for triple in sample for term in triple}
    declared = {str(term) for term in ontology.subjects() if str(term).startswith(KG)}
    assert declared - used == {kg.Entity, kg.Fact, kg.Situation}


def test_ontology_schemes_alignments_and_sample_are_consistent(own: Graph, schemes: Graph) -> None:
    closed = close(own + schemes)
    assert (SAMPLE.amina, RDF.type, URIRef(kg.Entity)) in closed
    assert contradictions(closed) == []


def test_they_stay_consistent_with_the_foreign_axioms(closed: Graph) -> None:
    assert (SAMPLE.statement, RDF.type, PROV.Entity) in closed
    assert contradictions(closed) == []


def test_every_class_can_have_a_member(ontology: Graph, alignments: Graph, foreign: Graph) -> None:
    members = Graph()
    for number, class_ in enumerate(sorted(ontology.subjects(RDF.type, OWL.Class))):
        members.add((SAMPLE[f"member-{number}"], RDF.type, class_))
    assert contradictions(close(ontology + alignments + foreign + members)) == []


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(":amina a kg:Place .", id="a person that is a place"),
        pytest.param(":article kg:publisher :amina .", id="a person as publisher"),
        pytest.param(':statement kg:title "خبر"@ar .', id="a statement with a title"),
        pytest.param(":amina owl:sameAs :party .", id="a person that is a party"),
        pytest.param(":submission a prov:Activity .", id="a submission that is an activity"),
        pytest.param("kg:Submission rdfs:subClassOf prov:Activity .", id="a wrong superclass"),
        pytest.param(
            "kg:Event rdfs:subClassOf prov:Activity . "
            "prov:hadPrimarySource owl:inverseOf kg:asserts .",
            id="asserting as the inverse of a primary source",
        ),
    ],
)
def test_a_contradiction_is_found(own: Graph, foreign: Graph, mistake: str) -> None:
    assert contradictions(close(own + foreign + _read(mistake))) != []


def test_nothing_becomes_what_the_alignments_do_not_mean(closed: Graph, sample: Graph) -> None:
    for thing, class_ in sample.subject_objects(RDF.type):
        if str(class_).startswith(KG):
            assert _types(closed, thing) <= FOREIGN_TYPES.get(str(class_), set()), thing


def test_everything_becomes_what_the_alignments_mean(closed: Graph) -> None:
    of_sample = {
        SAMPLE.amina: kg.Person,
        SAMPLE.paper: kg.Organisation,
        SAMPLE.minister: kg.Office,
        SAMPLE.city: kg.Place,
        SAMPLE.article: kg.Article,
        SAMPLE.quotation: kg.Quotation,
        SAMPLE.submission: kg.Submission,
    }
    for thing, class_ in of_sample.items():
        assert _types(closed, thing) == FOREIGN_TYPES[class_], thing


def test_a_denied_membership_and_an_event_that_did_not_happen_stay_unclaimed(
    closed: Graph,
) -> None:
    assert _types(closed, SAMPLE.membership) == set()
    assert _types(closed, SAMPLE.journey) == set()
    assert not set(closed.subjects(RDF.type, ORG.Membership))
    assert set(closed.subjects(RDF.type, PROV.Activity)) == {SAMPLE.acceptance}


def test_a_statement_derives_from_its_article_and_is_attributed_to_its_speaker(
    closed: Graph,
) -> None:
    assert (SAMPLE.quotation, PROV.wasDerivedFrom, SAMPLE.article) in closed
    assert (SAMPLE.quotation, PROV.wasAttributedTo, SAMPLE.amina) in closed
    assert (SAMPLE.article, PROV.wasAttributedTo, SAMPLE.paper) in closed


def test_a_topic_is_also_what_the_statement_is_about(closed: Graph) -> None:
    for predicate in (URIRef(kg.about), DCTERMS.subject):
        assert (SAMPLE.quotation, predicate, SAMPLE.water) in closed
        assert (SAMPLE.stance, predicate, SAMPLE.water) in closed


def test_a_name_is_a_label_for_every_reader_of_rdf(closed: Graph) -> None:
    names = set(closed.objects(SAMPLE.amina, RDFS.label))
    assert {str(name) for name in names} == {"أمينة"}


def test_no_class_or_property_becomes_a_concept(closed: Graph) -> None:
    concepts = {str(c) for c in closed.subjects(RDF.type, SKOS.Concept)}
    assert concepts
    assert {c for c in concepts if not c.startswith((DATA, KIND))} == set()


def test_the_mapping_properties_of_skos_would_make_concepts_of_classes(
    own: Graph, foreign: Graph
) -> None:
    """Why the alignments have annotations of their own."""
    closed = close(own + foreign + _read("kg:Membership skos:closeMatch org:Membership ."))
    assert (URIRef(kg.Membership), RDF.type, SKOS.Concept) in closed
