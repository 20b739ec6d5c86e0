"""The figures of queries, as a real pool of workers has them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import NamedNode, Quad
from tests.service.served import fetch
from tests.service.served import running as served
from tests.service.sparql_served import BASE, QUICKLY_REFUSED, publish

from kgpub.service.application import application
from kgpub.service.operations.observing import observed, operation_routes
from kgpub.service.operations.traffic import Traffic
from kgpub.service.sparql.cache import Cache
from kgpub.service.sparql.endpoint import Endpoint
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.published import running
from kgpub.service.sparql.worker import Settings
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.settings import Serving
from kgpub.store.embedded import Generations

LINES: list[str] = []
LIMITS = replace(QUICKLY_REFUSED, seconds=1.0, answer=5_000)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("store")
    node = NamedNode(f"{BASE}g")
    publish(folder, [Quad(NamedNode(f"{BASE}{n}"), node, node, node) for n in range(400)])
    generations = Generations(folder)

    def look() -> Generation:
        current = generations.current()
        assert current is not None
        return Generation(generations.fingerprint(), Settings(str(current), BASE, {}, 2**30))

    pool, cache, traffic = Pool(look, LIMITS), Cache(LIMITS.cache), Traffic()
    serve = Serving(logged_addresses="none")
    admission = Admission(KeptTokens(folder), lambda: datetime.now(UTC), time.monotonic)
    routes = [
        *Endpoint(pool, cache, LIMITS, "Test").routes(),
        *operation_routes(
            serve, traffic, pool, cache, lambda: (folder / "CURRENT").stat().st_mtime, admission
        ),
    ]
    app = observed(application(routes, running(pool)), serve, traffic, LINES.append)
    with served(app) as address:  # type: ignore[arg-type]
        yield address


def figures_of(origin: str) -> dict[tuple[str, ...], float]:
    text = fetch(f"{origin}/metrics").body.decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def status(origin: str, query: str) -> int:
    return fetch(f"{origin}/sparql?query={quote(query)}").status


def test_queries_are_counted_by_how_they_end(origin: str) -> None:
    before = figures_of(origin)
    statuses = [
        status(origin, query)
        for query in (
            "ASK { ?s ?p ?o }",
            "ASK { ?s ?p ?o }",  # an answer that is kept: no query at all
            "SELECT ?s { ?s ?p ?o } LIMIT 1",
            "SELECT nonsense",
            ENDLESS,
            "SELECT * { ?s ?p ?o }",  # more than 5,000 bytes
        )
    ]
    assert statuses[:5] == [200, 200, 200, 400, 503]
    after = figures_of(origin)

    def more(*key: str) -> float:
        return after[key] - before.get(key, 0)

    outcomes = ("answered", "mistaken", "late", "large", "refused", "lost", "given_up")
    found = {outcome: more("kgpub_queries_total", outcome) for outcome in outcomes}
    assert found == {
        "answered": 2,
        "mistaken": 1,
        "late": 1,
        "large": 1,
        "refused": 0,
        "lost": 0,
        "given_up": 0,
    }
    assert more("kgpub_queries_slowed_total") == 1
    assert more("kgpub_cache_requests_total", "hit") == 1
    assert more("kgpub_http_requests_total", "GET", "/sparql", "400") == 1
    assert more("kgpub_http_requests_total", "GET", "/sparql", "503") >= 1
    assert 0 <= after["kgpub_build_age_seconds",] < 3_600
    logged = [json.loads(line) for line in LINES if '"/sparql"' in line]
    assert [each["status"] for each in logged] == statuses
    assert not any("nonsense" in line or "client" in line for line in LINES)


def test_a_proxy_gets_no_metrics_by_default(origin: str) -> None:
    assert fetch(f"{origin}/metrics", X_Forwarded_For="192.0.2.1").status == 403


def test_the_server_is_ready_with_its_workers(origin: str) -> None:
    got = fetch(f"{origin}/health")
    assert (got.status, got.json["status"]) == (200, "ready")
    assert got.json["workers"] >= LIMITS.quick
    assert len(got.json["build"]) == 16


def test_what_is_under_way_is_seen(origin: str) -> None:
    asking = threading.Thread(target=status, args=(origin, f"{ENDLESS} # another"))
    asking.start()
    seen = set()
    while asking.is_alive():
        now = figures_of(origin)
        lanes = ("quick", "slow", "parked", "waiting")
        seen |= {lane for lane in lanes if now["kgpub_queries_pending", lane]}
        assert now["kgpub_http_pending",] >= 1
        time.sleep(0.03)
    assert {"quick", "slow"} <= seen
    assert figures_of(origin)["kgpub_queries_pending", "slow"] == 0
