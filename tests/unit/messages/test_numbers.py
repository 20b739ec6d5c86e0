"""Numbers of things take the forms that grammars of the languages give."""

from __future__ import annotations

import pickle

import pytest

from kgpub.messages import LANGUAGES, Message, catalogue
from kgpub.messages.numbers import Counted, category

# By hand, after the CLDR's chart of plural rules: ar has six categories for integers.
ARABIC = {
    0: "لا ملفات",
    1: "ملف واحد",
    2: "ملفان",
    3: "3 ملفات",
    10: "10 ملفات",
    11: "11 ملفًا",
    99: "99 ملفًا",
    100: "100 ملف",
    101: "101 ملف",
    102: "102 ملف",
    103: "103 ملفات",
    111: "111 ملفًا",
    1_000: "1,000 ملف",
    1_005: "1,005 ملفات",
}


@pytest.mark.parametrize("number", ARABIC)
def test_arabic_has_its_six_forms(number: int) -> None:
    assert Counted("count-files", number).text("ar") == ARABIC[number]


def test_english_and_sorani_have_two() -> None:
    told = [Counted("count-graphs", number) for number in (0, 1, 2, 1_001)]
    assert told == ["0 graphs", "1 graph", "2 graphs", "1,001 graphs"]
    assert [each.text("ckb") for each in told[:2]] == ["0 گراف", "1 گراف"]
    assert told[1].text("de") == "1 graph"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_noun_has_all_forms_of_the_language(language: str) -> None:
    most = {category(number, language) for number in range(1_000)}
    for code, template in catalogue(language).items():
        if code.startswith("count-"):
            assert set(range(template.count("|") + 1)) == most, code


def test_inside_a_message_it_speaks_the_same_language_and_can_be_copied() -> None:
    loaded = Counted("count-graphs", 3)
    message = Message("loaded-changes", loaded=loaded, dropped=0)
    assert message == "3 graphs loaded, 0 dropped"
    assert message.text("ar") == "المحمَّل: 3 رسوم بيانية؛ المحذوف: 0"
    assert pickle.loads(pickle.dumps(loaded)).text("ar") == loaded.text("ar")
