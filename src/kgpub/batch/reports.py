"""Reports of what a batch sets aside, a record a line, as JSON in all languages of messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kgpub.batch.record import Origin, Record
from kgpub.errors import Place, Problem
from kgpub.messages import LANGUAGES, said

_KEY_END = b"\t"


def report(origin: Origin, slug: str, problems: Iterable[Problem], record: Record | None) -> bytes:
    """Return the report on one record: a key by which reports are sorted, a tab, a line of JSON.

    Places are in the files of the record; those that stand in its line have a place in that too.
    """
    columns = {} if record is None else {record.path(f.name): f.column for f in record.files}
    told = {
        "source": origin.source,
        "line": origin.line or None,
        "article": slug or None,
        "problems": [_problem(each, origin, columns) for each in problems],
    }
    return _keyed(origin, slug, told)


def across(problem: Problem) -> bytes:
    """Return the report of what is wrong with several records together."""
    place = problem.place
    origin = Origin(place.file, place.line)
    return _keyed(origin, problem.code, _problem(problem, origin, {}))


def without_key(line: bytes) -> bytes:
    """Return the line of JSON of a report."""
    return line.split(_KEY_END, 1)[1]


def _keyed(origin: Origin, slug: str, told: Mapping[str, Any]) -> bytes:
    # JSON has no tabs, and in the key a source's could only change the order.
    source = origin.source.replace("\t", " ")
    key = f"{source} {origin.line:012d} {slug}".replace("\t", " ").replace("\n", " ")
    text = json.dumps(told, ensure_ascii=False)
    return f"{key}\t{text}\n".encode("utf-8", "backslashreplace")


def _problem(problem: Problem, origin: Origin, columns: Mapping[str, int]) -> dict[str, Any]:
    described = {
        "at": _at(problem.place, origin, columns),
        **_place(problem.place),
        "severity": problem.severity,
        "code": problem.code,
        "message": {each: said(problem.message, each) for each in LANGUAGES},
        "remedy": {each: said(problem.remedy, each) for each in LANGUAGES},
    }
    if problem.related:
        described["related"] = [_place(each) for each in problem.related]
    return described


def _at(place: Place, origin: Origin, columns: Mapping[str, int]) -> str:
    """Return the place in the source, as editors take it: the line of the record, if it has one."""
    if place.file == origin.source:
        return str(place)
    column = columns.get(place.file, 0)
    if column and place.line == 1:
        return f"{origin}:{column + place.column - 1}"
    return str(origin) if origin.line else f"{origin}/{place}"


def _place(place: Place) -> dict[str, Any]:
    sheet = {"sheet": place.sheet} if place.sheet else {}
    return {"file": place.file, **sheet, "line": place.line, "column": place.column}
