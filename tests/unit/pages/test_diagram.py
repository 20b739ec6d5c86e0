"""The diagram of the ontology, against what rdflib reads of it."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from lxml import html
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from tests.unit.pages.graphs import REPOSITORY, SITE, reading

from kgpub.messages import LANGUAGES
from kgpub.pages.diagram import BOX, Diagram, diagram
from kgpub.pages.rendering import Frame
from kgpub.pages.terms import html as terms
from kgpub.pages.view import View
from kgpub.vocabulary import KG

ONTOLOGY = (REPOSITORY / "ontology/kgpub.ttl").read_text(encoding="utf-8")
PREFIXES = (
    "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix kg: <" + KG + "> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
)


def drawn(text: str = ONTOLOGY, language: str = "en") -> Diagram:
    return diagram(View(reading(text, ontology=False), Frame(SITE, language, "ontology.html")))


def label(graph: Graph, term: URIRef, language: str) -> str:
    [found] = [str(x) for x in graph.objects(term, RDFS.label) if x.language == language]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_classes_and_all_relations_between_them_are_drawn(language: str) -> None:
    graph = Graph().parse(data=ONTOLOGY)
    shown = drawn(language=language)
    classes = {each for each in graph.subjects(RDF.type, OWL.Class) if str(each).startswith(KG)}
    anchors = [row.anchor for box in shown.boxes for row in box.rows if row.anchor]
    assert sorted(anchors) == sorted(str(each).removeprefix(KG) for each in classes)
    expected = {
        tuple(label(graph, each, language) for each in (source, term, target))
        for term in graph.subjects(RDF.type, OWL.ObjectProperty)
        for source in classes.intersection(graph.objects(term, RDFS.domain))
        for target in classes.intersection(graph.objects(term, RDFS.range))
    }
    assert len(expected) > 15
    assert {tuple(text.text for text in each) for each in shown.relations} == expected
    assert len(shown.lines) == len(shown.relations) == len(expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_lies_on_anything_else_and_all_is_in_the_picture(language: str) -> None:
    shown = drawn(language=language)
    for one, other in combinations(shown.boxes, 2):
        apart = one.x + BOX <= other.x or other.x + BOX <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for box in shown.boxes:
        assert box.x >= 0 and box.x + BOX <= shown.width and box.y + box.height <= shown.height
        assert all(later.y - row.y >= 20 for row, later in pairwise(box.rows))
        assert all(box.x <= row.x <= box.x + BOX for row in box.rows)
    for line in shown.lines:
        numbers = [int(each) for each in re.findall(r"-?\d+", f"{line.path} {line.head}")]
        assert all(0 <= each <= max(shown.width, shown.height) for each in numbers)


def test_each_line_leads_from_its_property_to_its_class() -> None:
    shown = drawn()
    rows = {
        (row.label.text, bool(row.anchor)): (box, row) for box in shown.boxes for row in box.rows
    }
    for (_, name, target), line in zip(shown.relations, shown.lines, strict=True):
        x, y, *_, end, end_y = (int(each) for each in re.findall(r"-?\d+", line.path))
        (box, row), (goal, aim) = rows[name.text, False], rows[target.text, True]
        assert x in (box.x, box.x + BOX) and row.y < y < row.y + 24
        assert end in (goal.x, goal.x + BOX) and aim.y < end_y < aim.y + 24
        assert line.head.startswith(f"{end},{end_y} ")


def test_subclasses_stand_below_their_class_and_further_in() -> None:
    [box] = [each for each in drawn().boxes if each.rows[0].anchor == "Situation"]
    places = {row.anchor: row.x for row in box.rows if row.anchor}
    assert places["Situation"] < places["Event"] == places["Fact"] < places["Tenure"]


def test_from_right_to_left_it_is_the_mirror_image() -> None:
    left, right = drawn(language="en"), drawn(language="ar")
    assert [
        box.x + BOX + mirrored.x for box, mirrored in zip(left.boxes, right.boxes, strict=True)
    ] == [left.width] * len(left.boxes)


def test_circles_of_classes_and_of_properties_have_an_end() -> None:
    circles = PREFIXES + (
        "kg:A a owl:Class ; rdfs:subClassOf kg:B . kg:B a owl:Class ; rdfs:subClassOf kg:A . "
        "kg:C a owl:Class . kg:D a owl:Class . "
        "kg:p a owl:ObjectProperty ; rdfs:domain kg:C ; rdfs:range kg:D . "
        "kg:q a owl:ObjectProperty ; rdfs:domain kg:D ; rdfs:range kg:C . "
        "kg:r a owl:ObjectProperty ; rdfs:domain kg:C ; rdfs:range kg:C ."
    )
    shown = drawn(circles)
    assert {"C", "D"} <= {row.anchor for box in shown.boxes for row in box.rows}
    assert len(shown.lines) == 3


def test_an_ontology_without_classes_is_an_empty_picture() -> None:
    shown = drawn(PREFIXES)
    assert (shown.boxes, shown.lines) == ((), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_class_in_it_leads_to_its_definition(language: str) -> None:
    text = terms(reading(ONTOLOGY, ontology=False), SITE, KG.rstrip("#"), language)
    page = html.document_fromstring(text)
    links = page.xpath("//*[local-name()='svg']//*[local-name()='a']/@href")
    assert links and all(
        page.get_element_by_id(each.removeprefix("#")) is not None for each in links
    )
    assert len(page.xpath("//section[@class='diagram']//li")) == len(drawn().relations)
