"""In how many ways a regular expression takes a text.

The expression is read as a position automaton (Glushkov, 1961): a position for each character of
it, and which can follow which, in how many ways. A run takes a text character by character from
position to position; a backtracking engine tries every run there is before it gives up. In a part
whose positions all lead to each other, some text has exponentially many runs if and only if two of
them part and meet again (Weber and Seidl, 1991). Elsewhere the runs that reach a position are at
most the sum of those that reach the ones before it, of which only such as one text can lead to at
the same time are added; where runs enter a loop that others are already in, once for each
character. What is not modelled exactly, as assertions, lets more through than the expression does,
and so adds runs and hides none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any

from kgpub.validation.character_sets import Alphabet, members_of

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
ASSERTIONS = (op.ASSERT, op.ASSERT_NOT)
_COMPOSED = (*REPEATS, *ASSERTIONS, op.SUBPATTERN, op.BRANCH, op.ATOMIC_GROUP)
_UNROLLED = 16
"""Repetitions at most that are read as that many; of a fixed number, _FIXED."""
_FIXED = 64
_POSITIONS = 1000
_MEMBERS = 2000
"""Characters, ranges and classes in all sets together."""
_STEPS = 500_000
"""Positions, members, and steps of reading at most: what has more is not trusted."""


class Untrusted(Exception):
    """A text may be taken in exponentially many ways, or there is no simple proof of less."""


@dataclass(frozen=True)
class Growth:
    """At most `factor` times the length of a text, and one more, to the power of `degree`."""

    factor: int
    degree: int = 0

    def at(self, length: int) -> int:
        """Return the bound for a text of `length` code points."""
        power: int = (length + 1) ** self.degree
        return self.factor * power

    def __add__(self, other: Growth) -> Growth:
        return Growth(self.factor + other.factor, max(self.degree, other.degree))

    def __mul__(self, other: Growth) -> Growth:
        return Growth(self.factor * other.factor, self.degree + other.degree)

    def __or__(self, other: Growth) -> Growth:
        """Return what bounds both."""
        return Growth(max(self.factor, other.factor), max(self.degree, other.degree))


NONE, ONCE, EACH = Growth(0), Growth(1), Growth(1, 1)


def steps(items: Sequence[Any], widths: Sequence[Any]) -> Growth:
    """Return how many steps an engine takes at most to match `items` from one place of a text.

    What assertions take is not counted. `widths` are the least and the most characters of each
    group, for references back. Raises Untrusted.
    """
    characters = list(atoms(items))
    members = [member for each in characters for member in members_of(*each)]
    if len(characters) > _POSITIONS or len(members) > _MEMBERS:
        raise Untrusted
    return _Runs(_Automaton(items, Alphabet(members), widths)).steps()


def inner(code: Any, argument: Any) -> Iterator[list[Any]]:
    """Yield the parts of a part of an expression."""
    if code in REPEATS:
        yield list(argument[2])
    elif code is op.SUBPATTERN:
        yield list(argument[3])
    elif code is op.BRANCH:
        yield from (list(each) for each in argument[1])
    elif code in ASSERTIONS:
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


@dataclass(frozen=True)
class _Part:
    """What a part of an expression begins and ends with, by the number of ways to it.

    `empty` is in how many ways it takes no character.
    """

    empty: int
    first: Mapping[int, int] = field(default_factory=dict)
    last: Mapping[int, int] = field(default_factory=dict)


_NOTHING = _Part(1)


class _Automaton:
    """The position automaton of `items`: `whole` is what these begin and end with."""

    def __init__(self, items: Sequence[Any], alphabet: Alphabet, widths: Sequence[Any]) -> None:
        self.characters: list[int] = []
        """Of each position, the classes of characters that it takes, a bit each."""
        self.follow: list[Counter[int]] = []
        self.idle = 0
        """Parts that take no character; a run may pass all of them at each."""
        self._alphabet = alphabet
        self._widths = widths
        self._left = _STEPS
        self.whole = self._sequence(items)

    def spend(self, count: int) -> None:
        """Raise Untrusted where reading has taken too many steps, with `count` more."""
        self._left -= count
        if self._left < 0:
            raise Untrusted

    def _connect(self, last: Mapping[int, int], first: Mapping[int, int]) -> None:
        self.spend(len(last) * len(first))
        for before, ways in last.items():
            for after, more in first.items():
                self.follow[before][after] += ways * more

    def _position(self, classes: int) -> _Part:
        if len(self.characters) == _POSITIONS:
            raise Untrusted
        self.characters.append(classes)
        self.follow.append(Counter())
        only = {len(self.characters) - 1: 1}
        return _Part(0, only, only)

    def _sequence(self, items: Sequence[Any]) -> _Part:
        part = _NOTHING
        self.idle += not items
        for code, argument in items:
            part = self._joined(part, self._item(code, argument))
        return part

    def _joined(self, one: _Part, other: _Part) -> _Part:
        self._connect(one.last, other.first)
        return _Part(
            one.empty * other.empty,
            self._sum(one.first, other.first, one.empty),
            self._sum(other.last, one.last, other.empty),
        )

    def _sum(self, one: Mapping[int, int], other: Mapping[int, int], times: int) -> dict[int, int]:
        self.spend(1 + len(one) + len(other))
        found = dict(one)
        if times:
            for each, ways in other.items():
                found[each] = found.get(each, 0) + times * ways
        return found

    def _either(self, parts: Iterable[_Part]) -> _Part:
        found = _Part(0)
        for part in parts:
            found = _Part(
                found.empty + part.empty,
                self._sum(found.first, part.first, 1),
                self._sum(found.last, part.last, 1),
            )
        return found

    def _item(self, code: Any, argument: Any) -> _Part:
        self.spend(1)
        if code in REPEATS:
            return self._repeat(argument[0], argument[1], list(argument[2]))
        if code is op.SUBPATTERN:
            return self._sequence(argument[3])
        if code is op.ATOMIC_GROUP:
            return self._sequence(argument)
        if code is op.BRANCH:
            return self._either([self._sequence(each) for each in argument[1]])
        if code in (op.AT, op.FAILURE, *ASSERTIONS):
            self.idle += 1
            return _NOTHING
        if code is op.GROUPREF:
            least, most = self._widths[argument]
            return self._repeat(least, most, [(op.ANY, None)])
        if code is op.GROUPREF_EXISTS:
            raise Untrusted
        return self._position(self._alphabet.classes(code, argument))

    def _repeat(self, least: int, most: int, body: Sequence[Any]) -> _Part:
        if most > (_FIXED if least == most else _UNROLLED):
            part = self._sequence(body)
            if part.empty:
                raise Untrusted
            self._connect(part.last, part.first)
            return self._either([part, _NOTHING]) if least == 0 else part
        part = _NOTHING
        for number in range(most, 0, -1):
            part = self._joined(self._sequence(body), part)
            if number > least:
                part = self._either([part, _NOTHING])
        return part


class _Runs:
    """The runs of an automaton on one text, of those with the most."""

    def __init__(self, automaton: _Automaton) -> None:
        self._automaton = automaton
        self._follow = automaton.follow
        self._together = self._reached_together()
        self._loops = self._parts_that_repeat()

    def steps(self) -> Growth:
        """Return how many steps all runs together have at most. Raises Untrusted."""
        self._require_one_way()
        whole = self._automaton.whole
        runs = self._runs()
        tried = {
            each: count * Growth(1 + self._follow[each].total() + whole.last.get(each, 0))
            for each, count in runs.items()
        }
        lengths = EACH if any(self._loops.values()) else Growth(len(tried) + 1)
        beginning = Growth(1 + sum(whole.first.values()) + whole.empty)
        return (beginning + lengths * self._most(tried)) * Growth(1 + self._automaton.idle)

    def _reached_together(self) -> dict[int, set[int]]:
        """Return with which positions runs on one text can be at each, as long as they are."""
        first = self._automaton.whole.first
        together: dict[int, set[int]] = {each: set() for each in range(len(self._follow))}
        for one, other in self._pairs(self._after(first, first), self._follow):
            together[one].add(other)
            together[other].add(one)
        return together

    def _parts_that_repeat(self) -> dict[int, frozenset[int]]:
        """Return the positions that each can lead to and come back from, those before others."""
        leads = [sum(1 << after for after in each) for each in self._follow]
        for middle in range(len(leads)):
            for each, reached in enumerate(leads):
                if reached >> middle & 1:
                    leads[each] |= leads[middle]
        order = sorted(range(len(leads)), key=lambda each: -(leads[each] | 1 << each).bit_count())
        return {
            each: frozenset(
                other for other in order if leads[each] >> other & 1 and leads[other] >> each & 1
            )
            for each in order
        }

    def _require_one_way(self) -> None:
        """Raise Untrusted where two runs part and meet again in a part that repeats."""
        within = [
            Counter({after: ways for after, ways in follow.items() if after in self._loops[each]})
            for each, follow in enumerate(self._follow)
        ]
        if any(ways > 1 for after in within for ways in after.values()):
            raise Untrusted
        beginnings = [(each, each) for each, loop in self._loops.items() if loop]
        for one, other in self._pairs(beginnings, within):
            if one != other and any(a == b for a, b in self._after(within[one], within[other])):
                raise Untrusted

    def _pairs(
        self, beginnings: Iterable[tuple[int, int]], follow: Sequence[Mapping[int, int]]
    ) -> set[tuple[int, int]]:
        """Return the pairs of positions that two runs on one text can go on to."""
        seen = set(beginnings)
        pending = list(seen)
        while pending:
            one, other = pending.pop()
            fresh = set(self._after(follow[one], follow[other])) - seen
            seen |= fresh
            pending += fresh
        return seen

    def _after(self, some: Collection[int], others: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yield the pairs that take the same character, the lesser position first."""
        characters = self._automaton.characters
        self._automaton.spend(len(some) * len(others))
        for one in some:
            for other in others:
                if characters[one] & characters[other]:
                    yield min(one, other), max(one, other)

    def _runs(self) -> dict[int, Growth]:
        """Return how many runs at most are at each position at the same time."""
        first = self._automaton.whole.first
        before: list[Counter[int]] = [Counter() for _ in self._follow]
        for each, follow in enumerate(self._follow):
            for after, ways in follow.items():
                before[after][each] = ways
        runs: dict[int, Growth] = {}
        for position in self._loops:
            members = self._loops[position] or {position}
            if position in runs:
                continue
            entering: Counter[int] = Counter()
            for member in members:
                entering.update({p: n for p, n in before[member].items() if p not in members})
            count = self._most({p: runs[p] * Growth(n) for p, n in entering.items()})
            count |= Growth(sum(first.get(member, 0) for member in members))
            if self._loops[position] and any(self._together[p] & members for p in entering):
                count *= EACH
            runs.update(dict.fromkeys(members, count))
        return runs

    def _most(self, counts: Mapping[int, Growth]) -> Growth:
        """Return the sum of those counts that belong to positions reached together, at most."""
        most, left = NONE, set(counts)
        while left:
            pending, total = [left.pop()], NONE
            while pending:
                position = pending.pop()
                total += counts[position]
                met = self._together[position] & left
                left -= met
                pending += met
            most |= total
        return most
