"""Repetitions that take some text in exponentially many ways.

What is repeated is read as a position automaton (Glushkov, 1961): a position for each character of
the expression, and which can follow which, in how many ways. Of the automaton of a repetition, all
whose positions lead to each other, some text is taken in exponentially many ways if and only if
two ways of taking it part and meet again (Weber and Seidl, 1991). What is not modelled exactly,
as assertions, lets more through than the expression does, and so adds ways and hides none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any

from kgpub.validation.character_sets import Alphabet, limits_of

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_COMPOSED = (
    *REPEATS,
    *(op.SUBPATTERN, op.BRANCH, op.ASSERT, op.ASSERT_NOT, op.ATOMIC_GROUP),
)
_UNROLLED = 16
"""Repetitions at most that are read as that many; of a fixed number, _FIXED."""
_FIXED = 64
_POSITIONS = 1000
_STEPS = 1_000_000
"""Positions, and pairs of them that are looked at, at most: what has more is not trusted."""


class Untrusted(Exception):
    """There are several ways, or no simple proof of the contrary."""


@dataclass(frozen=True)
class _Part:
    """What a part of an expression begins and ends with, by the number of ways to it.

    `empty` is in how many ways it takes no character. Two ways stand for more.
    """

    empty: int
    first: Mapping[int, int] = field(default_factory=dict)
    last: Mapping[int, int] = field(default_factory=dict)


_NOTHING = _Part(1)


def divides_one_way(body: Sequence[Any]) -> bool:
    """Return whether `body`, repeated, takes no text in exponentially many ways.

    False as well where there is no simple proof of it.
    """
    characters = list(atoms(body))
    limits = {limit for each in characters for limit in limits_of(*each)}
    if max(len(characters), len(limits)) > _POSITIONS:
        return False
    automaton = _Automaton(Alphabet(characters))
    try:
        automaton.repeated(body)
        automaton.require_one_way()
    except Untrusted:
        return False
    return True


def inner(code: Any, argument: Any) -> Iterator[list[Any]]:
    """Yield the parts of a part of an expression."""
    if code in REPEATS:
        yield list(argument[2])
    elif code is op.SUBPATTERN:
        yield list(argument[3])
    elif code is op.BRANCH:
        yield from (list(each) for each in argument[1])
    elif code in (op.ASSERT, op.ASSERT_NOT):
        yield list(argument[1])
    elif code is op.ATOMIC_GROUP:
        yield list(argument)


def atoms(items: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the characters, sets and marks that an expression is made of."""
    for code, argument in items:
        if code in _COMPOSED:
            for each in inner(code, argument):
                yield from atoms(each)
        else:
            yield code, argument


class _Automaton:
    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.characters: list[int] = []
        """Of each position, the classes of characters that it takes, a bit each."""
        self.follow: list[Counter[int]] = []

    def require_one_way(self) -> None:
        """Raise Untrusted where two ways of taking a text part and meet again."""
        if any(ways > 1 for after in self.follow for ways in after.values()):
            raise Untrusted
        seen = {(position, position) for position in range(len(self.follow))}
        pending = list(seen)
        steps = 0
        while pending:
            one, other = pending.pop()
            steps += len(self.follow[one]) * len(self.follow[other])
            if steps > _STEPS:
                raise Untrusted
            for pair in self._after(one, other):
                if pair[0] == pair[1] and one != other:
                    raise Untrusted
                if pair not in seen:
                    seen.add(pair)
                    pending.append(pair)

    def _after(self, one: int, other: int) -> Iterator[tuple[int, int]]:
        for each in self.follow[one]:
            for against in self.follow[other]:
                if self.characters[each] & self.characters[against]:
                    yield min(each, against), max(each, against)

    def repeated(self, body: Sequence[Any]) -> _Part:
        """Add `body`, repeated once or more. Raises Untrusted where it may take no character."""
        part = self._sequence(body)
        if part.empty:
            raise Untrusted
        self._connect(part.last, part.first)
        return part

    def _connect(self, last: Mapping[int, int], first: Mapping[int, int]) -> None:
        for before, ways in last.items():
            for after, more in first.items():
                self.follow[before][after] += ways * more

    def _position(self, code: Any, argument: Any) -> _Part:
        if len(self.characters) == _POSITIONS:
            raise Untrusted
        self.characters.append(self.alphabet.classes(code, argument))
        self.follow.append(Counter())
        only = {len(self.characters) - 1: 1}
        return _Part(0, only, only)

    def _sequence(self, items: Sequence[Any]) -> _Part:
        part = _NOTHING
        for code, argument in items:
            part = self._joined(part, self._item(code, argument))
        return part

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._connect(one.last, other.first)
        return _Part(
            min(one.empty * other.empty, 2),
            _sum(one.first, other.first, one.empty),
            _sum(other.last, one.last, other.empty),
        )

    def _item(self, code: Any, argument: Any) -> _Part:
        if code in REPEATS:
            return self._repeat(argument[0], argument[1], list(argument[2]))
        if code is op.SUBPATTERN:
            return self._sequence(argument[3])
        if code is op.ATOMIC_GROUP:
            return self._sequence(argument)
        if code is op.BRANCH:
            parts = [self._sequence(each) for each in argument[1]]
            return _either(parts)
        if code in (op.AT, op.ASSERT, op.ASSERT_NOT, op.FAILURE):
            return _NOTHING
        if code in (op.GROUPREF, op.GROUPREF_EXISTS):
            raise Untrusted
        return self._position(code, argument)

    def _repeat(self, least: int, most: int, body: list[Any]) -> _Part:
        if most > (_FIXED if least == most else _UNROLLED):
            part = self.repeated(body)
            return _either([part, _NOTHING]) if least == 0 else part
        part = _NOTHING
        for number in range(most, 0, -1):
            part = self._joined(self._sequence(body), part)
            if number > least:
                part = _either([part, _NOTHING])
        return part


def _either(parts: Sequence[_Part]) -> _Part:
    first: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for part in parts:
        first.update(part.first)
        last.update(part.last)
    return _Part(min(sum(part.empty for part in parts), 2), first, last)


def _sum(one: Mapping[int, int], other: Mapping[int, int], times: int) -> Mapping[int, int]:
    if not times:
        return one
    return Counter(one) + Counter({each: times * ways for each, ways in other.items()})
