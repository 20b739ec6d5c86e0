"""`/sign-in` and `/sign-out`: a browser becomes known by a token, and unknown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kgpub.messages import LANGUAGES
from kgpub.pages import signing_in
from kgpub.pages.rendering import Frame, Site
from kgpub.pages.signing_in import STYLE, Signing
from kgpub.service.accounts.accounts import FORM_FIELD, SIGN_IN, SIGN_OUT, Accounts
from kgpub.service.accounts.cookies import SESSION, cookie, give
from kgpub.service.accounts.own_origin import OwnOrigin
from kgpub.service.accounts.recorded import Recorded
from kgpub.service.accounts.sessions import Sessions, SignedIn
from kgpub.service.errors import RequestError
from kgpub.service.http.headers import PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import parameters
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.tokens.admission import Admission
from kgpub.submissions.submission import Account

OPENID = "/sign-in/openid"
_LIMITS = replace(DEFAULT_LIMITS, body=16_384, fields=5)
_HERE = re.compile(r"/(?!/)[!-\[\]-~]{0,1999}")
"""A path of this host, with a query: neither // nor a backslash, which browsers take for one."""
_PRIVATE = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language, Accept-Encoding"}
_PROBLEMS = {401: "account-wrong-token", 403: "account-foreign", 429: "account-too-many"}


def safe_next(text: str) -> str:
    """Return where to go on to, if it is on this host, else ""."""
    is_here = _HERE.fullmatch(text) and not text.startswith((SIGN_IN, SIGN_OUT))
    return text if is_here else ""


@dataclass(frozen=True)
class SigningIn:
    """The pages. `life` is how long a browser keeps the cookie, `has_openid` whether one may also
    sign in by OpenID Connect.
    """

    site: Site
    accounts: Accounts
    admission: Admission
    sessions: Sessions
    own: OwnOrigin
    recorded: Recorded
    life: timedelta
    has_openid: bool = False

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN, self.page, methods=["GET"]),
            Route(SIGN_IN, self.enter, methods=["POST"]),
            Route(SIGN_OUT, self.leave, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Answer with the page, to whoever has signed in and to others. Raises RequestError."""
        return self._page(request, await parameters(request, _LIMITS))

    async def enter(self, request: Request) -> Response:
        """Begin a session for whoever sends a token. Raises RequestError, StoreError.

        The form needs no token of its own, since there is no session yet: the browser must tell
        that it comes from here. Else a page of another site could sign its reader in as somebody
        else, whose submissions they then would make.
        """
        given = await parameters(request, _LIMITS)
        if not self.own.takes_secrets(request):
            return self._page(request, given, status=403)
        try:
            self.own.require(request, proven=True)
            token = self.admission.of_text(request, given.get("token", "").strip())
        except RequestError as error:
            if error.status not in _PROBLEMS:
                raise
            return self._page(request, given, _PROBLEMS[error.status], error.status, error.headers)
        who = SignedIn(Account(f"token/{token.id}", token.name), token.id)
        here = f"{SIGN_IN}?{urlencode({'lang': _language(request, given)})}"
        answer = RedirectResponse(safe_next(given.get("next", "")) or here, 303, _PRIVATE)
        return await self.begun(request, answer, who, "token")

    async def begun(self, request: Request, answer: Response, who: SignedIn, by: str) -> Response:
        """Return `answer` with the cookie of a new session; the one before, if any, has ended.

        Raises StoreError.
        """
        before = cookie(request, self.own, SESSION)

        def begin() -> str:
            if before:
                self.sessions.end(before)
            self.recorded.begun(who.account, _address(request), by)
            return self.sessions.begin(who)

        secret = await to_thread.run_sync(begin)
        give(answer, request, self.own, SESSION, secret, self.life)
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session. Raises RequestError, StoreError.

        Also of whoever seems to have none: a form of another site comes without the cookie, and
        the answer would have the browser forget it.
        """
        given = await parameters(request, _LIMITS)

        def end() -> None:
            self.own.require(request, proven=True)
            holder = self.accounts.end(request, given.get(FORM_FIELD, ""))
            if holder is not None:
                self.recorded.ended(holder.account, _address(request))

        try:
            await to_thread.run_sync(end)
        except RequestError as error:
            if error.status != 403:
                raise
            return self._page(request, given, _PROBLEMS[403], 403)
        query = urlencode({"lang": _language(request, given), "ended": "1"})
        answer = RedirectResponse(f"{SIGN_IN}?{query}", 303, _PRIVATE)
        give(answer, request, self.own, SESSION, "", self.life)
        return answer

    def failed(self, request: Request, problem: str, status: int) -> Response:
        """Answer with the page and what is wrong. Raises RequestError."""
        return self._page(request, {}, problem, status)

    def _page(
        self,
        request: Request,
        given: Mapping[str, str],
        problem: str = "",
        status: int = 200,
        more: Mapping[str, str] | None = None,
    ) -> Response:
        language = _language(request, given)
        holder = self.accounts.signed_in(request)
        where = safe_next(given.get("next", ""))
        onward = {"next": where} if where else {}
        openid = f"{OPENID[1:]}?{urlencode({**onward, 'lang': language})}"
        signing = Signing(
            SIGN_IN[1:],
            SIGN_OUT[1:],
            where,
            openid if self.has_openid else "",
            None if holder is None else holder.account.name or holder.account.id,
            () if holder is None else sorted(holder.scopes),
            self.accounts.form_token(request),
            problem,
            "account-signed-out" if given.get("ended") and holder is None else "",
            self.own.takes_secrets(request),
            holder is None or not holder.account.id.startswith("user/"),
        )
        frame = Frame(
            self.site,
            language,
            SIGN_IN[1:],
            languages={
                each: f"{SIGN_IN[1:]}?{urlencode({**onward, 'lang': each})}" for each in LANGUAGES
            },
            styles=(STYLE,),
        )
        headers = {**headers_of(PAGE_TYPE), **_PRIVATE, **(more or {})}
        headers.pop("WWW-Authenticate", None)  # it is a page's form that asks, not HTTP
        return Response(signing_in.html(frame, signing), status, headers, PAGE_TYPE)


def _language(request: Request, given: Mapping[str, str]) -> str:
    wanted = given.get("lang", "")
    return wanted if wanted in LANGUAGES else language_of(request)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
