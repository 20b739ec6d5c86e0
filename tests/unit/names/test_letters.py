"""Letters that are the same in any spelling of a name."""

import pytest

from kgpub.names.letters import fold, mend_mixed


@pytest.mark.parametrize(
    ("rule", "written", "folded"),
    [
        ("hamza above alef", "أحمد", "احمد"),
        ("hamza below alef", "إبراهيم", "ابراهيم"),
        ("madda", "آمال", "امال"),
        ("wasla", "ٱلله", "الله"),
        ("hamza on waw", "مؤيد", "مويد"),
        ("hamza on yeh", "رئيس", "رييس"),
        ("hamza alone", "علاء", "علا"),
        ("decomposed hamza", "ا\u0654حمد", "احمد"),
        ("alef maqsura", "مصطفى", "مصطفي"),
        ("Persian yeh", "مصطفی", "مصطفي"),
        ("Persian kaf", "کاظم", "كاظم"),
        ("teh marbuta", "فاطمة", "فاطمه"),
        ("Kurdish ve", "ڤالا", "فالا"),
        ("Kurdish e", "هەولێر", "ههولير"),
        ("Kurdish o", "کۆیە", "كويه"),
        ("Kurdish l and r", "ڕەسوڵ", "رهسول"),
        ("letters of their own", "پچگژ", "پچگژ"),
        ("tatweel", "محـــمد", "محمد"),
        ("vowel marks", "مُحَمَّد", "محمد"),
        ("superscript alef", "رحمٰن", "رحمن"),
        ("Arabic digits", "٣ يونيو", "3 يونيو"),
        ("Persian digits", "۳", "3"),
        ("ZWNJ parts", "زمان\u200cآباد", "زمان اباد"),
        ("bidi controls", "\u202bمحمد\u202c\u200f", "محمد"),
        ("isolates", "\u2067علي\u2069", "علي"),
        ("presentation forms", "ﻣﺤﻤﺪ", "محمد"),
        ("ligature", "ﷲ", "الله"),
        ("Latin case and marks", "Şırnak É", "sirnak e"),
        ("ligature of Latin", "Ælfred", "aelfred"),
        ("full width", "Ｋｕｒｄ", "kurd"),
        ("apostrophes", "Ra'id ‘Ali Sa’d", "raid ali sad"),
        ("punctuation", "al-Kadhimi, M.", "al kadhimi m"),
        ("Cyrillic a", "B\u0430ghdad", "baghdad"),
        ("spaces", "  صدام \t حسين\u00a0", "صدام حسين"),
        ("Urdu letters", "ڈیوڈ ٹرمبل", "ديود ترمبل"),
    ],
)
def test_a_rule(rule: str, written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("word", ["زمان", "Kurd", "ﷲ", "Ωmega", "王", "\U0001d5d4", "\ud800"])
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


def test_a_latin_vowel_in_an_arabic_word_is_mended() -> None:
    assert mend_mixed(fold("العرaق")) == "العراق"


@pytest.mark.parametrize("text", ["شركة MTN", "بMTN", "Marjane مرجان", "baghdad"])
def test_words_of_one_script_stay(text: str) -> None:
    assert mend_mixed(fold(text)) == fold(text)
