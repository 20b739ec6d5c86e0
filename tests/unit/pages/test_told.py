from __future__ import annotations

from lxml import html
from tests.unit.pages.graphs import BASE, EDTF, view

from kgpub.pages.told import MAX_VALUES, Told, rows, told

X = BASE + "person/x"
GRAPH = f"""
person:x a kg:Person ; kg:name "X"@en .
person:y a kg:Person ; kg:name "Y"@en .
office:o a kg:Office ; kg:name "Office"@en .
organisation:g a kg:Organisation ; kg:name "Group"@en .
place:p a kg:Place ; kg:name "Place"@en .
fact:tenure a kg:Tenure ; kg:person person:x ; kg:office office:o ; kg:current true ;
    kg:start "2006"^^<{EDTF}> ; kg:earliest "2006-01-01"^^xsd:date ;
    kg:manner "بصمت"@ar, "quietly"@en ; kg:ordinal 6 .
fact:none a kg:Membership ; kg:negated true ; kg:person person:x ;
    kg:organisationKind kind:political-party .
fact:head a kg:Relationship ; kg:kind kind:head-of ; kg:subject person:x ;
    kg:object organisation:g .
fact:equal a kg:Relationship ; kg:kind kind:good-relations ; kg:between person:x, person:y .
fact:stance a kg:Stance ; kg:kind kind:supports ; kg:holder person:y ; kg:target person:x .
event:e a kg:Event ; kg:kind kind:return ; kg:destination place:p ; kg:time "2006"^^<{EDTF}> ;
    kg:participation participation:one, participation:two .
participation:one kg:role kind:companion ; kg:participant person:y .
participation:two kg:role kind:subject-of-event ; kg:participant person:x .
contradiction:c a kg:Contradiction ; kg:incompatible fact:tenure .
"""


def shown(path: str, of: str = X, language: str = "en") -> Told:
    return told(view(GRAPH, language), BASE + path, of)


def names(those: object) -> list[str]:
    assert isinstance(those, list | tuple)
    return [html.fromstring(f"<p>{each.__html__()}</p>").text_content() for each in those]


def values(found: Told) -> dict[str, list[str]]:
    return {each.label.text: names(each.values) for each in found.rows}


def test_a_tenure_is_told_by_its_office_and_time() -> None:
    found = shown("fact/tenure")
    assert (found.kind.text, names(found.left), names(found.right)) == ("Tenure", [], ["Office"])
    assert [key for key, _ in found.times] == ["start"]
    assert names([time for _, time in found.times]) == ["2006"]
    assert found.current and not found.negated
    assert found.bounds == ("2006-01-01", None)
    assert values(found) == {"manner": ["quietly"], "ordinal": ["6"]}
    assert found.href == "../fact/tenure.en.html"


def test_words_are_in_the_language_of_the_page_or_else_in_all() -> None:
    assert values(shown("fact/tenure", language="ar"))["الكيفية"] == ["بصمت"]
    assert values(shown("fact/tenure", language="ckb"))["شێواز"] == ["quietly", "بصمت"]


def test_what_is_denied_is_told_as_denied() -> None:
    found = shown("fact/none")
    assert found.negated and names(found.right) == ["political party"]


def test_relations_are_told_in_their_direction() -> None:
    assert names(shown("fact/head").left) == []
    assert names(shown("fact/head").right) == ["Group"]
    seen_from_group = shown("fact/head", BASE + "organisation/g")
    assert (names(seen_from_group.left), names(seen_from_group.right)) == (["X"], ["Group"])
    assert names(shown("fact/equal").right) == ["Y"]
    assert (names(shown("fact/stance").left), names(shown("fact/stance").right)) == (["Y"], ["X"])


def test_an_event_is_told_with_its_roles() -> None:
    found = shown("event/e")
    assert values(found) == {
        "companion": ["Y"],
        "subject of the event": ["X"],
        "destination": ["Place"],
    }
    assert (names(found.left), names(found.right)) == ([], ["Y"])
    assert not shown("event/e", of="").right


def test_on_its_own_page_a_fact_has_all_its_properties() -> None:
    found = shown("fact/tenure", of="")
    assert values(found)["person"] == ["X"] and values(found)["office"] == ["Office"]


def test_contradictions_are_told() -> None:
    assert [each.href for each in shown("fact/tenure").contradictions] == [
        "../contradiction/c.en.html"
    ]
    assert shown("fact/head").contradictions == []


def test_of_many_values_the_first_are_shown() -> None:
    many = ", ".join(f'"{number:04}"' for number in range(MAX_VALUES + 5))
    found = rows(view(f"person:x kg:about {many} ; kg:topic topic:t ."), X)
    assert [(len(each.values), each.more) for each in found] == [(MAX_VALUES, 5), (1, 0)]
    assert [bool(each.all) for each in found] == [True, False]
