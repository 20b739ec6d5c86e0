"""The endpoint of a workspace: queries on what was built last, as it was built."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette

from kgpub.errors import StoreError
from kgpub.pipeline.workspace import Workspace
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import DEFAULT_QUERY_LIMITS, QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.worker import Settings


def endpoint(
    workspace: Workspace, public: str = "", limits: QueryLimits = DEFAULT_QUERY_LIMITS
) -> Endpoint:
    """Return the endpoint of a workspace; its pool is to be entered before it answers."""
    settings = workspace.settings

    # What an answer depends on besides the data: another base gives other IRIs.
    around = repr((settings.base, sorted(workspace.prefixes.items())))

    def look() -> Generation:
        found = workspace.generations.published()
        if found is None:
            raise StoreError("nothing is built", "Build it: kgpub build")
        folder, fingerprint = found
        opened = Settings(str(folder), settings.base, workspace.prefixes, limits.memory)
        return Generation(f"{fingerprint} {around}", opened)

    pool = Pool(look, limits)
    return Endpoint(pool, Cache(limits.cache), limits, settings.title, public)


def running(pool: Pool) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Return what runs `pool` while an application does."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with pool:
            yield

    return lifespan
