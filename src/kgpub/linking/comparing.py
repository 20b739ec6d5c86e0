"""Compares a reading of a mention with a name of the index: numbers that the score is made of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.distance import Indel

from kgpub.linking.retrieval import Found, named
from kgpub.names.letters import ARABIC
from kgpub.names.likeness import likenesses, plain
from kgpub.names.sounds import outline

_LOOSE = frozenset(("kunya", "nisba", "son-of", "part", "script"))
MAX_ALIGNED = 5
"""Items whose names are aligned, which is the dearest step; the most alike at first sight."""
MAX_WORSE = 0.25
"""How much less alike than the first another item may be at first sight, from 0 to 1."""
MAX_SECOND = 3
"""Items whose names in the other script are compared too."""
_UNSOUNDED = 2.5
"""What a letter of another script weighs, about as much as an average sound."""

_LONGER_STEPS = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
_WEIGHT_STEPS = (0.6, 0.9, 1.2, 1.6, 2.2)
FEATURES = (
    "one",
    "alike",
    "longer",
    *(f"longer-from-{step}" for step in _LONGER_STEPS),
    "weight",
    *(f"weight-from-{step}" for step in _WEIGHT_STEPS),
    "equal",
    "equal-key",
    "clitic",
    "shortened",
    "part",
    "article",
    "loose-clitic",
    "loose-article",
    "words",
    "common",
    "common-of-all",
    "known",
    "near",
    "same-skeleton",
    "worst",
    "country",
    "country-longer",
    "across",
    "across-longer",
    "across-weight",
    "across-skeleton",
    "second",
    "second-longer",
    "second-squared",
)


_SIGHT: Callable[[tuple[float, Found]], float] = itemgetter(0)


class Compared(NamedTuple):
    """A name of the index beside a reading of the mention.

    `alike` is their likeness as a share of the most that the poorer of the two can reach, `longer`
    of the richer; `features` are numbers in the order of FEATURES.
    """

    found: Found
    alike: float
    longer: float
    features: tuple[float, ...]


def compare(found: Found) -> Compared:
    """Compare a name with the reading that it was found by."""
    name = found.reading
    one, other = plain(name.sound), plain(found.sound)
    arabic = bool(ARABIC.search(name.key)), bool(ARABIC.search(found.key))
    equal = name.bare == found.bare
    if arabic == (False, True):
        one, other = other, one
    table = likenesses()[max(arabic), min(arabic)]
    expected, expected_of_other = table.expected(one, other)
    least = max(min(expected, expected_of_other), 1.0)
    most = max(expected, expected_of_other, 1.0)
    if equal and not one:
        together = _UNSOUNDED * len(name.bare)
        alike = longer = 1.0
    else:
        together = table.of(one, other)
        alike, longer = together / least, together / most
    kinds = {kind for kind, _ in name.stripped}
    words = abs(name.key.count(" ") - found.key.count(" "))
    across = float(arabic[0] != arabic[1])
    skeleton = float(found.near == 1.0)
    weight = min(together, 40.0) / 10
    features = (
        1.0,
        alike,
        longer,
        *[longer - step if longer > step else 0.0 for step in _LONGER_STEPS],
        weight,
        *[weight - step if weight > step else 0.0 for step in _WEIGHT_STEPS],
        float(equal),
        float(name.key == found.key),
        float("clitic" in kinds),
        float(not kinds.isdisjoint(_LOOSE)),
        float(found.part),
        float(equal and name.key != found.key),
        float("clitic" in kinds and not equal),
        float("no-article" in kinds and not equal),
        float(min(words, 3)),
        *_common_words(name.key.split(), found.key.split()),
        found.weight / 5,
        found.near,
        skeleton,
        _worst_word(name.sound, found.sound),
        float(found.type == "c"),
        float(found.type == "c") * longer,
        across,
        across * longer,
        across * weight,
        across * skeleton,
    )
    return Compared(found, alike, longer, features)


def _common_words(ones: list[str], others: list[str]) -> tuple[float, float]:
    """Return the words in common as shares of the shorter and the longer name; 0 for one word."""
    least, most = sorted((len(ones), len(others)))
    if least < 2:
        return 0.0, 0.0
    common = len(set(ones).intersection(others))
    return common / least, common / most


def _worst_word(one: str, other: str) -> float:
    """Return how alike the least alike words at the same place of two sounds are, else 0.5."""
    ones, others = one.split(), other.split()
    if len(ones) != len(others) or not ones:
        return 0.5
    return min(map(Indel.normalized_similarity, ones, others))


def best_of(founds: Sequence[Found]) -> Compared | None:
    """Return of the names of one item the one most like its reading, with the other script's."""
    if not founds:
        return None
    best = compare(_best_at_first_sight(founds)[1])
    return _with_second(best, [one for one in founds if one.reading is best.found.reading])


def best_by_item(connection: sqlite3.Connection, founds: Iterable[Found]) -> list[Compared]:
    """Return for each item the name that is most like its reading, the most alike item first."""
    by_item: dict[int, list[Found]] = {}
    for found in founds:
        by_item.setdefault(found.item, []).append(found)
    likely = sorted(map(_best_at_first_sight, by_item.values()), key=_SIGHT, reverse=True)
    if not likely:
        return []
    least = likely[0][0] - MAX_WORSE
    best = [compare(found) for sight, found in likely[:MAX_ALIGNED] if sight >= least]
    best.sort(key=_fit, reverse=True)
    names = named(connection, [one.found for one in best[:MAX_SECOND]])
    return [_with_second(one, names.get(one.found.item, ())) for one in best]


def _best_at_first_sight(founds: Sequence[Found]) -> tuple[float, Found]:
    if len(founds) == 1:
        return _first_sight(founds[0]), founds[0]
    return max(((_first_sight(found), found) for found in founds), key=_SIGHT)


def _first_sight(found: Found) -> float:
    reading = found.reading
    alike = Indel.normalized_similarity(outline(reading.sound), outline(found.sound))
    return alike - len(reading.stripped) / 100


def _with_second(one: Compared, names: Sequence[Found]) -> Compared:
    """Return the comparison with the best name of the item in the other script beside it."""
    arabic = bool(ARABIC.search(one.found.key))
    others = [name for name in names if name.sound and bool(ARABIC.search(name.key)) != arabic]
    if not others:
        return one._replace(features=(*one.features, 0.0, 0.0, 0.0))
    longer = compare(max(others, key=_first_sight)).longer
    second = (1.0, max(longer, -0.2), max(longer, 0.0) ** 2)
    return one._replace(features=one.features + second)


def _fit(compared: Compared) -> float:
    return compared.longer - len(compared.found.reading.stripped) / 50
