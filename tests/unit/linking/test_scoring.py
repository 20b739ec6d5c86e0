"""Evidence beside the name, and the three outcomes."""

from dataclasses import replace

import pytest

from kgpub.linking.circumstances import circumstances, year_of
from kgpub.linking.decision import decide
from kgpub.linking.entity import Candidate, Held, Item, Mention, Outcome, Type
from kgpub.linking.scoring import of_items
from kgpub.linking.weights import weights

ITEM = Item(
    "Q900002",
    Type.person,
    {"en": ("Mustafa Al-Kadhimi",)},
    "IQ",
    born="1967-07-05",
    died="2090",
    held=(Held("Q900010", "2020-05-07", "2022-10-27"),),
    related=frozenset({"Q796", "Q1530", "Q5"}),
)
MENTION = Mention({"en": ("Mustafa Kazem",)}, Type.person)
"""A name that is not quite the same, so that certainty can grow and shrink."""


@pytest.mark.parametrize(
    ("mention", "speaks_for", "sentence"),
    [
        (replace(MENTION, countries=frozenset({"IQ"})), True, "Its country, IQ, is the same."),
        (replace(MENTION, countries=frozenset({"EG", "SY"})), False, "not EG, SY."),
        (replace(MENTION, active=frozenset({2020})), True, "lived when the facts were"),
        (replace(MENTION, active=frozenset({1970})), False, "Born in 1967, and the facts end in"),
        (replace(MENTION, active=frozenset({2095})), False, "Died in 2090, and the facts begin"),
        (replace(MENTION, held=(Held("Q900010", "2021"),)), True, "It held Q900010 at that time."),
        (replace(MENTION, held=(Held("Q900010"),)), True, "at a time that is not known"),
        (replace(MENTION, held=(Held("Q900010", "2015", "2016"),)), False, "at another time"),
        (replace(MENTION, held=(Held("", "2021"),)), False, "no item to compare them with"),
        (replace(MENTION, held=(Held("Q7"),)), False, "not known to have held the same offices"),
        (replace(MENTION, neighbours=frozenset({"Q796", "Q2"})), True, "to do with Q796,"),
        (replace(MENTION, type=Type.place), False, "It is of type person, not place."),
    ],
)
def test_a_circumstance(mention: Mention, speaks_for: bool, sentence: str) -> None:
    (circumstance,) = circumstances(mention, ITEM)
    assert (circumstance.odds > 0) is speaks_for
    assert sentence in circumstance.sentence
    plain = of_items(MENTION, [ITEM])[0].score
    with_it = of_items(mention, [ITEM])
    score = with_it[0].score if with_it else 0.0
    assert score > plain if speaks_for else score < plain


def test_what_is_not_known_speaks_neither_for_nor_against() -> None:
    bare = Item("Q900002", Type.person, ITEM.names)
    full = replace(
        MENTION,
        countries=frozenset({"IQ"}),
        active=frozenset({2020}),
        neighbours=frozenset({"Q796"}),
        held=(Held("Q900010"),),
    )
    assert circumstances(full, bare) == []
    assert circumstances(MENTION, ITEM) == []


@pytest.mark.parametrize(
    ("day", "year"), [("2016", 2016), ("2016-06-07", 2016), ("-0044-03-15", -44), ("", None),
                      ("unknown", None), ("٢٠١٦", None)],
)  # fmt: skip
def test_the_year_of_a_day(day: str, year: int | None) -> None:
    assert year_of(day) == year


def test_items_of_a_search_are_scored_like_those_of_an_index() -> None:
    other = Item("Q900007", Type.person, {"en": ("Mustafa Kemal",)}, "TR")
    first, *rest = of_items(MENTION, [other, ITEM])
    assert first.item == ITEM
    assert first.score > 0.5
    assert sum(each.score for each in (first, *rest)) <= 1.001
    assert of_items(MENTION, [replace(ITEM, names={})]) == []


def candidates(*scores: float) -> list[Candidate]:
    return [Candidate(replace(ITEM, qid=f"Q{n}"), s, ()) for n, s in enumerate(scores, 1)]


def test_the_three_outcomes() -> None:
    limits = weights()
    sure = limits.least(ITEM)
    unsure = sure - 0.01
    assert decide([]) is Outcome.nil
    assert decide(candidates(limits.least_review / 2)) is Outcome.nil
    assert decide(candidates(limits.least_review)) is Outcome.review
    assert decide(candidates(unsure)) is Outcome.review
    assert decide(candidates(sure)) is Outcome.linked
    assert decide(candidates(sure, sure - limits.least_margin / 2)) is Outcome.review
