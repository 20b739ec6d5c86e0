from __future__ import annotations

import pytest
from lxml import html
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS
from tests.unit.pages.graphs import REPOSITORY, SITE, reading

from kgpub.messages import LANGUAGES
from kgpub.pages.terms import html as terms
from kgpub.vocabulary import KG, KIND


def page(iri: str, file: str, language: str) -> html.HtmlElement:
    text = (REPOSITORY / "ontology" / file).read_text(encoding="utf-8")
    return html.document_fromstring(terms(reading(text, ontology=False), SITE, iri, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_class_and_property_stands_with_its_definition(language: str) -> None:
    document = page(KG.rstrip("#"), "kgpub.ttl", language)
    graph = Graph().parse(REPOSITORY / "ontology/kgpub.ttl")
    types = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {each for type_ in types for each in graph.subjects(RDF.type, type_)}
    own = {each for each in declared if str(each).startswith(KG)}
    assert len(own) > 100
    for term in own:
        label = document.get_element_by_id(str(term).removeprefix(KG))
        texts = [each for each in graph.objects(term, RDFS.label) if each.language == language]
        assert label.xpath("./bdi/text()") == [str(each) for each in texts]
        assert label.xpath("./bdi/@lang") == [language]
        definitions = [
            str(each) for each in graph.objects(term, SKOS.definition) if each.language == language
        ]
        assert label.getnext().xpath("./bdi/text()") == definitions
    assert len(document.xpath("//dt")) == len(own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_stands_under_its_scheme(language: str) -> None:
    document = page(KIND.rstrip("#"), "schemes.ttl", language)
    graph = Graph().parse(REPOSITORY / "ontology/schemes.ttl")
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(document.xpath("//section")) == len(schemes)
    for scheme in schemes:
        heading = document.get_element_by_id(str(scheme).removeprefix(KIND))
        shown = set(heading.getparent().xpath(".//dt/@id"))
        kinds = set(graph.subjects(SKOS.inScheme, scheme))
        assert shown == {str(each).removeprefix(KIND) for each in kinds}
    assert URIRef(f"{KIND}government") in set(graph.subjects(RDF.type, SKOS.Concept))
