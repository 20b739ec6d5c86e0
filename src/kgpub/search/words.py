"""The words of a text as a search compares them, and where they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kgpub.names.letters import fold

MAX_WORD = 64
"""Code points of a word that count: longer ones are no words of a language."""
_PIECE = re.compile(r"\S+")
_SORANI = ("ckb", "ku-arab")
_VOWEL, _PARTED_VOWEL = "ه\u200b", "ه\u200c"
_FRAME = "x"
"""A letter that folds to itself, to see whether what stands between two of them parts them."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and the `piece` of the text that holds it and no other word.

    `offset` is where the piece begins, in code points.
    """

    folded: str
    piece: str
    offset: int

    @property
    def place(self) -> tuple[int, int]:
        """From where to before where it stands: without punctuation, with marks that follow it."""
        first, last = 0, len(self.piece)
        while not _folded(self.piece[first]).strip():
            first += 1
        while not _folded(self.piece[last - 1]).strip():
            last -= 1
        while last < len(self.piece) and not _folded(self.piece[last]):
            last += 1
        return self.offset + first, self.offset + last


def is_sorani(language: str) -> bool:
    """Whether a language tag is of Sorani."""
    return language.lower() in _SORANI


def as_sorani(text: str) -> str:
    """Return Sorani text of the same length in which no vowel parts a word.

    Before ە was a letter of its own it was written as ه with a zero-width non-joiner behind it,
    which in Persian is where a word has a joint.
    """
    return text.replace(_PARTED_VOWEL, _VOWEL)


def folded_words(text: str) -> list[str]:
    """Return the words of `text`, folded as names are, each cut at MAX_WORD code points.

    >>> folded_words("إقليم کوردستان، «بغـداد»")
    ['اقليم', 'كوردستان', 'بغداد']
    """
    return [word[:MAX_WORD] for word in fold(text).split()]


def placed_words(text: str) -> Iterator[Word]:
    """Yield the words of `text` with their places: the same words as `folded_words`."""
    for match in _PIECE.finditer(text):
        folded = fold(match[0])
        if " " in folded:
            yield from _parted(match[0], match.start())
        elif folded:
            yield Word(folded[:MAX_WORD], match[0], match.start())


def _parted(piece: str, offset: int) -> Iterator[Word]:
    """Yield the words of a piece in which something parts them."""
    start = end = 0
    letters = ""
    for place, character in enumerate(piece):
        folded = _folded(character)
        if folded == "":
            end = place + 1 if letters else end
            continue
        # One character may be several words, as the fraction one half is.
        for number, part in enumerate(folded.split(" ")):
            if number and letters:
                yield Word(letters[:MAX_WORD], piece[start:end], offset + start)
                letters = ""
            if part:
                start = place if not letters else start
                letters += part
                end = place + 1
    if letters:
        yield Word(letters[:MAX_WORD], piece[start:end], offset + start)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return fold(f"{_FRAME}{character}{_FRAME}")[1:-1]
