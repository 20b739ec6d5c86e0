"""Names find what is called so, however they are written, and nothing that is only a little so."""

from __future__ import annotations

import time

import pytest

from kgpub.mapping.called import MAX_COMPARED, Called

PEOPLE = [
    ("سالم عمر", "salim"),
    ("Salim Omar", "salim"),
    ("ليلى حسن", "layla"),
    ("Layla Hasan", "layla"),
    ("كەژاڵ ئەحمەد", "kazhal"),
    ("نادية حسن", "nadia"),
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("سالم عمر", ("salim",)),
        ("سَالِم عُمَر", ("salim",)),  # vowel signs
        ("سالـــم عمر", ("salim",)),  # tatweel
        ("ليلي حسن", ("layla",)),  # yeh for alef maksura
        ("وليلى حسن", ("layla",)),  # "and"
        ("لسالم عمر", ("salim",)),  # "of"
        ("  salim   OMAR ", ("salim",)),
        ("كه‌ژاڵ ئه‌حمه‌د", ("kazhal",)),  # heh and ZWNJ for Kurdish ae
        ("سليم عمر", ("salim",)),
        ("Laila Hasan", ("layla",)),
        ("سالم", ("salim",)),
        ("حسن", ("layla", "nadia")),
        ("محمد شياع", ()),
        ("م", ()),
        ("", ()),
        ("!?", ()),
        ("\u200e\u200f", ()),
    ],
)
def test_a_name_written_in_any_way_finds_who_is_called_so(
    text: str, meant: tuple[str, ...]
) -> None:
    assert Called(PEOPLE, in_part=True).meant(text) == meant


def test_a_part_of_a_name_stands_for_it_only_where_that_is_asked() -> None:
    assert Called(PEOPLE).meant("حسن") == ()
    assert Called(PEOPLE).meant("ليلى حسن") == ("layla",)


def test_one_name_of_several_finds_them_all_but_no_crowd() -> None:
    for number in range(1, 4):
        slugs = tuple(f"hasan-{n}" for n in range(number))
        assert Called([("حسن علي", slug) for slug in slugs]).meant("حسن علي") == slugs
    assert Called([("حسن علي", f"hasan-{n}") for n in range(4)]).meant("حسن علي") == ()


def test_a_crowd_is_not_one_of_it_for_being_nearest() -> None:
    hasans = [(f"حسن {letter}", f"hasan-{letter}") for letter in "ابجد"]
    assert Called(hasans, in_part=True).meant("حسن") == ()
    assert Called(hasans[:2], in_part=True).meant("حسن") == ("hasan-ا", "hasan-ب")


def test_those_that_are_equally_near_are_all_told() -> None:
    letters = "abcd"
    names = [(f"election{letter}", letter) for letter in letters]
    assert Called(names[:3]).meant("electionx") == ("a", "b", "c")
    assert Called(names).meant("electionx") == ()
    assert Called(names).meant("xelectiona") == ("a",)


def test_the_same_name_is_found_among_many_and_a_like_one_is_not_looked_for() -> None:
    names = [(f"name{n:05}", f"slug-{n}") for n in range(MAX_COMPARED + 1)]
    many, fewer = Called(names), Called(names[:-1])
    assert many.meant("Name01234") == fewer.meant("Name01234") == ("slug-1234",)
    assert many.meant("mame01234") == ()
    assert fewer.meant("mame01234") == ("slug-1234",)


@pytest.mark.parametrize("letter", ["x", "س", "x ", "س ", "ال ", "\u200c", "é", "لل"])
def test_no_text_however_long_takes_long(letter: str) -> None:
    """A thousand problems are told of a file; each of them may ask."""
    names = [(f"{letter * 100}{n}", f"slug-{n}") for n in range(MAX_COMPARED)]
    called = Called(names, in_part=True)
    texts = [letter * length for length in (1, 40, 80, 300, 1_000_000)]
    began = time.process_time()
    for _ in range(20):
        for text in texts:
            called.meant(text)
    assert (time.process_time() - began) / 100 < 0.01
