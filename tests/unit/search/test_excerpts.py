"""A piece of a text with marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgpub.search.excerpts import Excerpt, excerpt
from kgpub.search.query import Term
from kgpub.search.sought import Sought

BAGHDAD = [Sought(Term(("بغداد",)))]


def test_a_short_text_is_shown_whole() -> None:
    shown = excerpt("زار بغداد.", BAGHDAD)
    assert shown == Excerpt("زار بغداد.", ((4, 9),))
    assert list(shown.pieces) == [("زار ", False), ("بغداد", True), (".", False)]


def test_of_a_long_text_the_piece_with_most_marks_is_shown() -> None:
    text = "بغداد " + "كلمة " * 200 + "بغداد وبغداد بغداد " + "كلمة " * 200
    shown = excerpt(text, [Sought(Term(("بغداد",)), forms=("وبغداد",))], 100)
    assert shown.is_cut_before
    assert shown.is_cut_after
    assert [shown.text[a:b] for a, b in shown.marks] == ["بغداد", "وبغداد", "بغداد"]
    assert text[shown.start :].startswith(shown.text)
    assert not shown.text.startswith("لمة")


def test_places_that_overlap_are_one_mark() -> None:
    terms = [
        Sought(Term(("حكومه", "اقليم"), is_phrase=True)),
        Sought(Term(("اقليم", "كوردستان"), is_phrase=True)),
    ]
    shown = excerpt("حكومة إقليم كوردستان", terms)
    assert shown.marks == ((0, 20),)


@given(st.text(st.sampled_from("بغداد \nab،\u0301"), max_size=300), st.integers(70, 120))
def test_an_excerpt_is_of_the_text_and_so_are_its_marks(text: str, limit: int) -> None:
    shown = excerpt(text, [*BAGHDAD, Sought(Term(("ab",)))], limit)
    assert text[shown.start : shown.start + len(shown.text)] == shown.text
    assert len(shown.text) <= limit + 1
    assert shown.is_cut_before == (shown.start > 0)
    assert shown.is_cut_after == (shown.start + len(shown.text) < len(text))
    last = 0
    for start, end in shown.marks:
        assert last <= start < end <= len(shown.text)
        last = end
    assert "".join(piece for piece, _ in shown.pieces) == shown.text
