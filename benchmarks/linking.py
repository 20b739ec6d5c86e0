"""Measures linking: accuracy by group beside simple methods, certainty, speed, growth.

`python -m benchmarks.linking [--gazetteer FILE] [--questions FILE]` prints and writes
benchmarks/LINKING.md. Nothing is fitted here: weights and thresholds are the package's.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import linking_peers as peers
from benchmarks.linking_measures import (
    Kept,
    Speed,
    accuracy,
    answers,
    calibration_error,
    precision,
    reliability,
    speed,
)
from benchmarks.linking_questions import GAZETTEER, QUESTIONS, Question, questions
from kgpub.linking.entity import Item
from kgpub.linking.gazetteer import Gazetteer
from kgpub.linking.gazetteer_files import read_items
from kgpub.linking.weights import weights

OUTPUT = Path(__file__).parent / "LINKING.md"
WRATIO_SAMPLE = 200
CSV_SAMPLE = 200
_GROUPS = ("honorific", "synthetic", "other-spelling", "cross-script", "latin-variant", "nil")
_HEAD = """# Linking, measured

Written by `make bench-linking` (`python -m benchmarks.linking`); do not edit.
Python {python}, {machine}, one process, other work beside it.
Gazetteer {gazetteer}: {items:,} items, {names:,} names. Questions {file}: {questions:,}.
A question is a name and a type, nothing else; a link needs a score of {person} (a
person) or {other} and to be {margin} ahead of the next. Right is a link to the right item, or
none where there is none.
The weights were fitted on bench_dev.jsonl; on questions of it that were left out of the fit in
turn, accuracy is {accuracy:.3f} and precision {precision:.3f}.
"""


@dataclass(frozen=True)
class Method:
    """A column of the table: what a method links each question to that it was asked."""

    name: str
    linked: Mapping[Question, str | None] | None


def rows() -> Iterator[tuple[str, Kept]]:
    """Yield the rows of the table: a name, and which questions count."""
    yield "all", lambda _: True
    yield (
        "people, honorific and synthetic",
        lambda q: q.type == "person" and q.group.startswith(("honorific", "synthetic")),
    )
    for group in _GROUPS:
        yield group, lambda q, group=group: q.group.startswith(group)  # type: ignore[misc]
        for kind in ("person", "place", "country", "organisation"):
            yield (
                f"– {kind}",
                lambda q, group=group, kind=kind: (  # type: ignore[misc]
                    q.group.startswith(group) and q.type == kind
                ),
            )


def table(methods: Sequence[Method]) -> Iterator[str]:
    """Yield the lines of the table of accuracy, groups without questions left out."""
    asked = methods[0].linked or {}
    yield "| group | questions | " + " | ".join(method.name for method in methods) + " |"
    yield "|---|---|" + "---|" * len(methods)
    for name, kept in rows():
        number = sum(map(kept, asked))
        if number:
            cells = [
                accuracy(method.linked, kept).text if method.linked else "not installed"
                for method in methods
            ]
            yield f"| {name} | {number:,} | " + " | ".join(cells) + " |"
    cells = [
        precision(method.linked, lambda _: True).text if method.linked else "" for method in methods
    ]
    yield "| precision of what is linked | | " + " | ".join(cells) + " |"


def grown(items: Sequence[Item], times: int) -> Iterator[Item]:
    """Yield `items`, and others until there are so many times as many.

    The others have names of words of two items: what a gazetteer of the same people's and places'
    words would have.
    """
    yield from items
    number = max(int(item.qid[1:]) for item in items)
    for turn in range(1, times):
        for place, item in enumerate(items):
            number += 1
            other = items[(place * 31 + turn * 7919) % len(items)]
            yield replace(item, qid=f"Q{number}", names=_crossed(item, other))


def _crossed(item: Item, other: Item) -> Mapping[str, tuple[str, ...]]:
    names = {}
    for tag, those in item.names.items():
        others = other.names.get(tag) or next(iter(other.names.values()))
        first, last = those[0].split()[:-1] or those[0].split(), others[0].split()[-1]
        names[tag] = (" ".join((*first, last)),)
    return names


def _costs(name: str, items: int, build: float, index: Path, its: Speed) -> str:
    megabytes = index.stat().st_size / 1e6
    return (
        f"| {name} | {items:,} | {build:.1f} | {megabytes:.0f} | {its.open_ms:.1f} "
        f"| {its.per_second:,.0f} | {its.per_second_by_clock:,.0f} | {its.megabytes:.0f} |"
    )


def _addition() -> float:
    """Return the milliseconds of the processor of a million additions, to compare machines by."""
    start, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return 1000 * (time.process_time() - start)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gazetteer", type=Path, default=GAZETTEER)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--times", type=int, default=10, help="growth; 1 leaves it out")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(_report(arguments, Path(folder)))
    text = "\n".join(lines) + "\n"
    arguments.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def _report(arguments: argparse.Namespace, folder: Path) -> Iterator[str]:
    asked = questions(arguments.questions)
    index = folder / "gazetteer.index"
    items = list(read_items(arguments.gazetteer))
    start = time.process_time()
    gazetteer = Gazetteer.build(index, items)
    build = time.process_time() - start
    limits = weights()
    yield _HEAD.format(
        python=platform.python_version(),
        machine=platform.machine(),
        gazetteer=arguments.gazetteer.name,
        items=gazetteer.items,
        names=gazetteer.names,
        file=arguments.questions.name,
        questions=len(asked),
        **limits.least_score,
        margin=limits.least_margin,
        accuracy=limits.left_out["accuracy"],
        precision=limits.left_out["precision"],
    )
    told = answers(gazetteer, asked)
    gazetteer.close()
    yield "## Accuracy by group\n"
    yield f"WRatio over all names takes long: {WRATIO_SAMPLE} of the questions, by chance;"
    yield f"csv-reconcile: {CSV_SAMPLE} of them. It is given each name as an item of its own.\n"
    yield from table(
        [
            Method("kgpub", {question: answer.linked for question, answer in told.items()}),
            Method("exact match", peers.exact(items, asked)),
            Method("WRatio", peers.wratio(items, peers.sample(asked, WRATIO_SAMPLE))),
            Method(
                "csv-reconcile",
                peers.csv_reconcile(items, peers.sample(asked, CSV_SAMPLE), folder),
            ),
        ]
    )
    bins = reliability(told)
    yield "\n## How sure it is, and how often right\n"
    yield "The best candidate of each question, linked or not."
    yield f"Expected calibration error: {calibration_error(bins):.4f}.\n"
    yield "| score from | candidates | mean score | right |"
    yield "|---|---|---|---|"
    for each in bins:
        right = each.right / each.number
        yield f"| {each.least:.1f} | {each.number:,} | {each.mean:.3f} | {right:.3f} |"
    yield "\n## What it costs\n"
    yield "Build is from items in memory to the finished index, in seconds of the processor;"
    yield "lookups are all questions, decision included, in one thread, the best of five rounds; MB"
    yield "are the most that a process had which opens the index and asks. Other programs ran on"
    yield "the same cores, which seconds of the processor feel too: a million additions took"
    yield f"{_addition():.0f} ms then; with little beside they took 26.\n"
    yield "| gazetteer | items | build s | index MB | open ms | lookups/s | by the clock | MB |"
    yield "|---|---|---|---|---|---|---|---|"
    yield _costs("as it is", len(items), build, index, speed(index, arguments.questions))
    if arguments.times > 1:
        large = folder / "grown.index"
        start = time.process_time()
        Gazetteer.build(large, grown(items, arguments.times)).close()
        build = time.process_time() - start
        number = len(items) * arguments.times
        measured = speed(large, arguments.questions)
        yield _costs(f"{arguments.times} times as large", number, build, large, measured)


if __name__ == "__main__":
    main()
