"""The application: services on a prefix, in the languages of the interface."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from kgpub.errors import KgpubError, StoreError
from kgpub.messages import LANGUAGES
from kgpub.service.cards import Cards
from kgpub.service.endpoints import HEADERS, Endpoints, Surroundings
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.offered import Reconciliation
from kgpub.service.work import Clock, Work

PREFIX = "/reconcile"
DEFAULT_LANGUAGE = "en"


def reconciliation_routes(
    services: Sequence[Reconciliation],
    prefix: str = PREFIX,
    public: str = "",
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> list[Route]:
    """Return routes for `services`: `{prefix}/{slug}` in English, `{prefix}/{language}/{slug}`.

    `public` is scheme and host as clients see them; "" takes them from each request, which is
    right behind a proxy that passes Host on and is trusted by the server.
    """
    work, cards = Work(limits, clock), Cards.from_package()
    routes = []
    by_language = ((f"{prefix}/{language}", language) for language in LANGUAGES)
    for below, language in ((prefix, DEFAULT_LANGUAGE), *by_language):
        paths = {service.slug: f"{below}/{service.slug}" for service in services}
        around = Surroundings(limits, work, cards, public, paths)
        for service in services:
            routes += Endpoints(service, language, around).routes()
    return routes


def reconciliation_application(
    services: Sequence[Reconciliation],
    prefix: str = PREFIX,
    public: str = "",
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> Starlette:
    """Return an application of these routes alone, see `reconciliation_routes`."""
    return application(reconciliation_routes(services, prefix, public, limits, clock))


def application(routes: Sequence[Route], lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """Return an application of `routes`; `lifespan` is entered while it runs."""
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            # Anyone may read, from any page; nobody is known here, so no credentials are allowed.
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],
                expose_headers=["ETag", "Link"],
                max_age=86_400,
            )
        ],
        exception_handlers={
            KgpubError: refused,
            HTTPException: not_served,
            Exception: failed,
        },
    )


class Direct:
    """An application of which some addresses are answered by others, without anything between.

    What stands around routes takes longer than many an answer. OPTIONS goes to the application,
    which knows what browsers ask before they ask from other pages.
    """

    def __init__(self, app: ASGIApp, direct: Iterable[Route]) -> None:
        self._app = app
        self._direct = {route.path: route for route in direct}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        route = self._direct.get(scope["path"]) if scope["type"] == "http" else None
        if route is None or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
        else:
            scope["route"] = route
            await route.app(scope, receive, send)


async def refused(request: Request, error: Exception) -> Response:
    """Answer what a request does wrong; of the store's state, no paths of this machine."""
    if isinstance(error, RequestError):
        return _told(error.status, error.message, error.remedy, error.headers)
    if isinstance(error, StoreError):
        message = "what is published cannot be read at the moment"
        return _told(503, message, "Try again later.", RETRY)
    return _told(500, "the request cannot be answered")


async def not_served(request: Request, error: Exception) -> Response:
    """Answer what the routing refuses: unknown addresses and methods."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    detail = error.detail if isinstance(error, HTTPException) else ""
    return _told(status, detail, "", headers)


async def failed(request: Request, error: Exception) -> Response:
    """Answer where something is wrong with kgpub itself; the server logs what."""
    return _told(500, "the request cannot be answered")


def _told(
    status: int, message: str, remedy: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    content = {"status": "error", "code": status, "message": message, "remedy": remedy}
    told = {key: value for key, value in content.items() if value}
    return JSONResponse(told, status, {**HEADERS, **(headers or {})})
