"""What clings to words in Arabic and Sorani."""

from __future__ import annotations

import pytest

from kgpub.names.letters import fold
from kgpub.search.forms import accepted, arabic_forms, forms, frame


def arabic(word: str, **strengths: int) -> set[str]:
    return _forms(word, strengths, is_sorani=False)


def _forms(word: str, strengths: dict[str, int], is_sorani: bool) -> set[str]:
    known = {fold(text): strength for text, strength in strengths.items()}
    found = forms(fold(word), is_sorani)
    return set(accepted(fold(word), found, lambda text: known.get(text, 0)))


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("وبغداد", "بغداد"),
        ("فبغداد", "بغداد"),
        ("ببغداد", "بغداد"),
        ("لبغداد", "بغداد"),
        ("كبغداد", "بغداد"),
        ("وببغداد", "بغداد"),
        ("فلبغداد", "بغداد"),
        ("سيزور", "يزور"),
        ("وسيزور", "يزور"),
        ("حكومته", "حكومة"),
        ("حكومتها", "حكومة"),
        ("وحكومتهم", "حكومة"),
        ("بحكومتنا", "حكومة"),
        ("رئيسهما", "رئيس"),
        ("رئيسكم", "رئيس"),
        ("رئيسًا", "رئيس"),
        ("كرئيسا", "رئيس"),
        ("علاقاته", "علاقات"),
        ("باللغة", "اللغة"),
    ],
)
def test_what_clings_is_taken_off_where_the_rest_is_better_known(written: str, stem: str) -> None:
    assert fold(stem) in arabic(written, **{stem: 5, written: 1})
    assert fold(stem) not in arabic(written, **{stem: 1, written: 5})


@pytest.mark.parametrize(
    "written",
    ["الكاظمي", "والكاظمي", "فالكاظمي", "بالكاظمي", "كالكاظمي", "للكاظمي", "وللكاظمي", "وبالكاظمي"],
)
def test_the_article_needs_no_better_known_word(written: str) -> None:
    assert "كاظمي" in arabic(written, **{written: 100})


@pytest.mark.parametrize(
    "word", ["وزير", "لبنان", "بارزاني", "كريم", "فلسطين", "سلام", "ولد", "بيان", "كتابه"]
)
def test_what_may_be_letters_of_the_word_stays_where_nothing_better_is_known(word: str) -> None:
    assert arabic(word, **{word: 1}) == set()


@pytest.mark.parametrize("word", ["وله", "بها", "لي", "كم", "الاب", "ان", "و"])
def test_no_word_is_left_with_fewer_than_three_letters(word: str) -> None:
    assert all(len(form.stem) >= 3 for form in arabic_forms(fold(word)))


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("شارەکە", "شار"),
        ("شارەکان", "شار"),
        ("شارەکانی", "شار"),
        ("شارێک", "شار"),
        ("سەرۆکی", "سەرۆک"),
        ("سەرۆکان", "سەرۆک"),
        ("هەولێرەوە", "هەولێر"),
        ("کوردستانیش", "کوردستان"),
        ("حکومەتیان", "حکومەت"),
    ],
)
def test_endings_of_sorani_are_taken_off(written: str, stem: str) -> None:
    assert fold(stem) in _forms(written, {stem: 5, written: 1}, is_sorani=True)
    assert fold(stem) not in _forms(written, {stem: 1, written: 5}, is_sorani=True)


def test_an_english_word_may_be_a_plural_or_a_genitive() -> None:
    assert [form.stem for form in forms("elections", is_sorani=False)] == ["election"]
    assert [form.stem for form in forms("gas", is_sorani=False)] == []


def test_words_of_other_scripts_have_no_forms() -> None:
    assert not list(arabic_forms("baghdad"))
    assert not list(arabic_forms("2006"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كردستان", "كوردستان"),
        ("کوردستان", "كردستان"),
        ("الديمقراطي", "الديموقراطي"),
        ("نيجيرفان", "نێچیرڤان"),
    ],
)
def test_spellings_of_long_foreign_words_share_a_frame(one: str, other: str) -> None:
    assert frame(fold(one)) == frame(fold(other)) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("كتاب", "كاتب"), ("مكتوب", "مكتب"), ("عالم", "علم"), ("سلام", "سالم")]
)
def test_short_words_that_differ_in_vowels_share_none(one: str, other: str) -> None:
    assert frame(fold(one)) == frame(fold(other)) == ""
