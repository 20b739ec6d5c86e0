"""Who a request comes from, and what they may do."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import HTTPConnection

from kgpub.service.accounts.cookies import SESSION, cookie
from kgpub.service.accounts.form_tokens import form_token, is_form_token
from kgpub.service.accounts.granted import Granted
from kgpub.service.accounts.own_origin import OwnOrigin
from kgpub.service.accounts.proxied import Proxied
from kgpub.service.accounts.sessions import Sessions, SignedIn
from kgpub.service.errors import RequestError
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.token import Scope, Token
from kgpub.submissions.submission import Account

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
FORM_FIELD, FORM_HEADER = "csrf", "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OF_REQUESTS, _NOTHING = OwnOrigin(), Granted()
_BEARER = re.compile(r"bearer\b", re.IGNORECASE)
_BASIC = re.compile(r"basic +([A-Za-z0-9+/]{1,1000}={0,2}) *", re.IGNORECASE)
_FEED_REALM = 'Basic realm="kgpub", charset="UTF-8", Bearer realm="kgpub"'
_FEED_REMEDY = "Give a token of scope review as the password, with any name of a user."


@dataclass(frozen=True)
class Holder:
    """Whoever is let in: `account` tells who it is, `scopes` what they may do."""

    account: Account
    scopes: frozenset[Scope]


@dataclass(frozen=True)
class _Known:
    """Who asks. `key` is what tokens of forms are made with, for those whom a browser makes known.

    `secret` is that of a session.
    """

    holder: Holder
    key: bytes = field(default=b"", repr=False)
    secret: str = field(default="", repr=False)


class Accounts:
    """Lets in those who may do something: by a token, a session, or as a proxy tells.

    Without `sessions` nobody signs in. `own` is the origin of this site, `granted` what those may
    do who have no token, `random` gives so many random bytes.
    """

    def __init__(
        self,
        admission: Admission,
        sessions: Sessions | None = None,
        own: OwnOrigin = _OF_REQUESTS,
        granted: Granted = _NOTHING,
        proxied: Proxied | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._admission = admission
        self._sessions = sessions
        self._own = own
        self._granted = granted
        self._proxied = proxied
        self._random = random

    def admitted(self, request: HTTPConnection, scope: Scope, form_token: str = "") -> Holder:
        """Return who asks, if they may do what `scope` allows. Raises RequestError, StoreError.

        `form_token` is what a form has sent as its field `csrf`; requests of browsers that change
        something are refused without it or the header X-CSRF-Token. What this returns of a browser
        must not be cached.
        """
        known = self._known(request)
        if known is None:
            return _of_token(self._admission.admitted(request, scope))
        self._require_form(request, known, form_token)
        if scope not in known.holder.scopes:
            asked = "Ask whoever runs the server."
            raise RequestError(403, f"you may not do this: it needs the scope {scope}", asked)
        return known.holder

    def admitted_to_feed(self, request: HTTPConnection, scope: Scope) -> Holder:
        """Return who asks for a feed, as `admitted` does. Raises RequestError, StoreError.

        A token may be the password of Basic, too (RFC 7617): readers of feeds know nothing else.
        """
        given = request.headers.getlist("authorization")
        password = _password(given[0]) if len(given) == 1 else None
        try:
            if password is None:
                return self.admitted(request, scope)
            holder = _of_token(self._admission.of_text(request, password))
        except RequestError as error:
            if error.status != 401:
                raise
            told = {"WWW-Authenticate": _FEED_REALM}
            raise RequestError(401, error.message, _FEED_REMEDY, headers=told) from error
        if scope not in holder.scopes:
            raise RequestError(403, f"the token does not allow this: it lacks the scope {scope}")
        return holder

    def signed_in(self, request: HTTPConnection) -> Holder | None:
        """Return who asks, whatever they may do; None for nobody. For what changes nothing.

        Raises RequestError for a wrong token, StoreError.
        """
        known = self._known(request)
        return None if known is None else known.holder

    def form_token(self, request: HTTPConnection) -> str:
        """Return what forms of the page are to carry as the field `csrf`, "" where none is needed.

        Raises RequestError, StoreError.
        """
        known = self._known(request)
        return form_token(known.key, self._random) if known is not None and known.key else ""

    def sign_in(self, request: HTTPConnection) -> str:
        """Return the address, on this host, where to sign in and come back to this page."""
        query = request.scope.get("query_string", b"").decode("latin-1")
        here = quote(request.scope["path"]) + (f"?{query}" if query else "")
        return f"{SIGN_IN}?next={quote(here, safe='/')}"

    def end(self, request: HTTPConnection, form_token: str) -> Holder | None:
        """End the session of a browser and return whose it was. Raises RequestError, StoreError."""
        known = self._known(request)
        if known is None or not known.secret or self._sessions is None:
            return None
        self._require_form(request, known, form_token)
        self._sessions.end(known.secret)
        return known.holder

    def _known(self, request: HTTPConnection) -> _Known | None:
        """Return who asks, None for nobody.

        A token comes first: whoever sends one means it. A proxy that asks for passwords may pass
        these on in Authorization, too.
        """
        given = request.headers.getlist("authorization")
        has_token = any(_BEARER.match(each) for each in given)
        account = None
        if self._proxied is not None and not has_token:
            account = self._proxied.account(request)
        if account is not None:
            # Whoever is believed by their address, a page of any site may use the browser of.
            self._own.require_of_script(request)
            return self._of_proxy(account)
        if given:
            return _Known(_of_token(self._admission.known(request)))
        return self._of_session(request)

    def _of_proxy(self, account: Account) -> _Known:
        key = b"" if self._sessions is None else self._sessions.key
        claims = (f"user:{account.name}",)
        own = hmac.digest(key, account.id.encode(), "sha256") if key else b""
        return _Known(Holder(account, self._granted.scopes(claims)), own)

    def _of_session(self, request: HTTPConnection) -> _Known | None:
        if self._sessions is None or "cookie" not in request.headers:
            return None
        secret = cookie(request, self._own, SESSION)
        who = self._sessions.found(secret) if secret else None
        holder = None if who is None else self._holder(who)
        return None if holder is None else _Known(holder, secret.encode(), secret)

    def _holder(self, who: SignedIn) -> Holder | None:
        """Return what a session allows by now; a token that holds no more has ended its own."""
        if not who.token:
            return Holder(who.account, self._granted.scopes(who.claims))
        token = self._admission.held(who.token)
        return None if token is None else _of_token(token)

    def _require_form(self, request: HTTPConnection, known: _Known, token: str) -> None:
        """Raise RequestError where a browser may have been made to send this by another page."""
        if not (known.key or known.holder.account.id.startswith("user/")):
            return
        if request.scope.get("method", "GET") in _SAFE:
            return
        self._own.require(request)
        given = token or request.headers.get(FORM_HEADER, "")
        if not (known.key and is_form_token(given, known.key)):
            message = "the form is not one of yours, or too old"
            raise RequestError(403, message, "Load the page again, and send it from there.")


def _of_token(token: Token) -> Holder:
    return Holder(Account(f"token/{token.id}", token.name), token.scopes)


def _password(header: str) -> str | None:
    """Return the password in a header Authorization, None where there is none."""
    match = _BASIC.fullmatch(header)
    if match is None:
        return None
    try:
        return base64.b64decode(match[1]).decode("utf-8").partition(":")[2]
    except ValueError:
        return ""
