"""The rules by which words and names are folded and heard, as data for the browser.

They are read from the modules that fold what is published, so that the two never differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any
from unicodedata import category

from kgpub.messages import LANGUAGES
from kgpub.names import sounds, titles
from kgpub.names.letters import fold
from kgpub.names.likeness import likenesses

_NO_TEXT = ("Cn", "Co", "Cs")
"""General categories of what is no character: it parts words."""
_FRAME = "x"
"""A letter that folds to itself, to see whether what stands between two of them parts them."""
_HANGUL = range(0xAC00, 0xD7A4)
"""Syllables, which fold to their letters by Unicode's own rule (NFKD)."""


@cache
def rules() -> Mapping[str, Any]:
    """Return all rules, as JSON; tables of characters are objects from one to what it becomes."""
    return {
        "folds": folds(),
        "sounds": {
            "arabic": _characters(sounds.ARABIC_SOUNDS),
            "kurdish": _characters(sounds.KURDISH_VOWELS),
            "latin": _characters(sounds.LATIN_LETTERS),
            "classes": _characters(sounds.CLASSES),
            "digraphs": sounds.DIGRAPHS,
        },
        "titles": {
            "addresses": _phrases(titles.ADDRESS_WORDS),
            "offices": _phrases(titles.OFFICE_WORDS),
            "complements": sorted(titles.COMPLEMENT_WORDS),
        },
        "likeness": {
            f"{int(one)}{int(other)}": asdict(table) for (one, other), table in likenesses().items()
        },
        "languages": list(LANGUAGES),
    }


def folds() -> Mapping[str, Any]:
    """Return what each character folds to that does not fold to itself, but Hangul.

    `spaces` and `nothing` are runs of code points, each as the distance from the end of the one
    before and its length; `others` alternates characters and what they fold to.
    """
    spaces: list[int] = []
    nothing: list[int] = []
    others: list[str] = []
    for point in range(0x110000):
        character = chr(point)
        if category(character) in _NO_TEXT:
            spaces.append(point)
        elif point not in _HANGUL:
            folded = fold(f"{_FRAME}{character}{_FRAME}")[1:-1]
            if folded == " ":
                spaces.append(point)
            elif not folded:
                nothing.append(point)
            elif folded != character:
                others += (character, folded)
    return {"spaces": list(_runs(spaces)), "nothing": list(_runs(nothing)), "others": others}


def _runs(points: Iterable[int]) -> Iterator[int]:
    """Yield distance and length of each run of successive numbers, which are sorted."""
    end, first, last = 0, -1, -2
    for point in points:
        if point != last + 1:
            if first >= 0:
                yield from (first - end, last + 1 - first)
                end = last + 1
            first = point
        last = point
    if first >= 0:
        yield from (first - end, last + 1 - first)


def _characters(table: Mapping[int, Any]) -> dict[str, str]:
    """Return a table of `str.translate` with characters for code points, "" for nothing."""
    return {chr(point): becomes or "" for point, becomes in sorted(table.items())}


def _phrases(by_first: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """Return phrases by their first word, the longest first, and in one order on every machine."""
    return {
        first: [" ".join(each) for each in sorted(those, key=lambda each: (-len(each), each))]
        for first, those in sorted(by_first.items())
    }
