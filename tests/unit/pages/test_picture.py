"""What a thing is related to: which neighbours, by what, in which direction, and where."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from lxml import html
from tests.unit.pages.graphs import BASE, SITE
from tests.unit.pages.test_article import view

from kgpub.messages import LANGUAGES
from kgpub.pages.picture import (
    BOX_HEIGHT,
    BOX_WIDTH,
    CENTRE_WIDTH,
    MAX_LISTED,
    MAX_NEIGHBOURS,
    WIDTH,
    Picture,
    Relation,
    drawn,
    picture,
    relations,
)
from kgpub.pages.rendering import Frame, Reference, Text, environment

FACTS = """
kg:Tenure <http://www.w3.org/2000/01/rdf-schema#label> "Tenure"@en , "تولّي منصب"@ar .
kg:organisation <http://www.w3.org/2000/01/rdf-schema#label> "organisation"@en .
kind:friends skos:prefLabel "friends"@en .
kind:supports skos:prefLabel "supports"@en .
kind:winner skos:prefLabel "winner"@en .
kind:election skos:prefLabel "election"@en .
kind:head-of skos:prefLabel "head of"@en .
<person/layla> a kg:Person ; kg:name "Layla"@en , "ليلى"@ar .
<person/salim> a kg:Person ; kg:name "Salim"@en .
<office/mayor> a kg:Office ; kg:name "Mayor"@en ; kg:organisation <organisation/council> .
<organisation/council> a kg:Organisation ; kg:name "Council"@en .
<organisation/paper> a kg:Organisation ; kg:name "Paper"@en .
<fact/tenure> a kg:Tenure ; kg:person <person/layla> ; kg:office <office/mayor> .
<fact/friends> a kg:Relationship ; kg:kind kind:friends ;
    kg:between <person/layla> , <person/salim> .
<fact/head> a kg:Relationship ; kg:kind kind:head-of ;
    kg:subject <person/salim> ; kg:object <organisation/paper> .
<fact/stance> a kg:Stance ; kg:kind kind:supports ; kg:negated true ;
    kg:holder <person/salim> ; kg:target <person/layla> .
<event/vote> a kg:Event ; kg:kind kind:election ; kg:office <office/mayor> ;
    kg:participation <participation/p> .
<participation/p> a kg:Participation ; kg:participant <person/layla> ; kg:role kind:winner .
<statement/s> a kg:Statement ; kg:saidBy <person/layla> ; kg:about <person/salim> .
"""


def told(iri: str) -> set[tuple[str, str, bool | None, bool]]:
    """What relates a thing: neighbour, kind, direction, whether it is denied."""
    found, whole = relations(view(FACTS, iri), BASE + iri)
    assert whole
    return {
        (each.iri.removeprefix(BASE), each.kind.text, each.outward, each.negated) for each in found
    }


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (
            "person/layla",
            {
                ("office/mayor", "Tenure", True, False),
                ("person/salim", "friends", None, False),
                ("person/salim", "supports", False, True),
                ("event/vote", "winner", True, False),
            },
        ),
        (
            "person/salim",
            {
                ("person/layla", "friends", None, False),
                ("person/layla", "supports", True, True),
                ("organisation/paper", "head of", True, False),
            },
        ),
        (
            "office/mayor",
            {
                ("person/layla", "Tenure", False, False),
                ("organisation/council", "organisation", True, False),
                ("event/vote", "office", False, False),
            },
        ),
        ("organisation/council", {("office/mayor", "organisation", False, False)}),
        (
            "event/vote",
            {("person/layla", "winner", False, False), ("office/mayor", "office", True, False)},
        ),
    ],
)
def test_facts_events_and_the_things_themselves_relate(
    iri: str, expected: set[tuple[str, str, bool | None, bool]]
) -> None:
    assert told(iri) == expected


def test_relations_lead_to_the_page_that_tells_of_them() -> None:
    found, _ = relations(view(FACTS, "person/layla"), BASE + "person/layla")
    sources = {each.kind.text: each.source and each.source.href for each in found}
    assert sources == {
        "Tenure": "../fact/tenure.en.html",
        "friends": "../fact/friends.en.html",
        "supports": "../fact/stance.en.html",
        "winner": "../event/vote.en.html",
    }


def test_nothing_is_its_own_neighbour() -> None:
    turtle = """<office/o> a kg:Office ; kg:organisation <office/o> .
        <fact/f> a kg:Relationship ; kg:between <office/o> ; kg:subject <office/o> ."""
    assert relations(view(turtle, "office/o"), BASE + "office/o") == ([], True)


def test_what_is_related_to_nothing_has_no_picture() -> None:
    assert (
        picture(view('<person/x> a kg:Person ; kg:name "X"@en .', "person/x"), BASE + "person/x")
        is None
    )


def several(count: int, name: str = "Neighbour {}", language: str = "en") -> list[Relation]:
    return [
        Relation(
            f"{BASE}person/{each:03}",
            Reference(Text(name.format(each), language), f"{each:03}.en.html"),
            Text("knows", "en"),
            outward=True,
        )
        for each in range(count)
    ]


def frame(language: str = "en") -> Frame:
    return Frame(SITE, language, f"data/person/x.{language}.html")


def rectangles(made: Picture) -> list[tuple[int, int, int, int]]:
    boxes = [(each.x, each.y, each.x + BOX_WIDTH, each.y + BOX_HEIGHT) for each in made.boxes]
    left, top = (WIDTH - CENTRE_WIDTH) // 2, (made.height - made.centre_height) // 2
    return [*boxes, (left, top, left + CENTRE_WIDTH, top + made.centre_height)]


@pytest.mark.parametrize("count", range(1, 16))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_box_lies_on_another_or_outside(count: int, language: str) -> None:
    made = drawn(
        Text("A name that is long and goes on for three lines or more of it all"),
        several(count),
        frame(language),
    )
    assert len(made.boxes) == min(count, MAX_NEIGHBOURS)
    assert made.left_out == max(0, count - MAX_NEIGHBOURS)
    found = rectangles(made)
    for left, top, right, bottom in found:
        assert 0 <= left < right <= WIDTH
        assert 0 <= top < bottom <= made.height
    for one, other in combinations(found, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def points(line: str) -> list[int]:
    return [int(each) for each in re.findall(r"-?\d+", line)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_lines_lead_from_the_centre_to_the_box(language: str) -> None:
    made = drawn(Text("X"), several(7), frame(language))
    for each in made.boxes:
        x1, y1, _, _, _, _, x2, y2 = points(each.line)
        right = each.x > WIDTH // 2
        assert x1 == (WIDTH + CENTRE_WIDTH) // 2 if right else (WIDTH - CENTRE_WIDTH) // 2
        assert abs(y1 - made.height // 2) <= made.centre_height
        assert x2 == (each.x if right else each.x + BOX_WIDTH)
        assert y2 == each.y + BOX_HEIGHT // 2
        (arrow,) = each.arrows
        assert points(arrow)[:2] == [x2, y2]


@pytest.mark.parametrize(("outward", "ends"), [(True, ["box"]), (False, ["centre"]), (None, [])])
def test_arrows_have_their_point_where_the_relation_leads(
    outward: bool | None, ends: list[str]
) -> None:
    one = Relation(BASE, Reference(Text("Y")), Text("knows"), outward=outward)
    (box,) = drawn(Text("X"), [one], frame()).boxes
    line = points(box.line)
    named = {tuple(line[-2:]): "box", tuple(line[:2]): "centre"}
    assert [named[tuple(points(each)[:2])] for each in box.arrows] == ends
    left, right = sorted((line[0], line[-2]))
    for head in box.arrows:
        assert all(left <= x <= right for x in points(head)[::2])


def test_the_first_neighbour_stands_where_the_eye_goes_next() -> None:
    assert drawn(Text("X"), several(1), frame("en")).boxes[0].x > WIDTH // 2
    assert drawn(Text("X"), several(1), frame("ar")).boxes[0].x < WIDTH // 2


def test_those_with_most_relations_are_drawn_and_events_come_last() -> None:
    event = Relation(BASE + "event/a", Reference(Text("A")), Text("agent"), is_event=True)
    twice = Relation(BASE + "person/999", Reference(Text("Z")), Text("likes"))
    made = drawn(Text("X"), [event, *several(13), twice, twice], frame())
    assert [each.neighbour.text.text for each in made.boxes][:2] == ["Z", "Neighbour 0"]
    assert "A" not in [each.neighbour.text.text for each in made.boxes]
    assert made.left_out == 15 - MAX_NEIGHBOURS


def test_a_box_names_two_relations_and_says_that_there_are_more() -> None:
    kinds = [("knows", False), ("likes", True), ("helps", False), ("knows", False)]
    several_kinds = [
        Relation(BASE, Reference(Text("Y")), Text(kind), negated=negated) for kind, negated in kinds
    ]
    (box,) = drawn(Text("X"), several_kinds, frame()).boxes
    assert box.relations == "\u2068knows\u2069, denied: \u2068likes\u2069, …"


@pytest.mark.parametrize("name", ["m" * 500, "ﷺ" * 500, "漢" * 500, "a b " * 200, "\u202e" * 99])
def test_long_names_are_cut_in_the_box_and_whole_in_the_list(name: str) -> None:
    made = drawn(Text(name), several(2, name + "{}"), frame())
    assert all(len(each.name) <= 32 for each in made.boxes)
    assert len(made.lines) <= 3
    assert all(len(line) <= 22 for _, line in made.lines)
    assert made.relations[0].neighbour.text.text == name + "0"


def rendered(made: Picture, language: str = "en") -> html.HtmlElement:
    source = '{% from "picture.html.j2" import picture %}{{ picture(made, frame) }}'
    return html.fragment_fromstring(
        environment().from_string(source).render(made=made, frame=frame(language))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_and_list_say_the_same(language: str) -> None:
    made = drawn(Text("<script>x</script>", "en"), several(9, "<b>{}</b>"), frame(language))
    tree = rendered(made, language)
    (svg,) = tree.xpath(".//svg")
    links = svg.xpath(".//a/@href")
    assert links == [each.neighbour.href for each in made.boxes]
    assert sorted(tree.xpath(".//details//li/a/@href")) == sorted(links)
    names = [
        each.text_content().strip("\u2068\u2069") for each in svg.xpath(".//text[@class='name']")
    ]
    assert names == [each.neighbour.text.text for each in made.boxes]
    assert "<script>x</script>" in svg.get("aria-label")
    assert not tree.xpath(".//script | .//b | .//*[@style]")


def test_a_neighbour_without_a_page_is_no_link() -> None:
    one = Relation(BASE, Reference(Text("javascript:alert(1)")), Text("knows"))
    tree = rendered(drawn(Text("X"), [one], frame()))
    assert not tree.xpath(".//a")
    assert "javascript:alert(1)" in tree.xpath(".//svg")[0].text_content()


def test_the_list_is_bounded_and_says_so() -> None:
    made = drawn(Text("X"), several(MAX_LISTED + 5), frame())
    assert (len(made.relations), made.unlisted) == (MAX_LISTED, 5)
    assert "5 more relations are not listed." in rendered(made).text_content()
