"""Which part of a line is meant: written by hand, one form of value a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.reporting.excerpt import MAX_AFTER, MAX_BEFORE, MAX_PART, Excerpt

LINES = [
    ("facts.yaml", "  ›nmae‹: {en: X}"),
    ("facts.yaml", "kind: ›electoin‹  # why"),
    ("facts.yaml", "title: ›a plain text, with a comma‹"),
    ("facts.yaml", "- {who: ›person/layla‹, role: agent}"),
    ("facts.yaml", "names: [›one two‹, three]"),
    ("facts.yaml", 'words: ›"in \\"quotes\\", all"‹ # x'),
    ("facts.yaml", "words: ›'it''s'‹, more"),
    ("facts.yaml", "said: {a: '{', b: ›c‹}"),
    ("facts.yaml", "asserts: ›[‹ {type: Tenure} ]"),
    ("facts.yaml", "words: ›|-‹"),
    ("facts.yaml", "name: ›ليلى حسن‹"),
    ("facts.yaml", "time: ›2021-02-30T10:00:00‹"),
    ("facts.json", '{"id": ›"x"‹, "y": 1}'),
    ("facts.json", '{"year": ›2016‹, "y": 1}'),
    ("people.csv", "a,›layla hasan‹,b"),
    ("people.csv", 'a,›"b, ""c"""‹,d'),
    ("people.csv", "a;›b, c‹;d".replace(",", ".")),
    ("data.ttl", "e:a e:p ›<urn:b>‹ ;"),
    ("data.ttl", 'e:a e:p ›"x y"@en‹ , "z" .'),
    ("data.ttl", "e:a e:p ›'x; y'@en‹ , 'z' ."),
    ("data.nq", "<a> ›<b>‹ <c> ."),
]


@pytest.mark.parametrize(("file", "marked"), LINES)
def test_what_is_meant(file: str, marked: str) -> None:
    before, part, after = marked.partition("›")[0], "", ""
    part, _, after = marked.partition("›")[2].partition("‹")
    line = before + part + after
    excerpt = Excerpt.of(file, line, len(before) + 1)
    assert (excerpt.before, excerpt.part, excerpt.after) == (before, part, after)


def test_only_the_line_of_an_article_runs_as_its_first_letter_says() -> None:
    line = "المثال, en: The Example}, kind: x"
    assert Excerpt.of("articles/a/article.txt", line, 1).is_prose
    assert not Excerpt.of("articles/a/facts.yaml", line, 1).is_prose


@given(st.text(max_size=600), st.integers(-5, 700), st.sampled_from(["a.yaml", "a.csv", "a.ttl"]))
def test_the_parts_are_of_the_line_and_bounded(line: str, column: int, file: str) -> None:
    excerpt = Excerpt.of(file, line, column)
    assert excerpt.before + excerpt.part + excerpt.after in line or excerpt.clipped_after
    assert excerpt.before + excerpt.part in line
    assert len(excerpt.before) <= MAX_BEFORE
    assert len(excerpt.part) <= MAX_PART
    assert len(excerpt.after) <= MAX_AFTER
