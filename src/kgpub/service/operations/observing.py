"""All of it put together: the routes, and what stands around an application."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.routing import Route
from starlette.types import ASGIApp

from kgpub.service.operations.access_log import AccessLog
from kgpub.service.operations.figures import PoolFigures, cache_figures, pool_figures
from kgpub.service.operations.health import health_routes
from kgpub.service.operations.metrics import Figures
from kgpub.service.operations.scraping import Admits, everyone, metrics_route, this_machine
from kgpub.service.operations.traffic import Measured, Traffic
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
) -> list[Route]:
    """Return `/health`, `/health/live` and `/metrics`.

    `built` is when what is served was built, in seconds since 1970, None where nobody knows.
    """
    admits: dict[str, Admits] = {
        "public": everyone,
        "local": this_machine,
        "token": lambda request: admission.admitted(request, Scope.metrics),
    }

    def look() -> PoolFigures:
        return pool_figures(pool, built())

    figures = Figures(traffic, look, lambda: cache_figures(cache), time.time)
    return [*health_routes(look), metrics_route(figures.registry(), admits[serve.metrics])]


def observed(
    app: ASGIApp, serve: Serving, traffic: Traffic, write: Callable[[str], object]
) -> ASGIApp:
    """Return an application whose requests are counted, and logged if they are to be.

    `write` takes the lines of the log. It is to stand around all else, so that failures are seen.
    """
    counted = Measured(app, traffic, time.perf_counter)
    if not serve.access_log:
        return counted
    return AccessLog(counted, write, serve.logged_addresses, time.time, time.perf_counter)
