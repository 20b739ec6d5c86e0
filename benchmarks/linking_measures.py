"""Measures of linking: by group, of certainty, and of speed in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.linking_questions import Question, questions
from kgpub.linking.decision import decide
from kgpub.linking.entity import Outcome
from kgpub.linking.gazetteer import Gazetteer

BINS = 10
LIMIT = 5
ROUNDS = 5
_WARMING = 200


@dataclass(frozen=True)
class Answered:
    """What the linker says to a question: its link, or None; its best candidate, and how sure."""

    linked: str | None
    best: str | None
    score: float


def answers(gazetteer: Gazetteer, asked: Sequence[Question]) -> dict[Question, Answered]:
    """Ask the linker each question."""
    told = {}
    for question in asked:
        candidates = gazetteer.candidates(question.mention, LIMIT)
        best = candidates[0] if candidates else None
        linked = best.item.qid if best and decide(candidates) is Outcome.linked else None
        told[question] = Answered(
            linked, best.item.qid if best else None, best.score if best else 0.0
        )
    return told


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def text(self) -> str:
        """The share to three digits, or a dash where there is nothing to share."""
        return f"{self.part / self.whole:.3f}" if self.whole else "–"


Kept = Callable[[Question], bool]


def accuracy(linked: Mapping[Question, str | None], kept: Kept) -> Share:
    """Return how many are right: linked to the right item, or not linked where there is none."""
    those = [(question, qid) for question, qid in linked.items() if kept(question)]
    return Share(sum(qid == question.gold for question, qid in those), len(those))


def precision(linked: Mapping[Question, str | None], kept: Kept) -> Share:
    """Return how many of the links are right."""
    those = [(q, qid) for q, qid in linked.items() if qid is not None and kept(q)]
    return Share(sum(qid == question.gold for question, qid in those), len(those))


@dataclass(frozen=True)
class Bin:
    """Best candidates whose scores are in one tenth: how sure they are, and how many are right."""

    least: float
    number: int
    mean: float
    right: int


def reliability(told: Mapping[Question, Answered]) -> list[Bin]:
    """Return the best candidates by tenths of their scores."""
    tenths: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for question, answer in told.items():
        if answer.best is not None:
            tenth = min(BINS - 1, int(answer.score * BINS))
            tenths[tenth].append((answer.score, answer.best == question.gold))
    return [
        Bin(
            number / BINS,
            len(those),
            sum(score for score, _ in those) / len(those),
            sum(right for _, right in those),
        )
        for number, those in enumerate(tenths)
        if those
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean distance of certainty and what is right."""
    total = sum(each.number for each in bins)
    return sum(abs(each.mean * each.number - each.right) for each in bins) / max(total, 1)


@dataclass(frozen=True)
class Speed:
    """What one process took: opening in ms, lookups a second (processor, clock), most MB."""

    open_ms: float
    per_second: float
    per_second_by_clock: float
    megabytes: float


def speed(index: Path, file: Path) -> Speed:
    """Measure opening and lookups, decision included, in a process that does nothing else."""
    command = [sys.executable, "-m", "benchmarks.linking_measures", str(index), str(file)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return Speed(*json.loads(result.stdout))


def _measured(index: Path, file: Path) -> list[float]:
    mentions = [question.mention for question in questions(file)]
    start = time.perf_counter()
    gazetteer = Gazetteer.open(index)
    opened = time.perf_counter() - start
    for mention in mentions[:_WARMING]:
        decide(gazetteer.candidates(mention, LIMIT))
    taken, by_clock = [], []
    for _ in range(ROUNDS):
        clock, processor = time.perf_counter(), time.process_time()
        for mention in mentions:
            decide(gazetteer.candidates(mention, LIMIT))
        taken.append(time.process_time() - processor)
        by_clock.append(time.perf_counter() - clock)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    number = len(mentions)
    return [opened * 1000, number / min(taken), number / min(by_clock), megabytes]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured(Path(sys.argv[1]), Path(sys.argv[2]))))
