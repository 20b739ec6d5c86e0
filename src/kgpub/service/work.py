"""Work off the event loop: in so many threads, with so many requests waiting, for so long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
from anyio import to_thread

from kgpub.service.errors import RequestError
from kgpub.service.limits import Limits

Result = TypeVar("Result")
Clock = Callable[[], float]
"""Seconds from some moment on, never going back."""


@dataclass(frozen=True)
class Deadline:
    """When an answer must be there. A thread cannot be stopped: it asks between its steps."""

    clock: Clock
    end: float

    def check(self) -> None:
        """Raise RequestError where the time is over."""
        if self.clock() > self.end:
            raise RequestError(503, "the answer takes too long", "Ask for less in one request.")


class Work:
    """The threads of one application."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._places = anyio.CapacityLimiter(limits.threads)
        self._pending = 0

    async def run(self, call: Callable[[Deadline], Result]) -> Result:
        """Return what `call` returns, in a thread; time spent waiting counts.

        Raises RequestError where too many wait already.
        """
        if self._pending >= self._limits.threads + self._limits.waiting:
            raise RequestError(503, "too many requests at once", "Try again in some seconds.")
        deadline = Deadline(self._clock, self._clock() + self._limits.seconds)

        def started() -> Result:
            deadline.check()
            return call(deadline)

        # Counted here, on the loop: the limiter knows of a request only some steps later.
        self._pending += 1
        try:
            return await to_thread.run_sync(started, limiter=self._places)
        finally:
            self._pending -= 1
