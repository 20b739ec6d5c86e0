"""Measures validation: whole graphs beside pySHACL, and submissions against large stores.

`python -m benchmarks.validation --sizes 10000,100000 --stores 100000,1000000` writes
VALIDATION.md and SUBMISSIONS.md in benchmarks/. Each measurement runs in a process of its own,
which is this module with the name of a step.

To make workspaces with their stores takes longer than to measure. `--keep FOLDER --prepare` makes
them in a folder, which has to be empty or not there the first time, and measures nothing; `--keep
FOLDER` measures with those in it. It takes those that the very same software has made, kgpub's and
the benchmarks', with as many triples; others it makes anew and keeps.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import platform
import resource as process
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from benchmarks.corpus import write_article, write_workspace
from benchmarks.synthesis import synthesise
from kgpub.cli import collect_less_often
from kgpub.model.submission import graph_of
from kgpub.pipeline import verdicts
from kgpub.pipeline.cache import Cache
from kgpub.pipeline.catalogue import catalogue
from kgpub.pipeline.dataset import DatasetReading, digest_of
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.validation import engine
from kgpub.validation.incremental import State
from kgpub.validation.submitted import SubmittedLiterals
from kgpub.vocabulary import KG

ROOT = Path(__file__).parents[1]
WHOLES, SUBMITTED = (ROOT / "benchmarks" / name for name in ("VALIDATION.md", "SUBMISSIONS.md"))
TRIPLES_PER_FACT = 28.5
FACTS = 20
SUBMISSIONS = 30
WARMING = 5
_NAME = KG + "name"


def prepare(folder: Path, triples: int) -> dict[str, float]:
    """Make a workspace of so many triples, with the store that a build of it would have."""
    root = folder / "workspace"
    write_workspace(root, int(triples / TRIPLES_PER_FACT))
    workspace = Workspace(root)
    cache = Cache(root / STATE / "cache.sqlite")
    dataset = DatasetReading(root.resolve(), workspace.schema, cache, lambda _: None).read()
    cache.publish({part.file: part.graph for part in dataset.parts})
    vocabulary = list(workspace.rules.vocabulary())
    quads = [*dataset.quads(), *catalogue(workspace.settings), *vocabulary]
    digests = dict.fromkeys({graph_of(quad) for quad in quads}, "1")
    generations = workspace.generations
    generations.publish(generations.prepare(quads, digests))
    key = verdicts.key_of(generations.fingerprint(), ("fast", workspace.settings_digest()))
    verdicts.keep(cache, key, State({}), SubmittedLiterals(quad.triple for quad in quads).forms())
    cache.commit()
    cache.close()
    (folder / "data.nt").write_bytes(_spoilt(dataset.quads()))
    os.sync()  # so that what is measured next does not share the disk with what was written
    return {"triples": len({quad.triple for quad in quads}), "articles": len(dataset.parts) / 2}


def _spoilt(quads: Iterable[Quad]) -> bytes:
    """Return the triples without each name of one entity in fifty: validation finds them."""
    triples = dict.fromkeys(quad.triple for quad in quads)
    kept = (each for each in triples if each.predicate.value != _NAME or not _chosen(each))
    return serialize(kept, format=RdfFormat.N_TRIPLES) or b""


def _chosen(triple: Triple) -> bool:
    return hashlib.sha256(str(triple.subject).encode()).digest()[0] < 5


def whole(folder: Path, engine_name: str) -> dict[str, float | str]:
    """Validate all data in `folder`; return seconds of the processor and what was found."""
    workspace = Workspace(folder / "workspace")
    data = [quad.triple for quad in parse(path=str(folder / "data.nt"))]
    data += (quad.triple for quad in workspace.rules.vocabulary())
    shapes = workspace.shapes
    gc.collect()
    before, started = _peak(), time.process_time()
    report = engine(engine_name).validate(data, shapes)
    seconds = time.process_time() - started
    digest = digest_of(str(result.key) for result in report.results)
    return {
        "seconds": seconds,
        "triples": len(data),
        "results": len(report.results),
        "digest": digest,
        "peak": _peak(),
        "before": before,
    }


def submit(folder: Path) -> dict[str, float | list[float]]:
    """Validate submissions of 20 facts, each on a new article, in the workspace in `folder`.

    As `kgpub validate --as-built FILE` does: all else is taken as it was built.
    """
    root = folder / "workspace"
    workspace = Workspace(root, incremental_from=1)
    number = 10 * len(list((root / "articles").iterdir()))
    seconds: list[float] = []
    elapsed: list[float] = []
    problems = 0
    for each in range(SUBMISSIONS + WARMING):
        place = write_article(root, synthesise(number + each, facts=FACTS))
        try:
            started, by_clock = time.process_time(), time.perf_counter()
            told = workspace.validate([place / "facts.yaml"], as_built=True)
            if each >= WARMING:  # The first ones open the store and read the shapes.
                seconds.append(time.process_time() - started)
                elapsed.append(time.perf_counter() - by_clock)
        finally:
            shutil.rmtree(place)
        assert told.notes == (), told.notes
        assert len(told.dataset.parts) == 2
        problems += len(told.problems)
    return {
        "seconds": seconds,
        "elapsed": elapsed,
        "problems": problems,
        "triples": sum(len({quad.triple for quad in part.quads}) for part in told.dataset.parts),
        "peak": _peak(),
    }


def _peak() -> int:
    return process.getrusage(process.RUSAGE_SELF).ru_maxrss * 1024


def _child(step: str, *arguments: str, seconds: float = 1e6) -> dict[str, float] | None:
    """Run a step in a process of its own; None where it takes longer than `seconds`."""
    command = [sys.executable, "-m", "benchmarks.validation", step, *arguments]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure_stores(stores: list[int], output: Path, kept: Path | None) -> None:
    rows: list[str] = []
    for triples in stores:
        with prepared(triples, kept) as (folder, made):
            rows.append(_submission_row(folder, made))
        _write(output, _submissions_page(rows), triples)


def _measure_wholes(sizes: list[int], bound: float, output: Path, kept: Path | None) -> None:
    rows: list[str] = []
    expected = 0.0
    for triples in sizes:
        with prepared(triples, kept) as (folder, _):
            row, expected = _whole_row(folder, bound, expected)
        rows.append(row)
        _write(output, _wholes_page(rows), triples)


@contextmanager
def prepared(triples: int, kept: Path | None) -> Iterator[tuple[Path, dict[str, float]]]:
    """Give the folder of a workspace of so many triples, and what `prepare` told of it.

    It is in `kept`, as this software has made it before or anew, else in a folder that is removed.
    """
    if kept is None:
        with tempfile.TemporaryDirectory() as scratch:
            yield Path(scratch), _made(Path(scratch), triples)
        return
    folder = kept / str(triples)
    note, software = folder / "made.json", _software()
    noted = json.loads(note.read_text()) if note.exists() else None
    if noted is None and folder.exists():
        raise SystemExit(f"{folder}: was not made by this benchmark; name another folder")
    if noted is None or noted["software"] != software:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # Until all is there, so that what is left of an interrupted run is made anew.
        note.write_text(json.dumps({"software": ""}))
        noted = {"software": software, "made": _made(folder, triples)}
        note.write_text(json.dumps(noted))
    yield folder, noted["made"]


def _made(folder: Path, triples: int) -> dict[str, float]:
    made = _child("prepare", str(folder), str(triples))
    assert made is not None
    return made


def _software() -> str:
    """Return a digest of all that decides what `prepare` makes, and whether kgpub can take it."""
    sources = (path.read_text() for path in sorted((ROOT / "benchmarks").glob("*.py")))
    return digest_of([verdicts.key_of("", ("", "")), *sources])


def _write(output: Path, lines: list[str], triples: int) -> None:
    output.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(f"{triples} triples: done", file=sys.stderr)


def _whole_row(folder: Path, bound: float, expected: float) -> tuple[str, float]:
    """Return a row, and the seconds that pySHACL takes for each triple, as far as is known."""
    mine = [_child("whole", str(folder), "fast") for _ in range(3)]
    runs = [each for each in mine if each is not None]
    seconds = median(each["seconds"] for each in runs)
    least, most = min(each["seconds"] for each in runs), max(each["seconds"] for each in runs)
    needed = expected * runs[0]["triples"]
    peer = _child("whole", str(folder), "pyshacl", seconds=bound) if needed < bound else None
    cells = [f"{runs[0]['triples']:,.0f}", f"{runs[0]['results']:,.0f}"]
    cells += [f"{seconds:.2f} ({least:.2f} to {most:.2f})", f"{runs[0]['peak'] / 1e6:,.0f}"]
    cells.append(f"{1e6 * seconds / runs[0]['triples']:.2f}")
    if peer is None:
        told = f"not in {bound:,.0f} s" if needed < bound else f"not run: some {needed:,.0f}"
        cells += [told, "", ""]
    else:
        same = "yes" if peer["digest"] == runs[0]["digest"] else "NO"
        cells += [f"{peer['seconds']:.0f}", f"{peer['seconds'] / seconds:,.0f}", same]
        expected = peer["seconds"] / runs[0]["triples"]
    return f"| {' | '.join(cells)} |", expected


def _submission_row(folder: Path, made: dict[str, float]) -> str:
    found = _child("submit", str(folder))
    assert found is not None
    seconds: list[float] = found["seconds"]  # type: ignore[assignment]
    elapsed: list[float] = found["elapsed"]  # type: ignore[assignment]
    low, middle, high = quantiles(seconds, n=4)
    cells = [f"{made['triples']:,.0f}", f"{found['triples']:,.0f}"]
    cells += [f"{1000 * middle:.0f} ({1000 * low:.0f} to {1000 * high:.0f})"]
    cells += [f"{1000 * median(elapsed):.0f}", f"{found['peak'] / 1e6:,.0f}"]
    return f"| {' | '.join(cells)} |"


def _wholes_page(rows: list[str]) -> list[str]:
    return [
        *_heading("Validation of whole graphs, measured"),
        "The shapes of kgpub on a synthetic corpus of which one entity in fifty has lost its",
        "names; vocabulary included. Shapes and data are parsed before. Medians of three runs",
        "(least to most), pySHACL once.",
        "",
        "| triples | results | kgpub s | MB | µs each | pySHACL s | times faster | same report |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]


def _submissions_page(rows: list[str]) -> list[str]:
    return [
        *_heading("A submission against what is published, measured"),
        f"{SUBMISSIONS} submissions of {FACTS} facts, each with a new article, as",
        "`kgpub validate --as-built FILE` validates them, by a process that has validated some",
        "before: reading, grounding, mapping, validating, places of problems. Median (quartiles)",
        "in milliseconds of the processor; the median by the clock; the most memory that the",
        "process had, interpreter and libraries included.",
        "",
        "| triples in the store | in the submission | ms | ms by the clock | MB |",
        "|---|---|---|---|---|",
        *rows,
    ]


def _heading(title: str) -> list[str]:
    return [
        f"# {title}",
        "",
        "Written by `make bench-validation` (`python -m benchmarks.validation`); do not edit.",
        f"Python {platform.python_version()}, two cores shared with other work: seconds and",
        "milliseconds are the processor's, in all threads, unless said otherwise.",
        "",
    ]


_STEPS: dict[str, Callable[..., object]] = {
    "prepare": lambda folder, triples: prepare(Path(folder), int(triples)),
    "whole": lambda folder, name: whole(Path(folder), name),
    "submit": lambda folder: submit(Path(folder)),
}


def _main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] in _STEPS:
        collect_less_often()
        print(json.dumps(_STEPS[sys.argv[1]](*sys.argv[2:])))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000,1000000", help="triples of whole graphs")
    parser.add_argument("--stores", default="100000,1000000,5000000", help="triples in stores")
    parser.add_argument("--seconds", type=float, default=1200, help="for pySHACL, by the clock")
    parser.add_argument("--wholes", type=Path, default=WHOLES, help="file to write")
    parser.add_argument("--submitted", type=Path, default=SUBMITTED, help="file to write")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for what is measured on")
    parser.add_argument("--prepare", action="store_true", help="make that, and measure nothing")
    asked = parser.parse_args()
    sizes, stores = (
        [int(each) for each in some.split(",") if each] for some in (asked.sizes, asked.stores)
    )
    if asked.prepare:
        if asked.keep is None:
            parser.error("--prepare needs --keep FOLDER")
        for triples in dict.fromkeys([*stores, *sizes]):
            with prepared(triples, asked.keep):
                print(f"{triples} triples: prepared", file=sys.stderr)
        return
    _measure_stores(stores, asked.submitted, asked.keep)
    _measure_wholes(sizes, asked.seconds, asked.wholes, asked.keep)


if __name__ == "__main__":
    _main()
