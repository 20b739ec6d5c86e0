"""How much the queries of all clients may take."""

from __future__ import annotations

from dataclasses import dataclass, replace

MEBIBYTE = 2**20


@dataclass(frozen=True)
class QueryLimits:
    """Bounds that are settings.

    `quick` queries are evaluated side by side; one that takes longer than `quick_seconds` goes on
    in one of `slow` places, at a lower priority, and another takes its place among the quick. Where
    no such place is free, it stands still until one is: so many as `parked`, and all others are
    refused. `spare` workers stand ready besides. `waiting` queries wait for a quick place.
    `seconds` is how long a query may take with all its waiting, `memory` the bytes that a worker
    may take for it, `answer` the bytes of its answer, `kept` those of all answers that clients have
    not fetched yet, `query` those of a request's body. Answers of
    `cached_answer` bytes at most are cached, `cache` bytes together. A worker must be ready after
    `start_seconds`. A build of `in_memory` bytes at most on disk is held in memory.

    So all workers together take at most (quick + slow + parked + spare) times `memory`, beyond
    what they begin with; those that may ask other endpoints, where any may, 4 times `memory` more.
    While a new build takes the place of another there are quick + spare more that are idle. A build
    in memory takes some 2.5 times what it takes on disk, once for all workers, and what each of
    them has come upon a second time: some 1.5 times.
    """

    quick: int = 2
    slow: int = 2
    parked: int = 8
    spare: int = 1
    waiting: int = 256
    quick_seconds: float = 0.2
    seconds: float = 30.0
    memory: int = 512 * MEBIBYTE
    answer: int = 512 * MEBIBYTE
    kept: int = 4096 * MEBIBYTE
    query: int = MEBIBYTE
    start_seconds: float = 30.0
    cached_answer: int = 256 * 1024
    cache: int = 64 * MEBIBYTE
    in_memory: int = 128 * MEBIBYTE

    def shared(self, number: int) -> QueryLimits:
        """Return the bounds for each of so many processes, which keep to these together.

        But that each may evaluate one query, have one process stand ready, and keep one answer.
        """
        if number == 1:
            return self
        names = ("quick", "slow", "parked", "spare", "waiting", "cache")
        parts = {name: -(-getattr(self, name) // number) for name in names}
        return replace(self, **parts, kept=max(self.answer, self.kept // number))


DEFAULT_QUERY_LIMITS = QueryLimits()
