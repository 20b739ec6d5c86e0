"""How well a name fits what is looked for, and which of an entity's names fits best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from kgpub.names import read, readings
from kgpub.search.query import Query
from kgpub.search.sought import ARTICLE, Sought
from kgpub.search.sounds import alike, joined, sounds_like


class Fit(IntEnum):
    """How a name has what is looked for, best first.

    It is the name; it is but for articles, titles or spelling; words of it are; forms of words of
    it, or other spellings, are; words of it begin so; words of it sound so; it is a part of it.
    """

    exact = 0
    equal = 1
    words = 2
    forms = 3
    beginning = 4
    sound = 5
    part = 6


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a name fits: how many terms it has not, and how many of its words are no terms."""

    fit: Fit
    missing: int
    others: int

    @property
    def rank(self) -> tuple[int, int, int]:
        """A sort key, best first."""
        return (self.fit, self.missing, self.others)


@dataclass(frozen=True, slots=True)
class Stored:
    """A name as it is kept: `key` and `bare` of kgpub.names.Name, and its skeleton, `joined`."""

    key: str
    bare: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A whole query as a name: its key, and what readings of it have in common with others."""

    key: str
    bares: frozenset[str]
    skeletons: frozenset[str]

    @classmethod
    def of(cls, query: Query) -> Wanted:
        """Return the readings of a query: as it stands, without title, without clitic."""
        key = " ".join(query.words)
        read_as = readings(query.text)
        return cls(
            read(query.text).key or key,
            frozenset(reading.bare for reading in read_as),
            frozenset(filter(None, (joined(reading) for reading in read_as))),
        )


class Comparison:
    """Compares names with one query: what a word of a name is to the terms is found out once."""

    def __init__(self, wanted: Wanted, sought: Sequence[Sought]) -> None:
        self._wanted = wanted
        self._sought = sought
        self._phrases = [n for n, each in enumerate(sought) if each.term.is_phrase]
        self._known: dict[str, tuple[tuple[int, Fit], ...]] = {}

    def fitting(self, name: Stored) -> Fitting | None:
        """Return how a name fits, or None."""
        if name.key == self._wanted.key:
            return Fitting(Fit.exact, 0, 0)
        if name.bare in self._wanted.bares:
            return Fitting(Fit.equal, 0, 0)
        words = name.key.split()
        fits: dict[int, Fit] = {}
        others = 0
        for word in words:
            found = self._of_word(word)
            others += not found
            for term, fit in found:
                fits[term] = min(fit, fits.get(term, fit))
        for term in self._phrases:
            if not _stands(self._sought[term].term.words, words):
                fits.pop(term, None)
        missing = len(self._sought) - len(fits)
        is_near = missing > 0 and name.skeleton in self._wanted.skeletons
        if is_near and alike(self._wanted.key, name.key):
            # Abdulrahman is عبد الرحمن: what is one word in one script need not be in another.
            return Fitting(Fit.sound, 0, 0)
        if not fits or (missing and others):
            return None
        return Fitting(Fit.part if missing else max(fits.values()), missing, others)

    def _of_word(self, word: str) -> tuple[tuple[int, Fit], ...]:
        """Return the terms that a word of a name may be, by their numbers, and how it is each."""
        if word not in self._known:
            fits = ((number, _word_fit(each, word)) for number, each in enumerate(self._sought))
            self._known[word] = tuple((number, fit) for number, fit in fits if fit is not None)
        return self._known[word]


def _word_fit(sought: Sought, word: str) -> Fit | None:
    if sought.term.is_phrase:
        return Fit.words if word in sought.term.words else None
    if word in (sought.word, ARTICLE + sought.word):
        return Fit.words
    if word in sought.firsts:
        return Fit.forms
    if sought.is_prefix and word.startswith((sought.word, ARTICLE + sought.word)):
        return Fit.beginning
    if sought.skeleton and sounds_like(sought.word, word):
        return Fit.sound
    return None


def _stands(phrase: Sequence[str], words: Sequence[str]) -> bool:
    length = len(phrase)
    return any(tuple(words[n : n + length]) == phrase for n in range(len(words) - length + 1))
