"""Terms with the words that count as them, in queries of SQLite and in texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.search.query import Term, parsed
from kgpub.search.sought import Sought, names_expression, places, texts_expression
from kgpub.search.words import folded_words

TEXTS = ("رئيس حكومة الإقليم", "الحكومة ورئيسها", "زار بغداد", "زار البصرة وبغداد", "a* b")


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute(
        "CREATE VIRTUAL TABLE texts USING fts5 (words, sorani, sounds, tokenize='ascii')"
    )
    for text in TEXTS:
        connection.execute("INSERT INTO texts (words) VALUES (?)", (" ".join(folded_words(text)),))
    yield connection
    connection.close()


def matching(index: sqlite3.Connection, expression: str) -> list[str]:
    rows = index.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY 1", (expression,))
    return [TEXTS[row[0] - 1] for row in rows]


def sought(text: str, **more: bool) -> list[Sought]:
    return [Sought(term, **more) for term in parsed(text).terms]


def test_all_terms_are_needed(index: sqlite3.Connection) -> None:
    assert matching(index, texts_expression(sought("زار بغداد"))) == ["زار بغداد"]
    assert matching(index, names_expression(sought("زار بغداد"), is_any=True)) == [
        "زار بغداد",
        "زار البصرة وبغداد",
    ]


def test_forms_count_as_the_word_but_not_as_it_is(index: sqlite3.Connection) -> None:
    term = Sought(Term(("بغداد",)), forms=("وبغداد",))
    assert matching(index, texts_expression([term])) == ["زار بغداد", "زار البصرة وبغداد"]
    assert matching(index, texts_expression([term], as_is=True)) == ["زار بغداد"]


def test_words_of_a_phrase_follow_each_other(index: sqlite3.Connection) -> None:
    assert matching(index, texts_expression(sought('"حكومة الإقليم"'))) == ["رئيس حكومة الإقليم"]
    assert matching(index, texts_expression(sought('"الإقليم حكومة"'))) == []


def test_a_beginning_counts_with_and_without_the_article(index: sqlite3.Connection) -> None:
    found = matching(index, texts_expression(sought("حكو*", is_prefix=True)))
    assert found == ["رئيس حكومة الإقليم", "الحكومة ورئيسها"]


@given(st.text(max_size=60), st.booleans())
def test_nothing_that_is_typed_is_syntax(
    index: sqlite3.Connection, text: str, is_any: bool
) -> None:
    for more in ('"', "* ", ' OR "a', "words:", "NEAR(", "^", "-", "\0"):
        terms = sought(more + text + more, is_prefix=True)
        if terms:
            matching(index, names_expression(terms, is_any))
            matching(index, texts_expression(terms))


def test_places_of_words_forms_and_phrases() -> None:
    text = "زار «الكاظمي» بغداد، رئيس الوزراء العراقي."
    terms = [
        Sought(Term(("كاظمي",)), forms=("الكاظمي",)),
        Sought(Term(("رييس", "الوزرا"), is_phrase=True)),
        Sought(Term(("عراق",)), is_prefix=True),
    ]
    found = [text[start:end] for start, end in places(text, terms, 10)]
    assert found == ["الكاظمي", "رئيس الوزراء", "العراقي"]
    assert len(places(text, terms, 2)) == 2


def test_a_phrase_that_breaks_off_stands_nowhere() -> None:
    terms = [Sought(Term(("رييس", "الوزرا"), is_phrase=True))]
    assert places("رئيس", terms, 10) == []
    assert places("رئيس مجلس الوزراء", terms, 10) == []


def test_a_word_known_as_a_whole_is_no_beginning_in_texts() -> None:
    typed = Sought(Term(("كاظمي",)), is_prefix=True, is_known=True, skeleton="kzm")
    assert not typed.in_texts.is_prefix
    assert not typed.in_texts.skeleton
    assert Sought(Term(("كاظ",)), is_prefix=True).in_texts.is_prefix
    assert not Sought(Term(("ك",)), is_prefix=True).in_texts.is_prefix
