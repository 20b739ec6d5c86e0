"""A report that a service gives as JSON, as the model of a report that all else takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from kgpub.client.errors import ServiceError
from kgpub.errors import Place, Problem
from kgpub.messages import Given
from kgpub.model.comparison import Comparison, Outcome, Reason, Told

Json = Mapping[str, Any]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Report:
    """What a service says of a submission, in `language`; `files` are what it calls its files.

    `compared` are its facts beside what is published, None where they were not compared.
    """

    accepted: bool
    language: str
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    compared: tuple[Comparison, ...] | None


def report_from(value: object) -> Report:
    """Return the report in a JSON value. Raises ServiceError where it is none."""
    try:
        told = _typed(value, dict)
        language = _typed(told["language"], str)
        compared = told["compared"]
        return Report(
            _typed(told["accepted"], bool),
            language,
            tuple(_typed(each, str) for each in _typed(told["files"], list)),
            tuple(_problem(each, language) for each in _typed(told["problems"], list)),
            None
            if compared is None
            else tuple(_comparison(each, language) for each in _typed(compared, list)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(
            "the service answers with what is no report", "Check the address, and its version."
        ) from error


def _typed(value: object, kind: type[Kind]) -> Kind:
    """Return a value of this type. Raises TypeError."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(kind.__name__)
    return value


def _place(told: Json) -> Place:
    line, column = _typed(told["line"], int), _typed(told["column"], int)
    sheet = _typed(told.get("sheet", ""), str)
    if min(line, column) < 1:
        raise ValueError("a place is counted from 1")
    return Place(_typed(told["file"], str), line, column, sheet=sheet)


def _given(code: str, text: object, language: str) -> Given:
    return Given(code, {language: _typed(text, str), "en": _typed(text, str)})


def _problem(value: object, language: str) -> Problem:
    told = _typed(value, dict)
    code = _typed(told["code"], str)
    remedy = _typed(told["remedy"], str)
    severity = _typed(told["severity"], str)
    if severity not in ("error", "warning", "info"):
        raise ValueError("there is no such severity")
    return Problem(
        _place(told),
        _given(code, told["message"], language),
        _given(code, remedy, language) if remedy else "",
        severity,
        tuple(_place(_typed(each, dict)) for each in _typed(told["related"], list)),
        code,
    )


def _comparison(value: object, language: str) -> Comparison:
    told = _typed(value, dict)
    reason = Reason(told["reason"])
    beside = told.get("alsoSubmitted")
    theirs = beside if beside is not None else told["published"]
    notes = _typed(told["notes"], list)
    return Comparison(
        Outcome(told["outcome"]),
        reason,
        _typed(told["fact"], str),
        _place(told),
        _told(told["submitted"]),
        None if theirs is None else _told(theirs),
        _given(reason.value, told["explanation"], language),
        tuple(_given(reason.value, each, language) for each in notes),
        None if beside is None else _place(_typed(beside, dict)),
    )


def _told(value: object) -> Told:
    told = _typed(value, dict)
    speakers = tuple(_typed(each, str) for each in _typed(told["saidBy"], list))
    times = tuple((name, _typed(text, str)) for name, text in _typed(told["times"], dict).items())
    return Told(
        _typed(told["fact"], str),
        _typed(told["statement"], str),
        _typed(told["article"], str),
        _typed(told["title"], str),
        _typed(told["publisher"], str),
        _typed(told["articlePublished"], str),
        _typed(told["words"], str),
        _typed(told["passage"], str),
        speakers,
        times,
        _typed(told["negated"], bool),
    )
