"""How much submissions may take."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgpub.service.limits import DEFAULT_LIMITS, MEBIBYTE, Limits


@dataclass(frozen=True)
class SubmissionLimits:
    """Bounds that are settings.

    `body` are bytes of a request's body, packed and unpacked. `processes` check side by side,
    `waiting` submissions more wait for their turn. `seconds` is how long a check may take with its
    waiting, `memory` the bytes that it may take beyond what its process begins with; a process must
    be ready after `start_seconds`. `per_minute` are validations that one address may ask for,
    `queued` submissions that wait to be decided.
    """

    body: int = MEBIBYTE
    processes: int = 2
    waiting: int = 64
    seconds: float = 20.0
    memory: int = 1024 * MEBIBYTE
    start_seconds: float = 120.0
    per_minute: int = 120
    queued: int = 10_000

    def shared(self, number: int) -> SubmissionLimits:
        """Return the bounds for each of so many serving processes, which keep to these together.

        But that each may check one submission at a time.
        """
        names = ("processes", "waiting", "per_minute")
        return replace(self, **{name: -(-getattr(self, name) // number) for name in names})

    @property
    def of_requests(self) -> Limits:
        """What is read of a request."""
        return replace(DEFAULT_LIMITS, body=self.body, discarded=2 * self.body + 16 * MEBIBYTE)


DEFAULT_SUBMISSION_LIMITS = SubmissionLimits()
