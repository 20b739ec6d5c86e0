"""`/metrics`: the figures over HTTP, for whom they are meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http.addresses import parsed
from kgpub.service.http.headers import KEPT_NOWHERE
from kgpub.service.operations.gathered import Gathered
from kgpub.service.siblings import Siblings

PATH = "/metrics"
_FORWARDED = ("forwarded", "via", "x-real-ip", "x-forwarded-")
"""How the names of fields begin by which proxies tell of themselves."""
_LOCAL = re.compile(r"(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?")
_MAX_ACCEPT = 1_000

Admits = Callable[[Request], object]
"""Raises RequestError for a request that is not let in."""


def metrics_route(
    registry: CollectorRegistry, admits: Admits, siblings: Siblings | None = None
) -> Route:
    """Return the route of the figures in `registry`, with those of `siblings`."""
    gathered = Gathered(registry, siblings or Siblings())

    async def figures(request: Request) -> Response:
        admits(request)
        encode, content_type = choose_encoder(request.headers.get("accept", "")[:_MAX_ACCEPT])
        headers = {**KEPT_NOWHERE, "Content-Type": content_type}
        try:
            all_figures = await gathered.registry()
        except OSError as error:
            message = "not all processes tell their figures"
            raise RequestError(503, message, "Try again later.", headers=RETRY) from error
        return Response(encode(all_figures), headers=headers)

    return Route(PATH, figures)


def everyone(request: Request) -> None:
    """Let everyone in."""


def this_machine(request: Request) -> None:
    """Let in who asks from this machine and by its own name. Raises RequestError.

    A request that a proxy passed on comes from this machine as well: it is told by its headers. A
    page of the web can have its own name lead here; that stands in Host then.
    """
    address = parsed(request.client.host) if request.client else None
    is_direct = not any(name.startswith(_FORWARDED) for name in request.headers)
    is_named = _LOCAL.fullmatch(request.headers.get("host", "")) is not None
    if not (address is not None and address.is_loopback and is_direct and is_named):
        raise RequestError(403, "this is for the server's own machine", "")
