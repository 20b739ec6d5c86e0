"""Who is let in: the header Authorization of a request (RFC 6750)."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection

from kgpub.service.errors import RequestError
from kgpub.service.http.addresses import network
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, found

_BEARER = re.compile(r"Bearer +(\S{1,200}) *", re.IGNORECASE)
_REALM = 'Bearer realm="kgpub"'
_REMEDY = "Send Authorization: Bearer TOKEN; whoever runs the server makes one: kgpub token create"
_WHOLE_4, _SITE_6 = 32, 64


@dataclass(frozen=True)
class FailureLimits:
    """`most` wrong tokens from one address in `seconds`; `addresses` that are remembered."""

    most: int = 20
    seconds: float = 60.0
    addresses: int = 10_000


class Admission:
    """Lets in whoever has a token. `now` is the time, `ticks` are seconds from some moment on.

    `tell` is told of each wrong token: the address that it comes from, and whether there are too
    many from there.
    """

    def __init__(
        self,
        kept: KeptTokens,
        now: Callable[[], datetime],
        ticks: Callable[[], float],
        limits: FailureLimits = FailureLimits(),
        tell: Callable[[str, bool], object] = lambda address, is_limited: None,
    ) -> None:
        self._kept = kept
        self._now = now
        self._tell = tell
        self._failures = _Failures(limits, ticks)

    def holder(self, header: str) -> Token | None:
        """Return the valid token in a header Authorization. Raises StoreError."""
        match = _BEARER.fullmatch(header)
        token = found(match[1], self._kept.tokens()) if match else None
        return token if token is not None and token.holds(self._now()) else None

    def admitted(self, request: HTTPConnection, scope: Scope) -> Token:
        """Return the token of a request, which allows `scope`. Raises RequestError, StoreError."""
        token = self.known(request)
        if scope not in token.scopes:
            told = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
            message = f"the token does not allow this: it lacks the scope {scope}"
            raise RequestError(403, message, _REMEDY, headers={"WWW-Authenticate": told})
        return token

    def known(self, request: HTTPConnection) -> Token:
        """Return the token of a request, whatever it allows. Raises RequestError, StoreError.

        A right token is let in whatever came from its address before: to guess one of 256 bits is
        hopeless, so blocking addresses would only serve those who share one to lock others out.
        """
        headers = request.headers.getlist("authorization")
        if not headers:
            raise RequestError(
                401, "this needs a token", _REMEDY, headers={"WWW-Authenticate": _REALM}
            )
        token = self.holder(headers[0]) if len(headers) == 1 else None
        if token is None:
            raise self._failed(request)
        return token

    def of_text(self, request: HTTPConnection, text: str) -> Token:
        """Return the token that `text`, sent in another way, is. Raises RequestError, StoreError.

        Wrong ones count as those in the header do.
        """
        token = found(text, self._kept.tokens())
        if token is None or not token.holds(self._now()):
            raise self._failed(request)
        return token

    def held(self, id_: str) -> Token | None:
        """Return the valid token that has this identifier. Raises StoreError."""
        now = self._now()
        return next((t for t in self._kept.tokens() if t.id == id_ and t.holds(now)), None)

    def _failed(self, request: HTTPConnection) -> RequestError:
        address = request.client.host if request.client else ""
        seconds = self._failures.count(network(address, _WHOLE_4, _SITE_6))
        self._tell(address, bool(seconds))
        if seconds:
            told = {"Retry-After": str(seconds)}
            return RequestError(429, "too many wrong tokens", "Try again later.", headers=told)
        told = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        message = "the token is unknown, was revoked, or has expired"
        return RequestError(401, message, _REMEDY, headers=told)


class _Failures:
    """Failures by address, of those that failed last."""

    def __init__(self, limits: FailureLimits, ticks: Callable[[], float]) -> None:
        self._limits = limits
        self._ticks = ticks
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def count(self, address: str) -> int:
        """Count a failure; return after how many seconds to try again, 0 for at once."""
        now = self._ticks()
        end, count = self._windows.pop(address, (0.0, 0))
        if now >= end:
            end, count = now + self._limits.seconds, 0
        self._windows[address] = (end, count + 1)
        if len(self._windows) > self._limits.addresses:
            self._windows.popitem(last=False)
        return int(end - now) + 1 if count >= self._limits.most else 0
