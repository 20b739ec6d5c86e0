"""Regular expressions that may take a backtracking engine, as Python's, exponential time.

The native engine and Oxigraph match in linear time; this is for what pySHACL and rdflib match. A
repetition is dangerous where what it repeats can take a text in several ways: then a text that
does not match in the end is tried in all of them. Time that grows with a power of the length of
the text, as for `.*.*x`, is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_LONG = 16
"""Repetitions at most that are few enough to be tried in all ways."""

_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}


def may_explode(pattern: str) -> bool:
    """Return whether matching `pattern` may take time exponential in the length of a text.

    True also for what is no regular expression to Python, and where there is no simple proof of
    the contrary. What refers back to a group is as long as the group was: it divides a text in
    ways of its own only where it is repeated.
    """
    try:
        parsed = list(_parser.parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return True
    return _dangerous(parsed)


def is_read(pattern: str) -> bool:
    """Return whether `pattern` is a regular expression to Python."""
    try:
        _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _dangerous(items: list[Any]) -> bool:
    for code, argument in items:
        if code is op.GROUPREF_EXISTS:
            return True
        if code in _REPEATS and argument[1] > _LONG and not _divides_one_way(list(argument[2])):
            return True
        if any(_dangerous(inner) for inner in _inner(code, argument)):
            return True
    return False


def _divides_one_way(body: list[Any]) -> bool:
    """Return whether a text can be divided into repetitions of `body` in one way only."""
    body = _unwrapped(body)
    if len(body) == 1 and body[0][0] is op.BRANCH:
        # As in (foo|bar)*: the first character tells which, and so the length.
        alternatives = [_unwrapped(list(each)) for each in body[0][1][1]]
        starts = {each[0][1] for each in alternatives if each and each[0][0] is op.LITERAL}
        return len(starts) == len(alternatives) and not any(map(_varies, alternatives))
    if not _varies(body):
        return bool(body)
    # As in (-[a-z]+)*: a character that stands nowhere else in it begins, or ends, each.
    for separator, rest in ((body[0], body[1:]), (body[-1], body[:-1])):
        if separator[0] is op.LITERAL and not any(
            _matches(atom, chr(separator[1])) for atom in _atoms(rest)
        ):
            return True
    return False


def _unwrapped(items: list[Any]) -> list[Any]:
    while len(items) == 1 and items[0][0] is op.SUBPATTERN:
        items = list(items[0][1][3])
    return items


def _inner(code: Any, argument: Any) -> Iterator[list[Any]]:
    if code in _REPEATS or code is op.POSSESSIVE_REPEAT:
        yield list(argument[2])
    elif code is op.SUBPATTERN:
        yield list(argument[3])
    elif code is op.BRANCH:
        yield from (list(each) for each in argument[1])
    elif code in (op.ASSERT, op.ASSERT_NOT):
        yield list(argument[1])
    elif code is op.ATOMIC_GROUP:
        yield list(argument)


def _varies(items: list[Any]) -> bool:
    return any(
        (code in _REPEATS and argument[0] != argument[1])
        or code in (op.BRANCH, op.POSSESSIVE_REPEAT, op.GROUPREF)
        or any(_varies(inner) for inner in _inner(code, argument))
        for code, argument in items
    )


def _atoms(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    for code, argument in items:
        inner = list(_inner(code, argument))
        if not inner:
            yield code, argument
        for each in inner:
            yield from _atoms(each)


def _matches(atom: tuple[Any, Any], character: str) -> bool:
    code, argument = atom
    if code is op.LITERAL:
        return chr(argument).lower() == character.lower()
    if code is op.NOT_LITERAL:
        return chr(argument) != character
    if code is op.AT:
        return False
    if code is not op.IN:
        return True
    negated = argument[0][0] is op.NEGATE
    return any(_in_set(each, character) for each in argument[negated:]) != negated


def _in_set(member: tuple[Any, Any], character: str) -> bool:
    code, argument = member
    if code is op.LITERAL:
        return chr(argument).lower() == character.lower()
    if code is op.RANGE:
        return any(argument[0] <= ord(each) <= argument[1] for each in _cases(character))
    return code is not op.CATEGORY or re.match(_CATEGORIES[argument], character) is not None


def _cases(character: str) -> set[str]:
    return {each for each in (character, character.lower(), character.upper()) if len(each) == 1}
