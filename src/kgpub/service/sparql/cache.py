"""Answers that are kept, so that a question that is asked again is answered at once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """A whole answer: its bytes, media type with parameters, and entity tag."""

    content: bytes
    content_type: str
    tag: str


class Cache:
    """The answers that were asked for last, `most` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """Return the answer that is kept for `key`."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: tuple[str, ...], kept: Kept) -> None:
        """Keep an answer; the one that was asked for longest ago goes first."""
        before = self._kept.pop(key, None)
        self._size += _size(key, kept) - (_size(key, before) if before else 0)
        self._kept[key] = kept
        while self._size > self._most:
            self._size -= _size(*self._kept.popitem(last=False))


def _size(key: tuple[str, ...], kept: Kept) -> int:
    return len(kept.content) + 2 * sum(map(len, key)) + 500
