"""What is noted in the audit log of those who sign in, or try to."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kgpub.errors import StoreError
from kgpub.service.http.addresses import network
from kgpub.submissions.audit import Audit
from kgpub.submissions.submission import Account

_LOG = logging.getLogger(__name__)
_SHORTENED = (24, 48)
_WINDOW_SECONDS, _MOST = 60.0, 60


class Recorded:
    """Notes who signs in in `audit`, if there is one.

    `addresses` of clients are "shortened", "whole" or "none"; `ticks` are seconds from some moment
    on. Of failures, 60 a minute are noted; how many were not, the next line tells (`unnoted`).
    """

    def __init__(self, audit: Audit | None, addresses: str, ticks: Callable[[], float]) -> None:
        self._audit = audit
        self._addresses = addresses
        self._ticks = ticks
        self._window = (0.0, 0)
        self._unnoted = 0

    def begun(self, account: Account, address: str, by: str) -> None:
        """Note that somebody has signed in `by` a token or openid. Raises StoreError."""
        self._note("sign-in", account, address, by)

    def ended(self, account: Account, address: str) -> None:
        """Note that somebody has signed out. Raises StoreError."""
        self._note("sign-out", account, address, "")

    def _note(self, event: str, account: Account, address: str, by: str) -> None:
        if self._audit is not None:
            who = {"account": account.id, "name": account.name, "by": by}
            self._audit.note(event, {**who, "client": self._shown(address)})

    def failed(self, address: str, is_limited: bool = False, by: str = "token") -> None:
        """Note a wrong token, or that OpenID Connect lets somebody not in.

        That it cannot be noted is told in the server's log: the answer is no in any case.
        """
        now = self._ticks()
        end, count = self._window
        if now >= end:
            end, count = now + _WINDOW_SECONDS, 0
        self._window = (end, count + 1)
        if count >= _MOST:
            self._unnoted += 1
            return
        if self._audit is None:
            return
        values: dict[str, str | int] = {"by": by, "client": self._shown(address)}
        if is_limited:
            values["limited"] = 1
        if self._unnoted:
            values["unnoted"] = self._unnoted
        try:
            self._audit.note("sign-in-failed", values)
            self._unnoted = 0
        except StoreError as error:
            _LOG.error("%s", error)

    def _shown(self, address: str) -> str:
        if self._addresses == "none":
            return ""
        return network(address, *_SHORTENED) if self._addresses == "shortened" else address
