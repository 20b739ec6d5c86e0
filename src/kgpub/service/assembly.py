"""All that is served of a workspace, as one application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from kgpub.documents.releases import FOLDER as RELEASES
from kgpub.errors import CallError
from kgpub.pages.rendering import Site
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.service.accounts.letting_in import letting_in, recorded
from kgpub.service.api import beside
from kgpub.service.api.routes import api_routes
from kgpub.service.api.saved import saved
from kgpub.service.application import Direct, application
from kgpub.service.connections import ConnectionLimits
from kgpub.service.editing.described import editing as describing
from kgpub.service.editing.routes import Editing
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.linked_data.builds import Builds
from kgpub.service.linked_data.dumps import Dumps
from kgpub.service.linked_data.releases import Releases
from kgpub.service.linked_data.routes import LinkedData
from kgpub.service.notifying.feeds import Feeds
from kgpub.service.notifying.following import following, notifier
from kgpub.service.operations.observing import observed, operation_routes
from kgpub.service.operations.traffic import Traffic
from kgpub.service.query_page.routes import query_routes
from kgpub.service.reconciliation.offered import Reconciliation
from kgpub.service.reconciliation.routes import reconciliation_routes
from kgpub.service.reviewing.assembling import reviewing_submissions
from kgpub.service.reviewing.described import reviewing
from kgpub.service.search.builds import Indexes
from kgpub.service.search.routes import search_routes
from kgpub.service.siblings import Siblings
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.published import endpoint, entered, updated
from kgpub.service.sparql.updates import UpdateLimits
from kgpub.service.submitting.described import submitting
from kgpub.service.submitting.limits import SubmissionLimits
from kgpub.service.submitting.taking import taking_submissions
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.work import Work
from kgpub.settings import Serving
from kgpub.store.named_queries import catalogue

_PAGES = replace(DEFAULT_LIMITS, threads=2)
"""More threads would make no page sooner: to render one needs the interpreter all the time."""
_LISTS = replace(DEFAULT_LIMITS, threads=1)
_DUMPS = replace(DEFAULT_LIMITS, threads=1)
"""Many who fetch a dump at once keep each other waiting, not those who read pages."""
_SEARCH = "search"
_BESIDE = {**beside.sparql(), **beside.search(), **beside.health(), **beside.metrics()}


@dataclass(frozen=True)
class Assembled:
    """An application, and the endpoint in it."""

    app: ASGIApp
    endpoint: Endpoint

    def close(self) -> None:
        """End all queries; clients are told so."""
        for pool in self.endpoint.pools:
            pool.lanes.close()


def assembled(
    place: Workspace,
    serve: Serving,
    services: Sequence[Reconciliation],
    queries: Sequence[Path],
    write: Callable[[str], object],
    tell: Callable[[CallError], None],
    siblings: Siblings | None = None,
) -> Assembled:
    """Return what serves a workspace that has been built.

    `services` are what names are reconciled with, `queries` folders of saved queries; `write` takes
    the lines of the access log, `tell` what is wrong with saved queries. `siblings` serve the same,
    within the same limits.
    """
    siblings = siblings or Siblings()
    settings, public = place.settings, serve.public_url
    site = Site.of(settings)
    limits = QueryLimits(**serve.queries.model_dump(exclude_none=True)).shared(siblings.number)
    sparql = endpoint(place, public, limits, serve.federation)
    indexes = Indexes(place.generations.published, place.root / STATE / _SEARCH, site)
    traffic = Traffic()
    state = place.root / STATE
    noted = recorded(state, serve)
    tokens, now = KeptTokens(state), lambda: datetime.now(UTC)
    admission = Admission(tokens, now, time.monotonic, tell=noted.failed)
    let_in = letting_in(place.root, state, serve, site, admission, noted)
    if serve.updates:
        allowed = UpdateLimits(**serve.update_limits.model_dump(exclude_none=True))
        sparql = updated(sparql, place, admission, write, allowed, siblings)
    builds = Builds(place)
    taking = reviewed = feeds = follows = editing = None
    if serve.submissions:
        bounds = SubmissionLimits(**serve.submission_limits.model_dump(exclude_none=True))
        taking = taking_submissions(place, let_in.accounts, bounds, siblings.number)
        reviewed = reviewing_submissions(
            *(place, site, taking.queue, taking.checks, let_in.accounts),
            Work(_LISTS, time.monotonic),
        )
        feeds = Feeds(
            site, taking.queue, let_in.accounts, Work(_LISTS, time.monotonic), public
        ).routes()
        follows = notifier(place.root, state, settings.notify, public, taking.queue)
        editing = Editing(builds, Work(_LISTS, time.monotonic), let_in.accounts)
    described = {**_BESIDE, **({**submitting(), **reviewing(), **describing()} if taking else {})}
    named = saved(catalogue(queries, tell), tell)
    work, lists, opening = (Work(each, time.monotonic) for each in (_PAGES, _LISTS, _DUMPS))
    routes: list[Route] = [
        *sparql.routes(),
        *operation_routes(
            serve,
            traffic,
            sparql.pool,
            sparql.cache,
            lambda: sparql.pool.built,
            admission,
            siblings,
        ),
        *let_in.routes,
        *(feeds or ()),
        *(taking.routes if taking else ()),
        *(reviewed.routes if reviewed else ()),
        *(editing.routes() if editing else ()),
        *api_routes(named, place.prefixes, sparql.evaluate, settings.title, public, described),
        *search_routes(indexes, public),
        *query_routes(site, place.prefixes, lambda: list(catalogue(queries, lambda _: None))),
        *reconciliation_routes(services, public=public),
        *Releases(place.root / RELEASES, site, work, opening).routes(),
        # Its last one takes every address.
        *LinkedData(builds, Dumps(place.root / "output", opening), work, lists).routes(),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        checks = taking.checks if taking else nullcontext()
        publication = reviewed.publication if reviewed else nullcontext()
        async with entered(sparql.pools), indexes, checks, publication, following(follows):
            yield

    app = Direct(application(routes, lifespan), sparql.routes())
    return Assembled(observed(app, serve, traffic, write), sparql)


def connection_limits(serve: Serving, number: int = 1) -> ConnectionLimits:
    """Return the limits of connections that settings ask for, for each of so many processes."""
    return ConnectionLimits(**serve.connections.model_dump(exclude_none=True)).shared(number)
