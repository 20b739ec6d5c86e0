"""How often an address may ask, without a token."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from kgpub.service.errors import RequestError
from kgpub.service.http.addresses import network

_WHOLE_4, _SITE_6 = 32, 64
_MOST = 10_000
"""Addresses that are remembered."""
_BURST_SECONDS = 20.0
"""What of the minute's share may come at once."""
_FILLS_AGAIN = 2.5
"""Seconds in which fills again what a second of a check is charged."""


class Rates:
    """Lets each address ask `per_minute` times; `ticks` are seconds from some moment on.

    Each has a bucket that what is asked is taken from, and that fills evenly. What takes long is
    charged as several requests, so that nobody keeps all others waiting for long. Of addresses that
    have not asked for the longest time nothing is remembered.
    """

    def __init__(self, per_minute: int, ticks: Callable[[], float]) -> None:
        self._a_second = per_minute / 60
        self._room = max(1.0, self._a_second * _BURST_SECONDS)
        self._ticks = ticks
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, address: str) -> None:
        """Count a request of `address`. Raises RequestError where there are too many."""
        left = self._taken(address, 0)
        if left < 1:
            seconds = ceil((1 - left) / self._a_second)
            told = {"Retry-After": str(seconds)}
            raise RequestError(429, "too many validations", "Try again later.", headers=told)
        self._taken(address, 1)

    def charge(self, address: str, seconds: float) -> None:
        """Count that what `address` asked for took so many seconds."""
        self._taken(address, seconds * _FILLS_AGAIN * self._a_second)

    def _taken(self, address: str, number: float) -> float:
        """Take so much from the bucket of an address, and return what is left."""
        now = self._ticks()
        key = network(address, _WHOLE_4, _SITE_6)
        left, before = self._buckets.pop(key, (self._room, now))
        left = min(self._room, left + (now - before) * self._a_second) - number
        self._buckets[key] = (left, now)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return left
