"""Which characters of a regular expression another part of it may match as well.

Characters that an expression does not tell apart are one class: each of ASCII; beyond it, what
lies between the characters that are named, by whether they are digits, other letters, spaces or
none of these. Where a class may hold a character that is matched, it counts as matched. Case does
not count: whether an expression is matched with it is not known here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from re import _constants as op  # type: ignore[attr-defined]
from typing import Any

_ASCII = 128
_LETTERS = [code for code in range(_ASCII) if chr(code).isalpha()]
_LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
"""Letters beyond ASCII that differ in case, to Python, from letters of ASCII."""
_MOST = 1000
"""Characters of a range, at most, that are looked at one by one."""
_END = 0x110000
_DIGIT, _LETTER, _SPACE, _REST = range(4)
"""Python's \\d is among what \\w matches, and none of that is among \\s."""
_KINDS = 4
_MATCHED = {
    op.CATEGORY_DIGIT: {_DIGIT},
    op.CATEGORY_NOT_DIGIT: {_LETTER, _SPACE, _REST},
    op.CATEGORY_WORD: {_DIGIT, _LETTER},
    op.CATEGORY_NOT_WORD: {_SPACE, _REST},
    op.CATEGORY_SPACE: {_SPACE},
    op.CATEGORY_NOT_SPACE: {_DIGIT, _LETTER, _REST},
}


class Alphabet:
    """The classes of characters of an expression, each a bit."""

    def __init__(self, members: Iterable[tuple[Any, Any]]) -> None:
        """Take the members of all characters and sets of it."""
        limits = {limit for each in members for limit in _limits(*each) if limit > _ASCII}
        limits |= {limit for each in _LIKE_ASCII for limit in (each, each + 1)}
        bounds = sorted({_ASCII, *limits, _END})
        self.starts = [start for start, _ in pairwise(bounds)]
        self.all = (1 << (_ASCII + _KINDS * len(self.starts))) - 1

    def classes(self, code: Any, argument: Any) -> int:
        """Return the classes that a character or set of the expression matches."""
        if code is op.LITERAL:
            return self._range(argument, argument, folds=True)
        if code is op.NOT_LITERAL:
            return self._but([(op.LITERAL, argument)])
        if code is not op.IN:
            return self.all
        if argument[0][0] is op.NEGATE:
            return self._but(argument[1:])
        return self._any(argument, folds=True)

    def _but(self, members: Sequence[tuple[Any, Any]]) -> int:
        # Without case more is excluded, and it is safe to exclude less.
        return self.all & ~self._any(members, folds=False)

    def _any(self, members: Sequence[tuple[Any, Any]], *, folds: bool) -> int:
        found = 0
        for code, argument in members:
            if code is op.CATEGORY:
                found |= self._category(_MATCHED[argument])
            else:
                low, high = (argument, argument) if code is op.LITERAL else argument
                found |= self._range(low, high, folds=folds)
        return found

    def _category(self, kinds: set[int]) -> int:
        found = 0
        for code in range(_ASCII):
            if _kind(chr(code)) in kinds:
                found |= 1 << code
        for number, (start, end) in enumerate(pairwise((*self.starts, _END))):
            # What lies between two named characters may be of any kind, a named one has its own.
            for kind in kinds if end - start > 1 else kinds & {_kind(chr(start))}:
                found |= 1 << (_ASCII + _KINDS * number + kind)
        return found

    def _range(self, low: int, high: int, *, folds: bool) -> int:
        found = 0
        for code in range(low, min(high, _ASCII - 1) + 1):
            found |= 1 << code
        if high >= _ASCII:
            first = bisect_right(self.starts, max(low, _ASCII)) - 1
            last = bisect_right(self.starts, high)
            found |= (1 << (_ASCII + _KINDS * last)) - (1 << (_ASCII + _KINDS * first))
        return found | self._folded(low, high, found) if folds else found

    def _folded(self, low: int, high: int, found: int) -> int:
        """Return what may differ in case from a range, whose classes are `found`."""
        if high >= _ASCII and (high - low > _MOST or _has_case(max(low, _ASCII), high)):
            return self.all >> _ASCII << _ASCII | sum(1 << code for code in _LETTERS)
        folded = 0
        for code in _LETTERS:
            if found >> code & 1:
                folded |= 1 << code | 1 << ord(chr(code).swapcase())
        for code, letter in _LIKE_ASCII.items():
            if folded >> ord(letter) & 1:
                folded |= self._range(code, code, folds=False)
        return folded


def _has_case(low: int, high: int) -> bool:
    return any(chr(code).lower() != chr(code).upper() for code in range(low, high + 1))


def members_of(code: Any, argument: Any) -> Iterable[tuple[Any, Any]]:
    """Return what a character or set of an expression is made of."""
    return argument if code is op.IN else ((code, argument),)


def _limits(code: Any, argument: Any) -> tuple[int, ...]:
    """Return where classes must end for a member of a set to be made of whole ones."""
    if code in (op.LITERAL, op.NOT_LITERAL):
        return argument, argument + 1
    return (argument[0], argument[1] + 1) if code is op.RANGE else ()


def _kind(character: str) -> int:
    if character.isdecimal():
        return _DIGIT
    if character.isalnum() or character == "_":
        return _LETTER
    return _SPACE if character.isspace() else _REST
