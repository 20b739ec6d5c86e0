"""An endpoint that takes updates, as it stands on the web, and tokens for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Quad
from tests.service.served import Got, fetch
from tests.service.served import running as served
from tests.service.sparql_served import BASE, publish

from kgpub.service.application import application
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.published import running
from kgpub.service.sparql.updates import UpdateLimits, Updates, by_token
from kgpub.service.sparql.worker import Settings
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, minted
from kgpub.store.embedded import Generations

LIMITS = UpdateLimits()
BUILT = [
    Quad(NamedNode(f"{BASE}{name}"), NamedNode(f"{BASE}p"), Literal(name), NamedNode(graph))
    for name, graph in (
        ("a", f"{BASE}submission/x"),
        ("b", f"{BASE}submission/x"),
        ("c", f"{BASE}graph/links"),
    )
]


@dataclass(frozen=True)
class Place:
    """A store that is served, and tokens for it."""

    folder: Path
    address: str
    token: str
    id: str
    metrics_token: str
    audit: list[str]

    @property
    def generations(self) -> Generations:
        return Generations(self.folder / "store")

    def update(self, text: str, **parameters: str) -> Got:
        address = f"{self.address}?{urlencode(parameters)}" if parameters else self.address
        return fetch(
            address,
            text.encode(),
            content_type="application/sparql-update",
            authorization=f"Bearer {self.token}",
        )

    def values(self, query: str) -> list[str]:
        """The values of the one variable of a query, sorted."""
        got = fetch(f"{self.address}?{urlencode({'query': query, 'format': 'tsv'})}")
        assert got.status == 200, got.body
        return sorted(got.body.decode().splitlines()[1:])


def token(kept: KeptTokens, *scopes: Scope) -> tuple[str, Token]:
    text, id_, digest = minted(os.urandom)
    made = Token(id_, "", frozenset(scopes), datetime.now(UTC), None, digest)
    kept.add(made)
    return text, made


@contextmanager
def place(
    folder: Path, quads: Iterable[Quad] = BUILT, limits: UpdateLimits = LIMITS
) -> Iterator[Place]:
    """Serve what is built, in `folder`, with updates."""
    generations = Generations(folder / "store")
    if quads:
        publish(folder / "store", quads)

    def look() -> Generation:
        found = generations.published()
        assert found is not None
        return Generation(found[1], Settings(str(found[0]), BASE, {}, 2**29))

    queries = QueryLimits()
    pool = Pool(look, queries)
    kept = KeptTokens(folder)
    admission = Admission(kept, lambda: datetime.now(UTC), time.monotonic)
    audit: list[str] = []
    now = lambda: datetime.now(UTC)  # noqa: E731
    updates = Updates(generations, folder, BASE, {}, pool.refresh, now, audit.append, limits)
    updating = by_token(updates, admission)
    endpoint = Endpoint(pool, Cache(queries.cache), queries, "Test", updating=updating)
    right, made = token(kept, Scope.update)
    wrong, _ = token(kept, Scope.metrics)
    with served(application(endpoint.routes(), running(pool))) as address:
        yield Place(folder, f"{address}/sparql", right, made.id, wrong, audit)
