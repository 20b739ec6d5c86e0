"""What is measured, in which order, and within which time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import write_workspace
from benchmarks.measuring import (
    BUILDS,
    Measurement,
    Sample,
    StepFailed,
    run_build,
    run_step,
)

Key = tuple[str, str]
"""Side and step."""

STEPS = ("read", "ground", "map", "validate", "load", "dump")
PAIRS: tuple[Key, ...] = tuple((side, step) for step in STEPS for side in ("kgpub", "peer"))
LIBYAML: Key = ("peer", "read-libyaml")
DOCUMENTS: tuple[Key, ...] = tuple(
    ("documents", name)
    for name in (
        "oxigraph-flat-one",
        "oxigraph-flat",
        "oxigraph-published",
        "rdflib-flat-one",
        "rdflib-published",
    )
)
MOST_FACTS_IN_DOCUMENTS = 10_000
"""Above this the parsers are not measured: they keep no more state with more documents."""


@dataclass(frozen=True)
class Limits:
    """`runs` of each step at most, and as many as fit into `seconds`, but one at least.

    A step that, by its figure at the size before, would take longer than `seconds` is not run.
    """

    runs: int
    seconds: float


@dataclass(frozen=True)
class Corpus:
    """What was measured on one corpus: its facts, articles and quads as generated."""

    facts: int
    articles: int
    quads: int
    measurements: Mapping[Key, Measurement]


def measure(
    sizes: Iterable[int], limits: Limits, folder: Path, tell: Callable[[str], None]
) -> list[Corpus]:
    """Measure everything on a corpus of each size, smallest first; corpora lie in `folder`."""
    measured: list[Corpus] = []
    for size in sorted(sizes):
        before = measured[-1] if measured else None
        measured.append(_Measuring(folder / str(size), size, before, limits, tell).run())
    return measured


class _Measuring:
    def __init__(
        self,
        root: Path,
        size: int,
        before: Corpus | None,
        limits: Limits,
        tell: Callable[[str], None],
    ) -> None:
        self.root = root
        self.facts = write_workspace(root, size)
        self.before = before
        self.limits = limits
        self.tell = tell
        self.samples: dict[Key, list[Sample]] = {}
        self.reasons: dict[Key, str] = {}

    def run(self) -> Corpus:
        """Run after run, each with all steps in turn, so that a noisy minute hits both sides."""
        prepared = run_step("kgpub", "prepare", self.root, 10 * self.limits.seconds)
        if prepared is None:
            raise StepFailed("the corpus could not be mapped in time")
        keys = [*PAIRS, LIBYAML]
        if self.facts <= 2 * MOST_FACTS_IN_DOCUMENTS:
            keys += DOCUMENTS
        builds: list[Key] = [("build", kind) for kind in BUILDS]
        for number in range(self.limits.runs):
            for key in [*keys, *builds]:
                if self._wanted(key):
                    self.tell(f"{self.facts:,} facts, run {number + 1}: {' '.join(key)}")
                    self._run(key)
        measurements = {
            key: Measurement(tuple(self.samples.get(key, ())), self.reasons.get(key, ""))
            for key in [*keys, *builds]
        }
        articles = sum(1 for _ in (self.root / "articles").iterdir())
        return Corpus(self.facts, articles, prepared.count, measurements)

    def _wanted(self, key: Key) -> bool:
        if key in self.reasons:
            return False
        taken = [sample.seconds for sample in self.samples.get(key, ())]
        if taken:
            return sum(taken) + max(taken) <= self.limits.seconds
        expected = self._expected(key)
        if expected is not None and expected > self.limits.seconds:
            self.reasons[key] = f"not run: some {expected:,.0f} s"
            return False
        return True

    def _expected(self, key: Key) -> float | None:
        """Return how long the step would take if its time grew with the facts."""
        if self.before is None or (earlier := self.before.measurements.get(key)) is None:
            return None
        if not earlier.samples:
            return float("inf")
        return earlier.seconds * self.facts / self.before.facts

    def _run(self, key: Key) -> None:
        side, name = key
        if side == "build":
            sample: Sample | None = run_build(name, self.root)
        else:
            # Making ready takes longer than many a step.
            sample = run_step(side, name, self.root, 5 * self.limits.seconds)
        if sample is None:
            self.reasons[key] = "not finished in time"
        else:
            self.samples.setdefault(key, []).append(sample)
