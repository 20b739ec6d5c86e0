"""Problems as text, so that a build with nothing to do tells what the one before has found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kgpub.errors import Place, Problem
from kgpub.messages import Given, Lines, Message


def problems_text(problems: Iterable[Problem]) -> str:
    """Return problems as JSON, messages with what tells them in every language."""
    return json.dumps([_described(each) for each in problems], ensure_ascii=False)


def problems_of(text: str) -> tuple[Problem, ...] | None:
    """Return the problems of which `problems_text` made the text; None where it is none."""
    try:
        described = json.loads(text)
        if not isinstance(described, list):
            return None
        return tuple(_problem(*each) for each in described)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _described(problem: Problem) -> list[Any]:
    return [
        _place(problem.place),
        _kept(problem.message),
        _kept(problem.remedy),
        problem.severity,
        [_place(place) for place in problem.related],
        problem.code,
        sorted(problem.about),
    ]


def _place(place: Place) -> list[str | int]:
    return [place.file, place.line, place.column, place.sheet]


def _kept(text: str) -> Any:
    """Return a message as a list that begins with its kind, and mere text as it is."""
    if isinstance(text, Lines):
        return ["lines", [_kept(part) for part in text.parts], _kept(text.separator)]
    if isinstance(text, Given):
        return ["given", text.code, dict(text.texts)]
    if isinstance(text, Message):
        return ["message", text.code, {name: _kept(value) for name, value in text.values}]
    return text


def _problem(
    place: list[Any],
    message: Any,
    remedy: Any,
    severity: str,
    related: list[list[Any]],
    code: str,
    about: list[str],
) -> Problem:
    return Problem(
        _placed(*place),
        _message(message),
        _message(remedy) if remedy else "",
        severity,
        tuple(_placed(*each) for each in related),
        code,
        frozenset(about),
    )


def _placed(file: str, line: int, column: int, sheet: str) -> Place:
    return Place(file, line, column, sheet=sheet)


def _message(kept: Any) -> Message:
    kind, first, second = kept
    if kind == "lines":
        return Lines([_text(each) for each in first], _text(second))
    if kind == "given":
        return Given(first, second)
    return Message(first, **{name: _text(value) for name, value in second.items()})


def _text(kept: Any) -> str:
    return kept if isinstance(kept, str) else _message(kept)
