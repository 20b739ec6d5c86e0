"""Which links are made of what a source of candidates finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgpub.linking.entity import Candidate, Item, Mention, Outcome, Type
from kgpub.model.links import Decisions, Found, FoundLink
from kgpub.pipeline.linking import find_links, merged
from kgpub.pipeline.mentions import Named

NOTHING = Decisions({}, frozenset(), frozenset())


@dataclass
class Listed:
    """A source that knows items by the first word of names, with the score that each shall have."""

    scores: dict[str, list[tuple[str, float]]]
    method = "gazetteer"
    version = "list 1"

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        found = self.scores.get(mention.names["en"][0].split()[0], [])
        return [
            Candidate(Item(qid, mention.type, mention.names), score, (f"{qid} has the name.",))
            for qid, score in found[:limit]
        ]

    def item(self, qid: str) -> Item | None:
        return None


def decide(candidates: Sequence[Candidate]) -> Outcome:
    if not candidates:
        return Outcome.nil
    return Outcome.linked if candidates[0].score > 0.9 else Outcome.review


def named(name: str, item: str = "") -> Named:
    return Named(f"person/{name.lower()}", item, Mention({"en": (f"{name} Salim",)}, Type.person))


def rows(
    entities: Sequence[Named],
    scores: dict[str, list[tuple[str, float]]],
    decided: Decisions = NOTHING,
) -> list[tuple[str, str, Found]]:
    found = find_links(entities, Listed(scores), decide, decided, "2026-11-30")
    return [(row.entity, row.item, row.outcome) for each in found for row in each.rows]


def test_linked_left_to_people_or_nothing() -> None:
    scores = {"A": [("Q1", 0.99), ("Q2", 0.2)], "B": [("Q3", 0.6), ("Q4", 0.5)]}
    assert rows([named("A"), named("B"), named("C")], scores) == [
        ("person/a", "Q1", Found.linked),
        ("person/b", "Q3", Found.candidate),
        ("person/b", "Q4", Found.candidate),
        ("person/c", "", Found.nil),
    ]


def test_a_row_tells_method_score_evidence_source_and_day() -> None:
    (found,) = find_links(
        [named("A")], Listed({"A": [("Q1", 0.987)]}), decide, NOTHING, "2026-11-30"
    )
    assert found.rows == (
        FoundLink(
            *("person/a", "Q1", Found.linked, "gazetteer", "0.99"),
            *("Q1 has the name.", "list 1", "2026-11-30"),
        ),
    )


def test_what_is_known_is_not_looked_up() -> None:
    decided = Decisions({"person/b": "Q8"}, frozenset(), frozenset({"person/c"}))
    scores = {name: [("Q1", 0.99)] for name in "ABC"}
    assert rows([named("A", "Q7"), named("B"), named("C")], scores, decided) == []


def test_rejected_pairs_never_come_back_and_make_room_for_others() -> None:
    decided = Decisions({}, frozenset({("person/a", "Q1")}), frozenset())
    scores = {"A": [("Q1", 0.99), *((f"Q{n}", 0.5) for n in range(2, 9))], "B": [("Q1", 0.99)]}
    assert rows([named("A"), named("B")], scores, decided) == [
        *(("person/a", f"Q{n}", Found.candidate) for n in range(2, 7)),
        ("person/b", "Q1", Found.linked),
    ]


def test_an_item_of_another_entity_is_left_to_people() -> None:
    found = find_links(
        [named("A"), named("B", "Q1")], Listed({"A": [("Q1", 0.99)]}), decide, NOTHING, ""
    )
    assert [row.outcome for row in found[0].rows] == [Found.candidate]
    assert found[0].rows[0].evidence == "Q1 is linked to person/b already. Q1 has the name."


def test_an_item_that_fits_two_is_left_to_people() -> None:
    scores = {"A": [("Q1", 0.99)], "B": [("Q1", 0.95)]}
    assert [outcome for _, _, outcome in rows([named("A"), named("B")], scores)] == [
        Found.candidate,
        Found.candidate,
    ]


def test_what_is_found_again_keeps_its_day() -> None:
    source = Listed({"A": [("Q1", 0.99)], "B": [("Q2", 0.99)]})
    before = [
        FoundLink(
            "person/a",
            "Q1",
            Found.linked,
            "gazetteer",
            "0.99",
            "Q1 has the name.",
            "list 1",
            "2020-01-01",
        ),
        FoundLink(
            "person/b",
            "Q2",
            Found.linked,
            "gazetteer",
            "0.50",
            "Q2 has the name.",
            "list 1",
            "2020-01-01",
        ),
    ]
    found = find_links([named("A"), named("B")], source, decide, NOTHING, "2026-11-30")
    assert [row.day for row in merged(found, before)] == ["2020-01-01", "2026-11-30"]


def test_an_item_with_other_names_in_one_language_is_left_to_people() -> None:
    class Gazetteer(Listed):
        def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
            names = {"ar": ("اوربا",), "en": ("Aruba",)}
            return [Candidate(Item("Q1", Type.place, names), 0.99, ())]

    europe = Named("place/europe", "", Mention({"ar": ("اوربا",), "en": ("Europe",)}, Type.place))
    aruba = Named("place/aruba", "", Mention({"ar": ("اوربا",), "en": ("Aruba",)}, Type.place))
    (found,) = find_links([europe], Gazetteer({}), decide, NOTHING, "")
    assert found.outcome is Outcome.review
    assert found.rows[0].evidence == "In the language en it is “Aruba”, not “Europe”."
    (found,) = find_links([aruba], Gazetteer({}), decide, NOTHING, "")
    assert found.outcome is Outcome.linked
