"""What `dumps` measures, each run in a process of its own: `python -m benchmarks.dumps_steps`.

A step is a function of a folder in which `prepare` has been. It makes ready what is not timed and
returns what is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.child import peak_bytes
from benchmarks.corpus import BASE

if TYPE_CHECKING:  # a process loads only the side that it measures
    from pyoxigraph import Quad

    from kgpub.serialisation.sorted_dataset import SortedDataset

Timed = Callable[[], object]
FORMATS = {
    "N-Quads": ("nquads", "nquads"),
    "Turtle": ("turtle", "turtle"),
    "TriG": ("trig", "trig"),
    "JSON-LD": ("jsonld", "json-ld"),
}
"""The dumps: the method that writes each here, and what rdflib calls it."""
QUADS_PER_FACT = 38.5
_MADE = "dataset.nq"
_SORTED = "sorted.nq"


def prepare(folder: Path, quads: int) -> Timed:
    """Write a corpus of about so many quads as N-Quads, in the order of its articles."""
    from benchmarks.corpus import write_workspace
    from benchmarks.steps import prepare as mapped

    def timed() -> int:
        write_workspace(folder, max(int(quads / QUADS_PER_FACT), 1))
        return mapped(folder)()

    return timed


def sort(folder: Path) -> Timed:
    """Sort the N-Quads, as a build does those that it has mapped; they are parsed before."""
    from kgpub.serialisation.sorted_dataset import SortedDataset

    def timed() -> int:
        with SortedDataset.of(_parsed(folder), folder) as dataset:
            return _write(folder / _SORTED, dataset.nquads())

    return timed


def dump(folder: Path, method: str) -> Timed:
    """Write one dump of the sorted dataset."""
    from kgpub.serialisation.sorted_dataset import SortedDataset

    def timed() -> int:
        with SortedDataset(folder / _SORTED, folder) as dataset:
            return _write(folder / "dump", _chunks(dataset, method))

    return timed


def everything(folder: Path) -> Timed:
    """Sort, and write all dumps."""
    from kgpub.serialisation.sorted_dataset import SortedDataset

    def timed() -> int:
        with SortedDataset.of(_parsed(folder), folder) as dataset:
            return sum(
                _write(folder / "dump", _chunks(dataset, method)) for method, _ in FORMATS.values()
            )

    return timed


def release(folder: Path) -> Timed:
    """Make a release of an output with these quads, other vocabularies and all."""
    from kgpub.pipeline.workspace import Workspace
    from kgpub.release.asked import Asked
    from kgpub.release.making import make

    _build(folder)
    settings = Workspace(folder).settings
    asked = replace(Asked(), date="2026-01-01", today="2026-01-02")
    return lambda: make(folder, settings, folder / "releases", asked).files


def _build(folder: Path) -> None:
    """Put the output there, in a process of its own: its memory is not to be measured."""
    import subprocess

    command = [sys.executable, "-m", "benchmarks.dumps_steps", "output", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def output(folder: Path) -> Timed:
    """Write the output that a build would have written for these quads."""
    from kgpub.model.report import Report
    from kgpub.pipeline.catalogue import catalogue
    from kgpub.pipeline.dumps import contents, sorted_dataset
    from kgpub.pipeline.output import OutputFolder
    from kgpub.pipeline.workspace import Workspace

    def timed() -> None:
        settings = Workspace(folder).settings
        place = OutputFolder(folder / "output")
        quads = (quad for some in (_parsed(folder), catalogue(settings)) for quad in some)
        with sorted_dataset(quads, folder / "sorting") as dataset:
            place.prepare(contents(dataset, [], Report(()), [], folder, settings))
        place.publish()

    return timed


def peer(folder: Path, name: str) -> Timed:
    """Write one dump with rdflib, from its graph in memory."""
    from rdflib import Graph

    from benchmarks.peer import _dataset as read
    from kgpub.vocabulary import context

    dataset = read(folder)
    union = Graph()
    if name in ("turtle", "json-ld"):
        for graph in dataset.graphs():
            union += graph
        if name == "json-ld":
            terms = context(BASE)
            return lambda: union.serialize(folder / "dump", name, context=terms, auto_compact=True)
        return lambda: union.serialize(folder / "dump", name)
    return lambda: dataset.serialize(folder / "dump", name)


def _parsed(folder: Path) -> Iterator[Quad]:
    from pyoxigraph import RdfFormat, parse

    yield from parse(path=folder / _MADE, format=RdfFormat.N_QUADS)


def _chunks(dataset: SortedDataset, method: str) -> Iterator[bytes]:
    from kgpub.vocabulary import context, prefixes

    if method == "nquads":
        return dataset.nquads()
    if method == "jsonld":
        return dataset.jsonld(context(BASE))
    return dataset.turtle(prefixes(BASE)) if method == "turtle" else dataset.trig(prefixes(BASE))


def _write(path: Path, chunks: Iterable[bytes]) -> int:
    with path.open("wb") as stream:
        stream.writelines(chunks)
    return path.stat().st_size


def step(name: str, folder: Path) -> Timed:
    """Return a step by its name, made ready; `prepare` has the number of quads behind it."""
    kind, _, rest = name.partition(" ")
    if kind == "prepare":
        return prepare(folder, int(rest))
    steps: dict[str, Callable[[Path], Timed]] = {
        "sort": sort,
        "all": everything,
        "output": output,
        "release": release,
        **{each: partial(dump, method=FORMATS[each][0]) for each in FORMATS},
        **{f"rdflib {each}": partial(peer, name=FORMATS[each][1]) for each in FORMATS},
    }
    return steps[name](folder)


def main() -> None:
    """Run one step once, and print what it took as JSON: `STEP FOLDER`."""
    from kgpub.cli import collect_less_often

    name, folder = sys.argv[1], Path(sys.argv[2])
    if not name.startswith("rdflib"):
        collect_less_often()
    timed = step(name, folder)
    before, by_clock = time.process_time(), time.perf_counter()
    timed()
    seconds, elapsed = time.process_time() - before, time.perf_counter() - by_clock
    print(json.dumps({"seconds": seconds, "elapsed": elapsed, "peak": peak_bytes()}))


if __name__ == "__main__":
    main()
