"""A clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kgpub.patience import Clock


@dataclass
class Time:
    """Time that passes only when it is slept or moved; `chance` is always a half."""

    day: datetime = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def move(self, **span: float) -> None:
        self.day += timedelta(**span)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.day, lambda: self.day.timestamp(), self.sleep, lambda: 0.5)
