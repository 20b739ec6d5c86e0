"""Words, names and queries are to the browser what they are to kgpub, whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import REPOSITORY
from tests.site.comparing import Node, needs_node, node

from kgpub.names import Name, read, readings
from kgpub.search.forms import arabic_forms, english_forms, frame, sorani_forms
from kgpub.search.query import parsed
from kgpub.search.sounds import alike, sound_of
from kgpub.search.words import folded_words, placed_words

pytestmark = needs_node

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةىپچژگڤکیەۆێڵڕ"
MARKS = "\u064b\u0651\u0640\u200c\u200d\u200b\u0301\u202e"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEşçğıİßöüèʿ‘’'ñžðøﬁ"
OTHERS = '0123٤۵½²①Ⅷ 　\t\n\x1c\x85\ufeff.,;:-–—/|()[]«»"“”„*_؟،٪你好각힣😀𝔸𐄇'
texts = st.text(st.one_of(*map(st.sampled_from, (LETTERS, LETTERS, MARKS, LATIN, OTHERS))))
any_texts = st.one_of(texts, st.text(), st.text(st.sampled_from(LETTERS + " "), max_size=60))
arabic = st.text(st.sampled_from(LETTERS), min_size=1, max_size=12)
latin = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=12)
CLITICS = "و ف ب ل ك س ال وال فال بال وبال كال فكال لل ولل سي وسي فسن وست"
ENDINGS = (
    "ها هم هن هما كما كم كن نا ه ك ا ت ته تها تنا s es ەکانیان ەکەیان ەکانی ەکان ەکەی ەکە ەکەش ێکی"
    " ێک ەوە انی انە ان یان مان تان یش ش ی ە"
)
clitics = st.sampled_from(("", *CLITICS.split()))
endings = st.sampled_from(("", *ENDINGS.split()))
words = st.one_of(latin, arabic, st.tuples(clitics, arabic, endings).map("".join))
TITLES = "الدكتور رئيس_الوزراء والدكتور dr prime_minister سەرۆکی أبو بن ibn abu al عبد abd of"
name_parts = st.one_of(words, st.sampled_from([each.replace("_", " ") for each in TITLES.split()]))
named = st.one_of(
    st.lists(name_parts, min_size=1, max_size=6).map(" ".join),
    st.tuples(texts, st.sampled_from((" (", " [", " / ", ", jr. ", " - ")), texts).map("".join),
    any_texts,
)
many = settings(max_examples=150, deadline=None)
LONG = "ا" * 400 + " " + "x y " * 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with node() as started:
        yield started


def article() -> list[str]:
    """All that the first article says, line by line."""
    path = REPOSITORY / "articles/al-kadhimi-and-kurdistan/article.txt"
    return path.read_text(encoding="utf-8").splitlines()


def of_words(text: str) -> dict[str, Any]:
    placed = [[word.folded, *word.place] for word in placed_words(text)]
    return {"folded": folded_words(text), "placed": placed}


def of_query(text: str) -> dict[str, Any]:
    query = parsed(text)
    terms = [
        {"words": list(each.words), "isPhrase": each.is_phrase, "isPrefix": each.is_prefix}
        for each in query.terms
    ]
    return {"text": query.text, "terms": terms, "isOpen": query.is_open, "isCut": query.is_cut}


def of_names(text: str) -> list[dict[str, str]]:
    def told(name: Name) -> dict[str, str]:
        keys = ("key", "bare", "sound", "skeleton")
        return {key: getattr(name, key) for key in keys}

    return [told(each) for each in (read(text), *readings(text))]


def of_forms(word: str) -> dict[str, Any]:
    other = (*arabic_forms(word), *english_forms(word))
    return {
        "arabic": [[form.stem, form.sure] for form in other],
        "sorani": [[form.stem, form.sure] for form in sorani_forms(word)],
        "frame": frame(word),
        "sound": sound_of(word),
    }


def test_every_character_folds_alike(browser: Node) -> None:
    points = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    characters = [f"a{chr(point)}b" for point in points]
    step = 50_000
    for first in range(0, len(characters), step):
        some = characters[first : first + step]
        told = browser.ask("words", texts=some)
        wrong = [
            text
            for text, each in zip(some, told, strict=True)
            if each["folded"] != folded_words(text)
        ]
        assert wrong == []


def test_words_of_the_first_article_stand_where_they_stand(browser: Node) -> None:
    lines = [*article(), LONG]
    assert browser.ask("words", texts=lines) == [of_words(line) for line in lines]


@many
@given(st.lists(any_texts, max_size=20))
def test_words_and_their_places(browser: Node, some: list[str]) -> None:
    assert browser.ask("words", texts=some) == [of_words(text) for text in some]


@many
@given(st.lists(any_texts, max_size=20))
def test_queries(browser: Node, some: list[str]) -> None:
    assert browser.ask("query", texts=some) == [of_query(text) for text in some]


def test_long_queries(browser: Node) -> None:
    some = [LONG, "😀" * 301 + "a", 'a "b c', "*", '"', "بارزاني*", "al", "the al", "ڤە\u200cن"]
    assert browser.ask("query", texts=some) == [of_query(text) for text in some]


@many
@given(st.lists(named, max_size=20))
def test_readings_of_names(browser: Node, some: list[str]) -> None:
    assert browser.ask("names", texts=some) == [of_names(text) for text in some]


@many
@given(st.lists(words, max_size=20))
def test_forms_frames_and_sounds_of_words(browser: Node, some: list[str]) -> None:
    folded = [word for text in some for word in folded_words(text)]
    assert browser.ask("forms", words=folded) == [of_forms(word) for word in folded]


@many
@given(st.lists(st.tuples(words, words), max_size=20))
def test_what_sounds_alike(browser: Node, pairs: list[tuple[str, str]]) -> None:
    told = browser.ask("alike", pairs=pairs)
    assert told == [alike(one, other) for one, other in pairs]


def test_spellings_across_scripts_sound_alike(browser: Node) -> None:
    pairs = [
        ("kadhimi", "الكاظمي"),
        ("kadhimi", "القاسم"),
        ("barzani", "بارزاني"),
        ("abdulrahman", "عبد الرحمن"),
        ("nechirvan", "نيجيرفان"),
        ("hassan", "حسين"),
        ("mosul", "الموصل"),
    ]
    told = browser.ask("alike", pairs=pairs)
    assert told == [alike(one, other) for one, other in pairs]
    assert True in told and False in told
