"""Requests tried again while a store is busy, after pauses that grow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from kgpub.store.endpoint import Busy
from kgpub.wikidata.backoff import Clock, Patience, asked_pause

_T = TypeVar("_T")
PATIENCE = Patience(tries=8, seconds=600.0, first=0.5, longest=60.0)
"""What a server takes to start again, or a proxy to find another."""


def patiently(
    ask: Callable[[], _T],
    patience: Patience,
    clock: Clock,
    tell: Callable[[str], None],
) -> _T:
    """Return what `ask` returns; it is called again while it raises Busy, `tell` hears of each.

    `patience.seconds` is how long it goes on beginning a request. Raises Busy after the last try.
    """
    end = clock.elapsed() + patience.seconds
    for number in count(1):
        try:
            return ask()
        except Busy as busy:
            pause = _pause(busy, number, patience, clock)
            if number >= patience.tries or clock.elapsed() + pause > end:
                tried = "once" if number == 1 else f"{number} times"
                remedy = f"{busy.remedy} Then run the same command again: it goes on where it was."
                raise Busy(f"{busy.message}; tried {tried}", remedy.strip()) from busy
            tell(f"{busy.message}; trying again in {pause:.1f} s")
        clock.sleep(pause)
    raise AssertionError("count does not end")


def _pause(busy: Busy, number: int, patience: Patience, clock: Clock) -> float:
    asked = asked_pause(busy.retry_after, clock.now()) if busy.retry_after else None
    if asked is not None:
        return asked
    pause = min(patience.first * 2.0 ** min(number - 1, 30), patience.longest)
    return float(pause * (0.5 + clock.chance() / 2))
