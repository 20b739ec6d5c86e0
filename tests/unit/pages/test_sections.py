from __future__ import annotations

import pytest
from tests.unit.pages.graphs import BASE, EDTF, view

from kgpub.pages.sections import MAX_SHOWN, events, said_by, said_of, sections

GRAPH = f"""
fact:held a kg:Tenure ; kg:person person:x ; kg:office office:o .
fact:member a kg:Membership ; kg:person person:x ; kg:organisation organisation:g .
fact:job a kg:Occupation ; kg:person person:x ; kg:organisation organisation:g .
fact:home a kg:Residence ; kg:resident person:x ; kg:place place:p .
fact:friend a kg:Relationship ; kg:between person:x, person:y .
fact:stance a kg:Stance ; kg:holder person:x ; kg:target person:y .
fact:named a kg:Characterisation ; kg:subject person:y .
fact:keeps a kg:Holding ; kg:holder organisation:g .
event:took-part a kg:Event ; kg:participation participation:p ; kg:time "2006"^^<{EDTF}> ;
    kg:earliest "2006-01-01"^^xsd:date .
participation:p kg:participant person:x .
event:concerned a kg:Event ; kg:office office:o ; kg:place place:p .
event:earlier a kg:Event ; kg:destination place:p ; kg:earliest "2001-01-01"^^xsd:date .
statement:said a kg:Statement ; kg:words "words"@en ; kg:saidBy person:x ; kg:about person:y .
statement:to a kg:Quotation ; kg:words "to you"@en ; kg:addressee person:y .
statement:mute a kg:Statement ; kg:saidBy person:z .
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "person/x",
            {
                "offices-held": ["held"],
                "memberships": ["member"],
                "occupations": ["job"],
                "residences": ["home"],
                "relationships": ["friend"],
                "stances": ["stance"],
            },
        ),
        (
            "person/y",
            {
                "relationships": ["friend"],
                "stances-towards": ["stance"],
                "characterisations": ["named"],
            },
        ),
        ("office/o", {"holders": ["held"]}),
        ("organisation/g", {"members": ["member"], "workers": ["job"], "holdings": ["keeps"]}),
        ("place/p", {"residents": ["home"]}),
        ("topic/none", {}),
    ],
)
def test_facts_stand_in_the_section_of_the_part_that_somebody_has_in_them(
    path: str, expected: dict[str, list[str]]
) -> None:
    found = sections(view(GRAPH), BASE + path)
    assert {each.key: [told.iri.split("/")[-1] for told in each.told] for each in found} == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("person/x", ["took-part"]),
        ("office/o", ["concerned"]),
        # Those without a time come last.
        ("place/p", ["earlier", "concerned"]),
    ],
)
def test_events_are_those_that_somebody_has_part_in(path: str, expected: list[str]) -> None:
    found = events(view(GRAPH), BASE + path)
    assert found is not None
    assert [told.iri.split("/")[-1] for told in found.told] == expected
    assert events(view(GRAPH), BASE + "topic/none") is None


def test_what_somebody_says_and_what_is_said_of_them() -> None:
    shown = view(GRAPH)
    by, of = said_by(shown, BASE + "person/x"), said_of(shown, BASE + "person/y")
    assert by is not None and [each.iri for each in by.quotes] == [BASE + "statement/said"]
    assert of is not None and {each.iri for each in of.quotes} == {
        BASE + "statement/said",
        BASE + "statement/to",
    }
    assert said_by(shown, BASE + "person/z") is None
    assert said_of(shown, BASE + "person/x") is None


def test_of_many_facts_the_first_are_shown_and_the_others_counted() -> None:
    many = "".join(
        f"fact:f{number:03} a kg:Tenure ; kg:person person:x ;"
        f' kg:earliest "{2000 - number:04}-01-01"^^xsd:date .\n'
        for number in range(MAX_SHOWN + 3)
    )
    [found] = sections(view(many), BASE + "person/x")
    assert (len(found.told), found.more) == (MAX_SHOWN, 3)
    assert found.told[0].iri == f"{BASE}fact/f{MAX_SHOWN + 2}"
