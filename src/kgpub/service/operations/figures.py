"""What the pool of workers and the kept answers tell of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.lanes import Outcome
from kgpub.service.sparql.pool import Pool


@dataclass(frozen=True)
class PoolFigures:
    """The workers at one moment.

    `build` tells the build that is served from all others, "" where none is, and `built` when it
    was made, in seconds since 1970, None where that is not known. `workers` are the processes that
    live. `is_held` tells whether they hold the build in memory. `quick` and `slow` are queries
    under evaluation, `parked` those that stand still, `waiting` those that have no process yet.
    `spooled` are the bytes of answers on their way. `outcomes` are the queries that have ended
    since the server began, by how, and `slowed` those of all that have not been quick ones.
    """

    build: str
    workers: int
    built: float | None = None
    is_held: bool = False
    quick: int = 0
    slow: int = 0
    parked: int = 0
    waiting: int = 0
    spooled: int = 0
    slowed: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CacheFigures:
    """Kept answers: how often one was there and was not, since the server began."""

    hits: int
    misses: int


LookAtPool = Callable[[], PoolFigures]
LookAtCache = Callable[[], CacheFigures]


def pool_figures(pool: Pool, built: float | None) -> PoolFigures:
    """Return the figures of a pool that is entered; `built` is when its build was made."""
    lanes = pool.lanes
    return PoolFigures(
        pool.version,
        pool.workers,
        built,
        pool.is_held,
        lanes.quick,
        lanes.slow,
        lanes.parked,
        lanes.waiting,
        lanes.storage.used,
        lanes.slowed,
        {outcome.name.lower(): lanes.outcomes[outcome] for outcome in Outcome},
    )


def cache_figures(cache: Cache) -> CacheFigures:
    """Return the figures of kept answers."""
    return CacheFigures(cache.hits, cache.misses)
