"""What a text hides is told, and what is as it seems is left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.submissions.visible import is_odd, pieces, told


@pytest.mark.parametrize(
    ("text", "language", "marked"),
    [
        ("Layla\u202enasaH", "en", ["U+202E"]),
        ("a\u200bb\u00adc\u2066", "", ["U+200B", "U+00AD", "U+2066"]),
        ("Hasan\u00a0Ali", "en", ["U+00A0"]),
        ("P\u0430ypal", "", ["\u0430"]),
        ("P\u0430ypal", "en", ["\u0430"]),
        ("\u041e\u0410", "en", ["\u041e", "\u0410"]),
        ("\u039fmar", "ku", ["\u039f"]),
        ("\u06a9اظم", "ar", ["\u06a9"]),
        ("\u0643وردستان", "ckb", ["\u0643"]),
        ("\uff21dam", "en", ["\uff21"]),
        ("\U0001d400dam", "", ["\U0001d400"]),
        ("a\u200c\u0430", "", ["U+200C", "\u0430"]),
        ("\u3164", "", ["U+3164"]),
    ],
)
def test_what_is_not_what_it_seems_is_marked(text: str, language: str, marked: list[str]) -> None:
    assert [each.shown for each in pieces(text, language) if each.note] == marked
    assert is_odd(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("مصطفى الكاظمي", "ar"),
        ("عَلِيّ بنُ أبي طالب", "ar"),
        ("نێچیرڤان بارزانی", "ckb"),
        ("کەرکووک", "ckb"),
        ("Nêçîrvan Barzanî", "ku"),
        ("İstanbul'da D'Arcy O’Neill", "tr"),
        ("Россия", ""),
        ("روسيا Россия Russia", "ar"),
        ("Hasan (حسن) 2019–2020", "en"),
        ("line\nother\tline", "en"),
        ("e\u0301", "fr"),
        ("🙂", "en"),
        ("", ""),
    ],
)
def test_what_is_as_it_seems_is_left_alone(text: str, language: str) -> None:
    assert told(text, language) == text and not is_odd(text, language)


@given(st.text(), st.sampled_from(["", "en", "ar", "ckb", "ku", "zz"]))
def test_nothing_is_lost_and_nothing_stays_hidden(text: str, language: str) -> None:
    shown = told(text, language)
    back = "".join(
        chr(int(each.note[2:].split()[0].rstrip(","), 16)) if each.note else each.shown
        for each in pieces(text, language)
    )
    assert back == text
    hidden = [each for each in shown if each not in "\n\t" and unicodedata.category(each)[0] == "C"]
    assert hidden == []
