"""How deep a text is nested, counted by hand."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat

from kgpub.sources.nesting import MAX_NESTING, too_deep_at

LINES = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES, RdfFormat.TURTLE, RdfFormat.TRIG)
OPEN, CLOSE = b"<<( <a:s> <a:p> ", b" )>>"


def term(depth: int) -> bytes:
    """A triple term of RDF 1.2 with so many levels."""
    return OPEN * depth + b"<a:o>" + CLOSE * depth


@pytest.mark.parametrize("form", LINES)
def test_a_triple_term_is_one_level_and_closes_one(form: RdfFormat) -> None:
    assert too_deep_at(b"<a:s> <a:p> " + term(MAX_NESTING) + b" .\n", form) is None
    begin = b"<a:s> <a:p> "
    deeper = begin + term(MAX_NESTING + 1) + b" .\n"
    assert too_deep_at(deeper, form) == len(begin) + MAX_NESTING * len(OPEN)


@pytest.mark.parametrize("form", LINES)
def test_what_was_closed_before_is_not_taken_off_twice(form: RdfFormat) -> None:
    """Were the bracket and the signs behind it two closings, the depth would be told too low."""
    half = MAX_NESTING // 2
    text = OPEN * half + term(half) * 3 + term(half + 1)
    assert too_deep_at(text, form) == len(text) - len(term(half + 1)) + half * len(OPEN)
    assert too_deep_at(OPEN * half + term(half) * 3 + CLOSE * half, form) is None


@pytest.mark.parametrize("form", LINES)
def test_terms_beside_each_other_are_no_levels(form: RdfFormat) -> None:
    assert too_deep_at((b"<a:s> <a:p> " + term(2) + b" .\n") * MAX_NESTING, form) is None


@pytest.mark.parametrize("form", LINES)
def test_what_stands_in_a_text_or_a_comment_opens_and_closes_nothing(form: RdfFormat) -> None:
    texts = b'<a:s> <a:p> "<<( )>> [ \\" <<(" . # <<( <<(\n' * (MAX_NESTING + 1)
    assert too_deep_at(texts, form) is None
    closing = b'<a:s> <a:p> ")>>" .\n' * MAX_NESTING
    assert too_deep_at(closing + term(MAX_NESTING + 1), form) is not None


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.TRIG])
def test_reified_triples_and_lists_are_levels_too(form: RdfFormat) -> None:
    mixed = b"<< ( [ " * 67 + b"<a:o>" + b" ] ) >>" * 67
    assert MAX_NESTING + 1 == 3 * 67
    assert too_deep_at(mixed, form) == mixed.rindex(b"[")
