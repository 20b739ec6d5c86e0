"""Measures kgpub and writes the results: `python -m benchmarks --sizes 1000,10000 --runs 3`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import ROOT, StepFailed
from benchmarks.plan import Corpus, Limits, measure
from benchmarks.results import render

_RESULTS = ROOT / "benchmarks" / "RESULTS.md"
_QUICK_FACTS = 20


def _sizes(text: str) -> list[int]:
    sizes = [int(size) for size in text.split(",")]
    if min(sizes) < 1:
        raise ValueError("a corpus has one fact at least")
    return sizes


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", type=_sizes, default=[1_000, 10_000, 100_000], help="facts, as 1000,10000"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each step at most")
    parser.add_argument(
        "--seconds", type=float, default=180, help="time for each step at each size"
    )
    parser.add_argument("--output", type=Path, help="the file to write; - is standard output")
    parser.add_argument(
        "--quick", action="store_true", help=f"one run at {_QUICK_FACTS} facts, to standard output"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Measure as the command line says; return 1 where a step fails."""
    options = _arguments(arguments)
    sizes = [_QUICK_FACTS] if options.quick else options.sizes
    limits = Limits(1 if options.quick else options.runs, options.seconds)
    output = options.output or (Path("-") if options.quick else _RESULTS)
    corpora: list[Corpus] = []
    with TemporaryDirectory(prefix="kgpub-benchmarks-") as folder:
        try:
            for corpus in measure(sizes, limits, Path(folder), _tell):
                corpora.append(corpus)
                # After each size: the next one may take hours.
                if output != Path("-"):
                    output.write_text(render(corpora, limits), encoding="utf-8")
        except StepFailed as error:
            print(error, file=sys.stderr)
            return 1
    if output == Path("-"):
        sys.stdout.write(render(corpora, limits))
    return 0


def _tell(stage: str) -> None:
    print(stage, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
