"""What the reader is told, word for word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.grounding import Description, Ungrounded, describe, ground
from kgpub.grounding.description import name_character

FSI, PDI = "\u2068", "\u2069"


def told(text: str, words: str, occurrence: int | None = None) -> Description:
    outcome = ground(text, words, occurrence)
    assert isinstance(outcome, Ungrounded)
    return describe(outcome)


def test_several_occurrences() -> None:
    description = told("زار أربيل.\nوأحب أربيل.", "أربيل")
    assert description.message == f"the words {FSI}أربيل{PDI} stand in the article 2 times"
    assert description.remedy.split("\n") == [
        "Choose one with `occurrence: N`, or take more words along:",
        f"occurrence: 1, line 1: {FSI}زار [أربيل].⏎وأحب أربيل.{PDI}",
        f"occurrence: 2, line 2: {FSI}زار أربيل.⏎وأحب [أربيل].{PDI}",
    ]


def test_a_line_break_that_yaml_makes_a_space_of() -> None:
    outcome = ground("زار أربيل.\nوأحب أربيل.", "أربيل. وأحب")
    assert isinstance(outcome, Ungrounded)
    spaces = ground("one two\nthree", "one twa three")
    assert isinstance(spaces, Ungrounded)
    hint = "YAML makes a space of a line break; line breaks stay in words that are written "
    assert hint in describe(outcome, in_yaml=True).remedy.split("\n")[-1]
    assert hint not in describe(outcome).remedy
    assert hint in describe(spaces, in_yaml=True).remedy
    other = ground("one two", "one twa")
    assert isinstance(other, Ungrounded)
    assert hint not in describe(other, in_yaml=True).remedy


def test_more_occurrences_than_are_listed() -> None:
    assert told("a " * 13, "a").remedy.endswith("\n… and 3 more")


def test_an_occurrence_that_there_is_not() -> None:
    assert told("one two", "two", 3) == Description(
        f"there is no occurrence 3: the words {FSI}two{PDI} stand in the article once",
        "Leave `occurrence` out.",
    )
    description = told("two two", "two", 3)
    assert description.message.endswith("stand in the article 2 times")
    assert "occurrence: 2, line 1" in description.remedy


def test_a_lookalike_and_an_invisible_character() -> None:
    description = told("سطر\nالمفكر كنعان مكية العراقي", "كنعان\u200f مکية")
    assert description.message == (
        "the words are not in the article as they stand: the nearest passage, line 2 of the "
        "article, differs only in 1 invisible character and 1 look-alike letter"
    )
    assert description.remedy.split("\n") == [
        f"article: {FSI}كنعان مكية{PDI}",
        f"words:   {FSI}كنعان‹U+200F› مکية{PDI}",
        "character 6 of the words: RIGHT-TO-LEFT MARK (U+200F), invisible direction mark; "
        "the article has nothing there",
        f"character 9 of the words: {FSI}ک{PDI} ARABIC LETTER KEHEH (U+06A9), Kurdish and "
        f"Persian kaf; the article has {FSI}ك{PDI} ARABIC LETTER KAF (U+0643), Arabic kaf",
        "Copy the words from line 2 of the article.",
    ]


def test_other_text_is_set_against_other_text() -> None:
    description = told("he was elected as the new prime minister", "he was chosen as the new")
    assert "differs in" in description.message
    assert "differs only" not in description.message


def test_a_missing_mark_is_shown_on_a_dotted_circle() -> None:
    assert (
        f"before character 6 of the words, the article has {FSI}◌ً{PDI} ARABIC FATHATAN (U+064B)"
        in told("رئيساً جديد", "رئيسا جديد").remedy
    )


def test_the_same_slip_again_and_again_takes_one_line() -> None:
    text = "كل كلب كبير كان كريما كثيرا كما كنا"
    remedy = told(text, text.replace("ك", "ک")).remedy
    assert "characters 1, 4, 8, 13, 17 and 3 others of the words:" in remedy
    assert remedy.count("KEHEH") == 1


def test_nothing_similar() -> None:
    assert told("abc def", "كنعان مكية") == Description(
        f"the words {FSI}كنعان مكية{PDI} are not in the article, and nothing in it is similar",
        "Check that the submission names the right article, and copy the words from it.",
    )


def test_blank_words() -> None:
    assert told("abc", " ").message == "the words are blank"


def test_words_that_differ_after_what_was_compared() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(3_000))
    message = told(text, text[:2_500] + "!").message
    assert "the first 2000 characters are, from line 1 on" in message


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u0640", "ARABIC TATWEEL (U+0640), the stroke that stretches a word, no letter"),
        ("\n", "LINE FEED (U+000A), a line break"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE (U+FEFF), byte order mark, invisible"),
        ("\u0379", "no name (U+0379)"),
    ],
)
def test_names_of_characters(character: str, name: str) -> None:
    assert name_character(character) == name


HOSTILE = "\x1b\x07\u202e\u2067\u2068\u2069\u200f\ud800\ue000\r\n\u2028ابي abc"


@given(st.text(HOSTILE, max_size=30), st.text(HOSTILE, min_size=1, max_size=20))
def test_no_text_can_reorder_the_message_or_reach_the_terminal(text: str, words: str) -> None:
    outcome = ground(text, words)
    if not isinstance(outcome, Ungrounded):
        return
    description = describe(outcome)
    depth = 0
    for character in f"{description.message}\n{description.remedy}":
        depth += (character == FSI) - (character == PDI)
        assert depth in (0, 1)
        assert character in (FSI, PDI, "\n") or unicodedata.category(character)[0] != "C"
        assert unicodedata.category(character) not in ("Zl", "Zp")
        if depth == 0:
            assert unicodedata.bidirectional(character) not in ("R", "AL", "AN")
    assert depth == 0
