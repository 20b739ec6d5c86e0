"""Words ↔ passages: exact substrings, occurrences, and texts that changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.grounding import (
    Absent,
    Blank,
    Inexact,
    OutOfRange,
    Repeated,
    Ungrounded,
    ground,
    relocate,
)
from kgpub.grounding.occurrence import LISTED, MAX_OCCURRENCES
from kgpub.model.text import Passage

ARTICLE = (
    Path(__file__).parents[3] / "articles" / "al-kadhimi-and-kurdistan" / "article.txt"
).read_text(encoding="utf-8")


def all_starts(text: str, words: str) -> list[int]:
    """Where words stand, by trying every offset."""
    return [start for start in range(len(text)) if text[start : start + len(words)] == words]


@given(st.text(alphabet="ab ", min_size=1, max_size=40), st.data())
def test_every_occurrence_can_be_chosen_and_is_the_text_at_its_offsets(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    words = text[start:end]
    if not words.strip():
        assert ground(text, words) == Blank(words)
        return
    starts = all_starts(text, words)
    for number, expected in enumerate(starts, 1):
        passage = ground(text, words, number)
        assert isinstance(passage, Passage)
        assert (passage.start, passage.end) == (expected, expected + len(words))
        assert passage.exact == text[passage.start : passage.end] == words
        assert (passage.prefix + passage.exact + passage.suffix) in text
    without = ground(text, words)
    assert isinstance(without, Passage if len(starts) == 1 else Repeated)
    for number in (-1, 0, len(starts) + 1):
        assert isinstance(ground(text, words, number), OutOfRange)


def test_words_of_the_article() -> None:
    passage = ground(ARTICLE, "كنعان مكية")
    assert isinstance(passage, Passage)
    assert passage.exact == "كنعان مكية"
    assert passage.prefix.endswith("المفكر العراقي ")
    assert passage.suffix.startswith(' "مؤسسة الذاكرة العراقية"')


def test_a_passage_carries_32_code_points_before_and_after_it() -> None:
    # In bytes, in UTF-16 and as a reader counts them there are other numbers of them.
    before = "ب😀e\u0301\u200c\n 1234567890123456789012345"
    after = "abcdefghijklmnopqrstuvwxyz 😀ك\u0640\ufeff."
    passage = ground(f"x{before}words{after}y", "words")
    assert len(before) == len(after) == 32
    assert passage == Passage(33, 38, "words", before, after)


def test_overlapping_occurrences_count() -> None:
    assert ground("banana", "ana", 2) == Passage(3, 6, "ana", "ban", "")


def test_several_occurrences_are_told_with_their_lines() -> None:
    outcome = ground("one two\nthree two\ntwo", "two")
    assert isinstance(outcome, Repeated)
    assert [(each.passage.start, each.line) for each in outcome.occurrences] == [
        (4, 1),
        (14, 2),
        (18, 3),
    ]
    assert (outcome.count, outcome.complete) == (3, True)


def test_very_many_occurrences_are_not_all_counted() -> None:
    outcome = ground("x" * (MAX_OCCURRENCES + 1), "x")
    assert isinstance(outcome, Repeated)
    assert (outcome.count, outcome.complete) == (MAX_OCCURRENCES, False)
    assert len(outcome.occurrences) == LISTED


@pytest.mark.parametrize("words", ["", " ", "\n\t", "\u200f", "\u064b", "\ufeff \u200c"])
def test_blank_words(words: str) -> None:
    assert ground(f"a{words}b", words) == Blank(words)


def test_nothing_is_normalised() -> None:
    assert isinstance(ground("caf\u00e9", "cafe\u0301"), Inexact)
    assert isinstance(ground("مكية", "مکية"), Inexact)


def test_the_search_can_be_left_out() -> None:
    assert ground(ARTICLE, "كنعان مکية", search=False) == Absent("كنعان مکية", searched=False)
    assert ground(ARTICLE, "كنعان مكية", search=False) == ground(ARTICLE, "كنعان مكية")


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab", min_size=1, max_size=3))
def test_an_unchanged_text_gives_every_passage_back(text: str, words: str) -> None:
    for start in all_starts(text, words):
        passage = Passage.of(text, start, start + len(words))
        assert relocate(passage, text) == passage


def test_the_occurrence_with_the_same_neighbours_is_found_again() -> None:
    old = "President Barzani spoke. Prime Minister Barzani answered. Later Barzani left."
    start = old.index("Barzani answered")
    new = "Barzani, said Barzani. Prime Minister Barzani replied. " + old[:24]
    moved = relocate(Passage.of(old, start, start + 7), new)
    assert isinstance(moved, Passage)
    assert moved.start == new.index("Barzani replied")


def test_what_follows_tells_occurrences_apart_too() -> None:
    before = "They then went on to speak to the "
    erbil, london = (f"{before}party of {place}, as was planned. " for place in ("Erbil", "London"))
    old, new = erbil + london + erbil, london + erbil + erbil
    start = old.index("party of L")
    moved = relocate(Passage.of(old, start, start + 5), new)
    assert isinstance(moved, Passage)
    assert new[moved.start :].startswith("party of London")


def test_a_passage_is_found_after_text_was_put_before_it() -> None:
    start = ARTICLE.index("الكاظمي", 1500)
    passage = Passage.of(ARTICLE, start, start + 7)
    assert relocate(passage, "مقدمة عن الكاظمي\n" + ARTICLE) == Passage.of(
        "مقدمة عن الكاظمي\n" + ARTICLE, start + 17, start + 24
    )


def test_a_passage_that_no_longer_stands_is_an_outcome() -> None:
    start = ARTICLE.index("كنعان مكية")
    outcome = relocate(
        Passage.of(ARTICLE, start, start + 10), ARTICLE.replace("كنعان مكية", "كنعان مكيه")
    )
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "كنعان مكيه"
    assert isinstance(relocate(Passage.of("abcdef", 0, 6), "xyz"), Ungrounded)
