"""What is made of the last build, for as long as it is the last."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from kgpub.errors import StoreError
from kgpub.service.work import Clock
from kgpub.store.embedded import Generations

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.25
"""Between two looks at whether there is a new build: to look is to read a list of its graphs."""
_AGAIN_SECONDS = 30.0
"""Before a build that could not be read is tried again."""
_TRIES = 5

Made = TypeVar("Made")


class Latest(Generic[Made]):
    """Makes something of a build when it is asked for, and keeps it until there is another build.

    While one thread reads a new build the others go on with the one before, and so do all where the
    new one cannot be read. `make` is given what tells the build from others, "" where nothing does.
    Raises StoreError as `make` does, where there is none before.
    """

    def __init__(
        self,
        generations: Generations,
        make: Callable[[str], Made],
        clock: Clock = time.monotonic,
    ) -> None:
        self._generations = generations
        self._make = make
        self._clock = clock
        self._lock = Lock()
        self._kept: tuple[str, Made] | None = None
        self._looked = 0.0
        self._failed: tuple[str, float] | None = None

    def kept(self) -> Made | None:
        """Return it if it was looked for just now, without touching the disk."""
        kept = self._kept
        return kept[1] if kept and self._clock() - self._looked < _LOOK_SECONDS else None

    def get(self) -> Made:
        """Return what is made of the last build. Raises StoreError where there is none to read."""
        now = self._clock()
        fingerprint = self._generations.fingerprint()
        kept = self._kept
        # A build from nothing first takes away what tells the one before it from others.
        if kept is not None and (fingerprint in (kept[0], "") or self._has_failed(fingerprint)):
            self._looked = now
            return kept[1]
        if not self._lock.acquire(blocking=kept is None) and kept is not None:
            return kept[1]
        try:
            if self._kept is None or self._kept[0] != fingerprint:
                self._kept = self._read()
            self._looked = now
            return self._kept[1]
        except StoreError as error:
            if self._kept is None:
                raise
            self._failed = fingerprint, now
            _LOG.error("the build before is served still: %s", error)
            return self._kept[1]
        finally:
            self._lock.release()

    def _has_failed(self, fingerprint: str) -> bool:
        """Whether a build could not be read just now."""
        if self._failed is None or self._failed[0] != fingerprint:
            return False
        return self._clock() - self._failed[1] < _AGAIN_SECONDS

    def _read(self) -> tuple[str, Made]:
        for tried in range(_TRIES):
            before = self._generations.fingerprint()
            try:
                made = self._make(before)
            except StoreError:
                # It may have been replaced, and removed, since it was looked up.
                if tried == _TRIES - 1 or self._generations.fingerprint() == before:
                    raise
                continue
            if self._generations.fingerprint() == before:
                return before, made
        raise StoreError("builds follow each other faster than they can be opened")
