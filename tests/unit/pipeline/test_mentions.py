"""What the linker is told of an entity: names, times, offices, and who else is there."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from kgpub.linking.entity import Type
from kgpub.pipeline.mentions import named_entities, words_about
from kgpub.vocabulary import XSD
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
DATA = """
@prefix : <https://example.org/data/> .
@prefix kg: <https://w3id.org/kgpub/ontology#> .
@prefix kind: <https://w3id.org/kgpub/kind#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<submission/one/facts> kg:describes <person/layla>, <office/mayor>, <place/waha>, <topic/water> .
<submission/two/facts> kg:describes <person/salim> ; kg:records <event/election>, <fact/1> .
<person/layla> a kg:Person ; kg:name "ليلى حسن"@ar, "Layla Hasan"@en ;
  kg:alternativeName "أم علي"@ar ; kg:spelling "المهندسة"@ar .
<person/salim> a kg:Person ; kg:name "سالم"@ar .
<office/mayor> a kg:Office ; kg:name "Mayor"@en ; owl:sameAs wd:Q5 ;
  kg:jurisdiction <place/waha> .
<place/waha> a kg:Place ; kg:name "الواحة"@ar ; owl:sameAs wd:Q6 ; kg:kind kind:city .
<topic/water> a kg:Topic ; kg:name "water"@en .
<event/election> a kg:Event ; kg:name "The election"@en ; kg:earliest "2020-01-01"^^xsd:date ;
  kg:latest "2020-12-31"^^xsd:date ; kg:participation <participation/1> .
<event/unnamed> a kg:Event .
<participation/1> kg:participant <person/layla> .
<fact/1> a kg:Tenure ; kg:person <person/layla> ; kg:office <office/mayor> ;
  kg:earliest "2019-02-01"^^xsd:date ; kg:latest "2021-02-01"^^xsd:date .
<fact/2> a kg:Residence ; kg:resident <person/layla> ; kg:place <place/waha> ;
  kg:earliest "1950-01-01"^^xsd:date ; kg:latest "2021-02-01"^^xsd:date .
<statement/1> kg:words "تولت ليلى المنصب" ; kg:asserts <fact/1> .
<statement/2> kg:words "انتخبت" ; kg:asserts <event/election> ; kg:saidBy <person/salim> .
"""


def quads() -> list[Quad]:
    return list(parse(DATA.encode(), format=RdfFormat.TURTLE, base_iri=BASE))


def test_every_class_that_has_items_and_a_name() -> None:
    found = {each.entity: (each.mention.type, each.item) for each in named_entities(quads(), BASE)}
    assert found == {
        "event/election": (Type.event, ""),
        "office/mayor": (Type.office, "Q5"),
        "person/layla": (Type.person, ""),
        "person/salim": (Type.person, ""),
        "place/waha": (Type.place, "Q6"),
    }


def test_names_times_and_kinds() -> None:
    mentions = {each.entity: each.mention for each in named_entities(quads(), BASE)}
    layla = mentions["person/layla"]
    assert layla.names == {"ar": ("ليلى حسن", "أم علي"), "en": ("Layla Hasan",)}
    assert layla.active == {2019, 2020, 2021}, "seventy years tell nothing"
    assert mentions["place/waha"].kind == "city"


def test_which_other_entities_are_evidence() -> None:
    found = {each.entity: each for each in named_entities(quads(), BASE)}
    layla, mayor = found["person/layla"], found["office/mayor"]
    assert layla.offices == (("office/mayor", "2019-02-01", "2021-02-01"),)
    assert layla.articles == mayor.articles == (f"{BASE}submission/one",)
    assert found["person/salim"].articles == (f"{BASE}submission/two",)
    assert found["event/election"].articles == (f"{BASE}submission/two",)
    assert mayor.within == ("place/waha",)
    assert layla.within == ()


@pytest.mark.parametrize(("negated", "held"), [("true", 0), ("1", 0), ("false", 1), ("0", 1)])
def test_an_office_that_somebody_is_told_not_to_have_held_is_no_evidence(
    negated: str, held: int
) -> None:
    more = f'<{BASE}fact/1> <{kg.negated}> "{negated}"^^<{XSD}boolean> .'
    told = [*quads(), *parse(more.encode(), format=RdfFormat.TURTLE)]
    found = {each.entity: each for each in named_entities(told, BASE)}
    assert len(found["person/layla"].offices) == held
    assert found["person/layla"].mention.active == {2019, 2020, 2021}


def test_the_words_that_speak_of_an_entity() -> None:
    assert words_about(quads(), BASE) == {
        "person/layla": ["تولت ليلى المنصب", "انتخبت"],
        "office/mayor": ["تولت ليلى المنصب"],
        "event/election": ["انتخبت"],
        "person/salim": ["انتخبت"],
    }
