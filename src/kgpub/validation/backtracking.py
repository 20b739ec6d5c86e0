"""Regular expressions that a backtracking engine, as Python's, might match for ever.

The native engine and Oxigraph match in linear time; this is for what pySHACL and rdflib match.
Python gives up on a text only after it has tried all ways of taking it, from each place of it:
how many these are at most is derived from the expression, for a text of any length.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from kgpub.validation.ambiguity import (
    ASSERTIONS,
    EACH,
    NONE,
    ONCE,
    REPEATS,
    Growth,
    Untrusted,
    inner,
    steps,
)

MAX_STEPS = 10**9
"""Steps of matching one text at most; Python takes from 10 to 100 million of them a second."""
_UNREADABLE = (re.error, OverflowError, RecursionError)


@lru_cache(maxsize=1024)  # A query may be asked for each of many nodes.
def fault(
    pattern: str, length: int, *, multiline: bool = True, written: str | None = None
) -> str | None:
    """Return what keeps Python from matching `pattern` on texts of up to `length` code points.

    None where it takes MAX_STEPS at most. With `multiline`, `^` may match at each line. `written`
    is how the expression is told, if it stands otherwise in the shapes.
    """
    told = pattern if written is None else written
    try:
        most = growth(pattern, multiline=multiline).at(length)
    except Untrusted:
        return f"the regular expression {told!r} may take exponential time"
    except _UNREADABLE:
        return f"Python does not read the regular expression {told!r}"
    if most <= MAX_STEPS:
        return None
    return (
        f"the regular expression {told!r} may take more than {MAX_STEPS:,} steps "
        f"on a text of {length:,} characters"
    )


def growth(pattern: str, *, multiline: bool = True) -> Growth:
    """Return how many steps Python takes at most to find no match of `pattern` in a text.

    Raises Untrusted where they may be exponentially many, or there is no simple proof of less, and
    re.error, OverflowError or RecursionError where Python does not read the expression.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as that `[[` may come to mean something else
        parsed = _parser.parse(pattern)
    flags = parsed.state.flags | _flags(parsed)
    if flags & (re.ASCII | re.LOCALE):  # other letters and digits than those that are known
        raise Untrusted
    starts, once, rest = EACH, NONE, list(parsed)
    if rest and rest[0] in _beginnings(multiline or bool(flags & re.MULTILINE)):
        starts = ONCE
        del rest[0]
    while rest and rest[0][0] in ASSERTIONS:
        once += _steps(rest.pop(0)[1][1], parsed.state.groupwidths)
    # Each place is tried, if only to find that it is not the beginning; and what always matches
    # at the end is read once.
    return starts * (once + _steps(_without_end(rest), parsed.state.groupwidths)) + EACH


def _beginnings(multiline: bool) -> list[tuple[Any, Any]]:
    """Return the marks that hold at the beginning of a text only."""
    whole = (op.AT, op.AT_BEGINNING_STRING)
    return [whole] if multiline else [whole, (op.AT, op.AT_BEGINNING)]


def _steps(items: Sequence[Any], widths: Sequence[Any]) -> Growth:
    """Return the steps from one place, with those of the assertions, which each step may meet."""
    met = ONCE
    for each in _assertions(items):
        met += _steps(each, widths)
    return steps(items, widths) * met


def _without_end(items: Sequence[Any]) -> list[Any]:
    """Return a whole expression without the repetitions at its end that may be left out.

    Once matching has come to them, it does not fail any more. Assertions do not end so: what
    stands behind them may fail, and has them met anew.
    """
    kept = list(items)
    while kept:
        code, argument = kept[-1]
        if code is op.SUBPATTERN:
            rest = _without_end(argument[3])
            kept[-1:] = [(code, (*argument[:3], rest))] if rest else []
            if rest:
                break
        elif code in REPEATS and _is_character(list(argument[2])):
            least = argument[0]
            kept[-1:] = [(code, (least, least, argument[2]))] if least else []
            if least:
                break
        else:
            break
    return kept


def _is_character(items: Sequence[Any]) -> bool:
    return len(items) == 1 and items[0][0] in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)


def _flags(items: Sequence[Any]) -> int:
    """Return the flags that hold in parts of an expression."""
    found = 0
    for code, argument in items:
        if code is op.SUBPATTERN:
            found |= argument[1]
        for each in inner(code, argument):
            found |= _flags(each)
    return found


def _assertions(items: Sequence[Any]) -> list[list[Any]]:
    """Return the bodies of the assertions in `items`, without those within them."""
    found: list[list[Any]] = []
    for code, argument in items:
        for each in inner(code, argument):
            found += [each] if code in ASSERTIONS else _assertions(each)
    return found
