"""Compares a reading of a mention with a name of the index: numbers that the score is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.distance import Indel

from kgpub.linking.retrieval import Found
from kgpub.names import Name
from kgpub.names.letters import ARABIC
from kgpub.names.likeness import likenesses, plain
from kgpub.names.sounds import outline

_LOOSE = frozenset(("kunya", "nisba", "son-of", "part", "script"))
MAX_ALIGNED = 4
"""Items whose names are aligned, which is the dearest step; the most alike at first sight."""
MAX_SAME = 10
"""Items of the same name that are compared: circumstances tell them apart."""
MAX_WORSE = 0.15
"""How much less alike than the first another item may be at first sight, from 0 to 1."""
MAX_SECOND = 3
"""Items whose names in the other script are compared too."""
LEAST_SECOND = 0.0
"""How like a name must be, as `Compared.longer` has it, for the other script's to be compared."""
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
    reading, arabic = best.found.reading, is_arabic(best.found.key)
    sounds = [
        one.sound
        for one in founds
        if one.reading is reading and one.sound and is_arabic(one.key) != arabic
    ]
    return _beside_other(best, sounds)


def likeliest(founds: Iterable[Found]) -> list[Compared]:
    """Return for each item the name that is most like its reading, the most alike item first.

    What the item is named in the other script is not looked at, see `beside_others`.
    """
    by_item: dict[int, list[Found]] = {}
    for found in founds:
        by_item.setdefault(found.item, []).append(found)
    likely = sorted(map(_best_at_first_sight, by_item.values()), key=_SIGHT, reverse=True)
    if not likely:
        return []
    sight, first = likely[0]
    least = sight - MAX_WORSE
    most = MAX_SAME if first.bare == first.reading.bare else MAX_ALIGNED
    best = [compare(found) for alike, found in likely[:most] if alike >= least]
    best.sort(key=_fit, reverse=True)
    return best


def beside_others(best: Sequence[Compared], others: Mapping[int, Sequence[str]]) -> list[Compared]:
    """Return what `likeliest` gave with the other script's names, whose sounds are by item."""
    return [
        _beside_other(one, others.get(one.found.item, ()) if place < MAX_SECOND else ())
        for place, one in enumerate(best)
    ]


def _best_at_first_sight(founds: Sequence[Found]) -> tuple[float, Found]:
    if len(founds) == 1:
        return _first_sight(founds[0]), founds[0]
    return max(((_first_sight(found), found) for found in founds), key=_SIGHT)


def _first_sight(found: Found) -> float:
    reading = found.reading
    alike = Indel.normalized_similarity(outline(reading.sound), outline(found.sound))
    return alike - len(reading.stripped) / 100


def _beside_other(one: Compared, sounds: Sequence[str]) -> Compared:
    """Return the comparison with the best name of the item in the other script beside it."""
    if not sounds or one.longer < LEAST_SECOND:
        return one._replace(features=(*one.features, 0.0, 0.0, 0.0))
    name = one.found.reading
    sound = sounds[0]
    if len(sounds) > 1:
        mine = outline(name.sound)
        sound = max(sounds, key=lambda each: Indel.normalized_similarity(mine, outline(each)))
    longer = _longer(name, sound, not is_arabic(one.found.key))
    second = (1.0, max(longer, -0.2), max(longer, 0.0) ** 2)
    return one._replace(features=one.features + second)


def _longer(name: Name, sound: str, arabic: bool) -> float:
    """Return how like a name's sound another sound is, as a share of what the richer can reach."""
    one, other = plain(name.sound), plain(sound)
    mine = is_arabic(name.key)
    if arabic and not mine:
        one, other = other, one
    table = likenesses()[arabic or mine, arabic and mine]
    return table.of(one, other) / max(*table.expected(one, other), 1.0)


def is_arabic(key: str) -> bool:
    """Return whether a folded name has letters of the Arabic script."""
    return bool(ARABIC.search(key))


def _fit(compared: Compared) -> float:
    return compared.longer - len(compared.found.reading.stripped) / 50
