"""The figures of all processes that serve, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from kgpub.service.siblings import Siblings

QUESTION = "figures"
SECONDS = 5.0
"""In which all are to tell theirs."""
_NOT_ADDED: Mapping[str, Callable[[float, float], float]] = {
    "kgpub_build_age_seconds": max,  # a process that has not yet seen a new build tells of the old
    "kgpub_build_in_memory": min,
    "process_max_fds": min,
    "process_start_time_seconds": min,
}
"""Figures of which all have their own, and how they are put together."""


class Gathered:
    """The figures in `registry`, with those of `siblings`."""

    def __init__(self, registry: CollectorRegistry, siblings: Siblings) -> None:
        self._registry = registry
        self._siblings = siblings
        siblings.answer(QUESTION, self._told)

    async def registry(self) -> CollectorRegistry:
        """Return a registry of all. Raises OSError where one does not tell its own."""
        if self._siblings.number == 1:
            return self._registry
        others = await self._siblings.ask(QUESTION, SECONDS)
        gathered = CollectorRegistry(auto_describe=False)
        gathered.register(_Together([_plain(self._registry), *others]))
        return gathered

    async def _told(self) -> list[Any]:
        return _plain(self._registry)


def _plain(registry: CollectorRegistry) -> list[Any]:
    """Return all figures as JSON has them."""
    return [
        [
            metric.name,
            metric.documentation,
            metric.type,
            [[each.name, each.labels, each.value] for each in metric.samples],
        ]
        for metric in registry.collect()
    ]


class _Together(Collector):
    def __init__(self, told: Sequence[Iterable[Any]]) -> None:
        self._told = told

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> list[Metric]:
        found: dict[str, tuple[Metric, dict[tuple[Any, ...], float]]] = {}
        for one in self._told:
            for name, documentation, kind, samples in one:
                _, values = found.setdefault(name, (Metric(name, documentation, kind), {}))
                combined = _NOT_ADDED.get(name, float.__add__)
                for sample, labels, value in samples:
                    key = (sample, *sorted(labels.items()))
                    before = values.get(key)
                    values[key] = value if before is None else combined(float(before), float(value))
        for metric, values in found.values():
            for (sample, *labels), value in values.items():
                metric.add_sample(sample, dict(labels), value)
        return [metric for metric, _ in found.values()]
