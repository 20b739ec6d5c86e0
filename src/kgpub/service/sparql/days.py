"""The dataset as it was on a day, for a worker: made in memory when it is asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kgpub.errors import StoreError
from kgpub.store import history
from kgpub.store.queries import EmbeddedStore


class Days:
    """The store of `today`, whose generation is in `folder`, and that of the day asked for last.

    What a store takes counts as what the query takes, in time and memory; so it is kept only until
    another day, or today, is asked for.
    """

    def __init__(self, today: EmbeddedStore, folder: str) -> None:
        self._today = today
        self._folder = Path(folder)
        self._day = ""
        self._last = today

    def on(self, day: str) -> EmbeddedStore:
        """Return the store of a day as in ISO 8601, that of today for "".

        Raises StoreError, OSError where the history of the build cannot be read.
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
        made = store_on(day, today.store, past, today.base)
        return EmbeddedStore(made, today.base, today.services)
