"""The dataset as it was on a day, for a worker: made in memory when it is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kgpub.errors import StoreError
from kgpub.service.errors import RequestError
from kgpub.store import history
from kgpub.store.queries import EmbeddedStore

BYTES = 512
"""That making a store takes of memory for each quad of today, those of the union among them.

Measured: 540 for 0.7 million of them, 480 for 1.8 million.
"""
_MEBIBYTE = 2**20


class Days:
    """The store of `today`, whose generation is in `folder`, and that of the day asked for last.

    What a store takes counts as what the query takes, in time and memory, of which there are
    `memory` bytes; so it is kept only until another day, or today, is asked for.
    """

    def __init__(self, today: EmbeddedStore, folder: str, memory: int) -> None:
        self._today = today
        self._folder = Path(folder)
        self._memory = memory
        self._day = ""
        self._last = today

    def on(self, day: str) -> EmbeddedStore:
        """Return the store of a day as in ISO 8601, that of today for "".

        Raises StoreError, OSError where the history of the build cannot be read, RequestError where
        the store would take more memory than there is.
        """
        if not day:
            self._day, self._last = "", self._today
        elif day != self._day:
            # The store of another day is let go first: both together may be too much.
            self._day, self._last = "", self._today
            self._last = self._made(date.fromisoformat(day))
            self._day = day
        return self._last

    def _made(self, day: date) -> EmbeddedStore:
        # Late: most workers are never asked for another day.
        from kgpub.pipeline.on_day import is_as_today, store_on

        today = self._today
        try:
            past = history.read(self._folder)
        except SyntaxError as error:
            raise StoreError(f"{self._folder}: the history is damaged: {error}") from error
        if is_as_today(today.store, past, day):
            return today
        self._require_memory(day)
        made = store_on(day, today.store, past, today.base)
        return EmbeddedStore(made, today.base, today.services)

    def _require_memory(self, day: date) -> None:
        """Refuse at once what would end for want of memory, after many seconds of work."""
        needed = len(self._today.store) * BYTES
        if needed > self._memory:
            some, most = needed // _MEBIBYTE, self._memory // _MEBIBYTE
            raise RequestError(
                503,
                f"the dataset as it was on {day} is too large to be made for a query: that takes "
                f"some {some:,} MiB of memory, of which a query may have {most:,}",
                "Ask kgpub query --on where the workspace is, or have the operator of the server "
                "raise its setting queries.memory.",
            )
