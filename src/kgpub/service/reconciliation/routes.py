"""Services on a prefix, in the languages of the interface."""

from __future__ import annotations

import time
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import Route

from kgpub.messages import LANGUAGES
from kgpub.service.application import application
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.reconciliation.cards import Cards
from kgpub.service.reconciliation.endpoints import Endpoints, Surroundings
from kgpub.service.reconciliation.offered import Reconciliation
from kgpub.service.work import Clock, Work

PREFIX = "/reconcile"
_LANGUAGE = "en"
"""Of addresses that name none."""


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
    for below, language in ((prefix, _LANGUAGE), *by_language):
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
