"""Trying again: how often, how long in all, and what is waited in between."""

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

from kgpub.wikidata.errors import Busy, WikidataError

_T = TypeVar("_T")
_SECONDS = re.compile(r"[0-9]{1,9}")
_LEAST = 1.0
"""Seconds waited where a server asks for less: it has just refused."""


@dataclass(frozen=True)
class Clock:
    """Time and chance: `now` in UTC, `elapsed` seconds since any moment, `chance` in [0, 1)."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True)
class Patience:
    """`tries` of one request, in `seconds` altogether with the pauses between them.

    Pauses that the server does not give double from `first` up to `longest` seconds.
    """

    tries: int = 5
    seconds: float = 300.0
    first: float = 5.0
    longest: float = 60.0


def persist(ask: Callable[[], _T], patience: Patience, clock: Clock) -> _T:
    """Return what `ask` returns; it is called again after a pause while it raises Busy.

    Raises WikidataError after the last try, or at once where the server asks for more time than
    there is.
    """
    end = clock.elapsed() + patience.seconds
    for number in count(1):
        try:
            return ask()
        except Busy as busy:
            pause = _pause(busy, number, patience, clock)
            if number >= patience.tries or clock.elapsed() + pause > end:
                tried = "once" if number == 1 else f"{number} times"
                message = f"{busy}; tried {tried}"
                raise WikidataError(message, _remedy(pause)) from busy
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


def _pause(busy: Busy, number: int, patience: Patience, clock: Clock) -> float:
    if busy.pause is not None:
        return busy.pause
    pause = min(patience.first * 2.0 ** min(number - 1, 30), patience.longest)
    return float(pause * (0.5 + clock.chance() / 2))


def _remedy(pause: float) -> str:
    wait = f"in {pause:,.0f} seconds" if pause < 120 else f"in {pause / 60:,.0f} minutes"
    return f"Try again {wait}, or work from what is kept, without --live."
