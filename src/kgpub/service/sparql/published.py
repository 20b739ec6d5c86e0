"""The endpoint of a workspace: queries on what was built last, as it was built."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from starlette.applications import Starlette

from kgpub.errors import StoreError
from kgpub.pipeline.cache import software_digest
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.service.siblings import Siblings
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import DEFAULT_QUERY_LIMITS, QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.updates import DEFAULT_UPDATE_LIMITS, UpdateLimits, Updates, by_token
from kgpub.service.sparql.worker import Settings
from kgpub.service.tokens.admission import Admission

_REFRESH, _REFRESH_SECONDS = "refresh", 30.0


def endpoint(
    workspace: Workspace,
    public: str = "",
    limits: QueryLimits = DEFAULT_QUERY_LIMITS,
    services: tuple[str, ...] = (),
) -> Endpoint:
    """Return the endpoint of a workspace; its pools are to be entered before it answers.

    `services` are the endpoints that SERVICE may ask. It takes no updates; see `updated`.
    """
    settings = workspace.settings
    pool = Pool(looking(workspace, limits.memory), limits)
    federating = None
    if services:
        # They wait for others more than they work.
        few = replace(limits, quick=1, slow=1, parked=2, spare=0)
        looking_beyond = looking(workspace, limits.memory, services)
        federating = Pool(looking_beyond, few, pool.lanes.storage)
    cache = Cache(limits.cache)
    return Endpoint(pool, cache, limits, settings.title, public, federating)


def updated(
    endpoint: Endpoint,
    workspace: Workspace,
    admission: Admission,
    audit: Callable[[str], object],
    limits: UpdateLimits = DEFAULT_UPDATE_LIMITS,
    siblings: Siblings | None = None,
) -> Endpoint:
    """Return an endpoint that takes updates of those whose token allows it.

    `audit` is given a line for each of them, see `Updates`. Whoever has been told that an update is
    done is answered with it by `siblings` as well.
    """

    others = siblings or Siblings()

    async def refresh() -> None:
        for pool in endpoint.pools:
            await pool.refresh()

    async def served() -> None:
        await refresh()
        await others.ask(_REFRESH, _REFRESH_SECONDS)

    others.answer(_REFRESH, refresh)

    updates = Updates(
        workspace.generations,
        workspace.root / STATE,
        workspace.settings.base,
        workspace.prefixes,
        served,
        lambda: datetime.now(UTC),
        audit,
        limits,
    )
    return replace(endpoint, updating=by_token(updates, admission))


def looking(
    workspace: Workspace, memory: int, services: tuple[str, ...] = ()
) -> Callable[[], Generation]:
    """Return what finds the current build of a workspace for a pool."""
    settings, prefixes = workspace.settings, workspace.prefixes
    # What an answer depends on besides the data: another base gives other IRIs, another kgpub
    # may write them otherwise.
    around = repr((settings.base, sorted(prefixes.items()), software_digest()))

    def look() -> Generation:
        found = workspace.generations.published()
        if found is None:
            raise StoreError("nothing is built", "Build it: kgpub build")
        folder, fingerprint = found
        built = folder.stat().st_mtime
        opened = Settings(str(folder), settings.base, prefixes, memory, services)
        return Generation(f"{fingerprint} {around}", opened, built)

    return look


def running(*pools: Pool) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Return what runs `pools` while an application does."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with entered(pools):
            yield

    return lifespan


@asynccontextmanager
async def entered(pools: Iterable[Pool]) -> AsyncIterator[None]:
    """Run `pools`."""
    async with AsyncExitStack() as stack:
        for pool in pools:
            await stack.enter_async_context(pool)
        yield
