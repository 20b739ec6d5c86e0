"""What goes into the output folder: the dataset in four formats, and what it was made with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Quad

from kgpub.errors import Problem
from kgpub.model.report import SEVERITIES, Report
from kgpub.pipeline.kinds import KINDS
from kgpub.pipeline.output import Contents
from kgpub.serialisation import jsonld, nquads, trig, turtle
from kgpub.settings import Settings
from kgpub.validation import report_graph
from kgpub.vocabulary import context, prefixes, resource

DATASET = "dataset"


def contents(
    quads: Sequence[Quad],
    report: Report,
    problems: Iterable[Problem],
    root: Path,
    settings: Settings,
) -> Contents:
    """Return the content of each file of the output folder; nothing is written here."""
    base = settings.base
    names = prefixes(base)
    terms = context(base)
    ontology = {path.name: path for path in resource("ontology").iterdir() if path.is_file()}
    if (root / KINDS).is_file():
        ontology[KINDS] = root / KINDS
    shapes = {path.name: path for path in resource("shapes").glob("*.ttl")}
    return {
        f"{DATASET}.ttl": turtle(quads, names),
        f"{DATASET}.jsonld": jsonld(quads, terms),
        f"{DATASET}.nq": nquads(quads),
        f"{DATASET}.trig": trig(quads, names),
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
