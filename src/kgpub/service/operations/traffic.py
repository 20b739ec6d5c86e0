"""Counts of requests and of how long they took."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from starlette.types import Scope

from kgpub.service.immediate import Seen
from kgpub.service.operations.exchange import method_of, route_of

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds up to which durations are counted together; one more class has what takes longer."""
FAILED = 500
"""The status that counts for a request that failed before there was one."""


@dataclass
class Durations:
    """How long requests took: how many in each class of BOUNDS and beyond, and seconds of all."""

    classes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Traffic:
    """What was counted since the server began. All of it is of one event loop.

    `requests` counts by template of the route, method and status; `durations` are by templates.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.durations: dict[str, Durations] = {}
        self.sent = 0
        self.broken = 0
        self.pending = 0

    def count(self, scope: Scope, seen: Seen, seconds: float) -> None:
        """Count a request that has ended."""
        route = route_of(scope)
        self.requests[route, method_of(scope), seen.status or FAILED] += 1
        durations = self.durations.get(route)
        if durations is None:
            durations = self.durations[route] = Durations()
        durations.classes[bisect_left(BOUNDS, seconds)] += 1
        durations.seconds += seconds
        self.sent += seen.size
        self.broken += not seen.is_whole
