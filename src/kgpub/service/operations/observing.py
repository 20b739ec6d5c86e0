"""All of it put together: the routes, and what stands around an application."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Request

from kgpub.service.immediate import Asked, Seen, taking
from kgpub.service.operations.access_log import AccessLog
from kgpub.service.operations.exchange import Exchange
from kgpub.service.operations.figures import PoolFigures, cache_figures, pool_figures
from kgpub.service.operations.health import health_routes
from kgpub.service.operations.metrics import Figures
from kgpub.service.operations.scraping import Admits, everyone, metrics_route, this_machine
from kgpub.service.operations.traffic import Traffic
from kgpub.service.siblings import Siblings
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.pool import Pool
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.token import Scope
from kgpub.settings import Serving


def operation_routes(
    serve: Serving,
    traffic: Traffic,
    pool: Pool,
    cache: Cache,
    built: Callable[[], float | None],
    admission: Admission,
    siblings: Siblings | None = None,
) -> list[Route]:
    """Return `/health`, `/health/live` and `/metrics`.

    `built` is when what is served was built, in seconds since 1970, None where nobody knows. The
    figures are those of `siblings`, too.
    """
    admits: dict[str, Admits] = {
        "public": everyone,
        "local": this_machine,
        "token": lambda request: admission.admitted(request, Scope.metrics),
    }

    def look() -> PoolFigures:
        return pool_figures(pool, built())

    figures = Figures(traffic, look, lambda: cache_figures(cache), time.time)
    scraped = metrics_route(figures.registry(), admits[serve.metrics], siblings)
    return [*health_routes(look), scraped]


_BEGUN = "kgpub.begun"


class Observed:
    """An application whose requests are counted in `traffic`, and logged if there is a log.

    `ticks` are seconds from some moment on. It is to stand around all else, so that failures are
    seen.
    """

    def __init__(
        self, app: ASGIApp, traffic: Traffic, log: AccessLog | None, ticks: Callable[[], float]
    ) -> None:
        self._app = app
        self._takes = taking(app)
        self._traffic = traffic
        self._log = log
        self._ticks = ticks

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, send)
        begun = scope.pop(_BEGUN, None) or self._ticks()
        self._traffic.pending += 1
        try:
            await self._app(scope, receive, exchange.pass_on)
        finally:
            self._over(scope, begun, exchange.seen)

    def takes(self, asked: Asked) -> bool:
        """See Immediate."""
        begun = self._ticks()
        asked.scope[_BEGUN] = begun  # for the case that it is passed on
        asked.over = partial(self._over, asked.scope, begun)
        asked.seen = self._seen
        self._traffic.pending += 1
        is_taken = False
        try:
            is_taken = self._takes(asked)
        finally:
            if not is_taken:
                asked.over = None
                self._traffic.pending -= 1
        return is_taken

    def _over(self, scope: Request, begun: float, seen: Seen | None) -> None:
        self._traffic.pending -= 1
        if seen is not None:
            self._seen(scope, seen, self._ticks() - begun)

    def _seen(self, scope: Request, seen: Seen, seconds: float) -> None:
        self._traffic.count(scope, seen, seconds)
        if self._log is not None:
            self._log.log(scope, seen, seconds)


def observed(
    app: ASGIApp, serve: Serving, traffic: Traffic, write: Callable[[str], object]
) -> Observed:
    """Return an application that is observed as settings say; `write` takes lines of the log."""
    log = AccessLog(write, serve.logged_addresses, time.time) if serve.access_log else None
    return Observed(app, traffic, log, time.perf_counter)
