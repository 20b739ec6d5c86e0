"""How alike two sounds are."""

from functools import cache
from itertools import product

import pytest

from kgpub.names import read
from kgpub.names.likeness import ALPHABET, MAX_SOUNDS, Likeness, likenesses, plain


def sound(text: str) -> str:
    return plain(read(text).sound)


def slowly(table: Likeness, one: str, other: str) -> float:
    """Return the best score over all alignments, by its definition."""

    @cache
    def best(i: int, j: int) -> float:
        ways = [0.0] if i == j == 0 else []
        if i and j:
            ways.append(best(i - 1, j - 1) + table.pairs[one[i - 1]][other[j - 1]])
        if i:
            ways.append(best(i - 1, j) + table.gaps[one[i - 1]])
        if j:
            ways.append(best(i, j - 1) + table.gaps_of_other[other[j - 1]])
        return max(ways)

    return best(len(one), len(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("sksbyCamblys", "saksbyCamblis"), ("mShd", "meShed"), ("", "abd"), ("abd", ""), ("a", "b"),
     ("glbhar", "jwlbhar"), ("kazmy", "kaDimi"), ("abab", "ab"), ("?", "??")],
)  # fmt: skip
def test_it_is_the_best_alignment(one: str, other: str) -> None:
    for table in likenesses().values():
        assert table.of(one, other) == pytest.approx(slowly(table, one, other))


def test_nothing_is_more_like_a_sound_than_itself() -> None:
    for table, one in product(likenesses().values(), ALPHABET):
        assert max(table.pairs[one].values()) == table.pairs[one][one]


@pytest.mark.parametrize(
    ("name", "nearer", "farther"),
    [
        ("مصطفى الكاظمي", "Mustafa al-Kadhimi", "Mustafa al-Khalidi"),
        ("نيجيرفان بارزاني", "Nechirvan Barzani", "Masrour Barzani"),
        ("برهم صالح", "Barham Salih", "Ibrahim Salih"),
        ("کركوك", "Kirkuk", "Karaj"),
    ],
)
def test_names_never_seen_in_training_are_told_apart(name: str, nearer: str, farther: str) -> None:
    across = likenesses()[True, False]
    assert across.of(sound(name), sound(nearer)) > across.of(sound(name), sound(farther)) + 3


def test_what_is_no_sound_is_one_sign_and_long_sounds_are_cut() -> None:
    assert plain("a 1 é") == "a??"
    assert len(plain("ab" * 10_000)) == MAX_SOUNDS
