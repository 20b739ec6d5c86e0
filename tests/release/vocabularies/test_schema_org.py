"""Terms, domains and ranges as schema.org 29.0 has them (domainIncludes, rangeIncludes)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.vocabularies.cases import BASE, store, turtle
from tests.release.vocabularies.making import document, made, quads, short

from kgpub.release.vocabularies.vocabulary import SCHEMA_ORG

_SCHEMA = "http://schema.org/"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ABOVE = {
    "Person": "Thing",
    "Organization": "Thing",
    "PoliticalParty": "Organization",
    "CollegeOrUniversity": "Organization",
    "NewsMediaOrganization": "Organization",
    "Place": "Thing",
    "AdministrativeArea": "Place",
    "Country": "AdministrativeArea",
    "City": "AdministrativeArea",
    "Continent": "Place",
    "Event": "Thing",
    "CreativeWork": "Thing",
    "NewsArticle": "CreativeWork",
    "Claim": "CreativeWork",
    "Quotation": "CreativeWork",
    "Occupation": "Thing",
    "Role": "Thing",
    "OrganizationRole": "Role",
}
"""The class above each class that is used; some between are left out."""
_PROPERTIES = {
    "name": ("Thing", "Text"),
    "alternateName": ("Thing", "Text"),
    "sameAs": ("Thing", "URL"),
    "additionalType": ("Thing", "URL Text"),
    "subjectOf": ("Thing", "CreativeWork Event"),
    "url": ("Thing", "URL"),
    "about": ("CreativeWork Event", "Thing"),
    "hasOccupation": ("Person", "Occupation"),
    "memberOf": ("Person Organization", "Organization"),
    "worksFor": ("Person", "Organization"),
    "homeLocation": ("Person", "Place"),
    "location": ("Organization Event", "Place Text"),
    "roleName": ("Role", "Text URL"),
    "startDate": ("Role Event", "Date"),
    "endDate": ("Role Event", "Date"),
    "spouse": ("Person", "Person"),
    "sibling": ("Person", "Person"),
    "relatedTo": ("Person", "Person"),
    "children": ("Person", "Person"),
    "nationality": ("Person", "Country"),
    "parentOrganization": ("Organization", "Organization"),
    "containedInPlace": ("Place", "Place"),
    "birthDate": ("Person", "Date"),
    "birthPlace": ("Person", "Place"),
    "deathDate": ("Person", "Date"),
    "deathPlace": ("Person", "Place"),
    "foundingDate": ("Organization", "Date"),
    "foundingLocation": ("Organization", "Place"),
    "dissolutionDate": ("Organization", "Date"),
    "founder": ("Organization", "Person Organization"),
    "attendee": ("Event", "Person Organization"),
    "occupationLocation": ("Occupation", "AdministrativeArea"),
    "headline": ("CreativeWork", "Text"),
    "inLanguage": ("CreativeWork", "Text"),
    "publisher": ("CreativeWork", "Organization Person"),
    "datePublished": ("CreativeWork", "Date"),
    "text": ("CreativeWork", "Text"),
    "author": ("CreativeWork", "Organization Person"),
    "isPartOf": ("CreativeWork", "CreativeWork URL"),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return made(store(), tmp_path_factory.mktemp("made"))["schema-org.nt"]


def _classes(found: set[Quad]) -> dict[str, set[str]]:
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in found:
        if quad.predicate.value == _TYPE:
            class_ = str(quad.object.value).removeprefix(_SCHEMA)
            while class_ != "Thing":
                classes[str(quad.subject)].add(class_)
                class_ = _ABOVE[class_]
            classes[str(quad.subject)].add("Thing")
    return classes


def test_each_property_stands_where_schema_org_has_it(content: bytes) -> None:
    """A role stands for the value of a property, and has the same property (schema.org/Role)."""
    found = quads(content)
    classes = _classes(found)
    for quad in found:
        name = quad.predicate.value.removeprefix(_SCHEMA)
        if name == _TYPE:
            continue
        domain, allowed = (set(words.split()) for words in _PROPERTIES[name])
        assert classes[str(quad.subject)] & {*domain, "Role"}, quad
        if isinstance(quad.object, Literal):
            date = quad.object.datatype.value == _SCHEMA + "Date"
            assert "Date" in allowed if date else "Text" in allowed, quad
        elif isinstance(quad.object, NamedNode):
            assert "URL" in allowed or classes[str(quad.object)] & {*allowed, "Role"}, quad


def test_queries_use_no_term_that_is_not_in_the_list() -> None:
    """The list is what was looked up; what the cases do not bring about is in it too."""
    known = {*_PROPERTIES, *_ABOVE, "Date"}
    for query in SCHEMA_ORG.queries:
        text = query.read_text(encoding="utf-8")
        used = {word.split()[0].rstrip(");,.") for word in text.split("schema:")[1:]}
        assert used - {"<http://schema.org/>"} <= known, query


def test_a_tenure_is_a_role_with_its_dates_and_source(content: bytes) -> None:
    told = short(content)
    date = "^^<http://schema.org/Date>"
    assert {each for each in told if each[0] == "tenure"} == {
        ("tenure", "22-rdf-syntax-ns#type", "Role"),
        ("tenure", "hasOccupation", "premier"),
        ("tenure", "startDate", f'"2016"{date}'),
        ("tenure", "endDate", f'"2018-05"{date}'),
        ("tenure", "subjectOf", "said-tenure"),
    }
    assert ("aram", "hasOccupation", "tenure") in told
    assert ("premier", "occupationLocation", "land") in told


def test_times_that_are_no_plain_dates_are_left_out(content: bytes) -> None:
    dated = {s for s, p, _ in short(content) if p in ("startDate", "endDate")}
    assert dated == {"tenure"}
    assert ("aram", "birthDate", '"1967-07-05"^^<http://schema.org/Date>') in short(content)


def test_words_are_told_of_what_is_not_told_as_so_too(content: bytes) -> None:
    """They are what somebody says, whoever it is."""
    told = short(content)
    assert ("said-non-membership", "text", '"non-membership"@en') in told
    assert ("said-quoted", "22-rdf-syntax-ns#type", "Quotation") in told
    assert ("said-quoted", "author", "baran") in told
    assert not {s for s, p, _ in told if p == "subjectOf"} & {"non-membership", "quoted"}


def test_a_marriage_is_told_of_both_and_a_group_not_at_all(content: bytes) -> None:
    told = short(content)
    assert {("aram", "spouse", "baran"), ("baran", "spouse", "aram")} <= told
    assert ("wing", "parentOrganization", "party") in told
    assert f"{BASE}clan".encode() not in content


def test_a_host_attends_and_is_not_said_to_organise(tmp_path: Path) -> None:
    facts = {
        "visit": ("a kg:Event ; kg:kind kind:visit ; kg:participation :hosting", "paper"),
    }
    text = turtle(facts) + "\n:hosting kg:role kind:host ; kg:participant :cabinet ."
    told = short(made(store(text), tmp_path)["schema-org.nt"])
    assert {p for s, p, o in told if (s, o) == ("visit", "cabinet")} == {"attendee"}


def test_a_past_time_or_a_doubted_end_makes_no_role_that_lasts(content: bytes) -> None:
    assert not {s for s, _, _ in short(content)} & {"employment", "ended"}
    assert "practice" in {s for s, _, _ in short(content)}


@pytest.mark.parametrize(("parties", "pairs"), [(50, 50 * 49), (51, 0)])
def test_kin_are_told_pair_by_pair_up_to_fifty(parties: int, pairs: int, tmp_path: Path) -> None:
    people = [f":kin{number}" for number in range(parties)]
    between = " , ".join(people)
    facts = {
        "kin": (f"a kg:Relationship ; kg:kind kind:kinship ; kg:between {between}", "paper"),
    }
    text = turtle(facts) + "".join(f"\n{person} a kg:Person ." for person in people)
    files = made(store(text), tmp_path)
    related = [p for _, p, _ in short(files["schema-org.nt"]) if p == "relatedTo"]
    assert len(related) == pairs
    counted = document(files["left-out.json"])["schema-org"]
    assert counted.get("it is between more than 50", 0) == (0 if pairs else 1)
