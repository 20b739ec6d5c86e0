"""Measurements, each in a process of its own, so that none inherits another's memory or caches.

This process stays small on purpose: Linux lets a child's peak memory begin at what its parent had
when it was started.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Sample:
    """One run of a step in a process of its own.

    `seconds` are the processor's, in all threads, so that what else the machine does counts
    little; `peak` is in bytes, `count` what the step returned. `elapsed` is by the clock, from
    the start of the process to its end, with making ready what the step takes in.
    """

    seconds: float
    peak: int
    count: int
    elapsed: float


@dataclass(frozen=True)
class Measurement:
    """All runs of one step on one corpus.

    With none, `why` says why there is none, and `expected` how many seconds one was to take.
    """

    samples: tuple[Sample, ...] = ()
    why: str = ""
    expected: float = 0.0

    @property
    def seconds(self) -> float:
        """The median of the runs."""
        return median(sample.seconds for sample in self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The fewest and the most seconds."""
        seconds = [sample.seconds for sample in self.samples]
        return min(seconds), max(seconds)

    @property
    def elapsed(self) -> float:
        """The median of seconds by the clock."""
        return median(sample.elapsed for sample in self.samples)

    @property
    def peak(self) -> int:
        """The median of peak bytes."""
        return int(median(sample.peak for sample in self.samples))

    @property
    def count(self) -> int:
        """What each run made; all make the same."""
        return self.samples[0].count


class StepFailed(Exception):
    """A step ended with an error; the text is what it wrote to standard error."""


def run_step(side: str, name: str, folder: Path, limit: float) -> Sample | None:
    """Run one step on the workspace in `folder`; None where it takes longer than `limit` seconds.

    Raises StepFailed.
    """
    command = [sys.executable, "-m", "benchmarks.child", side, name, str(folder)]
    before = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise StepFailed(f"{side} {name}: {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    elapsed = time.perf_counter() - before
    return Sample(answer["seconds"], answer["peak"], answer["count"], elapsed)


BUILDS = ("fresh", "nothing changed", "one file changed")


def run_build(kind: str, folder: Path) -> Sample:
    """Run `kgpub build` as a user does, start-up included, in the state that `kind` names.

    Raises StepFailed, also where the build says that it did another thing.
    """
    if kind == "fresh":
        shutil.rmtree(folder / ".kgpub", ignore_errors=True)
        shutil.rmtree(folder / "output", ignore_errors=True)
    if kind == "one file changed":
        file = folder / "articles" / "report-0" / "facts.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text + f"contributor: Build {time.time_ns()}\n", encoding="utf-8")
    command = [sys.executable, "-m", "kgpub", "build", "--workspace", str(folder)]
    with (folder / "build.log").open("wb") as log:
        before = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        # wait4 is what tells the memory of this one child.
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if kind == "one file changed":
        file.write_text(text, encoding="utf-8")
    told = (folder / "build.log").read_text(encoding="utf-8")
    if process.returncode:
        raise StepFailed(f"kgpub build: {told}")
    if (kind == "nothing changed") != ("Nothing has changed" in told):
        raise StepFailed(
            f"not a build with {kind}; were kgpub's own files changed meanwhile? {told}"
        )
    unit = 1 if sys.platform == "darwin" else 1024
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, 1, elapsed)
