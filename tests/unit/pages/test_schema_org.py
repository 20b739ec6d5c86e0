from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from tests.unit.pages.graphs import BASE, EDTF, REPOSITORY, view

from kgpub.pages import schema_org
from kgpub.vocabulary import KG

SCHEMA = "https://schema.org/"
GRAPH = f"""
person:x a kg:Person ; kg:name "X"@en, "س"@ar ; kg:alternativeName "Y"@en ; owl:sameAs wd:Q42 .
organisation:g a kg:Organisation ; kg:name "G"@en .
place:p a kg:Place ; kg:name "P"@en .
office:o a kg:Office ; kg:name "O"@en .
fact:t a kg:Tenure ; kg:person person:x ; kg:office office:o .
event:e a kg:Event ; kg:kind kind:return ; kg:place place:p ; kg:start "2006"^^<{EDTF}> ;
    kg:end "2006-03/.."^^<{EDTF}> .
event:not a kg:Event ; kg:kind kind:return ; kg:negated true .
article:a a kg:Article ; kg:title "T"@ar ; kg:language "ar" ; kg:publisher organisation:g ;
    kg:published "2020-05-07"^^<{EDTF}> ; kg:source <https://example.com/a>, <javascript:x> .
statement:q a kg:Quotation ; kg:words "W"@ar ; kg:saidBy person:x ; kg:article article:a ;
    kg:about place:p .
statement:s a kg:Statement ; kg:words "W"@ar ; kg:saidBy organisation:g ; kg:article article:a .
"""


def told(path: str) -> Any:
    return json.loads(schema_org.json_ld(view(GRAPH), BASE + path))


def test_a_person_is_told_with_names_and_items() -> None:
    assert told("person/x") == {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": BASE + "person/x",
        "name": [{"@value": "X", "@language": "en"}, {"@value": "س", "@language": "ar"}],
        "alternateName": [{"@value": "Y", "@language": "en"}],
        "sameAs": ["http://www.wikidata.org/entity/Q42"],
    }


def test_an_event_is_told_with_what_schema_org_can_say() -> None:
    event = told("event/e")
    assert event["startDate"] == "2006" and "endDate" not in event
    assert event["location"] == [{"@id": BASE + "place/p", "@type": "Place", "name": "P"}]


def test_what_is_denied_is_no_event() -> None:
    assert told("event/not")["@type"] == "WebPage"


def test_facts_and_offices_are_pages_and_nothing_else() -> None:
    for path in ("fact/t", "office/o"):
        assert told(path)["@type"] == "WebPage"
        assert set(told(path)) == {"@context", "@type", "name", "inLanguage", "license"}


def test_an_article_is_told_with_publisher_and_date() -> None:
    article = told("article/a")
    assert article["headline"] == [{"@value": "T", "@language": "ar"}]
    assert article["datePublished"] == "2020-05-07"
    assert article["url"] == ["https://example.com/a"]
    assert article["publisher"] == [
        {"@id": BASE + "organisation/g", "@type": "Organization", "name": "G"}
    ]


def test_words_are_told_with_who_says_them() -> None:
    quotation, claim = told("statement/q"), told("statement/s")
    assert (quotation["@type"], claim["@type"]) == ("Quotation", "Claim")
    assert quotation["text"] == "W" and quotation["inLanguage"] == "ar"
    assert [each["name"] for each in quotation["author"]] == ["X"]
    assert [each["name"] for each in quotation["about"]] == ["P"]
    assert [each["@id"] for each in claim["isPartOf"]] == [BASE + "article/a"]


@pytest.mark.parametrize("term", sorted(schema_org._CLASSES))
def test_each_class_is_one_that_the_alignments_give(term: str) -> None:
    path = str(REPOSITORY / "ontology" / "alignments.ttl")
    aligned = {
        triple.object.value
        for triple in parse(path=path, format=RdfFormat.TURTLE)
        if isinstance(triple.object, NamedNode)
        and triple.subject == NamedNode(term)
        and not triple.predicate.value.endswith("relatedMatch")
    }
    assert SCHEMA + schema_org._CLASSES[term] in {
        re.sub("^http:", "https:", iri) for iri in aligned
    }
    assert term.startswith(KG)
