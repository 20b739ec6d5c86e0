"""Measures the dumps of datasets of any size, beside rdflib's: `python -m benchmarks.dumps`.

`--sizes 500000,1000000` are quads, `--peers 100000` those at which rdflib is measured too, of which
Turtle and TriG take it ever longer. Writes DUMPS.md. Each step runs in a process of its own. To
make the quads takes longer than to write dumps of them: `--keep FOLDER` keeps them there, with what
was measured of them. A run that was interrupted goes on with what is there, and measures what is
missing; to measure again, remove the files samples.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.dumps_steps import FORMATS

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "DUMPS.md"
WANTED = 10
"""How many times faster than rdflib writing all dumps is to be."""
STEPS = ("sort", *FORMATS, "all")


@dataclass(frozen=True)
class Sample:
    """What a step took: seconds of the processor and by the clock, and bytes resident at most."""

    seconds: float
    elapsed: float
    peak: int


@dataclass(frozen=True)
class Size:
    """What was measured of a dataset of so many quads, by the name of the step."""

    quads: int
    megabytes: float
    samples: dict[str, Sample] = field(default_factory=dict)

    def peers(self) -> bool:
        """Whether rdflib was measured, all of it."""
        return all(f"rdflib {name}" in self.samples for name in FORMATS)


def _run(name: str, folder: Path) -> Sample:
    """Run a step; raise SystemExit with what it said where it fails."""
    command = [sys.executable, "-m", "benchmarks.dumps_steps", name, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr.strip()}")
    return Sample(**json.loads(done.stdout))


def _measured(folder: Path, quads: int, asked: argparse.Namespace) -> Size:
    if not (folder / "dataset.nq").exists():
        _tell(f"{quads}: made")
        _run(f"prepare {quads}", folder)
    names = [*STEPS, *(f"rdflib {each}" for each in FORMATS if quads in asked.peers)]
    if quads in asked.releases:
        names.append("release")
    kept = folder / "samples.json"
    found = json.loads(kept.read_text()) if kept.exists() else {}
    samples = {name: Sample(**found[name]) for name in names if name in found}
    for name in names:
        if name not in samples:
            samples[name] = _run(name, folder)
            found[name] = asdict(samples[name])
            kept.write_text(json.dumps(found))
        _tell(f"{quads}: {name}: {samples[name].seconds:.1f} s")
    with (folder / "sorted.nq").open("rb") as stream:
        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
        return Size(lines, stream.tell() / 1e6, samples)


def _page(sizes: Sequence[Size]) -> Iterator[str]:
    yield "# Dumps, measured\n"
    yield "Written by `make bench-dumps` (`python -m benchmarks.dumps`); do not edit."
    yield f"Python {platform.python_version()}, {os.cpu_count()} cores shared with other work, of"
    yield f"which {os.getloadavg()[0]:.1f} processes wanted a processor in the end: seconds are the"
    yield "processor's unless said otherwise, of one run. Each step runs in a process of its own.\n"
    yield from _memory(sizes)
    yield from _speed(sizes)
    yield from _ratios([size for size in sizes if size.peers()])


def _memory(sizes: Sequence[Size]) -> Iterator[str]:
    yield "## Memory\n"
    yield "The most that the process had resident, in MB, interpreter and libraries included."
    yield "`sort` sorts quads in any order, a build's first step; each dump is made of what that"
    yield "has written; `all` sorts and writes all four. `release` makes a release of an output"
    yield "with these quads: copies, compressed files, tables, a file for each submission, other"
    yield "vocabularies.\n"
    yield _row("quads", "MB of N-Quads", *STEPS, "release")
    yield _row(*["--:"] * (len(STEPS) + 3))
    for size in sizes:
        samples = [size.samples.get(name) for name in (*STEPS, "release")]
        peaks = [f"{each.peak / 1e6:,.0f}" if each else "" for each in samples]
        yield _row(f"{size.quads:,}", f"{size.megabytes:,.0f}", *peaks)
    yield ""


def _speed(sizes: Sequence[Size]) -> Iterator[str]:
    yield "## Speed\n"
    yield "Thousands of quads in a second of the processor, through to the file. To put subjects in"
    yield "order is counted for Turtle and for JSON-LD, though one order does for both.\n"
    yield _row("quads", *STEPS)
    yield _row(*["--:"] * (len(STEPS) + 1))
    for size in sizes:
        samples = [size.samples.get(name) for name in STEPS]
        speeds = [f"{size.quads / each.seconds / 1e3:,.0f}" if each else "" for each in samples]
        yield _row(f"{size.quads:,}", *speeds)
    yield ""


def _ratios(sizes: Sequence[Size]) -> Iterator[str]:
    yield "## Beside rdflib\n"
    yield "Seconds of kgpub / of rdflib: how many times faster that is. rdflib writes from its"
    yield "graph in memory, to build which is not counted, and N-Quads in no order. kgpub reads the"
    yield "sorted file, which for N-Quads is all there is to do. `all` are all four, with what it"
    yield f"takes to parse and to sort; it is to be {WANTED} times faster.\n"
    yield _row("quads", *FORMATS, "all", "MB of rdflib")
    yield _row(*["--:"] * (len(FORMATS) + 3))
    for size in sizes:
        pairs = [(size.samples[name], size.samples[f"rdflib {name}"]) for name in FORMATS]
        cells = [_pair(mine.seconds, theirs.seconds) for mine, theirs in pairs]
        all_, theirs = size.samples["all"].seconds, sum(peer.seconds for _, peer in pairs)
        cells.append(f"{_pair(all_, theirs)} ({'yes' if theirs >= WANTED * all_ else 'NO'})")
        most = max(peer.peak for _, peer in pairs)
        yield _row(f"{size.quads:,}", *cells, f"{most / 1e6:,.0f}")
    yield ""


def _pair(mine: float, theirs: float) -> str:
    return f"{mine:.2f} / {theirs:.2f}: {theirs / mine:.1f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _sizes(text: str) -> list[int]:
    sizes = [int(size) for size in text.split(",") if size]
    if any(size < 1 for size in sizes):
        raise ValueError("a dataset has one quad at least")
    return sizes


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.dumps",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sizes", type=_sizes, default=[500_000, 1_000_000, 5_000_000])
    parser.add_argument("--peers", type=_sizes, default=[100_000, 500_000])
    parser.add_argument("--releases", type=_sizes, default=[500_000, 5_000_000])
    parser.add_argument("--output", type=Path, default=RESULTS, help="the file to write")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the quads")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measure as the command line says."""
    asked = _arguments(arguments)
    measured: dict[int, Size] = {}
    with TemporaryDirectory(prefix="kgpub-dumps-") as scratch:
        for quads in sorted({*asked.peers, *asked.sizes, *asked.releases}):
            folder = (asked.keep or Path(scratch)) / str(quads)
            measured[quads] = _measured(folder, quads, asked)
            # After each: the next one may take an hour.
            text = "\n".join(_page(list(measured.values())))
            asked.output.write_text(text, encoding="utf-8")


def _tell(stage: str) -> None:
    print(stage, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
