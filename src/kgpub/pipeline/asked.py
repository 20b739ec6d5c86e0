"""What a validation says of some files: what they rest on, and which results are about them."""

from __future__ import annotations

from collections.abc import Iterable, Set

from kgpub.model.report import Report
from kgpub.pipeline.dataset import Part


def with_articles(parts: Iterable[Part], files: Set[str], base: str) -> frozenset[str]:
    """Return `files` with those that tell of the articles that submissions among them are about.

    A submission rests on its article: who publishes it says what nobody else is said to say. `base`
    is where the data of the workspace begin.
    """
    parts = tuple(parts)
    submissions, articles = f"{base}submission/", f"{base}article/"
    graphs = {
        articles + part.graph.removeprefix(submissions).partition("/")[0]
        for part in parts
        if part.file in files and part.graph.startswith(submissions)
    }
    return frozenset(files) | {part.file for part in parts if part.graph in graphs}


def about(report: Report, parts: Iterable[Part], files: Set[str]) -> Report:
    """Return the results on what some files describe, and on what none of `parts` does."""
    parts = tuple(parts)
    described = {quad.subject for part in parts for quad in part.quads}
    theirs = {quad.subject for part in parts if part.file in files for quad in part.quads}
    kept = (each for each in report.results if each.focus in theirs or each.focus not in described)
    return Report(tuple(kept))
