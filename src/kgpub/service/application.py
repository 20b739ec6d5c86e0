"""An application of routes: what is allowed from other pages, and what errors are told as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from kgpub.errors import KgpubError, StoreError
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http.refusals import in_json
from kgpub.service.immediate import Asked, taking


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
        self._taking = {path: taking(route.app) for path, route in self._direct.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        route = self._direct.get(scope["path"]) if scope["type"] == "http" else None
        if route is None or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
        else:
            scope["route"] = route
            await route.app(scope, receive, send)

    def takes(self, asked: Asked) -> bool:
        """See Immediate."""
        route = self._direct.get(asked.scope["path"])
        if route is None:
            return False
        asked.scope["route"] = route
        return self._taking[route.path](asked)


async def refused(request: Request, error: Exception) -> Response:
    """Answer what a request does wrong; of the store's state, no paths of this machine."""
    if isinstance(error, RequestError):
        return in_json(error.status, error.message, error.remedy, error.headers)
    if isinstance(error, StoreError):
        message = "what is published cannot be read at the moment"
        return in_json(503, message, "Try again later.", RETRY)
    return in_json(500, "the request cannot be answered")


async def not_served(request: Request, error: Exception) -> Response:
    """Answer what the routing refuses: unknown addresses and methods."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    detail = error.detail if isinstance(error, HTTPException) else ""
    return in_json(status, detail, "", headers)


async def failed(request: Request, error: Exception) -> Response:
    """Answer where something is wrong with kgpub itself; the server logs what."""
    return in_json(500, "the request cannot be answered")
