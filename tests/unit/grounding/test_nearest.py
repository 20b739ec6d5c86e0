"""The nearest passage and what differs, against brute force and against known edits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from kgpub.grounding import Absent, Difference, Inexact, Kind, Nearest, Ungrounded, ground
from kgpub.grounding.difference import differences
from kgpub.grounding.nearest import LEAST_SIMILARITY, MAX_WORDS, _distances, find_nearest

ARTICLE = (
    Path(__file__).parents[3] / "articles" / "al-kadhimi-and-kurdistan" / "article.txt"
).read_text(encoding="utf-8")

IGNORABLE = [
    "\u0640",  # tatweel
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u061c",
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "\u00ad",
    "\ufeff",
    "\x00",
    "\x1b",
]
LOOKALIKES = {
    "ي": "ىیێ",
    "ى": "يی",
    "ك": "ک",
    "ه": "ةەە",
    "ة": "هە",
    "و": "ۆ",
    "ا": "أإآٱ",
    "أ": "اإآ",
}


def apply(nearest: Nearest, words: str) -> str:
    """Put what the article has in place of what the words have."""
    out, done = "", 0
    for difference in nearest.differences:
        out += words[done : difference.words_offset] + difference.article
        done = difference.words_offset + len(difference.words)
        assert words[difference.words_offset : done] == difference.words
    return out + words[done : nearest.compared]


def distances(words: str, text: str) -> list[int]:
    """Levenshtein distance of words to the nearest stretch ending at each offset of text."""
    row = [0] * (len(text) + 1)
    for number, ours in enumerate(words, 1):
        new = [number]
        for offset, theirs in enumerate(text, 1):
            new.append(min(row[offset] + 1, new[-1] + 1, row[offset - 1] + (ours != theirs)))
        row = new
    return row


def distance(one: str, two: str) -> int:
    """Levenshtein distance of two strings."""
    row = list(range(len(two) + 1))
    for number, a in enumerate(one, 1):
        new = [number]
        for offset, b in enumerate(two, 1):
            new.append(min(row[offset] + 1, new[-1] + 1, row[offset - 1] + (a != b)))
        row = new
    return row[-1]


@settings(max_examples=300)
@given(st.text("abc ", min_size=1, max_size=14), st.text("abc ", max_size=50))
def test_the_nearest_passage_is_the_one_that_brute_force_finds(words: str, text: str) -> None:
    assume(words.strip() and words not in text)
    nearest = find_nearest(text, words)
    least = min(distances(words, text))
    if 1 - least / len(words) < LEAST_SIMILARITY:
        assert nearest is None
        return
    assert nearest is not None
    assert nearest.similarity == pytest.approx(1 - least / len(words))
    assert distance(words, nearest.passage.exact) == least
    assert apply(nearest, words) == nearest.passage.exact
    assert text[nearest.passage.start : nearest.passage.end] == nearest.passage.exact


@given(st.text("abc", min_size=1, max_size=8), st.text("abc", max_size=15))
def test_bit_vectors_give_the_distances_of_the_table(words: str, text: str) -> None:
    ends = range(1, len(text) + 1)
    assert list(_distances(words, text, anchored=False)) == distances(words, text)[1:]
    assert list(_distances(words, text, anchored=True)) == [
        distance(words, text[:end]) for end in ends
    ]


MIXED = 'ab \n\u0640\u200fيیىأا\u0654إ\u064bé\u0301e٢2،,ﻻل“"'


@settings(max_examples=300)
@given(st.text(MIXED, max_size=20), st.text(MIXED, max_size=20))
@example("ا\u0654", "أ")
@example("", "\u200f")
@example("ﻻﻻ", "لالا")
@example("ا", "اأ")
def test_differences_turn_words_into_passage(words: str, passage: str) -> None:
    found = differences(words, passage, 100)
    out, done = "", 0
    for difference in found:
        assert difference.words != difference.article
        out += words[done : difference.words_offset] + difference.article
        done = difference.words_offset + len(difference.words)
        at = difference.article_offset - 100
        assert passage[at : at + len(difference.article)] == difference.article
    assert out + words[done:] == passage
    assert (not found) == (words == passage)


def pieces(least: int = 25) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, len(ARTICLE) - 80), st.integers(least, 70)).map(
        lambda drawn: (drawn[0], drawn[0] + drawn[1])
    )


def only(words: str, start: int, end: int) -> Difference:
    """Ground wrong words; assert that their passage is the given one; return what differs."""
    assume(words not in ARTICLE)
    # Elsewhere the article must not be as near: it repeats itself.
    right = ARTICLE[start:end]
    alike = [
        first
        for first in range(len(ARTICLE) - len(right) + 1)
        if sum(map(str.__ne__, right, ARTICLE[first : first + len(right)])) < 3
    ]
    assume(alike == [start])
    outcome = ground(ARTICLE, words)
    assert isinstance(outcome, Inexact)
    assert (outcome.nearest.passage.start, outcome.nearest.passage.end) == (start, end)
    assert len(outcome.nearest.differences) == 1
    assert apply(outcome.nearest, words) == ARTICLE[start:end]
    return outcome.nearest.differences[0]


def one_answer(words: str, start: int, end: int) -> bool:
    """Whether no stretch but the given one is a single edit away from the words."""
    near = [
        (first, last)
        for first in range(max(0, start - 2), start + 7)
        for last in range(end - 7, end + 3)
        if Levenshtein.distance(words, ARTICLE[first:last], score_cutoff=1) < 2
    ]
    return near == [(start, end)]


@settings(max_examples=100, deadline=None)
@given(pieces(), st.sampled_from(IGNORABLE), st.data())
def test_one_character_too_many_that_is_no_letter(
    piece: tuple[int, int], invisible: str, data: st.DataObject
) -> None:
    start, end = piece
    assume(ARTICLE[start:end].strip() == ARTICLE[start:end])
    at = data.draw(st.integers(0, end - start))
    words = ARTICLE[start : start + at] + invisible + ARTICLE[start + at : end]
    kind = Kind.TATWEEL if invisible == "\u0640" else Kind.INVISIBLE
    assert only(words, start, end) == Difference(kind, at, start + at, invisible, "")


@settings(max_examples=100, deadline=None)
@given(pieces(), st.data())
def test_one_lookalike(piece: tuple[int, int], data: st.DataObject) -> None:
    start, end = piece
    places = [at for at in range(start, end) if ARTICLE[at] in LOOKALIKES]
    assume(places)
    at = data.draw(st.sampled_from(places))
    alike = data.draw(st.sampled_from(LOOKALIKES[ARTICLE[at]]))
    words = ARTICLE[start:at] + alike + ARTICLE[at + 1 : end]
    expected = Difference(Kind.LOOKALIKE, at - start, at, alike, ARTICLE[at])
    assert only(words, start, end) == expected


@settings(max_examples=100, deadline=None)
@given(pieces(), st.data())
def test_one_other_letter(piece: tuple[int, int], data: st.DataObject) -> None:
    start, end = piece
    at = data.draw(st.integers(start + 1, end - 2))
    assume(ARTICLE[at].isalpha())
    words = ARTICLE[start:at] + "Z" + ARTICLE[at + 1 : end]
    assume(one_answer(words, start, end))
    assert only(words, start, end) == Difference(Kind.CONTENT, at - start, at, "Z", ARTICLE[at])


@settings(max_examples=100, deadline=None)
@given(pieces(), st.data())
def test_one_letter_too_many(piece: tuple[int, int], data: st.DataObject) -> None:
    start, end = piece
    at = data.draw(st.integers(start + 1, end - 1))
    words = ARTICLE[start:at] + "Z" + ARTICLE[at:end]
    assume(one_answer(words, start, end))
    assert only(words, start, end) == Difference(Kind.CONTENT, at - start, at, "Z", "")


@settings(max_examples=100, deadline=None)
@given(pieces(), st.data())
def test_one_letter_missing(piece: tuple[int, int], data: st.DataObject) -> None:
    start, end = piece
    at = data.draw(st.integers(start + 1, end - 2))
    letter = ARTICLE[at]
    assume(letter.isalpha() and letter not in (ARTICLE[at - 1], ARTICLE[at + 1]))
    words = ARTICLE[start:at] + ARTICLE[at + 1 : end]
    assume(one_answer(words, start, end))
    assert only(words, start, end) == Difference(Kind.CONTENT, at - start, at, "", letter)


@pytest.mark.parametrize(
    ("words", "article", "kind"),
    [
        ("الكـاظمي", "الكاظمي", Kind.TATWEEL),
        ("الكاظمي", "الكـاظمي", Kind.TATWEEL),
        ("ا\u0654ربيل", "أربيل", Kind.NORMAL_FORM),
        ("cafe\u0301 noir", "café noir", Kind.NORMAL_FORM),
        ("ﻻ احد", "لا احد", Kind.PRESENTATION_FORM),
        ("ﺍلكاظمي", "الكاظمي", Kind.PRESENTATION_FORM),
        ("مکية", "مكية", Kind.LOOKALIKE),
        ("هەولێر", "هەولیر", Kind.LOOKALIKE),
        ("كوردستان العراقيه", "كوردستان العراقية", Kind.LOOKALIKE),
        ("رئيسا جديدا", "رئيساً جديدا", Kind.MARK),
        ("رئيس\u00a0الحكومة", "رئيس الحكومة", Kind.SPACE),
        ("رئيس\nالحكومة", "رئيس الحكومة", Kind.SPACE),
        ("رئيس\tالحكومة", "رئيس الحكومة", Kind.SPACE),
        ("رئيس  الحكومة", "رئيس الحكومة", Kind.SPACE),
        ('قال “نعم"', 'قال "نعم"', Kind.QUOTATION_MARK),
        ("it’s true", "it's true", Kind.QUOTATION_MARK),
        ("عام ٢003", "عام 2003", Kind.DIGIT),
        ("عام ۲003", "عام 2003", Kind.DIGIT),
        ("عام 2004", "عام 2003", Kind.CONTENT),
        ("لندن, عاصمة", "لندن، عاصمة", Kind.PUNCTUATION),
        ("من هو?", "من هو؟", Kind.PUNCTUATION),
        ("لندن عاصمة", "لندن، عاصمة", Kind.PUNCTUATION),
        ("kanan Makiya", "Kanan Makiya", Kind.CASE),
        ("K\u0430nan Makiya", "Kanan Makiya", Kind.LOOKALIKE),
    ],
)
def test_the_kind_of_one_difference(words: str, article: str, kind: Kind) -> None:
    text = f"كلام قبله ثم: {article} ثم كلام بعده"
    outcome = ground(text, words)
    assert isinstance(outcome, Inexact)
    nearest = outcome.nearest
    assert [difference.kind for difference in nearest.differences] == [kind]
    assert nearest.passage.exact == article
    assert nearest.only_looks == (kind is not Kind.CONTENT)
    if kind not in (Kind.CONTENT, Kind.SPACE, Kind.PUNCTUATION):
        assert nearest.similarity == 1


def test_the_missing_vowel_sign_at_the_end_of_a_passage_belongs_to_it() -> None:
    outcome = ground("هو رئيساً\u200f جديداً هنا", "رئيساً جديداًّ")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "رئيساً\u200f جديداً"


def test_an_invisible_character_before_the_passage_belongs_to_it_if_the_words_have_it() -> None:
    text = "هذا \u200fكتاب كبير"
    outcome = ground(text, "\u200fکتاب کبير")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "\u200fكتاب كبير"
    outcome = ground(text, "کتاب کبير")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "كتاب كبير"


def test_a_sentence_typed_on_a_persian_keyboard() -> None:
    words = "عندما اختیر لمنصب رئیس الجهاز الوطنی للمخابرات العراقیة"
    outcome = ground(ARTICLE, words)
    assert isinstance(outcome, Inexact)
    start = ARTICLE.index("عندما اختير")
    assert outcome.nearest.passage.start == start
    assert outcome.nearest.line == 7
    assert outcome.nearest.differences == tuple(
        Difference(Kind.LOOKALIKE, at, start + at, "ی", "ي")
        for at, letter in enumerate(words)
        if letter == "ی"
    )


def test_the_nearest_passage_cuts_no_word_in_two_where_it_need_not() -> None:
    outcome = ground(ARTICLE, "اكاظمي وإقليم كوردستان")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "الكاظمي وإقليم كوردستان"


@pytest.mark.parametrize("marks", ["«»", "“”", "()", '""'])
def test_marks_around_the_words_take_in_no_line_break(marks: str) -> None:
    outcome = ground("Title\nThe council met\nand left.", f"{marks[0]}The council met{marks[1]}")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "The council met"
    assert outcome.nearest.line == 2
    kind = Kind.PUNCTUATION if marks == "()" else Kind.QUOTATION_MARK
    assert outcome.nearest.differences == (
        Difference(kind, 0, 6, marks[0], ""),
        Difference(kind, 16, 21, marks[1], ""),
    )


def test_a_slip_of_the_article_that_was_corrected_in_the_words() -> None:
    outcome = ground(ARTICLE, "وهذه العلاقة تمتد")
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.passage.exact == "وهذه االعلاقة تمتد"
    (difference,) = outcome.nearest.differences
    assert (difference.kind, difference.words, difference.article) == (Kind.CONTENT, "", "ا")


@pytest.mark.parametrize(
    "words",
    [
        "The quick brown fox jumps over the lazy dog",
        "زار الوزير الياباني متحف الفنون الجميلة في طوكيو",
        "ناوەڕاستی شار لە بەهاردا جوانە",
    ],
)
def test_what_is_in_no_way_similar(words: str) -> None:
    assert ground(ARTICLE, words) == Absent(words, searched=True)


def noise(length: int, seed: int) -> str:
    """Letters without a pattern, the same every time: a linear congruential generator."""
    letters, state = "ابتثجحخدذرزسشصضط ", seed
    out = []
    for _ in range(length):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(letters[(state >> 33) % len(letters)])
    return "".join(out)


def test_words_with_many_slips_are_found_in_a_text_of_a_million() -> None:
    text = noise(1_000_000, 7)
    words = list(text[700_000:702_000])
    for at in range(5, 2_000, 41):
        words[at] = "Z"
    outcome = ground(text, "".join(words))
    assert isinstance(outcome, Inexact)
    assert (outcome.nearest.passage.start, outcome.nearest.passage.end) == (700_000, 702_000)
    assert [difference.words_offset for difference in outcome.nearest.differences] == list(
        range(5, 2_000, 41)
    )


def test_much_that_was_put_in_does_not_stretch_the_passage() -> None:
    text = noise(500, 5)
    right = text[200:270]
    words = "".join(letter + "Z" * (at % 2) for at, letter in enumerate(right[:60])) + right[60:]
    outcome = ground(text, words)
    assert isinstance(outcome, Inexact)
    assert (outcome.nearest.passage.start, outcome.nearest.passage.end) == (200, 270)
    assert {difference.words for difference in outcome.nearest.differences} == {"Z"}
    assert len(outcome.nearest.differences) == 30


def test_of_long_words_the_beginning_is_compared() -> None:
    text = noise(5_000, 3)
    words = "Z" + text[1:4_000]
    outcome = ground(text, words)
    assert isinstance(outcome, Inexact)
    assert outcome.nearest.compared == MAX_WORDS
    assert (outcome.nearest.passage.start, outcome.nearest.passage.end) == (0, MAX_WORDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(noise(1_000_000, 1), noise(2_000, 2), id="nothing alike"),
        pytest.param("a" * 1_000_000, "a" * 1_000 + "b" + "a" * 999, id="all alike"),
        pytest.param("a" * 1_000_000, ("a" * 16 + "b" + "a" * 15) * 62, id="runs all but alike"),
        pytest.param("a" * 1_000_000, "a" * 500_000, id="half a million occurrences"),
        pytest.param("a" * 1_000_000, "a" * 500_000 + "b", id="words of half a million"),
        pytest.param("ab" + "\u064b" * 999_990 + "cde", "abcdef", id="vowel signs without end"),
        pytest.param("ﷺ" * 1_000_000, "ﷺ" * 1_999 + "b", id="ligatures of eighteen letters"),
        pytest.param(
            "".join(map(chr, [*range(32, 0xD800), *range(0xE000, 0xF0000)])),
            "ab" * 900,
            id="every character",
        ),
        pytest.param("ab", "\u064b" * 1_000_000, id="a million vowel signs"),
    ],
)
def test_hostile_texts_take_bounded_time(text: str, words: str) -> None:
    began = time.process_time()
    assert isinstance(ground(text, words), Ungrounded)
    # Quadratic time would be minutes; the margin is for slow machines.
    assert time.process_time() - began < 6
