"""Problems as text, so that a build with nothing to do tells what the one before has found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from kgpub.errors import Place, Problem
from kgpub.messages import Given, Lines, Message

T = TypeVar("T")


def problems_text(problems: Iterable[Problem]) -> str:
    """Return problems as JSON, messages with what tells them in every language."""
    return json.dumps([_described(each) for each in problems], ensure_ascii=False)


def problems_of(text: str) -> tuple[Problem, ...] | None:
    """Return the problems of which `problems_text` made the text; None where it is none."""
    try:
        return tuple(_problem(*each) for each in _of(list, json.loads(text)))
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
    place: Any, message: Any, remedy: Any, severity: Any, related: Any, code: Any, about: Any
) -> Problem:
    return Problem(
        _placed(*place),
        _message(message),
        _message(remedy) if remedy != "" else "",
        _of(str, severity),
        tuple(_placed(*each) for each in _of(list, related)),
        _of(str, code),
        frozenset(_of(str, each) for each in _of(list, about)),
    )


def _placed(file: Any, line: Any, column: Any, sheet: Any) -> Place:
    return Place(_of(str, file), _of(int, line), _of(int, column), sheet=_of(str, sheet))


def _message(kept: Any) -> Message:
    kind, first, second = kept
    if kind == "lines":
        return Lines([_text(each) for each in _of(list, first)], _text(second))
    if kind == "given" and second:
        texts = {tag: _of(str, text) for tag, text in _of(dict, second).items()}
        return Given(_of(str, first), texts)
    if kind == "message":
        values = {name: _text(value) for name, value in _of(dict, second).items()}
        return Message(_of(str, first), **values)
    raise ValueError(kind)


def _text(kept: Any) -> str:
    return kept if isinstance(kept, str) else _message(kept)


def _of(type_: type[T], value: Any) -> T:
    """Return a value that is of the type and of none below it. Raises TypeError."""
    if type(value) is not type_:
        raise TypeError(value)
    return value
