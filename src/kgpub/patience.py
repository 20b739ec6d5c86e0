"""Asking again: how often, how long in all, and what is waited in between."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

_SECONDS = re.compile(r"[0-9]{1,9}")
_LEAST = 1.0
"""Seconds waited where a server asks for less: it has just refused."""


class Passing(Exception):
    """What passes: the same request may succeed later."""

    def asked(self, now: datetime) -> float | None:
        """Return the seconds that the other side asks to wait, None where it does not say."""
        return None


_T = TypeVar("_T")
_P = TypeVar("_P", bound=Passing)


@dataclass(frozen=True)
class Clock:
    """Time and chance: `now` in UTC, `elapsed` seconds since any moment, `chance` in [0, 1)."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True)
class Patience:
    """`tries` of one request, begun in `seconds` altogether with the pauses between them.

    Pauses that the other side does not ask for double from `first` up to `longest` seconds.
    """

    tries: int = 5
    seconds: float = 300.0
    first: float = 5.0
    longest: float = 60.0


def persist(
    ask: Callable[[], _T],
    passing: type[_P],
    patience: Patience,
    clock: Clock,
    give_up: Callable[[_P, str, float], Exception],
    tell: Callable[[_P, float], None] = lambda failure, pause: None,
) -> _T:
    """Return what `ask` returns; it is called again after a pause while it raises `passing`.

    `tell` hears of each such failure and of the pause before the next try. After the last, or at
    once where the other side asks for more time than there is, what `give_up` returns is raised:
    for the failure, how often it was tried in words, and the pause that there would have been.
    """
    end = clock.elapsed() + patience.seconds
    for number in count(1):
        try:
            return ask()
        except passing as failure:
            pause = _pause(failure.asked(clock.now()), number, patience, clock)
            if number >= patience.tries or clock.elapsed() + pause > end:
                tried = "once" if number == 1 else f"{number} times"
                raise give_up(failure, tried, pause) from failure
            tell(failure, pause)
        clock.sleep(pause)
    raise AssertionError("count does not end")


def asked_pause(retry_after: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header (RFC 9110, 10.2.3) asks for, None if none."""
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return max(float(text), _LEAST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), _LEAST)


def _pause(asked: float | None, number: int, patience: Patience, clock: Clock) -> float:
    if asked is not None:
        return asked
    pause = min(patience.first * 2.0 ** min(number - 1, 30), patience.longest)
    return float(pause * (0.5 + clock.chance() / 2))
