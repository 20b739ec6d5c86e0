"""From words to the place where they stand in an article, and back again when it changes."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from kgpub.grounding.characters import is_ignorable
from kgpub.grounding.nearest import find_nearest
from kgpub.grounding.outcome import (
    Absent,
    Blank,
    Inexact,
    Occurrence,
    OutOfRange,
    Repeated,
    Ungrounded,
)
from kgpub.model.text import Passage

MAX_OCCURRENCES = 1_000
"""Occurrences that are counted; words that stand more often than this identify nothing."""

LISTED = 10
"""Occurrences that an outcome carries."""


def ground(
    text: str, words: str, occurrence: int | None = None, *, search: bool = True
) -> Passage | Ungrounded:
    """Return the passage of `text` (an article) where `words` stand, or why there is none.

    The words must stand in the text code point for code point: nothing is normalised. Occurrences
    count from 1 by where they start, overlapping ones too: "ana" stands in "banana" twice.
    `occurrence` chooses one, and must where there are several. Time is linear in the lengths,
    save for the search for the nearest passage, which `search=False` leaves out.
    """
    if all(character.isspace() or is_ignorable(character) for character in words):
        return Blank(words)
    starts, complete = _starts(text, words)
    if not starts:
        return _near(text, words, search)
    if occurrence is None and len(starts) == 1:
        return Passage.of(text, starts[0], starts[0] + len(words))
    if occurrence is None:
        return Repeated(words, _listed(text, words, starts), len(starts), complete)
    if not 1 <= occurrence <= len(starts):
        listed = _listed(text, words, starts)
        return OutOfRange(words, occurrence, listed, len(starts), complete)
    start = starts[occurrence - 1]
    return Passage.of(text, start, start + len(words))


def relocate(passage: Passage, text: str, *, search: bool = True) -> Passage | Ungrounded:
    """Return where `passage` of an earlier text stands in the changed `text`.

    Of several occurrences it is the one whose prefix and suffix are closest to the passage's by
    Levenshtein distance, then the one nearest to its old offset. Only the first
    `MAX_OCCURRENCES` are looked at.
    """
    starts, _ = _starts(text, passage.exact)
    if not starts:
        return _near(text, passage.exact, search)
    candidates = (Passage.of(text, start, start + len(passage.exact)) for start in starts)
    return min(candidates, key=lambda candidate: _displacement(passage, candidate))


def _starts(text: str, words: str) -> tuple[list[int], bool]:
    """Return where `words` stand, and whether that is every place."""
    starts: list[int] = []
    start = text.find(words)
    while start != -1:
        if len(starts) == MAX_OCCURRENCES:
            return starts, False
        starts.append(start)
        start = text.find(words, start + 1)
    return starts, True


def _listed(text: str, words: str, starts: list[int]) -> tuple[Occurrence, ...]:
    return tuple(
        Occurrence(Passage.of(text, start, start + len(words)), text.count("\n", 0, start) + 1)
        for start in starts[:LISTED]
    )


def _near(text: str, words: str, search: bool) -> Ungrounded:
    nearest = find_nearest(text, words) if search else None
    return Inexact(words, nearest) if nearest else Absent(words, search)


def _displacement(old: Passage, new: Passage) -> tuple[int, int, int]:
    context = Levenshtein.distance(old.prefix, new.prefix)
    context += Levenshtein.distance(old.suffix, new.suffix)
    return context, abs(new.start - old.start), new.start
