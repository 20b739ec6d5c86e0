"""Passages that overlap and nest, and the sentence around one."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.pages.passages import (
    Mark,
    Span,
    crossing,
    excerpt,
    marked,
    paragraphs,
    segments,
)

LENGTH = 30
TEXTS = st.text(alphabet="ab \n\rم😀\u0301", max_size=LENGTH)
SPANS = st.lists(
    st.builds(
        Span, st.integers(-3, LENGTH), st.integers(-3, LENGTH + 3), st.sampled_from("abcdefgh")
    ),
    max_size=12,
)


def lying(span: Span, length: int) -> bool:
    return 0 <= span.start < span.end <= length


@given(st.integers(0, LENGTH), SPANS)
def test_each_character_is_in_one_segment_and_has_the_spans_that_cover_it(
    length: int, spans: list[Span]
) -> None:
    found = segments(length, spans)
    places = [place for each in found for place in range(each.start, each.end)]
    assert places == list(range(length))
    covers = {place: each.cover for each in found for place in range(each.start, each.end)}
    for place in range(length):
        expected = {s for s in spans if lying(s, length) and s.start <= place < s.end}
        assert set(covers[place]) == expected
        assert len(covers[place]) == len(expected)


@given(st.integers(0, LENGTH), SPANS)
def test_segments_are_as_long_as_can_be(length: int, spans: list[Span]) -> None:
    found = segments(length, spans)
    assert all(left.cover != right.cover for left, right in pairwise(found))


def test_covers_have_the_outermost_first_and_the_innermost_are_left_out() -> None:
    outer, middle, inner = Span(0, 9, "o"), Span(1, 8, "m"), Span(2, 5, "i")
    found = segments(9, [inner, outer, middle], most=2)
    assert [(each.start, each.end, each.cover) for each in found] == [
        (0, 1, (outer,)),
        (1, 2, (outer, middle)),
        (2, 5, (outer, middle)),
        (5, 8, (outer, middle)),
        (8, 9, (outer,)),
    ]


@given(TEXTS)
def test_paragraphs_are_the_whole_text(text: str) -> None:
    assert "".join(text[each.start : each.end] for each in paragraphs(text)) == text


def test_a_paragraph_has_the_ends_of_lines_behind_it() -> None:
    text = "\none\r\n\ntwo\n  three"
    cut = [text[each.start : each.end] for each in paragraphs(text)]
    assert cut == ["\n", "one\r\n\n", "two\n", "  three"]


def written(lines: list[list[Mark]]) -> tuple[list[tuple[str, tuple[Span, ...]]], int]:
    """Write marks as a stack machine would; return texts with the open spans, and the depth."""
    pieces: list[tuple[str, tuple[Span, ...]]] = []
    deepest = 0
    for marks in lines:
        stack: list[Span] = []
        for mark in marks:
            assert mark.closes <= len(stack)
            del stack[len(stack) - mark.closes :]
            stack += [each.span for each in mark.opens]
            deepest = max(deepest, len(stack))
            pieces.append((mark.text, tuple(stack)))
    return pieces, deepest


@given(TEXTS, SPANS)
def test_marks_nest_and_cover_what_their_spans_do(text: str, spans: list[Span]) -> None:
    pieces, _ = written(list(marked(text, spans, depth=len(spans) or 1)))
    assert "".join(words for words, _ in pieces) == text
    place = 0
    for words, stack in pieces:
        for at in range(place, place + len(words)):
            covering = {s for s in spans if lying(s, len(text)) and s.start <= at < s.end}
            assert set(stack) == covering
        place += len(words)


@given(TEXTS, SPANS, st.integers(1, 3))
def test_each_span_begins_once_however_deep_it_is(text: str, spans: list[Span], depth: int) -> None:
    lines = list(marked(text, spans, depth))
    _, deepest = written(lines)
    assert deepest <= depth
    marks = [mark for line in lines for mark in line]
    begun = [each for mark in marks for each in mark.anchors]
    begun += [each.span for mark in marks for each in mark.opens if each.first]
    assert sorted(begun) == sorted({each for each in spans if lying(each, len(text))})
    place = 0
    for mark in marks:
        firsts = [*mark.anchors, *(each.span for each in mark.opens if each.first)]
        assert all(each.start == place for each in firsts)
        place += len(mark.text)


def test_what_crosses_another_or_a_line_is_in_pieces() -> None:
    text = "abcdef\nghij"
    whole, across, nested, lines = (
        Span(0, 4, "whole"), Span(2, 6, "across"), Span(0, 2, "nested"), Span(5, 9, "lines"),
    )  # fmt: skip
    found = list(marked(text, [lines, nested, across, whole], depth=9))
    assert [[mark.text for mark in line] for line in found] == [
        ["ab", "cd", "e", "f", "\n"],
        ["gh", "ij"],
    ]
    assert crossing(found) == [across, lines]


def test_many_spans_inside_each_other_take_little_time() -> None:
    text = "a" * 20_000
    spans = [Span(each, 20_000 - each, str(each)) for each in range(10_000)]
    begin = time.process_time()
    lines = list(marked(text, spans, depth=6))
    assert time.process_time() - begin < 5
    assert sum(len(mark.anchors) for mark in lines[0]) == 10_000 - 6


@pytest.mark.parametrize(
    ("rule", "text", "words", "before", "after"),
    [
        ("a sentence between two", "One. Two words here! Three.", "words", "Two ", " here!"),
        ("at the begin of the text", "Two words here. Three.", "Two", "", " words here."),
        ("at its end, without a full stop", "One. Two words", "words", "Two ", ""),
        ("Arabic question mark", "من قال؟ قال الرجل نعم؟ ثم مضى", "الرجل", "قال ", " نعم؟"),
        ("Arabic comma goes on", "قال، ثم عاد، ومضى. انتهى", "عاد", "قال، ثم ", "، ومضى."),
        (
            "a quotation mark behind it",
            'قال: "نعم". وقال: "لا أعلم". ثم',
            "لا",
            'وقال: "',
            ' أعلم".',
        ),
        ("ends of lines", "العنوان\nقال الرجل نعم\nروداو", "الرجل", "قال ", " نعم"),
        ("a carriage return", "Title\r\nTwo words\r\nEnd", "words", "Two ", ""),
        (
            "a point in a number",
            "It cost 3.5 dollars then. So",
            "dollars",
            "It cost 3.5 ",
            " then.",
        ),
        ("an initial", "Then J. Smith said so. End", "said", "Then J. Smith ", " so."),
        ("an Arabic initial", "زار د. أحمد بغداد. انتهى", "بغداد", "زار د. أحمد ", "."),
        ("words that end it", "One. Two words. Three.", "words.", "Two ", ""),
        ("words that end it in quotation marks", 'He: "Two." Three.', "Two.", 'He: "', '"'),
        ("words over several sentences", "A one. Two. Three x. Four.", "Two. Three", "", " x."),
        ("an ellipsis", "So… Two words… Three", "words", "Two ", "…"),
        ("right before the words", "Version 3.5 is out", "5", "Version 3.", " is out"),
    ],
)
def test_the_sentence_around_words(
    rule: str, text: str, words: str, before: str, after: str
) -> None:
    start = text.index(words)
    found = excerpt(text, start, start + len(words))
    assert (found.before, found.words, found.after) == (before, words, after)
    assert not found.cut_before
    assert not found.cut_after


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "aaaa bbbb cccc WORDS dddd eeee ffff"
    found = excerpt(text, 15, 20, limit=12)
    assert (found.before, found.after) == ("bbbb cccc ", " dddd eeee")
    assert found.cut_before
    assert found.cut_after


def test_a_point_right_where_it_is_cut_ends_nothing_inside_a_number() -> None:
    text = "It costs three, or 3.5 or so"
    found = excerpt(text, 0, 2, limit=len(" costs three, or 3."))
    assert found.after == " costs three, or"
    assert found.cut_after


def test_what_has_no_space_is_not_cut_between_a_letter_and_its_mark() -> None:
    text = "e\u0301" * 10 + "W" + "e\u0301" * 10
    found = excerpt(text, 20, 21, limit=5)
    assert (found.before, found.after) == ("e\u0301" * 2, "e\u0301" * 2)


@given(TEXTS, st.integers(0, LENGTH), st.integers(0, LENGTH), st.integers(0, 8))
def test_an_excerpt_is_a_part_of_the_text(text: str, one: int, other: int, limit: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    found = excerpt(text, start, end, limit)
    assert found.words == text[start:end]
    assert text[:start].endswith(found.before)
    assert text[end:].startswith(found.after)
    assert max(len(found.before), len(found.after)) <= limit
    assert "\n" not in found.before + found.after
