"""Validation results at the places in the submitters' files that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.errors import Place, Problem, capped
from kgpub.messages import Given, Lines, Message
from kgpub.model.report import INFO, VIOLATION, WARNING, Node, Report, Result
from kgpub.model.submission import Placed
from kgpub.pipeline.decided import linked_places, with_links
from kgpub.pipeline.echoes import without_echoes
from kgpub.pipeline.expectations import (
    component_name,
    readable,
    shape_named,
    short_name,
    str_of,
)
from kgpub.pipeline.retracted import retracted_at
from kgpub.pipeline.suggestions import Suggestions
from kgpub.pipeline.value_places import MAX_PLACES, UNIQUE_LANGUAGE, ValuePlaces
from kgpub.serialisation.line_feed import Term
from kgpub.vocabulary import SH
from kgpub.vocabulary.schema import REFERENCE_FOLDERS

LEVELS = {VIOLATION: "error", WARNING: "warning", INFO: "info"}
"""The severities of problems by those of results; any other is that of an error."""
_SEVERAL = {SH + "MaxCountConstraintComponent", UNIQUE_LANGUAGE}

NOWHERE = Place("kgpub")
"""The place of a result about a node that no file of a workspace describes."""

_NOTHING: frozenset[str] = frozenset()


def problems(
    report: Report,
    parts: Iterable[Placed],
    suggestions: Suggestions | None = None,
    *,
    every: bool = False,
    asked: Set[str] = _NOTHING,
) -> tuple[Problem, ...]:
    """Return the results of `report` as problems, messages in all languages, sorted by place.

    The place is that of the value, else of the node that lacks one (see `value_places`); of a value
    that kgpub has computed, that of what it was computed from. Where several values are too many,
    it is that of the first in one of the files `asked` about, else of the first. Of each file there
    are MAX_PROBLEMS at most, unless `every` one is wanted. What merely follows from another result
    is left out: see `echoes`.
    """
    parts = tuple(parts)
    quads = (quad for part in parts for quad in part.quads)
    told = without_echoes(report.results, quads, suggestions)
    index = suggestions.shapes.index if suggestions is not None else None
    found = ValuePlaces(parts, told, index, NOWHERE)
    links = linked_places(parts)
    missing = {
        each.value.value
        for each in told
        if isinstance(each.value, NamedNode) and suggestions is not None
        if not suggestions.describe(each.value.value)
    }
    gone = retracted_at(parts, missing) if missing else {}
    placed = (with_links(_problem(each, found, suggestions, asked, gone), links) for each in told)
    return tuple(sorted(set(placed))) if every else capped(placed)


def _problem(
    result: Result,
    places: ValuePlaces,
    suggestions: Suggestions | None,
    asked: Set[str],
    gone: Mapping[str, Place],
) -> Problem:
    place, everywhere = places.of(result)
    if result.value in (None, result.focus) and place.file not in asked:
        place = next((each for each in everywhere if each.file in asked), place)
    shape, named = short_name(result.shape), shape_named(result.shape)
    message = _message(result, shape, suggestions)
    if result.component in _SEVERAL and len(everywhere) > 1:
        more = ", …" if len(everywhere) > MAX_PLACES else ""
        shown = ", ".join(str(at) for at in everywhere[:MAX_PLACES])
        message = Message("message-at", message=message, places=f"{shown}{more}")
    focus = _shown(result.focus)
    if result.value is None or result.value == result.focus:
        remedy = Message("about", focus=focus, shape=named)
    else:
        value = _value(result.value, result.focus)
        remedy = Message("about-value", focus=focus, value=value, shape=named)
    if len({each.file for each in everywhere}) > 1 and result.component in _SEVERAL:
        differing = places.differing(result)[:MAX_PLACES]
        stand = [
            Message("stands-at", value=_shown(value), place=str(at)) for value, at in differing
        ]
        remedy = Lines([*stand, remedy])
    if places.lack(result.focus):
        remedy = Lines([Message("stands-nowhere"), remedy])
    there = gone.get(result.value.value) if isinstance(result.value, NamedNode) else None
    if there is not None and result.value is not None:
        what = _value(result.value, result.focus)
        remedy = Lines([Message("retracted-there", what=what, place=str(there)), remedy])
    elif suggestions is not None:
        near, expected = suggestions.near(result), suggestions.expected(result)
        told = Message("expected", what=expected) if expected and result.messages else None
        kinds = Message("more-kinds") if told and result.shape in suggestions.scheme_of else None
        before = [each for each in (near, told, kinds) if each is not None]
        remedy = Lines([*before, remedy]) if before else remedy
    severity = LEVELS.get(result.severity, "error")
    related = tuple(at for at in (*everywhere, *([there] if there else ())) if at != place)
    about = _NOTHING
    if isinstance(result.focus, NamedNode) and isinstance(result.value, NamedNode):
        about = frozenset((result.focus.value, result.value.value))
    return Problem(place, message, remedy, severity, related, shape, about)


def _message(result: Result, shape: str, suggestions: Suggestions | None) -> Message:
    """Return what the shape says, or else what it asks for."""
    if result.messages:
        given = _given(shape, result.messages)
        if given is not None:
            return given
    expected = suggestions.expectations.of(result) if suggestions is not None else None
    if expected is None:
        expected = Message("expected-component", name=component_name(result))
    return Message("not-as-shape-asks", expected=expected)


@lru_cache(maxsize=1024)
def _given(shape: str, messages: tuple[Literal, ...]) -> Message | None:
    """Return the texts of a shape as one message, the same for all results that have them."""
    texts = {text.language or "": text.value for text in messages if text.value}
    return Given(shape, texts) if texts else None


def _value(value: Term, focus: Node) -> str:
    """Return a value as it is shown beside the focus node.

    What would be taken for an entity of the workspace, but has another base, is shown whole.
    """
    if isinstance(value, NamedNode) and isinstance(focus, NamedNode):
        base, folder = value.value.rpartition("/")[0].rpartition("/")[::2]
        if folder in REFERENCE_FOLDERS and not focus.value.startswith(f"{base}/"):
            return value.value
    return _shown(value)


def _shown(term: Term) -> str:
    """Return a literal as it is; an IRI's last two segments, as a submitter writes it."""
    if isinstance(term, Literal):
        return readable(term)
    if isinstance(term, Triple):
        return str_of(term)
    return "/".join(term.value.rsplit("/", 2)[-2:]) if isinstance(term, NamedNode) else str(term)
