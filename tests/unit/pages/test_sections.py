from __future__ import annotations

import pytest
from tests.unit.pages.graphs import BASE, EDTF, answers, view

from kgpub.pages.reading import StoreReading
from kgpub.pages.sections import MAX_EXAMINED, MAX_READ, Candidates, candidates, shown_facts
from kgpub.pages.view import View

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
    found = {each.key: names(each) for each in facts(view(GRAPH), BASE + path)}
    assert {key: those for key, those in found.items() if key != "events"} == expected


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
    found = {each.key: names(each) for each in facts(view(GRAPH), BASE + path)}
    assert found["events"] == expected


def test_what_somebody_says_and_what_is_said_of_them() -> None:
    assert said("person/x") == {"said-by": ["said"]}
    assert said("person/y") == {"said-of": ["said", "to"]}
    # Of what has no words there is nothing to show.
    assert said("person/z") == {}


def test_facts_are_in_the_order_of_time_and_those_beyond_the_shown_are_counted() -> None:
    shown = view(tenures(7))
    [found] = facts(shown, BASE + "person/x")
    [section] = shown_facts(shown, [found], [4], BASE + "person/x")
    assert [each.iri for each in section.told] == [f"{BASE}fact/f{each}" for each in (6, 5, 4, 3)]
    assert (section.more, section.whole) == (3, True)


def test_of_what_much_refers_to_a_part_is_looked_at_and_that_is_told() -> None:
    [found] = facts(view(tenures(MAX_READ - 1)), BASE + "person/x")
    assert (len(found.iris), found.whole, found.beyond(9)) == (MAX_READ - 1, True, MAX_READ - 10)
    [found] = facts(view(tenures(MAX_READ + 1)), BASE + "person/x")
    assert (len(found.iris), found.whole, found.beyond(MAX_READ)) == (MAX_READ, False, 1)
    both = tenures(MAX_READ - 1) + "".join(
        f"fact:h{number} a kg:Holding ; kg:holder person:x .\n" for number in range(MAX_READ - 1)
    )
    for found in facts(view(both), BASE + "person/x"):
        assert (len(found.iris), found.whole) == (MAX_EXAMINED // 2, False)
        assert found.beyond(50) == MAX_READ - 1 - 50


def test_what_many_have_as_one_property_leaves_room_for_others() -> None:
    graph = tenures(3 * MAX_READ) + "".join(
        f"fact:h{number} a kg:Holding ; kg:holder person:x .\n" for number in range(9)
    )
    found = {each.key: each for each in facts(view(graph), BASE + "person/x")}
    assert len(found["offices-held"].iris) == MAX_READ
    assert (len(found["holdings"].iris), found["holdings"].whole) == (9, True)


def test_little_of_what_refers_to_a_hub_is_looked_at() -> None:
    statements = "".join(
        f'statement:s{number} a kg:Statement ; kg:words "w"@en ; kg:about person:x .\n'
        for number in range(5 * MAX_READ)
    )
    shown = view(tenures(5 * MAX_READ) + statements)
    candidates(shown, BASE + "person/x")
    assert isinstance(shown.reading, StoreReading)
    assert len(shown.reading._kept) == MAX_EXAMINED


def test_what_has_several_parts_in_a_section_stands_in_it_once() -> None:
    graph = """fact:r a kg:Relationship ;
    kg:subject person:x ; kg:object person:x ; kg:about person:x ."""
    assert [names(each) for each in facts(view(graph), BASE + "person/x")] == [["r"]]


def test_every_query_finds_what_its_section_is_made_of() -> None:
    shown = view(GRAPH)
    checked = 0
    for path in ("person/x", "person/y", "office/o", "organisation/g", "place/p"):
        for each in (each for those in candidates(shown, BASE + path) for each in those):
            checked += 1
            assert answers(shown, each.query) == set(each.iris), each.query
    assert checked > 15


def facts(shown: View, iri: str) -> list[Candidates]:
    return candidates(shown, iri)[0]


def names(found: Candidates) -> list[str]:
    return [iri.split("/")[-1] for iri in found.iris]


def said(path: str) -> dict[str, list[str]]:
    shown = view(GRAPH)
    return {each.key: names(each) for each in candidates(shown, BASE + path)[1]}


def tenures(count: int) -> str:
    """So many tenures of one person, each a year before the one with a number less."""
    return "".join(
        f"fact:f{number} a kg:Tenure ; kg:person person:x ;"
        f' kg:earliest "{9000 - number}-01-01"^^xsd:date .\n'
        for number in range(count)
    )
