"""An endpoint on given quads, as it stands on the web, and a client that sees all that it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import NamedNode, Quad
from tests.service.served import running as served

from kgpub.service.application import Direct, application
from kgpub.service.connections import ConnectionLimits
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.published import running
from kgpub.service.sparql.worker import Settings
from kgpub.store.embedded import Generations

BASE = "https://example.org/data/"
QUICKLY_REFUSED = QueryLimits(quick_seconds=0.1, seconds=2.0, in_memory=0)


def publish(folder: Path, quads: Iterable[Quad]) -> None:
    """Build a store in `folder`, as a build does."""
    kept = sorted(set(quads), key=str)
    digests = {quad.graph_name.value: "" for quad in kept if isinstance(quad.graph_name, NamedNode)}
    generations = Generations(folder)
    generations.forget()
    generations.publish(generations.prepare(kept, digests))


@contextmanager
def endpoint(
    folder: Path,
    limits: QueryLimits = QUICKLY_REFUSED,
    prefixes: Mapping[str, str] | None = None,
    connections: ConnectionLimits | None = None,
    services: tuple[str, ...] = (),
) -> Iterator[str]:
    """Serve what was published in `folder`, and yield the endpoint's address."""
    generations = Generations(folder)

    def looking(services: tuple[str, ...]) -> Callable[[], Generation]:
        def look() -> Generation:
            current = generations.current()
            assert current is not None
            settings = Settings(str(current), BASE, prefixes or {}, limits.memory, services)
            return Generation(generations.fingerprint(), settings)

        return look

    federating = Pool(looking(services), limits) if services else None
    cache = Cache(limits.cache)
    served_at = Endpoint(Pool(looking(()), limits), cache, limits, "Test", federating=federating)
    routes = served_at.routes()
    app = Direct(application(routes, running(*served_at.pools)), routes)
    with served(app, connections) as address:
        yield f"{address}/sparql"
