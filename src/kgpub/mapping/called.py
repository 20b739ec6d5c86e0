"""Things by what they are called: which of them a text means that is none of their identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from kgpub.names import MAX_LENGTH, Name, read, readings

MIN_SIMILARITY = 70
"""Of 100; below it a suggestion would puzzle more than help."""
MAX_COMPARED = 2_000
"""Names that a text is compared with one by one; among more it is looked up only."""
MAX_NEAR = 80
"""Characters of a text that is compared with names; what is longer is looked up only."""
MAX_MEANT = 3
"""Things of one name that are told of; with more, none is meant rather than another."""


class Called:
    """Finds what is called something, in whatever language, script variant or letters.

    Names are the same that `kgpub.names` reads as the same: without vowel signs, articles and
    clitics, with letters that are drawn alike.
    """

    def __init__(self, names: Iterable[tuple[str, str]], *, in_part: bool = False) -> None:
        """`names` are pairs of a name and what is called so.

        With `in_part` some words of a name stand for it, as a family name does for a person.
        """
        self._in_part = in_part
        same: dict[str, dict[str, None]] = defaultdict(dict)
        keys: dict[str, dict[str, None]] = defaultdict(dict)
        for text, thing in names:
            name = read(text)
            if name.bare:
                same[name.bare][thing] = None
                keys[name.key][thing] = None
        self._same = dict(sorted(same.items()))
        self._words = [(frozenset(key.split()), things) for key, things in keys.items()]

    def meant(self, text: str) -> tuple[str, ...]:
        """Return what `text` may mean: what is called so, else in part, else the nearest.

        Nothing where it means more than MAX_MEANT things alike, or is too long for a name.
        """
        if len(text) > MAX_LENGTH:
            return ()
        read_as = readings(text)
        for name in read_as:
            if name.bare in self._same:
                return _few(self._same[name.bare])
        plain = read_as[0] if read_as else None
        if plain is None or len(plain.key) > MAX_NEAR or len(self._words) > MAX_COMPARED:
            return ()
        return _few(self._part(plain) or self._nearest(plain))

    def _part(self, name: Name) -> set[str]:
        words = frozenset(name.tokens)
        named = self._words if self._in_part else ()
        return {each for its, things in named if words <= its for each in things}

    def _nearest(self, name: Name) -> set[str]:
        found = process.extract(
            name.bare,
            self._same.keys(),
            scorer=fuzz.ratio,
            score_cutoff=MIN_SIMILARITY,
            limit=MAX_MEANT + 1,
        )
        return {each for key, score, _ in found if score == found[0][1] for each in self._same[key]}


def _few(things: Iterable[str]) -> tuple[str, ...]:
    found = tuple(sorted(things))
    return found if len(found) <= MAX_MEANT else ()
