"""How much the queries of all clients may take."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True)
class QueryLimits:
    """Bounds that are settings.

    `quick` workers evaluate queries side by side; one that takes longer than `quick_seconds` goes
    on in one of `slow` places, at a lower priority, and another worker takes its place. Where no
    such place is free, it stands still until one is: so many as `parked`, and all others are
    refused. `waiting` queries wait for a quick worker. `seconds` is how long a query may take with
    all its waiting, `memory` the bytes that a worker may take for it, `answer` the bytes of its
    answer, `query` those of a request's body.
    """

    quick: int = 2
    slow: int = 2
    parked: int = 16
    waiting: int = 256
    quick_seconds: float = 0.2
    seconds: float = 30.0
    memory: int = 1024 * MEBIBYTE
    answer: int = 512 * MEBIBYTE
    query: int = MEBIBYTE
    stalled_seconds: float = 60.0
    cached_answer: int = 256 * 1024
    cache: int = 64 * MEBIBYTE


DEFAULT_QUERY_LIMITS = QueryLimits()
