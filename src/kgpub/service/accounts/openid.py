"""Signing in by OpenID Connect: to the provider, and back with a code."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kgpub.service.accounts.cookies import FLOW, cookie, give
from kgpub.service.accounts.provider import Provider
from kgpub.service.accounts.sessions import SignedIn
from kgpub.service.accounts.signing_in import OPENID, SigningIn, safe_next
from kgpub.service.errors import RequestError
from kgpub.service.work import Work
from kgpub.submissions.submission import Account

_LOG = logging.getLogger(__name__)
BACK = f"{OPENID}/back"
_PROBLEM = "account-openid-failed"
_LIFE = timedelta(minutes=10)
_SECRET_BYTES = 32
_MOST_NEXT = 1_000
_MOST_SUB, _MOST_NAME, _MOST_GROUPS = 255, 100, 200
"""Characters of a `sub` (Core 1.0, section 2) and of a name; groups of one user."""
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True)
class _Flow:
    """What is under way with one browser: kept in a cookie of it, signed, so that nobody else's
    answer is taken for its own, and whoever begins many fills nothing.
    """

    state: str
    nonce: str
    verifier: str
    next: str
    ends: float


@dataclass(frozen=True)
class OpenIdRoutes:
    """Routes of signing in by `provider`; `groups` is the claim that tells a user's groups.

    `work` runs what asks the provider; `now` is the time, in seconds since 1970, `random` gives so
    many random bytes.
    """

    signing: SigningIn
    provider: Provider
    groups: str
    work: Work
    now: Callable[[], float]
    random: Callable[[int], bytes]

    def routes(self) -> list[Route]:
        return [
            Route(OPENID, self.begin, methods=["GET"]),
            Route(BACK, self.back, methods=["GET"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Send a browser to the provider."""
        own = self.signing.own
        if not own.takes_secrets(request):
            return self.signing.failed(request, "", 403)
        where = safe_next(request.query_params.get("next", ""))
        kept = where if len(where) <= _MOST_NEXT else ""
        ends = self.now() + _LIFE.total_seconds()
        flow = _Flow(self._secret(), self._secret(), self._secret(), kept, ends)
        redirect = own.of(request) + BACK
        try:
            address = await self.work.run(
                lambda _: self.provider.address(redirect, flow.state, flow.nonce, flow.verifier)
            )
        except RequestError as error:
            return self._failed(request, error)
        answer = RedirectResponse(address, 303, _PRIVATE)
        sealed = await self.work.run(lambda _: _sealed(flow, self.signing.sessions.key))
        give(answer, request, own, FLOW, sealed, _LIFE)
        return answer

    async def back(self, request: Request) -> Response:
        """Begin a session for whoever comes back from the provider."""
        own, sessions = self.signing.own, self.signing.sessions
        told = request.query_params
        value = cookie(request, own, FLOW)
        flow = await self.work.run(lambda _: _opened(value, sessions.key))
        try:
            if flow is None or self.now() > flow.ends:
                raise RequestError(403, "signing in was not begun here, or took too long")
            if not hmac.compare_digest(flow.state.encode(), told.get("state", "").encode()):
                raise RequestError(403, "this is the answer to another request")
            code = told.get("code", "")
            if "error" in told or not code:
                raise RequestError(403, "the provider lets nobody in")
            redirect, begun = own.of(request) + BACK, flow
            claims = await self.work.run(
                lambda _: self.provider.claims(redirect, code, begun.verifier, begun.nonce)
            )
            who = signed_in(claims, self.groups)
        except RequestError as error:
            answer = self._failed(request, error)
        else:
            onward = RedirectResponse(safe_next(flow.next) or "/sign-in", 303, _PRIVATE)
            answer = await self.signing.begun(request, onward, who, "openid")
        give(answer, request, own, FLOW, "", _LIFE)
        return answer

    def _failed(self, request: Request, error: RequestError) -> Response:
        _LOG.warning("%s", error.message)
        address = request.client.host if request.client else ""
        self.signing.recorded.failed(address, by="openid")
        return self.signing.failed(request, _PROBLEM, error.status)

    def _secret(self) -> str:
        return _text(self.random(_SECRET_BYTES))


def signed_in(claims: Mapping[str, Any], groups: str) -> SignedIn:
    """Return who has signed in, of the claims of an ID token. Raises RequestError for nobody.

    An address of mail counts where the provider has verified it (Core 1.0, section 5.1).
    """
    sub = claims.get("sub")
    if not isinstance(sub, str) or not (0 < len(sub) <= _MOST_SUB and sub.isprintable()):
        raise RequestError(403, "the provider names nobody")
    held = {f"sub:{sub}"}
    email = claims.get("email")
    if isinstance(email, str) and claims.get("email_verified") is True:
        held.add(f"email:{email.lower()}")
    told = claims.get(groups)
    for group in told[:_MOST_GROUPS] if isinstance(told, list) else [told]:
        if isinstance(group, str) and group:
            held.add(f"group:{group}")
    names = (claims.get(key) for key in ("name", "preferred_username", "email"))
    name = next((shown for each in names if isinstance(each, str) and (shown := _shown(each))), sub)
    return SignedIn(Account(f"oidc/{sub}", name), "", frozenset(held))


def _shown(name: str) -> str:
    """Return a name without what is not seen of it."""
    seen = (each for each in name if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join("".join(seen).split())[:_MOST_NAME]


def _sealed(flow: _Flow, key: bytes) -> str:
    content = json.dumps(asdict(flow)).encode()
    return f"{_text(content)}.{_text(_seal(content, key))}"


def _opened(text: str, key: bytes) -> _Flow | None:
    """Return what `_sealed` wrote with this key, None for anything else."""
    try:
        content, seal = (
            base64.urlsafe_b64decode(each.encode("ascii") + b"==") for each in text.split(".")
        )
        if not hmac.compare_digest(seal, _seal(content, key)):
            return None
        return _Flow(**json.loads(content))
    except (ValueError, TypeError):
        return None


def _seal(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"kgpub openid " + content, sha256)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
