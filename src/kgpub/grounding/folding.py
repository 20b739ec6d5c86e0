"""A text in which look-alikes count as one, and the way back to the text it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from kgpub.grounding.characters import folds


@dataclass(frozen=True)
class Folded:
    """A text and its folded form; offsets are code points in the one or the other."""

    original: str
    text: str
    ends: tuple[int, ...] | None
    """For each character of the original where its folded form ends; None: the offsets agree."""

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold `original`; linear in its length."""
        table = folds(original)
        text = original.translate({ord(character): plain for character, plain in table.items()})
        if all(len(plain) == 1 for plain in table.values()):
            return cls(original, text, None)
        lengths = dict.fromkeys(original, 1)
        lengths |= {character: len(plain) for character, plain in table.items()}
        return cls(original, text, tuple(accumulate(map(lengths.__getitem__, original))))

    @classmethod
    def at_most(cls, original: str, limit: int) -> Folded:
        """Fold as much of `original` as is no longer than `limit`, folded and unfolded.

        One ligature folds to as many as 18 letters.
        """
        folded = cls.of(original[:limit])
        if len(folded.text) <= limit:
            return folded
        return cls.of(original[: folded.boundary(limit)])

    def boundary(self, offset: int) -> int:
        """Return where in the original the folded character at `offset` begins.

        Ignorable characters belong to what precedes them; at the very beginning, and for an
        offset of 0, to what follows. The length of the folded text gives the original's.
        """
        if self.ends is None or offset == 0:
            return offset
        if offset >= len(self.text):
            return len(self.original)
        return bisect_right(self.ends, offset)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's stretch behind the folded one, no ignorables at either edge."""
        if self.ends is None:
            return start, end
        return bisect_right(self.ends, start), bisect_right(self.ends, end - 1) + 1
