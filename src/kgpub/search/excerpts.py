"""Shows where a text has what is looked for: a piece of it, with marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kgpub.search.sought import Sought, places
from kgpub.search.words import as_sorani, is_sorani

MAX_EXCERPT = 280
"""Code points of a text that are shown, about."""
MAX_READ = 100_000
"""Code points of a text in which places are looked for."""
MAX_MARKS = 200
_BEFORE = 60
"""Code points that are shown before the first mark, at most."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text with marks: places in `text`, in code points, none in another.

    `start` is where it begins in the whole; it is cut there and at its end, or not.
    """

    text: str
    marks: tuple[Place, ...] = ()
    start: int = 0
    is_cut_before: bool = False
    is_cut_after: bool = False

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in pieces, each with whether it is marked."""
        last = 0
        for start, end in self.marks:
            yield self.text[last:start], False
            yield self.text[start:end], True
            last = end
        yield self.text[last:], False


def excerpt(
    text: str, sought: Sequence[Sought], limit: int = MAX_EXCERPT, language: str = ""
) -> Excerpt:
    """Return the piece of `text` that has most of what is looked for, of about `limit` characters.

    It begins and ends between words. `language` is a BCP 47 tag or "".
    """
    read = text[:MAX_READ]
    found = _apart(places(as_sorani(read) if is_sorani(language) else read, sought, MAX_MARKS))
    if len(text) <= limit:
        return Excerpt(text, tuple(found))
    start = _begin(text, _best(found, limit - _BEFORE))
    end = _end(text, start + limit)
    marks = tuple((a - start, b - start) for a, b in found if start <= a and b <= end)
    return Excerpt(text[start:end], marks, start, start > 0, end < len(text))


def _apart(found: Sequence[Place]) -> list[Place]:
    """Return the places with those that overlap put together."""
    apart: list[Place] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _best(found: Sequence[Place], length: int) -> int:
    """Return where most places begin that lie within `length`; 0 where there are none."""
    best, most, last = 0, 0, 0
    for first, (start, _) in enumerate(found):
        last = max(last, first)
        while last < len(found) and found[last][1] <= start + length:
            last += 1
        if last - first > most:
            best, most = start, last - first
    return best


def _begin(text: str, first: int) -> int:
    start = max(0, first - _BEFORE)
    if start == 0:
        return 0
    space = next((n for n in range(start, first) if text[n].isspace()), first - 1)
    return space + 1


def _end(text: str, wanted: int) -> int:
    if wanted >= len(text):
        return len(text)
    floor = max(0, wanted - _BEFORE)
    return next((n for n in range(wanted, floor, -1) if text[n].isspace()), wanted)
