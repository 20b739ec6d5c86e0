"""What goes into the output folder: the dataset in four formats, and what it was made with."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad

from kgpub.errors import OutputError, Problem
from kgpub.model.report import SEVERITIES, Report
from kgpub.pipeline.kinds import KINDS
from kgpub.pipeline.output import Contents
from kgpub.serialisation import nquads, turtle
from kgpub.serialisation.sorted_dataset import SortedDataset
from kgpub.settings import Settings
from kgpub.store.history import HISTORY
from kgpub.validation import report_graph
from kgpub.vocabulary import context, prefixes, resource

DATASET = "dataset"


@contextmanager
def sorted_dataset(quads: Iterable[Quad], folder: Path) -> Iterator[SortedDataset]:
    """Sort the dataset on disk, in a folder that is kgpub's alone and goes in the end.

    What a killed build has left there goes before. Raises OutputError where the disk refuses.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with _sorted(quads, folder) as dataset:
            yield dataset
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sorted(quads: Iterable[Quad], folder: Path) -> SortedDataset:
    try:
        folder.mkdir(parents=True)
        return SortedDataset.of(quads, folder)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written: {error.strerror or error}",
            "The previous output is unchanged. Make room, or move the workspace where there is.",
        ) from error


def contents(
    dataset: SortedDataset,
    history: Sequence[Quad],
    report: Report,
    problems: Iterable[Problem],
    root: Path,
    settings: Settings,
) -> Contents:
    """Return the content of each file of the output folder; nothing is written here.

    `history` is what the dataset does not say any more; where there is none, so is its file.
    """
    base = settings.base
    names = prefixes(base)
    terms = context(base)
    ontology = {path.name: path for path in resource("ontology").iterdir() if path.is_file()}
    if (root / KINDS).is_file():
        ontology[KINDS] = root / KINDS
    shapes = {path.name: path for path in resource("shapes").glob("*.ttl")}
    return {
        f"{DATASET}.ttl": dataset.turtle(names),
        f"{DATASET}.jsonld": dataset.jsonld(terms),
        f"{DATASET}.nq": dataset.nquads(),
        f"{DATASET}.trig": dataset.trig(names),
        **({HISTORY: nquads(history)} if history else {}),
        "context.jsonld": [_json({"@context": terms})],
        "report.ttl": turtle(report_graph(report, base), names),
        "report.txt": report_text(report, problems),
        **{f"ontology/{name}": [path.read_bytes()] for name, path in sorted(ontology.items())},
        **{f"shapes/{name}": [path.read_bytes()] for name, path in sorted(shapes.items())},
    }


def report_text(report: Report, problems: Iterable[Problem]) -> list[bytes]:
    """Return the report as a person reads it: how many results, then each at its place."""
    counts = Counter(result.severity for result in report.results)
    told = ", ".join(
        f"{severity.rpartition('#')[2]}: {counts[severity]}" for severity in SEVERITIES
    )
    lines = [f"Results of SHACL validation by severity. {told}.\n"]
    lines += [f"\n{problem}\n" for problem in problems]
    return [line.encode() for line in lines]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
