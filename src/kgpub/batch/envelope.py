"""Records in JSON Lines: one object a line; see schemas/record.schema.json and docs/batch.md.

Each submission keeps its bytes as they stand in the line, so that what is mapped from them, their
checksum and the columns in reports are those of the file that is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kgpub.batch.record import File, Origin, Record, record
from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.slug import quoted
from kgpub.sources import SUFFIXES, TEXT_NAME
from kgpub.sources.files import decode

KEYS = ("article", "text", "metadata", "submissions")
_DECODER = json.JSONDecoder(strict=True)
_METADATA = "article.json"
_ENDING = ".json"
_SPACE = " \t\n\r"
_SPACES = re.compile(f"[{_SPACE}]*")


class _Value:
    """A value of an object, with where its text begins and ends."""

    def __init__(self, value: Any, text: str, start: int, end: int) -> None:
        self.value = value
        self.text = text[start:end]
        self.start = start


def record_of_line(line: bytes, origin: Origin) -> Record:
    """Read a record from a line of UTF-8. Raises SubmissionErrors, places in that line."""
    try:
        text = decode(line, origin.source)
    except SubmissionErrors as errors:
        raise _at(errors.problems[0], origin) from errors
    fields = dict(_members(text, _first(text), origin))
    for key in fields:
        if key not in KEYS:
            remedy = Message("keys-here", keys=", ".join(KEYS))
            raise refusal(origin, Message("unknown-key", key=quoted(key)), remedy)
    return _record(fields, origin, in_line=True)


def record_of_columns(row: Mapping[str, object], origin: Origin) -> Record:
    """Read a record from the values of a row, by KEYS; the last two are JSON, as in a line.

    Raises SubmissionErrors.
    """
    fields: dict[str, _Value] = {}
    for key, value in row.items():
        if isinstance(value, str):
            is_json = key in ("metadata", "submissions")
            fields[key] = _whole(value, origin) if is_json else _Value(value, value, 0, len(value))
        elif value is not None:
            raise refusal(origin, Message("text-expected", key=quoted(key)), Message("record-form"))
    return _record(fields, origin, in_line=False)


def _record(fields: Mapping[str, _Value], origin: Origin, *, in_line: bool) -> Record:
    slug, article = (_text(fields, key, origin) for key in ("article", "text"))
    metadata = _object(fields, "metadata", origin)
    files = [File(_METADATA, metadata.text.encode(), (metadata.start + 1) * in_line)]
    files.append(File(TEXT_NAME, _encoded(article, "text", origin)))
    if "submissions" in fields:
        whole = _object(fields, "submissions", origin)
        files += _submissions(whole, origin, in_line)
    return record(_slug(slug, origin), files, origin)


def _whole(text: str, origin: Origin) -> _Value:
    """Return a text that is one JSON value. Raises SubmissionErrors."""
    value = _value(text, _first(text), origin)
    rest = value.start + len(value.text)
    if text[rest:].strip(_SPACE):
        raise _not_json(origin, rest)
    return value


def _slug(slug: str, origin: Origin) -> str:
    if "/" in slug or not slug.isprintable() or not slug:
        raise refusal(origin, Message("slug-invalid", value=quoted(slug)), Message("write-slug"))
    return slug


def _submissions(whole: _Value, origin: Origin, in_line: bool) -> Iterator[File]:
    for name, member in _members(whole.text, 0, origin):
        if not name or "/" in name or not name.isprintable():
            message = Message("slug-invalid", value=quoted(name))
            raise refusal(origin, message, Message("write-slug"))
        if isinstance(member.value, dict):
            column = (whole.start + member.start + 1) * in_line
            yield File(f"{name}{_ENDING}", member.text.encode(), column)
        elif isinstance(member.value, str):
            _require_ending(name, origin)
            # A file as it is, such as facts.yaml: its lines and columns are its own.
            yield File(name, _encoded(member.value, name, origin))
        else:
            message = Message("record-object", key=quoted(name))
            raise refusal(origin, message, Message("record-form"))


def _require_ending(name: str, origin: Origin) -> None:
    """Raise SubmissionErrors where the name of a file is not that of a submission."""
    ending = PurePosixPath(name).suffix
    if ending.lower() not in SUFFIXES:
        message = Message("submission-ending", ending=ending or Message("nothing"))
        raise refusal(origin, message, Message("endings", endings=", ".join(SUFFIXES)))


def _members(text: str, start: int, origin: Origin) -> Iterator[tuple[str, _Value]]:
    """Yield the members of the object that begins at `start`. Raises SubmissionErrors."""
    seen: set[str] = set()
    position = _past_space(text, start + 1)
    if text[start : start + 1] != "{":
        raise refusal(origin, Message("record-not-object"), Message("record-form"))
    while text[position : position + 1] != "}":
        key = _value(text, position, origin)
        position = _past_space(text, position + len(key.text))
        if not isinstance(key.value, str) or text[position : position + 1] != ":":
            raise _not_json(origin, position)
        value = _value(text, _past_space(text, position + 1), origin)
        if key.value in seen:
            message = Message("key-repeated", key=quoted(key.value))
            raise refusal(origin, message, Message("record-form"))
        seen.add(key.value)
        yield key.value, value
        position = _past_space(text, value.start + len(value.text))
        if text[position : position + 1] == ",":
            position = _past_space(text, position + 1)
            if text[position : position + 1] == '"':
                continue
            raise _not_json(origin, position)
        if text[position : position + 1] != "}":
            raise _not_json(origin, position)
    if start == _first(text) and text[position + 1 :].strip(_SPACE):
        raise _not_json(origin, position + 1)


def _value(text: str, start: int, origin: Origin) -> _Value:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise _not_json(origin, error.pos) from error
    except (RecursionError, ValueError) as error:
        raise _not_json(origin, start) from error
    return _Value(value, text, start, end)


def _first(text: str) -> int:
    return _past_space(text, 1 if text.startswith("\ufeff") else 0)


def _past_space(text: str, start: int) -> int:
    match = _SPACES.match(text, start)
    return match.end() if match else start


def _text(fields: Mapping[str, _Value], key: str, origin: Origin) -> str:
    value = _required(fields, key, origin).value
    if not isinstance(value, str):
        raise refusal(origin, Message("text-expected", key=quoted(key)), Message("record-form"))
    return value


def _object(fields: Mapping[str, _Value], key: str, origin: Origin) -> _Value:
    value = _required(fields, key, origin)
    if not isinstance(value.value, dict):
        raise refusal(origin, Message("record-object", key=quoted(key)), Message("record-form"))
    return value


def _required(fields: Mapping[str, _Value], key: str, origin: Origin) -> _Value:
    if key not in fields:
        message = Message("record-key-missing", key=quoted(key))
        raise refusal(origin, message, Message("record-form"))
    return fields[key]


def _encoded(text: str, key: str, origin: Origin) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        message = Message("record-surrogate", key=quoted(key))
        raise refusal(origin, message, Message("record-form")) from error


def _not_json(origin: Origin, position: int) -> SubmissionErrors:
    return refusal(origin, Message("record-not-json"), Message("record-form"), position + 1)


def refusal(origin: Origin, message: Message, remedy: Message, column: int = 1) -> SubmissionErrors:
    """Return the error that says what is wrong with the record that was read at `origin`."""
    return SubmissionErrors(
        [Problem(Place(origin.source, origin.line or 1, column), message, remedy)]
    )


def _at(problem: Problem, origin: Origin) -> SubmissionErrors:
    remedy = problem.remedy or Message("record-form")
    return refusal(origin, problem.message, remedy, problem.place.column)
