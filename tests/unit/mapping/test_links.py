"""Files of links become records of links, and what people decided goes before what was found."""

from __future__ import annotations

import csv
import io

import pytest
from pyoxigraph import Literal, NamedNode

from kgpub.errors import SubmissionErrors
from kgpub.mapping.links import decisions, found_links, map_found, map_reviewed, reviewed_links
from kgpub.model.links import Found, FoundLink, ReviewedLink
from kgpub.model.submission import Mapped
from kgpub.sources.link_files import link_rows, link_text
from kgpub.vocabulary import KG, OWL, WIKIDATA

BASE = "https://example.org/data/"
REVIEWED = "entity,item,decision,day,by,note\n"
FOUND = "entity,item,outcome,method,score,evidence,looked-up-in,day\n"
SAME_AS = OWL + "sameAs"


def reviewed(lines: str, header: str = REVIEWED) -> Mapped:
    rows = link_rows((header + lines).encode(), "links.csv", ReviewedLink.columns())
    return map_reviewed(reviewed_links(rows, "links.csv"), BASE)


def found(lines: str, decided: str = "") -> Mapped:
    of_people = link_rows((REVIEWED + decided).encode(), "links.csv", ReviewedLink.columns())
    links = reviewed_links(of_people, "links.csv")
    rows = link_rows((FOUND + lines).encode(), "links-found.csv", FoundLink.columns())
    read = found_links(rows, "links-found.csv")
    return map_found(read, BASE, decisions(link for link, _ in links))


def same(mapped: Mapped) -> set[tuple[str, str]]:
    return {
        (quad.subject.value.removeprefix(BASE), quad.object.value.removeprefix(WIKIDATA))
        for quad in mapped.quads
        if quad.predicate.value == SAME_AS
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }


def values(mapped: Mapped, name: str) -> list[str]:
    return [
        quad.object.value
        for quad in mapped.quads
        if quad.predicate.value == KG + name and isinstance(quad.object, NamedNode | Literal)
    ]


def test_an_accepted_link_is_a_record_and_the_same() -> None:
    mapped = reviewed("person/layla,Q42,accepted,2026-11-30,Amina,The same office.\n")
    assert same(mapped) == {("person/layla", "Q42")}
    assert values(mapped, "linkedEntity") == [BASE + "person/layla"]
    assert values(mapped, "linkedItem") == [WIKIDATA + "Q42"]
    assert values(mapped, "method") == ["https://w3id.org/kgpub/kind#reviewed"]
    assert values(mapped, "evidence") == ["The same office."]
    assert values(mapped, "decided") == ["2026-11-30"]
    places = dict(
        zip((quad.predicate.value for quad in mapped.quads), mapped.positions, strict=True)
    )
    assert places[KG + "linkedEntity"] == (2, 1)
    assert places[SAME_AS] == (2, 14)
    assert places[KG + "evidence"] == (2, 14)


def test_what_is_rejected_or_none_says_nothing() -> None:
    assert reviewed("person/layla,Q42,rejected,,,\nperson/salim,,none,,,\n").quads == ()


def test_what_was_found_is_a_link_or_a_candidate_or_nothing() -> None:
    mapped = found(
        "person/layla,Q42,linked,gazetteer,0.99,Same name.,G 1,2026-11-30\n"
        "person/salim,Q43,candidate,looked-up,0.6,Same name.,Wikidata,\n"
        "person/nour,,nil,,,,G 1,2026-11-30\n"
    )
    assert same(mapped) == {("person/layla", "Q42")}
    assert values(mapped, "linkedItem") == [WIKIDATA + "Q42", WIKIDATA + "Q43"]
    assert values(mapped, "lookedUpIn") == ["G 1", "Wikidata"]
    assert values(mapped, "score") == ["0.99", "0.6"]


LINKED = "person/layla,Q42,linked,gazetteer,0.99,Same name.,,\n"


@pytest.mark.parametrize(
    "decided",
    [
        "person/layla,Q42,rejected,,,\n",
        "person/layla,Q7,accepted,,,\n",
        "person/layla,,none,,,\n",
    ],
)
def test_people_win_over_what_was_found(decided: str) -> None:
    assert found(LINKED, "person/other,Q42,rejected,,,\n").quads
    assert found(LINKED, decided).quads == ()


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("person/layla,q42,accepted,,,", (2, 14), "not a Wikidata item"),
        ("person/layla,P42,accepted,,,", (2, 14), "not a Wikidata item"),
        ("person/layla,Q0,accepted,,,", (2, 14), "not a Wikidata item"),
        ("person/layla,Q99999999999,accepted,,,", (2, 14), "not a Wikidata item"),
        ("person/layla,,accepted,,,", (2, 14), "not a Wikidata item"),
        ("person/layla,Q1,none,,,", (2, 14), "no item where none is meant"),
        ("person/layla,Q1,Accepted,,,", (2, 17), "cannot stand here"),
        ("person/../x,Q1,accepted,,,", (2, 1), "is no entity"),
        ("layla,Q1,accepted,,,", (2, 1), "is no entity"),
        ("article/layla,Q1,accepted,,,", (2, 1), "is no entity"),
        ("person/layla,Q1,accepted,2026-02-30,,", (2, 26), "not a date"),
        ("person/layla,Q1,accepted,,,,more", (2, 29), "7 cells, the header 6"),
        ("person/a,Q1,accepted,,,\nperson/a,Q1,rejected,,,", (3, 13), "line 2 decides otherwise"),
    ],
)
def test_a_wrong_decision_is_told_at_its_cell(
    line: str, place: tuple[int, int], words: str
) -> None:
    with pytest.raises(SubmissionErrors) as raised:
        reviewed(line + "\n")
    (problem,) = raised.value.problems
    assert (problem.place.line, problem.place.column) == place
    assert words in str(problem.message)


def test_a_page_of_wikidata_is_taken_for_its_item_in_the_remedy() -> None:
    with pytest.raises(SubmissionErrors) as raised:
        reviewed("person/layla,https://www.wikidata.org/wiki/Q42,accepted,,,\n")
    assert "Write Q42." in str(raised.value.problems[0])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("person/layla,Q1,linked,guess,0.9,x,,", "cannot stand here"),
        ("person/layla,Q1,linked,gazetteer,1.2,x,,", "no score"),
        ("person/layla,Q1,linked,gazetteer,nan,x,,", "no score"),
        ("person/layla,Q1,found,gazetteer,1,x,,", "cannot stand here"),
    ],
)
def test_a_wrong_row_of_what_was_found(line: str, words: str) -> None:
    with pytest.raises(SubmissionErrors, match=words):
        found(line + "\n")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("entity,item,decision,day,by\n", "the column note is missing"),
        ("entity,item,decision,day,by,note,more\n", "'more' is no column"),
        ("entity,item,item,decision,day,by,note\n", "second time"),
    ],
)
def test_a_wrong_header(header: str, words: str) -> None:
    with pytest.raises(SubmissionErrors, match=words):
        reviewed("person/layla,Q1,accepted,,,\n", header)


def test_columns_may_stand_in_another_order_and_rows_be_short() -> None:
    mapped = reviewed("accepted,Q1,person/layla\n", "decision,item,entity,day,by,note\n")
    assert same(mapped) == {("person/layla", "Q1")}


def test_what_is_written_is_one_line_each_and_read_the_same() -> None:
    links = [
        FoundLink(entity, "Q1", outcome, "gazetteer", "0.5", 'He said, "no"\nand\tleft.', "G", "")
        for entity, outcome in (("person/b", Found.linked), ("person/a", Found.candidate))
    ]
    text = link_text(links, FoundLink.columns())
    assert len(text.splitlines()) == 3
    parsed = list(csv.DictReader(io.StringIO(text)))
    assert [row["entity"] for row in parsed] == ["person/a", "person/b"]
    assert parsed[0]["evidence"] == 'He said, "no" and left.'
    rows = link_rows(text.encode(), "links-found.csv", FoundLink.columns())
    assert [link.evidence for link, _ in found_links(rows, "x")] == ['He said, "no" and left.'] * 2
