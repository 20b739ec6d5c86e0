"""A site on which people sign in, as it stands on the web, and a browser that keeps cookies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.service.served import Got, fetch, running

from kgpub.pages.rendering import Site
from kgpub.service.accounts.letting_in import letting_in, recorded
from kgpub.service.application import application
from kgpub.service.http.reading import parameters
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.linked_data.assets import asset_route
from kgpub.service.serving import Forwarded
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted
from kgpub.settings import Serving

SITE = Site("https://example.org/data/", "Facts", "Me", "https://example.org/licence")


def created(
    state: Path, *scopes: Scope, name: str = "Layla", days: int | None = None
) -> tuple[str, Token]:
    """Make a token; return its text, and what is kept of it."""
    text, id_, digest = minted(os.urandom)
    now = datetime.now(UTC)
    end = None if days is None else now + timedelta(days=days)
    token = Token(id_, name, frozenset(scopes), now, end, digest)
    KeptTokens(state).add(token)
    return text, token


@contextmanager
def signing_in(root: Path, **settings: object) -> Iterator[str]:
    """Serve what is to sign in with, and two addresses that need to be let in; yield the origin.

    `/change` needs the scope submit and changes something by POST; `/who` tells who asks.
    """
    state = root / ".kgpub"
    serve = Serving.model_validate({"submissions": True, **settings})
    noted = recorded(state, serve)
    admission = Admission(
        KeptTokens(state), lambda: datetime.now(UTC), time.monotonic, tell=noted.failed
    )
    let_in = letting_in(root, state, serve, SITE, admission, noted)

    async def change(request: Request) -> Response:
        given = {} if request.method == "GET" else await parameters(request, DEFAULT_LIMITS)
        holder = let_in.accounts.admitted(request, Scope.submit, given.get("csrf", ""))
        return JSONResponse({"account": holder.account.id, "name": holder.account.name})

    async def who(request: Request) -> Response:
        holder = let_in.accounts.signed_in(request)
        told = None if holder is None else [holder.account.id, sorted(holder.scopes)]
        return JSONResponse({"who": told, "csrf": let_in.accounts.form_token(request)})

    routes = [
        *let_in.routes,
        Route("/change", change, methods=["GET", "POST"]),
        Route("/who", who),
        asset_route(),
    ]
    with running(Forwarded(application(routes), serve.proxies)) as origin:
        yield origin


@dataclass
class Client:
    """A browser on a page of `origin`: it keeps cookies, and tells where it comes from."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    """The headers Set-Cookie that came."""

    def get(self, path: str, **headers: str) -> Got:
        return self._sent(path, None, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Got:
        return self._sent(path, form, {"Origin": self.origin, **headers})

    def sign_in(self, token: str, next: str = "", **headers: str) -> Got:
        return self.post("/sign-in", {"token": token, "next": next}, **headers)

    @property
    def form_token(self) -> str:
        return str(self.get("/who").json["csrf"])

    @property
    def who(self) -> object:
        return self.get("/who").json["who"]

    def _sent(self, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> Got:
        sent = {name: value for name, value in headers.items() if value}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        got = fetch(self.origin + path, form, None, **sent)
        for header in got.headers.get_all("set-cookie", []):
            self.given.append(header)
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return got


def noted(root: Path) -> str:
    """Return the audit log, "" where there is none."""
    path = root / ".kgpub/audit.log"
    return path.read_text(encoding="ascii") if path.exists() else ""
