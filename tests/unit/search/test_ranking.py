"""How well names fit."""

from __future__ import annotations

import pytest

from kgpub.names import read
from kgpub.search.query import parsed
from kgpub.search.ranking import Comparison, Fit, Stored, Wanted
from kgpub.search.sought import Sought
from kgpub.search.sounds import joined, sound_of, sounds_like


def fit(query: str, name: str) -> Fit | None:
    read_name = read(name)
    asked = parsed(query)
    sought = [
        Sought(term, is_prefix=asked.is_open, skeleton=sound_of(term.words[0]))
        for term in asked.terms
    ]
    stored = Stored(read_name.key, read_name.bare, joined(read_name))
    found = Comparison(Wanted.of(asked), sought).fitting(stored)
    return None if found is None else found.fit


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("مصطفى الكاظمي", "مصطفى الكاظمي", Fit.exact),
        ("مصطفی الکاظمی", "مصطفى الكاظمي", Fit.exact),
        ("mustafa al-kadhimi", "Mustafa Al-Kadhimi", Fit.exact),
        ("مصطفى كاظمي", "مصطفى الكاظمي", Fit.equal),
        ("الدكتور مصطفى الكاظمي", "مصطفى الكاظمي", Fit.equal),
        ("رئيس الوزراء مصطفى الكاظمي", "مصطفى الكاظمي", Fit.equal),
        ("الكاظمي", "مصطفى الكاظمي", Fit.words),
        ("كاظمي", "مصطفى الكاظمي", Fit.words),
        ("kadh", "Mustafa al-Kadhimi", Fit.beginning),
        ("كاظ", "مصطفى الكاظمي", Fit.beginning),
        ("kazimi", "مصطفى الكاظمي", Fit.sound),
        ("Abdulrahman", "عبد الرحمن", Fit.sound),
        ("الكاظمي يزور بغداد", "بغداد", Fit.part),
        ("الكاظمي يزور بغداد", "مطار بغداد", None),
        ("حسن", "حسين", None),
        ("Hassan", "حسين", None),
        ('"الكاظمي مصطفى"', "مصطفى الكاظمي", None),
    ],
)
def test_fits(query: str, name: str, expected: Fit | None) -> None:
    assert fit(query, name) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("barzani", "بارزاني"), ("erbil", "اربيل"), ("iraq", "العراق"), ("saddam", "صدام")],
)
def test_words_of_two_scripts_sound_alike(one: str, other: str) -> None:
    assert sounds_like(one, other)
    assert sounds_like(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("hasan", "حسين"), ("muhammad", "محمود"), ("baghdad", "البصره")]
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert not sounds_like(one, other)


def test_a_name_with_fewer_other_words_is_before() -> None:
    comparison = Comparison(Wanted.of(parsed("بغداد ")), [Sought(parsed("بغداد ").terms[0])])
    names = ["مطار بغداد", "مطار بغداد الدولي"]
    found = [comparison.fitting(Stored(read(n).key, read(n).bare, "")) for n in names]
    ranks = [each.rank for each in found if each]
    assert ranks == sorted(ranks) == [(Fit.words, 0, 1), (Fit.words, 0, 2)]
