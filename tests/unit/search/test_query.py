"""What is looked for, read from what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.search.query import MAX_TERMS, MAX_TEXT, Term, parsed


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("رئيس الوزراء", [Term(("رييس",)), Term(("الوزرا",))]),
        ('"رئيس الوزراء" بغداد', [Term(("رييس", "الوزرا"), is_phrase=True), Term(("بغداد",))]),
        ("«رئيس الوزراء»", [Term(("رييس", "الوزرا"), is_phrase=True)]),
        ('"رئيس الوزراء', [Term(("رييس", "الوزرا"), is_phrase=True)]),
        ('"بغداد"', [Term(("بغداد",))]),
        ("كاظ*", [Term(("كاظ",), is_prefix=True)]),
        ("*", []),
        ("al-Kadhimi", [Term(("kadhimi",))]),
        ("al", [Term(("al",))]),
        ('"al Kadhimi"', [Term(("al", "kadhimi"), is_phrase=True)]),
        ("a AND b OR NOT c", [Term((each,)) for each in ("a", "and", "b", "or", "not", "c")]),
        ("words:x ^y {z} (NEAR)", [Term((each,)) for each in ("words", "x", "y", "z", "near")]),
        ("بغداد بغداد", [Term(("بغداد",))]),
        ('"" «» \u202e', []),
    ],
)
def test_terms(text: str, terms: list[Term]) -> None:
    assert list(parsed(text).terms) == terms


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("kadh", True),
        ("kadh ", False),
        ('"kadh"', False),
        ("kadh*", False),
        ("kadh.", False),
        ("", False),
    ],
)
def test_a_last_word_may_still_be_typed(text: str, is_open: bool) -> None:
    assert parsed(text).is_open is is_open


def test_a_long_query_is_cut_and_says_so() -> None:
    assert not parsed("a" * MAX_TEXT).is_cut
    assert parsed("a" * 10_000).is_cut
    many = parsed(" ".join(f"w{n}" for n in range(50)))
    assert many.is_cut
    assert len(many.terms) == MAX_TERMS


def test_what_controls_the_display_is_not_shown() -> None:
    assert parsed("a\x00b \u202eevil\u2066\x1b[31m\n c").text == "ab evil[31m c"


@given(st.text(max_size=400))
def test_any_text_is_a_query(text: str) -> None:
    query = parsed(text)
    assert len(query.terms) <= MAX_TERMS
    assert all(query.words)
    assert parsed(query.text).words[: len(query.words)] == query.words or query.is_cut
