"""Validation results at the places in the submitters' files that they speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgpub.errors import Place, Problem, capped
from kgpub.messages import Given, Lines, Message
from kgpub.model.report import INFO, VIOLATION, WARNING, Report, Result
from kgpub.model.sheets import place_of
from kgpub.pipeline.echoes import without_echoes
from kgpub.pipeline.expectations import readable
from kgpub.pipeline.suggestions import Suggestions
from kgpub.vocabulary import SH, SHAPES
from kgpub.vocabulary.schema import TYPE

LEVELS = {VIOLATION: "error", WARNING: "warning", INFO: "info"}
"""The severities of problems by those of results; any other is that of an error."""
_IRI = re.compile(r"<([^<>]*)>")
_UNIQUE_LANGUAGE = SH + "UniqueLangConstraintComponent"
_SEVERAL = {SH + "MaxCountConstraintComponent", _UNIQUE_LANGUAGE}

_ANONYMOUS = SHAPES.rstrip("#") + "/genid/"

MAX_PLACES = 10
"""Places that a problem lists; a node may have a hundred thousand values where one is allowed."""

NOWHERE = Place("kgpub")
"""The place of a result about a node that no file describes."""

_NOTHING: frozenset[str] = frozenset()

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

    The place is that of the value, else of the node that lacks one; of a value that kgpub has
    computed, that of what it was computed from. Of each file there are MAX_PROBLEMS at most, unless
    `every` one is wanted. What merely follows from another result is left out: see `echoes`.
    """
    parts = tuple(parts)
    quads = (quad for part in parts for quad in part.quads)
    told = without_echoes(report.results, quads, suggestions)
    found = _Places(parts, told)
    placed = (_problem(result, found, suggestions) for result in told)
    return tuple(sorted(set(placed))) if every else capped(placed)


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
    def __init__(self, parts: Iterable[Placed], results: Iterable[Result]) -> None:
        self.nodes: dict[str, list[tuple[Term, Place]]] = defaultdict(list)
        self.values: dict[tuple[str, str], list[tuple[Term, Place]]] = defaultdict(list)
        # A node may have any number of values, and a result for each of them.
        self.sorted: dict[tuple[str, str, bool], _Values] = {}
        # A result without a path may have a value that the query of its shape found anywhere.
        self.anywhere: dict[tuple[str, Term], Place] = {}
        results = tuple(results)
        focuses = {str(result.focus) for result in results}
        if not focuses:
            return
        sought = {(str(each.focus), each.value) for each in results if _is_found(each)}
        for part in parts:
            for quad, position in zip(part.quads, part.positions, strict=True):
                subject = str(quad.subject)
                if subject not in focuses:
                    continue
                place = place_of(part.file, *position)
                if quad.predicate == TYPE:
                    self.nodes[subject].append((quad.object, place))
                self.values[subject, quad.predicate.value].append((quad.object, place))
                if (key := (subject, quad.object)) in sought:
                    known = self.anywhere.get(key)
                    self.anywhere[key] = place if known is None else min(known, place, key=_order)

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
        if place is None and _is_found(result):
            assert result.value is not None
            place = self.anywhere.get((key[0], result.value))
        everywhere = found.everywhere
        return place or (everywhere[0] if everywhere else NOWHERE), everywhere


def _is_found(result: Result) -> bool:
    return result.path is None and result.value is not None and result.value != result.focus


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
    named = _named(result.shape, shape)
    message = _message(result, shape, suggestions)
    if result.component in _SEVERAL and len(everywhere) > 1:
        more = ", …" if len(everywhere) > MAX_PLACES else ""
        shown = ", ".join(str(at) for at in everywhere[:MAX_PLACES])
        message = Message("message-at", message=message, places=f"{shown}{more}")
    focus = _short(str(result.focus))
    if result.value is None or result.value == result.focus:
        remedy = Message("about", focus=focus, shape=named)
    else:
        value = result.value
        shown = readable(value) if isinstance(value, Literal) else _short(str(value))
        remedy = Message("about-value", focus=focus, value=shown, shape=named)
    if suggestions is not None:
        near, expected = suggestions.near(result), suggestions.expected(result)
        told = Message("expected", what=expected) if expected and result.messages else None
        before = [each for each in (near, told) if each is not None]
        remedy = Lines([*before, remedy]) if before else remedy
    severity = LEVELS.get(result.severity, "error")
    related = tuple(at for at in everywhere if at != place)
    about = _NOTHING
    if isinstance(result.focus, NamedNode) and isinstance(result.value, NamedNode):
        about = frozenset((result.focus.value, result.value.value))
    return Problem(place, message, remedy, severity, related, shape, about)


def _named(iri: str, name: str) -> Message:
    """Return how a shape is called: by its name, or by the file that it stands in without one."""
    if iri.startswith(_ANONYMOUS):
        return Message("shape-unnamed", file=unquote(name.rpartition("/")[0]))
    return Message("shape-named", name=name)


def _message(result: Result, shape: str, suggestions: Suggestions | None) -> Message:
    """Return what the shape says, or else what it asks for."""
    if result.messages:
        given = _given(shape, result.messages)
        if given is not None:
            return given
    expected = suggestions.expectations.of(result) if suggestions is not None else None
    name = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
    return Message("not-as-shape-asks", expected=expected or name)


@lru_cache(maxsize=1024)
def _given(shape: str, messages: tuple[Literal, ...]) -> Message | None:
    """Return the texts of a shape as one message, the same for all results that have them."""
    texts = {text.language or "": text.value for text in messages if text.value}
    return Given(shape, texts) if texts else None


def _short(term: str) -> str:
    """Shorten an IRI of the data to its last two segments, as a submitter writes it."""
    return "/".join(term.strip("<>").rsplit("/", 2)[-2:])
