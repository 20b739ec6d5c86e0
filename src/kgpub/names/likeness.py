"""How much more alike two sounds are than chance would have it.

The likeness is a log-odds, natural, of a pair model of sequences (Durbin and others, Biological
Sequence Analysis, 1998, chapter 4): of two sounds aligned, each column adds the logarithm of how
much oftener that pair of letters stands for the same letter of one name than by chance. The numbers
of `likeness.json` were learned from names of the same people, see its `provenance`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

OTHER = "?"
"""Stands for whatever is no sound: digits, letters of other scripts."""
ALPHABET = "abCdDefgGhHijklmnopqQrsStTuvwXyYzZ" + OTHER
MAX_SOUNDS = 60
"""Sounds of a name that are compared: the work grows with the product of the lengths."""


@dataclass(frozen=True)
class Likeness:
    """A table of log-odds for two names in given scripts.

    `pairs` are of a sound of the one and a sound of the other; `gaps` and `gaps_of_other` of sounds
    of the one and of the other that have no counterpart. `typical` and `typical_of_other` is what a
    sound adds on average where the names are the same.
    """

    pairs: Mapping[str, Mapping[str, float]]
    gaps: Mapping[str, float]
    gaps_of_other: Mapping[str, float]
    typical: Mapping[str, float]
    typical_of_other: Mapping[str, float]

    def expected(self, one: str, other: str) -> tuple[float, float]:
        """Return the likeness that the one and the other would have with another spelling."""
        return (
            sum(map(self.typical.__getitem__, one)),
            sum(map(self.typical_of_other.__getitem__, other)),
        )

    def of(self, one: str, other: str) -> float:
        """Return the likeness of two sounds, best aligned; both as `plain` gives them.

        What they begin and end with alike is taken as aligned: nothing aligns better with a sound
        than itself.
        """
        first, last = _alike_ends(one, other)
        pairs = self.pairs
        alike = sum(pairs[sound][sound] for sound in one[:first])
        if last:
            alike += sum(pairs[sound][sound] for sound in one[-last:])
        return alike + self._aligned(one[first : len(one) - last], other[first : len(other) - last])

    def _aligned(self, one: str, other: str) -> float:
        """Return the score of the best global alignment (Needleman and Wunsch, 1970).

        It is what all sounds add without a counterpart, and the most that pairs can add to that:
        so gaps cost nothing in the table, which saves half of the work.
        """
        alone = sum(map(self.gaps.__getitem__, one))
        alone += sum(map(self.gaps_of_other.__getitem__, other))
        gains = self._gains
        row = [0.0] * len(other)
        left = 0.0
        for sound in one:
            gain = gains[sound]
            diagonal = left = 0.0
            for place, their in enumerate(other):
                paired = diagonal + gain[their]
                diagonal = row[place]
                if diagonal > left:
                    left = diagonal
                if paired > left:
                    left = paired
                row[place] = left
        return alone + left

    @cached_property
    def _gains(self) -> Mapping[str, Mapping[str, float]]:
        """What a pair adds over what both its sounds add without a counterpart."""
        return {
            one: {
                other: score - self.gaps[one] - self.gaps_of_other[other]
                for other, score in row.items()
            }
            for one, row in self.pairs.items()
        }


def _alike_ends(one: str, other: str) -> tuple[int, int]:
    """Return how many sounds two have in common at the beginning, and of the rest at the end."""
    shorter = min(len(one), len(other))
    first = 0
    while first < shorter and one[first] == other[first]:
        first += 1
    last = 0
    while last < shorter - first and one[-1 - last] == other[-1 - last]:
        last += 1
    return first, last


@lru_cache(maxsize=4096)
def plain(sound: str) -> str:
    """Return a sound as a sequence to compare: no spaces, OTHER for what is no sound, cut."""
    joined = sound.replace(" ", "")[:MAX_SOUNDS]
    if _SOUNDS.issuperset(joined):
        return joined
    return "".join(one if one in _SOUNDS else OTHER for one in joined)


_SOUNDS = frozenset(ALPHABET)


@cache
def likenesses() -> Mapping[tuple[bool, bool], Likeness]:
    """Return the learned tables, read once, by whether the one and the other are in Arabic script.

    An Arabic name is the one, a Latin name the other.
    """
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {
        (bool(first), bool(second)): Likeness(**table)
        for (first, second), table in zip(content["arabic"], content["tables"], strict=True)
    }
