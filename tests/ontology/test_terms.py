"""Every term of the ontology is declared once, named and defined in three languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from kgpub.vocabulary import EDTF, KG
from kgpub.vocabulary import terms as kg

IRI = URIRef("https://w3id.org/kgpub/ontology")
ALIGNMENTS = URIRef("https://w3id.org/kgpub/alignments")
CLASS = {OWL.Class}
PROPERTY = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
LANGUAGES = ("ar", "ckb", "en")
ARABIC_SCRIPT = re.compile(r"[\u0620-\u064a\u066e-\u06d5]")
# Letters of Sorani that Arabic does not write.
KURDISH_LETTERS = re.compile("[ەێۆڕڵڤگچپژکی]")
# The kaf and yeh of Arabic, which Kurdish writes ک and ی, and the alef maksura and teh marbuta.
ARABIC_LETTERS = re.compile("[كيىة]")


def own_terms(graph: Graph, kinds: set[URIRef]) -> list[URIRef]:
    found = {
        subject
        for kind in kinds
        for subject in graph.subjects(RDF.type, kind)
        if isinstance(subject, URIRef) and subject.startswith("https://w3id.org/kgpub/")
    }
    return sorted(found)


def texts(graph: Graph, term: URIRef, predicate: URIRef) -> Iterator[Literal]:
    for value in graph.objects(term, predicate):
        assert isinstance(value, Literal), f"{term} {predicate} {value}"
        yield value


@pytest.fixture(scope="module")
def vocabulary(ontology: Graph, alignments: Graph) -> Graph:
    return ontology + alignments


@pytest.fixture(scope="module")
def terms(vocabulary: Graph) -> list[URIRef]:
    """All own classes and properties, those of the alignments too."""
    return own_terms(vocabulary, CLASS | PROPERTY)


def test_every_subject_in_the_own_namespace_is_a_class_or_a_property(ontology: Graph) -> None:
    described = {s for s in ontology.subjects() if isinstance(s, URIRef) and s.startswith(KG)}
    assert described == set(own_terms(ontology, CLASS | PROPERTY))


def test_every_term_is_declared_as_one_thing(vocabulary: Graph, terms: list[URIRef]) -> None:
    declared = CLASS | PROPERTY
    several = {t for t in terms if len(set(vocabulary.objects(t, RDF.type)) & declared) != 1}
    assert not several


def test_classes_begin_with_a_capital_and_properties_do_not(ontology: Graph) -> None:
    classes = [term.removeprefix(KG) for term in own_terms(ontology, CLASS)]
    properties = [term.removeprefix(KG) for term in own_terms(ontology, PROPERTY)]
    assert [name for name in classes if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    assert [name for name in properties if not re.fullmatch("[a-z][A-Za-z]+", name)] == []


def test_every_term_has_one_label_in_each_language(vocabulary: Graph, terms: list[URIRef]) -> None:
    for term in terms:
        tags = sorted(label.language or "" for label in texts(vocabulary, term, RDFS.label))
        assert tags == list(LANGUAGES), term


def test_every_term_has_one_definition_in_each_language(
    vocabulary: Graph, terms: list[URIRef]
) -> None:
    for term in terms:
        tags = sorted(text.language or "" for text in texts(vocabulary, term, SKOS.definition))
        assert tags == list(LANGUAGES), term


def test_no_two_classes_and_no_two_properties_share_a_label(ontology: Graph) -> None:
    for kinds in (CLASS, PROPERTY):
        labels = Counter(
            label
            for term in own_terms(ontology, kinds)
            for label in texts(ontology, term, RDFS.label)
        )
        assert [str(label) for label, count in labels.items() if count > 1] == []


def test_every_definition_is_a_sentence(vocabulary: Graph, terms: list[URIRef]) -> None:
    unfinished = [
        (term, text)
        for term in terms
        for text in map(str, texts(vocabulary, term, SKOS.definition))
        if not text.endswith(".") or text != text.strip() or "  " in text
    ]
    assert unfinished == []


def test_no_label_ends_like_a_sentence(vocabulary: Graph, terms: list[URIRef]) -> None:
    assert [
        (term, label)
        for term in terms
        for label in texts(vocabulary, term, RDFS.label)
        if label.endswith((".", " ")) or not label
    ] == []


def test_arabic_and_kurdish_are_written_in_arabic_script(
    vocabulary: Graph, terms: list[URIRef]
) -> None:
    for term in terms:
        for predicate in (RDFS.label, SKOS.definition):
            for text in texts(vocabulary, term, predicate):
                in_arabic_script = ARABIC_SCRIPT.search(text) is not None
                assert in_arabic_script == (text.language != "en"), (term, text)


def test_arabic_has_no_letters_of_kurdish_and_kurdish_none_of_arabic(
    vocabulary: Graph, terms: list[URIRef]
) -> None:
    wrong = {"ar": KURDISH_LETTERS, "ckb": ARABIC_LETTERS}
    for term in terms:
        for predicate in (RDFS.label, SKOS.definition):
            for text in texts(vocabulary, term, predicate):
                if text.language in wrong:
                    assert wrong[text.language].findall(text) == [], (term, text)


def test_every_kurdish_definition_has_letters_of_kurdish(
    vocabulary: Graph, terms: list[URIRef]
) -> None:
    for term in terms:
        for text in texts(vocabulary, term, SKOS.definition):
            if text.language == "ckb":
                assert KURDISH_LETTERS.search(text), (term, text)


def test_every_term_says_which_file_defines_it(vocabulary: Graph, terms: list[URIRef]) -> None:
    for term in terms:
        home = IRI if term.startswith(KG) else ALIGNMENTS
        assert list(vocabulary.objects(term, RDFS.isDefinedBy)) == [home], term


def test_every_domain_and_range_is_a_declared_class_or_datatype(ontology: Graph) -> None:
    xsd_types = {XSD.string, XSD.boolean, XSD.date, XSD.decimal, XSD.integer}
    datatypes = {*xsd_types, RDF.langString, URIRef(EDTF + "EDTF")}
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for prop in own_terms(ontology, PROPERTY):
        of_data = (prop, RDF.type, OWL.DatatypeProperty) in ontology
        assert set(ontology.objects(prop, RDFS.domain)) <= classes, prop
        assert set(ontology.objects(prop, RDFS.range)) <= (datatypes if of_data else classes), prop


def test_every_property_of_data_has_one_range(ontology: Graph) -> None:
    for prop in ontology.subjects(RDF.type, OWL.DatatypeProperty):
        assert len(list(ontology.objects(prop, RDFS.range))) == 1, prop


def test_own_superclasses_and_superproperties_are_declared(ontology: Graph) -> None:
    for relation, kinds in ((RDFS.subClassOf, CLASS), (RDFS.subPropertyOf, PROPERTY)):
        named = set(ontology.subjects(relation)) | set(ontology.objects(None, relation))
        assert named <= set(own_terms(ontology, kinds))


def test_a_subproperty_keeps_to_the_range_of_its_superproperty(ontology: Graph) -> None:
    for prop, above in ontology.subject_objects(RDFS.subPropertyOf):
        for wider in ontology.objects(above, RDFS.range):
            ranges = list(ontology.objects(prop, RDFS.range))
            assert any(wider in ontology.transitive_objects(r, RDFS.subClassOf) for r in ranges)


def test_no_class_or_property_is_above_itself(vocabulary: Graph) -> None:
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf):
        for term in set(vocabulary.subjects(relation)):
            direct = set(vocabulary.objects(term, relation))
            above = {a for d in direct for a in vocabulary.transitive_objects(d, relation)}
            assert term not in above, term


def test_no_class_lies_below_two_disjoint_classes(vocabulary: Graph) -> None:
    disjoint = set(vocabulary.subject_objects(OWL.disjointWith))
    assert len(disjoint) > 20
    for term in own_terms(vocabulary, CLASS):
        above = set(vocabulary.transitive_objects(term, RDFS.subClassOf))
        assert not {(a, b) for a, b in disjoint if a in above and b in above}, term


def test_the_closed_namespace_is_that_of_the_ontology(ontology: Graph) -> None:
    in_code = {value for name, value in vars(kg).items() if str(value) == KG + name}
    assert in_code == {str(term) for term in own_terms(ontology, CLASS | PROPERTY)}


def test_the_closed_namespace_holds_nothing_else(ontology: Graph) -> None:
    others = {
        name: value
        for name, value in vars(kg).items()
        if isinstance(value, str) and value.startswith(KG) and value not in (KG, KG + name)
    }
    assert others == {}


def test_the_closed_namespace_refuses_an_unknown_term() -> None:
    with pytest.raises(AttributeError):
        kg.Tenur  # type: ignore[attr-defined]  # noqa: B018
