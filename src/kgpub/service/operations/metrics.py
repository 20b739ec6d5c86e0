"""The server's figures, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from kgpub.service.operations.figures import LookAtCache, LookAtPool
from kgpub.service.operations.traffic import BOUNDS, Traffic

_UNMATCHED = "unmatched"


class Figures(Collector):
    """Reads traffic, pool and kept answers when it is asked. `now` is the time."""

    def __init__(
        self,
        traffic: Traffic,
        pool: LookAtPool,
        cache: LookAtCache,
        now: Callable[[], float],
    ) -> None:
        self._traffic = traffic
        self._pool = pool
        self._cache = cache
        self._now = now

    def registry(self) -> CollectorRegistry:
        """Return a registry of these, and of what the process takes."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        ProcessCollector(registry=registry)
        return registry

    def describe(self) -> list[Metric]:
        """Return nothing: what there is, is known when it is asked for."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield all figures."""
        yield from self._of_traffic()
        yield from self._of_pool()
        yield from self._of_cache()

    def _of_traffic(self) -> Iterator[Metric]:
        traffic = self._traffic
        requests = CounterMetricFamily(
            "kgpub_http_requests",
            "Requests that have ended, by the template of their route.",
            labels=("route", "method", "status"),
        )
        for (route, method, status), count in sorted(traffic.requests.items()):
            requests.add_metric((route or _UNMATCHED, method, str(status)), count)
        yield requests
        durations = HistogramMetricFamily(
            "kgpub_http_request_duration_seconds",
            "Seconds from the head of a request to the end of its answer.",
            labels=("route",),
        )
        limits = [*map(str, BOUNDS), "+Inf"]
        for route, each in sorted(traffic.durations.items()):
            buckets = list(zip(limits, accumulate(each.classes), strict=True))
            durations.add_metric((route or _UNMATCHED,), buckets, each.seconds)
        yield durations
        yield _counter("http_sent_bytes", "Bytes of bodies that were sent.", traffic.sent)
        yield _counter("http_broken", "Answers that were not sent to their end.", traffic.broken)
        yield _gauge("http_pending", "Requests that are being answered.", traffic.pending)

    def _of_pool(self) -> Iterator[Metric]:
        pool = self._pool()
        queries = CounterMetricFamily(
            "kgpub_queries", "Queries, by how they ended.", labels=("outcome",)
        )
        for outcome, count in sorted(pool.outcomes.items()):
            queries.add_metric((outcome,), count)
        yield queries
        yield _counter("queries_slowed", "Queries that have not been quick ones.", pool.slowed)
        lanes = GaugeMetricFamily(
            "kgpub_queries_pending", "Queries under way, by where they are.", labels=("lane",)
        )
        for lane in ("quick", "slow", "parked", "waiting"):
            lanes.add_metric((lane,), getattr(pool, lane))
        yield lanes
        yield _gauge("workers", "Processes that evaluate queries, or stand ready.", pool.workers)
        yield _gauge("build_in_memory", "Whether workers hold the build in memory.", pool.is_held)
        yield _gauge("spooled_bytes", "Bytes of answers on their way.", pool.spooled)
        if pool.built is not None:
            age = max(0.0, self._now() - pool.built)
            yield _gauge("build_age_seconds", "Seconds since what is served was built.", age)

    def _of_cache(self) -> Iterator[Metric]:
        cache = self._cache()
        asked = CounterMetricFamily(
            "kgpub_cache_requests", "Answers looked for among those kept.", labels=("result",)
        )
        asked.add_metric(("hit",), cache.hits)
        asked.add_metric(("miss",), cache.misses)
        yield asked


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"kgpub_{name}", told, value)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"kgpub_{name}", told, value)
