"""The words of a text, and where they stand in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.names.letters import fold
from kgpub.search.words import MAX_WORD, folded_words, placed_words

TEXTS = st.text(
    st.sampled_from("aAéبأةىـَّەکی٣½﷽.,’« \n\t\u200c\u200f\u202e\x00\x1f王😀_-"), max_size=30
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("قال: «بغـداد»، ٢٠٠٦.", {"قال": "قال", "بغداد": "بغـداد", "2006": "٢٠٠٦"}),
        ("مُحَمَّدٌ (رئيسًا)", {"محمد": "مُحَمَّدٌ", "رييسا": "رئيسًا"}),
        ("al-Kadhimi’s", {"al": "al", "kadhimis": "Kadhimi’s"}),
        ("زمان\u200cآباد", {"زمان": "زمان", "اباد": "آباد"}),
        ("\u2067علي\u2069.", {"علي": "\u2067علي\u2069"}),
    ],
)
def test_each_word_is_placed_without_punctuation_and_with_its_marks(
    text: str, words: dict[str, str]
) -> None:
    placed = {word.folded: text[slice(*word.place)] for word in placed_words(text)}
    assert {folded: piece.strip("\u2067\u2069") for folded, piece in placed.items()} == {
        folded: piece.strip("\u2067\u2069") for folded, piece in words.items()
    }


@given(TEXTS)
def test_placed_words_are_the_folded_words(text: str) -> None:
    words = list(placed_words(text))
    assert [word.folded for word in words] == folded_words(text)


@given(TEXTS)
def test_places_follow_each_other_and_hold_their_words(text: str) -> None:
    last = 0
    for word in placed_words(text):
        start, end = word.place
        # Two words of one character, as those of a fraction, stand in the same place.
        assert start >= last or fold(text[start:end]).count(" ")
        assert start < end <= len(text)
        assert word.folded in folded_words(text[start:end])
        last = end


@given(st.text(max_size=40))
def test_words_of_words_are_the_same_words(text: str) -> None:
    words = folded_words(text)
    assert folded_words(" ".join(words)) == words


def test_a_word_without_end_is_cut() -> None:
    assert folded_words("ب" * 100_000) == ["ب" * MAX_WORD]
    assert [word.place for word in placed_words("ب" * 100)] == [(0, 100)]
