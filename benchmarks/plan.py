"""What is measured, in which order, and within which time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """How often steps are run, at most `runs` times.

    A step that, by its figures at the sizes before, would take the processor longer than `seconds`
    is not run at all, and not again when its runs, with making ready, have taken a quarter of that.
    """

    runs: int
    seconds: float

    @property
    def seconds_for_more(self) -> float:
        """What the runs of a step may have taken for it to be run again."""
        return self.seconds / 4


@dataclass(frozen=True)
class Corpus:
    """What was measured on one corpus: its facts, articles and quads as generated."""

    facts: int
    articles: int
    quads: int
    measurements: Mapping[Key, Measurement]

    def seconds(self, key: Key) -> float:
        """Return what the step took or was to take; 0 where nothing is known of it."""
        measurement = self.measurements.get(key)
        if measurement is None:
            return 0.0
        return measurement.seconds if measurement.samples else measurement.expected


def expected_seconds(key: Key, facts: int, before: Sequence[Corpus]) -> float:
    """Return how many seconds the step is to take at `facts`, or 0 where nothing is known.

    Of the two largest corpora `before`, that its time grows on as it grew between them, if that
    was faster than the facts; with one corpus, that it grows with the facts.
    """
    known = [corpus for corpus in before if corpus.seconds(key)]
    if not known:
        return 0.0
    exponent = 1.0
    if len(known) > 1:
        small, large = known[-2:]
        growth = math.log(large.seconds(key) / small.seconds(key))
        exponent = max(1.0, growth / math.log(large.facts / small.facts))
    return known[-1].seconds(key) * math.pow(facts / known[-1].facts, exponent)


def measure(
    sizes: Iterable[int], limits: Limits, folder: Path, tell: Callable[[str], None]
) -> Iterator[Corpus]:
    """Measure everything on a corpus of each size, smallest first; corpora lie in `folder`."""
    before: list[Corpus] = []
    for size in sorted(set(sizes)):
        before.append(_Measuring(folder / str(size), size, before, limits, tell).run())
        yield before[-1]


class _Measuring:
    def __init__(
        self,
        root: Path,
        size: int,
        before: Sequence[Corpus],
        limits: Limits,
        tell: Callable[[str], None],
    ) -> None:
        self.root = root
        self.facts = write_workspace(root, size)
        self.before = before
        self.limits = limits
        self.tell = tell
        self.samples: dict[Key, list[Sample]] = {}
        self.left_out: dict[Key, Measurement] = {}

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
            for key in keys:
                if self._wanted(key):
                    self.tell(f"{self.facts:,} facts, run {number + 1}: {' '.join(key)}")
                    self._run(key)
            # Each build begins with what the one before has left.
            if self._wanted(builds[0]):
                for key in builds:
                    self.tell(f"{self.facts:,} facts, run {number + 1}: {' '.join(key)}")
                    self.samples.setdefault(key, []).append(run_build(key[1], self.root))
        measurements = {
            key: self.left_out.get(key, Measurement(tuple(self.samples.get(key, ())), "not run"))
            for key in [*keys, *builds]
        }
        articles = sum(1 for _ in (self.root / "articles").iterdir())
        return Corpus(self.facts, articles, prepared.count, measurements)

    def _wanted(self, key: Key) -> bool:
        if key in self.left_out:
            return False
        if key in self.samples:
            taken = sum(sample.elapsed for sample in self.samples[key])
            return taken <= self.limits.seconds_for_more
        expected = expected_seconds(key, self.facts, self.before)
        if expected > self.limits.seconds:
            why = f"not run: some {float(f'{expected:.2g}'):,.0f} s"
            self.left_out[key] = Measurement(why=why, expected=expected)
        return key not in self.left_out

    def _run(self, key: Key) -> None:
        side, name = key
        # Making ready takes longer than many a step.
        sample = run_step(side, name, self.root, 5 * self.limits.seconds)
        if sample is None:
            limit = 5 * self.limits.seconds
            self.left_out[key] = Measurement(why=f"not done after {limit:,.0f} s", expected=limit)
        else:
            self.samples.setdefault(key, []).append(sample)
