from __future__ import annotations

from tests.unit.pages.graphs import BASE, view

from kgpub.pages.wikidata_links import Match, matches

GRAPH = """
person:x a kg:Person ; owl:sameAs wd:Q42, <https://example.com/x> .
link:one a kg:Link ; kg:linkedEntity person:x ; kg:linkedItem wd:Q42 ; kg:method kind:declared ;
    kg:score 0.87 ; kg:decided "2026-11-24"^^xsd:date ; kg:evidence "It is her." ;
    kg:lookedUpIn "a gazetteer" .
link:two a kg:Link ; kg:linkedEntity person:x ; kg:linkedItem wd:Q7 ; kg:score 0.4 .
"""


def found(graph: str) -> list[Match]:
    return matches(view(graph), BASE + "person/x")


def test_accepted_matches_come_first_and_candidates_are_told_as_such() -> None:
    assert [(each.item.text.text, each.accepted) for each in found(GRAPH)] == [
        ("Q42", True),
        ("x", True),
        ("Q7", False),
    ]


def test_a_match_says_how_sure_it_is() -> None:
    match = found(GRAPH)[0]
    assert match.item.href == "https://www.wikidata.org/wiki/Q42" and match.item.outward
    assert match.method is not None and match.method.text == "declared"
    assert (match.score, match.decided) == ("0.87", "2026-11-24")
    assert [each.text for each in match.evidence] == ["It is her."]
    assert [each.text for each in match.looked_up_in] == ["a gazetteer"]
    assert match.record == "../link/one.en.html"


def test_what_is_the_same_without_a_record_is_told_without() -> None:
    match = found(GRAPH)[1]
    assert (match.item.href, match.method, match.record) == ("https://example.com/x", None, None)


def test_an_entity_without_matches_has_none() -> None:
    assert found("person:x a kg:Person .") == []


def test_an_item_that_is_no_web_address_is_no_link() -> None:
    graph = "person:x a kg:Person ; owl:sameAs <javascript:alert(1)> ."
    assert [each.item.href for each in found(graph)] == [None]
