"""How words of names sound: so that a name is found by how another script writes it."""

from __future__ import annotations

from functools import lru_cache

from kgpub.names import Name, read
from kgpub.names.letters import ARABIC
from kgpub.names.likeness import likenesses, plain

_LEAST_ALIKE = {(True, False): 0.4, (False, False): 0.95, (True, True): 0.97}
"""Share of the likeness that two spellings of a word would have, from which they count as such.

By whether the one and the other are in Arabic script: within a script حسن and حسين differ.
"""
LEAST_SKELETON = 2
"""Consonants of a word that is looked for by its sound."""


def joined(name: Name) -> str:
    """Return the skeleton of a name, however its words are parted; "" where it is very short."""
    skeleton = name.skeleton.replace(" ", "")
    return skeleton if len(skeleton) > LEAST_SKELETON else ""


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """Return the skeleton that a word of a name is found by, "" for one of a consonant or none."""
    skeleton = read(word).skeleton.replace(" ", "")
    return skeleton if len(skeleton) >= LEAST_SKELETON else ""


@lru_cache(maxsize=8192)
def sounds_like(word: str, other: str) -> bool:
    """Whether two folded words may be one name, written by its sound.

    >>> sounds_like("kadhimi", "الكاظمي"), sounds_like("kadhimi", "القاسم")
    (True, False)
    """
    return bool(sound_of(word)) and sound_of(word) == sound_of(other) and alike(word, other)


def alike(one: str, other: str) -> bool:
    """Whether two folded names sound so alike that they may be spellings of one."""
    arabic, arabic_too = bool(ARABIC.search(one)), bool(ARABIC.search(other))
    first, second = plain(read(one).sound), plain(read(other).sound)
    if arabic_too and not arabic:
        first, second = second, first
    scripts = arabic or arabic_too, arabic and arabic_too
    table = likenesses()[scripts]
    most = max(*table.expected(first, second), 1.0)
    return table.of(first, second) / most >= _LEAST_ALIKE[scripts]
