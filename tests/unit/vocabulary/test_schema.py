"""The schema against the shapes as rdflib reads them, and against expectations written by hand."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib import Namespace as RdflibNamespace

from kgpub.vocabulary import ENTITY_SECTIONS, KG, SHAPES, context
from kgpub.vocabulary.schema import (
    ASSERTED_TYPES,
    EVENT,
    FACT_TYPES,
    REFERENCE_FOLDERS,
    STATEMENT_TYPES,
    Form,
    schema,
)

ROOT = Path(__file__).parents[3]
BASE = "https://example.org/data/"
SCHEMA = schema(BASE)
KGS = RdflibNamespace(SHAPES)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "kgpub.ttl", format="turtle")


CIRCUMSTANCES = {
    "negated", "current", "start", "end", "time", "day", "ordinal", "counted-since", "manner",
    "reason", "purpose", "means", "after", "before", "until", "during", "despite", "about", "topic",
    "retracted",
}  # fmt: skip
"""What may be written on any fact or event."""

IDENTITY = {"name", "alternative-name", "spelling", "wikidata", "evidence"}


@pytest.mark.parametrize(
    ("type_", "keys"),
    [
        ("Person", IDENTITY),
        ("Office", IDENTITY | {"organisation", "jurisdiction", "single-holder"}),
        ("Tenure", CIRCUMSTANCES | {"person", "office"}),
        (
            "Event",
            CIRCUMSTANCES | {"kind", "participants", "place", "from", "to", "via", "office"},
        ),
        ("Participation", {"who", "role"}),
        (
            "Quotation",
            {"words", "occurrence", "introduced-by", "said-by", "medium", "addressee", "about",
             "topic", "time", "day", "asserts", "retracted"},
        ),
        (
            "Submission",
            {"article", "contributor", "date", "statements", "people", "organisations", "offices",
             "places", "groups", "topics", "retracted", "accepted"},
        ),
        ("Acceptance", {"editor", "accepted-on", "remark", "shapes", "submitter", "edited-by"}),
        ("Retraction", {"since", "because", "by"}),
        ("Article", {"title", "language", "publisher", "published", "source"}),
    ],
)  # fmt: skip
def test_the_keys_of_a_class_are_those_that_its_shape_allows(type_: str, keys: set[str]) -> None:
    assert SCHEMA.keys(type_) == keys


def test_a_statement_takes_the_keys_of_a_quotation() -> None:
    assert SCHEMA.keys("Statement") == SCHEMA.keys("Quotation")


def test_a_class_that_is_not_there_has_no_keys() -> None:
    assert SCHEMA.keys("Nothing") == frozenset()
    assert SCHEMA.homes("nothing") == []


def test_the_homes_of_a_key_are_the_classes_that_take_it() -> None:
    assert SCHEMA.homes("resident") == ["Residence"]
    assert SCHEMA.homes("occurrence") == ["Quotation", "Statement"]
    assert set(SCHEMA.homes("manner")) == {*FACT_TYPES, "Event"}


def _predicates(shapes: Graph) -> dict[str, set[tuple[str, bool]]]:
    """By class, each path of its shapes with whether the property is computed."""
    found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for shape, target in shapes.subject_objects(SH.targetClass):
        for node in (shape, *shapes.objects(shape, SH.node)):
            for property_shape in shapes.objects(node, SH.property):
                path = shapes.value(property_shape, SH.path)
                computed = shapes.value(property_shape, SH.group) == KGS.Computed
                if isinstance(path, URIRef):
                    found[str(target).removeprefix(KG)].add((str(path), computed))
    return found


def test_no_computed_key_is_writable(shapes: Graph) -> None:
    checked = 0
    for type_, predicates in _predicates(shapes).items():
        for predicate, computed in predicates:
            if computed:
                keys = {key for key, t in SCHEMA.terms.items() if t.predicate.value == predicate}
                assert keys & SCHEMA.keys(type_) == set()
                checked += 1
    assert checked > 30


def test_every_property_that_a_shape_lists_and_kgpub_does_not_compute_is_writable(
    shapes: Graph,
) -> None:
    for type_, predicates in _predicates(shapes).items():
        for predicate, computed in predicates:
            keys = {key for key, t in SCHEMA.terms.items() if t.predicate.value == predicate}
            assert computed or keys <= SCHEMA.keys(type_)


def test_every_key_of_the_context_is_writable_somewhere_or_computed(shapes: Graph) -> None:
    """A key that no shape lists could never be used."""
    computed = {
        predicate
        for predicates in _predicates(shapes).values()
        for predicate, is_computed in predicates
        if is_computed
    }
    for key, term in SCHEMA.terms.items():
        links = SCHEMA.homes(key) == [] and key in ("entity", "item", "method", "score", "decided")
        assert SCHEMA.homes(key) or term.predicate.value in computed or links, key


def test_every_class_that_a_submission_may_name_has_a_shape(shapes: Graph) -> None:
    targets = {str(target).removeprefix(KG) for target in shapes.objects(None, SH.targetClass)}
    named = {*ASSERTED_TYPES, *STATEMENT_TYPES, "Participation", "Submission", "Article"}
    named |= {type_ for type_, _ in ENTITY_SECTIONS.values()}
    assert named <= targets
    assert all(len(SCHEMA.keys(type_)) > 1 for type_ in named)


def test_the_classes_of_facts_are_the_subclasses_of_fact(ontology: Graph) -> None:
    subclasses = {
        str(class_).removeprefix(KG)
        for class_ in ontology.subjects(RDFS.subClassOf, URIRef(KG + "Fact"))
    }
    assert set(FACT_TYPES) == subclasses
    assert set(ASSERTED_TYPES) == subclasses | {EVENT}


def test_every_term_is_a_property_of_the_ontology_or_of_a_standard(ontology: Graph) -> None:
    declared = {
        str(subject)
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for subject in ontology.subjects(RDF.type, kind)
    }
    for key, term in SCHEMA.terms.items():
        iri = term.predicate.value
        assert iri in declared or not iri.startswith(KG) or key == "occurrence"


@pytest.mark.parametrize(
    ("key", "form", "base", "folder"),
    [
        ("person", Form.REFERENCE, BASE + "person/", "person"),
        ("publisher", Form.REFERENCE, BASE + "organisation/", "organisation"),
        ("from", Form.REFERENCE, BASE + "place/", "place"),
        ("about", Form.REFERENCE, BASE, ""),
        ("source", Form.REFERENCE, "", ""),
        ("wikidata", Form.REFERENCE, "http://www.wikidata.org/entity/", ""),
        ("kind", Form.CONCEPT, "https://w3id.org/kgpub/kind#", ""),
        ("day", Form.CONCEPT, "http://www.w3.org/2006/time#", ""),
        ("asserts", Form.ASSERTED, BASE, ""),
        ("statements", Form.NODES, BASE, ""),
        ("participants", Form.NODES, BASE, ""),
        ("people", Form.SECTION, BASE + "person/", ""),
        ("name", Form.BY_LANGUAGE, "", ""),
        ("words", Form.TEXT, "", ""),
        ("occurrence", Form.OCCURRENCE, "", ""),
    ],
)
def test_a_key_is_read_as_the_context_says(key: str, form: Form, base: str, folder: str) -> None:
    term = SCHEMA.terms[key]
    assert (term.form, term.base, term.folder) == (form, base, folder)


@pytest.mark.parametrize(
    ("key", "datatype"),
    [
        ("start", "http://id.loc.gov/datatypes/edtf/EDTF"),
        ("negated", "http://www.w3.org/2001/XMLSchema#boolean"),
        ("ordinal", "http://www.w3.org/2001/XMLSchema#integer"),
        ("date", "http://www.w3.org/2001/XMLSchema#date"),
    ],
)
def test_a_typed_key_has_its_datatype(key: str, datatype: str) -> None:
    term = SCHEMA.terms[key]
    assert term.form is Form.TYPED
    assert term.datatype is not None and term.datatype.value == datatype


def test_every_key_of_the_context_is_a_term() -> None:
    """Prefixes, classes and aliases of keywords aside."""
    keys = {
        key
        for key, term in context(BASE).items()
        if isinstance(term, dict)
        or term is None
        or (":" in str(term) and "/" not in str(term) and str(term).split(":")[1][0].islower())
    }
    assert set(SCHEMA.terms) == keys


@pytest.mark.parametrize(
    "base", ["https://example.org/person/", "http://e.org/article/", "http://e/"]
)
def test_folders_do_not_depend_on_how_the_base_ends(base: str) -> None:
    folders = {key: term.folder for key, term in schema(base).terms.items()}
    assert folders == {key: term.folder for key, term in SCHEMA.terms.items()}
    assert set(folders.values()) - {""} <= set(REFERENCE_FOLDERS)
