"""What goes wrong with Wikidata."""

from __future__ import annotations

from datetime import datetime

from kgpub.errors import CallError
from kgpub.patience import Passing


class WikidataError(CallError):
    """Wikidata cannot be asked, or answers with what it should not."""


class Busy(Passing):
    """The server, or the way to it, asks for patience: the same request may succeed later.

    `pause` are the seconds that it asks to wait, None where it does not say.
    """

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause

    def asked(self, now: datetime) -> float | None:
        return self.pause
