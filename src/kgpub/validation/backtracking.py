"""Regular expressions that may take a backtracking engine, as Python's, exponential time.

The native engine and Oxigraph match in linear time; this is for what pySHACL and rdflib match. A
repetition is dangerous where what it repeats can take a text in several ways: then a text that
does not match in the end is tried in all of them. Time that grows with a power of the length of
the text, as for `.*.*x`, is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from kgpub.validation.ambiguity import REPEATS, divides_one_way, inner

_FEW = 4
"""Repetitions at most, those around them counted in, that are tried in all ways."""
_UNREADABLE = (re.error, OverflowError, RecursionError)


def may_explode(pattern: str) -> bool:
    """Return whether matching `pattern` may take time exponential in the length of a text.

    True also for what is no regular expression to Python, and where there is no simple proof of
    the contrary. What refers back to a group is as long as the group was: it divides a text in
    ways of its own only where it is repeated.
    """
    try:
        parsed = _parser.parse(pattern)
        flags = parsed.state.flags | _flags(parsed)
        if flags & (re.ASCII | re.LOCALE):  # other letters and digits than those that are known
            return True
        return _dangerous(parsed)
    except _UNREADABLE:
        return True


def is_read(pattern: str) -> bool:
    """Return whether `pattern` is a regular expression to Python."""
    try:
        _parser.parse(pattern)
    except _UNREADABLE:
        return False
    return True


def _flags(items: Sequence[Any]) -> int:
    """Return the flags that hold in parts of an expression."""
    found = 0
    for code, argument in items:
        if code is op.SUBPATTERN:
            found |= argument[1]
        for each in inner(code, argument):
            found |= _flags(each)
    return found


def _dangerous(items: Sequence[Any], times: int = 1) -> bool:
    """Return whether a part of an expression is, which is repeated so many times at most."""
    for code, argument in items:
        if code is op.GROUPREF_EXISTS:
            return True
        times_of_it = times * argument[1] if code in REPEATS else times
        if times_of_it > _FEW:
            if not divides_one_way(argument[2]):
                return True
            # What is inside of it has been looked at with it, but for assertions.
            if any(_dangerous(each) for each in _assertions(argument[2])):
                return True
        elif any(_dangerous(each, times_of_it) for each in inner(code, argument)):
            return True
    return False


def _assertions(items: Sequence[Any]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for code, argument in items:
        for each in inner(code, argument):
            found += [each] if code in (op.ASSERT, op.ASSERT_NOT) else _assertions(each)
    return found
