"""Validation results at the places in the submitters' files that they speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgpub.errors import Place, Problem, capped
from kgpub.mapping.emission import UNKNOWN_PUBLISHER
from kgpub.messages import Given, Lines, Message
from kgpub.model.report import INFO, VIOLATION, WARNING, Report, Result
from kgpub.model.sheets import place_of
from kgpub.pipeline.suggestions import Suggestions
from kgpub.vocabulary import SH, SHAPES
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import TYPE

_SEVERITY = {VIOLATION: "error", WARNING: "warning", INFO: "info"}
_IRI = re.compile(r"<([^<>]*)>")
_UNIQUE_LANGUAGE = SH + "UniqueLangConstraintComponent"
_MIN_COUNT = SH + "MinCountConstraintComponent"
_QUALIFIED_MIN_COUNT = SH + "QualifiedMinCountConstraintComponent"
_PUBLISHER, _SAID_BY, _NAME = (f"<{each}>" for each in (kg.publisher, kg.saidBy, kg.name))
_SEVERAL = {SH + "MaxCountConstraintComponent", _UNIQUE_LANGUAGE}

_ANONYMOUS = SHAPES.rstrip("#") + "/genid/"

MAX_PLACES = 10
"""Places that a problem lists; a node may have a hundred thousand values where one is allowed."""

NOWHERE = Place("kgpub")
"""The place of a result about a node that no file describes."""

Term = NamedNode | BlankNode | Literal | Triple


class Placed(Protocol):
    """Quads of a file, with the line and column where each is written."""

    @property
    def file(self) -> str: ...
    @property
    def quads(self) -> Sequence[Quad]: ...
    @property
    def positions(self) -> Sequence[tuple[int, int]]: ...


def problems(
    report: Report,
    parts: Iterable[Placed],
    suggestions: Suggestions | None = None,
    *,
    every: bool = False,
) -> tuple[Problem, ...]:
    """Return the results of `report` as problems, messages in all languages, sorted by place.

    The place is that of the value, else of the node that lacks one. Of each file there are
    MAX_PROBLEMS at most, unless `every` one is wanted. That an article's publisher is not described
    is told of the article, not again of each statement that it makes; that a name is missing, not
    again of each language.
    """
    told = _without_echoes(report.results)
    found = _Places(parts, {str(result.focus) for result in told})
    placed = (_problem(result, found, suggestions) for result in told)
    return tuple(sorted(set(placed))) if every else capped(placed)


def _without_echoes(results: Sequence[Result]) -> list[Result]:
    publishers = {
        _short(str(result.value)) if result.value is not None else UNKNOWN_PUBLISHER
        for result in results
        if result.path == _PUBLISHER
    }
    nameless = {
        result.focus
        for result in results
        if result.path == _NAME and result.component == _MIN_COUNT
    }
    return [
        result
        for result in results
        if (result.path != _SAID_BY or _short(str(result.value)) not in publishers)
        and (
            result.path != _NAME
            or result.component != _QUALIFIED_MIN_COUNT
            or result.focus not in nameless
        )
    ]


@dataclass(frozen=True)
class _Values:
    """The places of what a node has for a property, and of each value the first.

    Of the places there are one more than MAX_PLACES, and the first in each of the other files.
    """

    everywhere: tuple[Place, ...]
    by_value: Mapping[Term, Place]

    @classmethod
    def of(cls, values: Iterable[tuple[Term, Place]]) -> _Values:
        ordered = sorted(values, key=lambda pair: _order(pair[1]))
        by_value: dict[Term, Place] = {}
        everywhere: dict[Place, None] = {}
        files: set[str] = set()
        for value, place in ordered:
            by_value.setdefault(value, place)
            if len(everywhere) <= MAX_PLACES or place.file not in files:
                everywhere[place] = None
                files.add(place.file)
        return cls(tuple(everywhere), by_value)


def _order(place: Place) -> tuple[str, str, int, int]:
    # A tuple compares faster than a dataclass, and a node may have any number of values.
    return place.file, place.sheet, place.line, place.column


class _Places:
    def __init__(self, parts: Iterable[Placed], focuses: set[str]) -> None:
        self.nodes: dict[str, list[tuple[Term, Place]]] = defaultdict(list)
        self.values: dict[tuple[str, str], list[tuple[Term, Place]]] = defaultdict(list)
        # A node may have any number of values, and a result for each of them.
        self.sorted: dict[tuple[str, str, bool], _Values] = {}
        if not focuses:
            return
        for part in parts:
            for quad, position in zip(part.quads, part.positions, strict=True):
                subject = str(quad.subject)
                if subject not in focuses:
                    continue
                place = place_of(part.file, *position)
                if quad.predicate == TYPE:
                    self.nodes[subject].append((quad.object, place))
                self.values[subject, quad.predicate.value].append((quad.object, place))

    def of(self, result: Result) -> tuple[Place, tuple[Place, ...]]:
        """Return the place of a result, and all places of the values that its path begins with.

        Where there are none, these are the places where the node is described.
        """
        match = _IRI.search(result.path or "")
        repeated = result.component == _UNIQUE_LANGUAGE
        key = (str(result.focus), match[1] if match else "", repeated)
        if key not in self.sorted:
            values = self.values.get(key[:2], [])
            chosen = _of_repeated_languages(values) if repeated else values
            self.sorted[key] = _Values.of(chosen or self.nodes.get(key[0], []))
        found = self.sorted[key]
        place = None if result.value is None else found.by_value.get(result.value)
        everywhere = found.everywhere
        return place or (everywhere[0] if everywhere else NOWHERE), everywhere


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


def _problem(result: Result, places: _Places, suggestions: Suggestions | None) -> Problem:
    place, everywhere = places.of(result)
    shape = result.shape.removeprefix(SHAPES).removeprefix(_ANONYMOUS)
    message = _message(result, shape, suggestions)
    if result.component in _SEVERAL and len(everywhere) > 1:
        more = ", …" if len(everywhere) > MAX_PLACES else ""
        shown = ", ".join(str(at) for at in everywhere[:MAX_PLACES])
        message = Message("message-at", message=message, places=f"{shown}{more}")
    focus = _short(str(result.focus))
    if result.value is None or result.value == result.focus:
        remedy = Message("about", focus=focus, shape=shape)
    else:
        value = str(result.value)
        shown = _short(value) if isinstance(result.value, NamedNode) else value
        remedy = Message("about-value", focus=focus, value=shown, shape=shape)
    near = suggestions.near(result) if suggestions is not None else None
    if near is not None:
        remedy = Lines([Message("did-you-mean", name=near), remedy])
    severity = _SEVERITY.get(result.severity, "error")
    related = tuple(at for at in everywhere if at != place)
    return Problem(place, message, remedy, severity, related, shape)


def _message(result: Result, shape: str, suggestions: Suggestions | None) -> Message:
    """Return what the shape says, or else what it asks for."""
    texts = {text.language or "": text.value for text in result.messages if text.value}
    if texts:
        return Given(shape, texts)
    expected = suggestions.expected(result) if suggestions is not None else ""
    name = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
    return Message("not-as-shape-asks", expected=expected or name)


def _short(term: str) -> str:
    """Shorten an IRI of the data to its last two segments, as a submitter writes it."""
    return "/".join(term.strip("<>").rsplit("/", 2)[-2:])
