from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.messages import LANGUAGES
from kgpub.pages.collation import sort_key

SORTED = {
    # As an Arabic index has them: the article does not count, nor do hamza and vowel signs.
    "ar": ["أحمد", "إربيل", "البصرة", "بغداد", "تكريت", "السليمانية", "العراق", "كنعان مكية",
           "كُنعان مكيّة المهندس", "مصطفى", "مصطفى الكاظمي", "يوسف", "Erbil", "Iraq"],
    # ڕ after ر, ژ after ز, ڤ after ف, گ after ک, ڵ after ل; ه and ە before ی.
    "ckb": ["ئاکرێ", "بەغدا", "پیرمام", "چەمچەماڵ", "دهۆک", "رانیە", "ڕاپەڕین", "زاخۆ", "ژینگە",
            "سلێمانی", "شارەزوور", "فایدە", "ڤان", "کەرکووک", "كەلار", "گەرمیان", "لالش", "ناحیە",
            "هەولێر", "یونس", "Erbil"],
    "en": ["3rd", "alan", "al-Kadhimi", "Eden", "Élan", "Erbil", "erbil city", "Zakho", "بغداد"],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_as_in_an_index_of_the_language(language: str) -> None:
    expected = SORTED[language]
    shuffled = random.Random(1).sample(expected, len(expected))
    assert sorted(shuffled, key=lambda name: sort_key(name, language)) == expected


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_has_a_place(name: str, language: str) -> None:
    places, itself = sort_key(name, language)
    assert itself == name
    assert all(place >= 0 for place in places)


def test_the_article_alone_is_a_word() -> None:
    assert sort_key("ال", "ar")[0]
    assert sort_key("الر", "ar")[0] != sort_key("ر", "ar")[0]
