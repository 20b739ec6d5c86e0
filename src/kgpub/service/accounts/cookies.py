"""The cookies of whoever signs in (RFC 6265, and the prefix __Host- of its revision, 4.1.3.2)."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from kgpub.service.accounts.own_origin import OwnOrigin

SESSION, FLOW = "kgpub", "kgpub_openid"
"""Of a session, and of signing in by OpenID Connect while it is under way."""


def cookie(request: HTTPConnection, own: OwnOrigin, name: str) -> str:
    """Return the value of a cookie, "" where there is none. Raises RequestError.

    Over TLS only one counts that no other host, and nobody on the way, can have set.
    """
    return request.cookies.get(_named(name, own.is_secure(request)), "")


def give(
    response: Response,
    request: HTTPConnection,
    own: OwnOrigin,
    name: str,
    value: str,
    life: timedelta,
) -> None:
    """Have a browser keep a cookie for so long; "" removes it. Raises RequestError.

    SameSite is Lax: whoever follows a link here, or comes back from the provider of OpenID
    Connect, is known; what changes something needs more than a cookie.
    """
    is_secure = own.is_secure(request)
    response.set_cookie(
        _named(name, is_secure),
        value,
        max_age=int(life.total_seconds()) if value else 0,
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )


def _named(name: str, is_secure: bool) -> str:
    return f"__Host-{name}" if is_secure else f"{name}_on_loopback"
