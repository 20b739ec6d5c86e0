"""Saved queries on a real server of loopback, over facts of the repository's own workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad
from tests.service.served import running as served
from tests.service.sparql_served import publish

from kgpub.pipeline.comparison.marking import mark
from kgpub.pipeline.dataset import DatasetReading
from kgpub.service.api.routes import api_routes
from kgpub.service.api.saved import saved
from kgpub.service.application import application
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import DEFAULT_QUERY_LIMITS, QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.published import running
from kgpub.service.sparql.worker import Settings
from kgpub.store.embedded import Generations
from kgpub.store.named_queries import NamedQuery, catalogue
from kgpub.vocabulary import prefixes
from kgpub.vocabulary.schema import schema

REPOSITORY = Path(__file__).parents[2]
BASE = "https://example.org/data/"
PREFIXES = prefixes(BASE)
SHIPPED = tuple(catalogue([REPOSITORY / "queries"]))


@lru_cache
def own_quads() -> tuple[Quad, ...]:
    """The facts of the repository, below BASE."""
    dataset = DatasetReading(REPOSITORY, schema(BASE), None, lambda _: None).read()
    assert not dataset.problems
    quads = tuple(dataset.quads())
    return quads + mark(quads, BASE).quads


@contextmanager
def api(
    folder: Path,
    quads: Iterable[Quad],
    queries: Iterable[NamedQuery] = SHIPPED,
    limits: QueryLimits = DEFAULT_QUERY_LIMITS,
    public: str = "",
) -> Iterator[str]:
    """Serve `queries` on `quads`, and yield the origin."""
    publish(folder, quads)
    with api_of(Generations(folder), queries, limits, public) as origin:
        yield origin


@contextmanager
def api_of(
    generations: Generations,
    queries: Iterable[NamedQuery] = SHIPPED,
    limits: QueryLimits = DEFAULT_QUERY_LIMITS,
    public: str = "",
) -> Iterator[str]:
    """Serve `queries` on what was built, and yield the origin."""

    def look() -> Generation:
        current = generations.current()
        assert current is not None
        settings = Settings(str(current), BASE, PREFIXES, limits.memory)
        return Generation(generations.fingerprint(), settings)

    pool = Pool(look, limits)
    endpoint = Endpoint(pool, Cache(limits.cache), limits, "Test")

    routes = api_routes(saved(queries), PREFIXES, endpoint.evaluate, "Test", public)
    with served(application([*endpoint.routes(), *routes], running(pool))) as origin:
        yield origin
