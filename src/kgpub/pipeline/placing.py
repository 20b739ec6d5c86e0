"""Validation results at the places in the submitters' files that they speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.errors import Place, Problem
from kgpub.model.report import INFO, VIOLATION, WARNING, Report, Result
from kgpub.pipeline.dataset import Part
from kgpub.vocabulary import SH, SHAPES
from kgpub.vocabulary.schema import TYPE

_SEVERITY = {VIOLATION: "error", WARNING: "warning", INFO: "info"}
_IRI = re.compile(r"<([^<>]*)>")
_UNIQUE_LANGUAGE = SH + "UniqueLangConstraintComponent"
_SEVERAL = {SH + "MaxCountConstraintComponent", _UNIQUE_LANGUAGE}

NOWHERE = Place("kgpub")
"""The place of a result about a node that no file describes."""

Term = NamedNode | BlankNode | Literal | Triple


def problems(report: Report, parts: Iterable[Part], language: str) -> list[Problem]:
    """Return the results of `report` as problems, messages in `language`, sorted by place.

    The place is that of the value, else of the node that lacks one.
    """
    focuses = {str(result.focus) for result in report.results}
    found = _Places(parts, focuses)
    return sorted({_problem(result, found, language) for result in report.results})


class _Places:
    def __init__(self, parts: Iterable[Part], focuses: set[str]) -> None:
        self.nodes: dict[str, list[Place]] = defaultdict(list)
        self.values: dict[tuple[str, str], list[tuple[Term, Place]]] = defaultdict(list)
        if not focuses:
            return
        for part in parts:
            for quad, position in zip(part.mapped.quads, part.mapped.positions, strict=True):
                subject = str(quad.subject)
                if subject not in focuses:
                    continue
                place = Place(part.file, *position)
                if quad.predicate == TYPE:
                    self.nodes[subject].append(place)
                self.values[subject, quad.predicate.value].append((quad.object, place))

    def of(self, result: Result) -> tuple[Place, list[Place]]:
        """Return the place of a result, and all places of the values that its path begins with.

        Where there are none, these are the places where the node is described.
        """
        focus = str(result.focus)
        match = _IRI.search(result.path or "")
        values = self.values.get((focus, match[1]), []) if match else []
        if result.component == _UNIQUE_LANGUAGE:
            values = _of_repeated_languages(values)
        everywhere = sorted({place for _, place in values})
        exact = [place for value, place in values if value == result.value]
        nodes = sorted(self.nodes.get(focus, []))
        candidates = sorted(exact) or everywhere or nodes
        return (candidates[0] if candidates else NOWHERE), everywhere or nodes


def _of_repeated_languages(values: list[tuple[Term, Place]]) -> list[tuple[Term, Place]]:
    """Return the values whose language another, different value has too."""
    texts: dict[str | None, set[str]] = defaultdict(set)
    for value, _ in values:
        if isinstance(value, Literal):
            texts[value.language].add(value.value)
    return [
        (value, place)
        for value, place in values
        if isinstance(value, Literal) and len(texts[value.language]) > 1
    ]


def _problem(result: Result, places: _Places, language: str) -> Problem:
    place, everywhere = places.of(result)
    message = result.message(language) or _default(result)
    if result.component in _SEVERAL and len(everywhere) > 1:
        message = f"{message} ({', '.join(str(at) for at in everywhere)})"
    about = [f"about {_short(str(result.focus))}"]
    if result.value is not None:
        value = result.value
        about.append(f"value {_short(str(value)) if isinstance(value, NamedNode) else value}")
    shape = result.shape.removeprefix(SHAPES)
    remedy = f"{', '.join(about)} (shape {shape})"
    severity = _SEVERITY.get(result.severity, "error")
    related = tuple(dict.fromkeys(at for at in everywhere if at != place))
    return Problem(place, message, remedy, severity, related)


def _default(result: Result) -> str:
    return result.component.rpartition("#")[2].removesuffix("ConstraintComponent")


def _short(term: str) -> str:
    """Shorten an IRI of the data to its last two segments, as a submitter writes it."""
    return "/".join(term.strip("<>").rsplit("/", 2)[-2:])
