"""What is wrong with settings, in a reader's words, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

MAX_QUOTED = 80
"""Characters of a key that a message quotes."""

UNKNOWN = "extra_forbidden"
"""The type of pydantic's error for a key that is none."""

_FAULTS = {
    "missing": "is missing",
    "string_type": "it is no text",
    "string_too_short": "it is empty",
    "int_type": "it is no whole number",
    "int_parsing": "it is no whole number",
    "int_from_float": "it is no whole number",
    "float_type": "it is no number",
    "float_parsing": "it is no number",
    "finite_number": "it is no number that can be reached",
    "bool_type": "it is neither true nor false",
    "bool_parsing": "it is neither true nor false",
    "tuple_type": "it is no list",
    "model_type": "it is no table",
    "int_parsing_size": "it is too large",
    "greater_than_equal": "it is less than {ge:,}",
    "less_than_equal": "it is more than {le:,}",
    "literal_error": "it is none of {expected}",
    "too_long": "it has more than {max_length}",
    "too_short": "it is empty",
}
"""What is wrong, by the types of pydantic's errors, with the values that they come with."""

_SEGMENT = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")


def first(error: ValidationError) -> ErrorDetails:
    """Return the fault to tell: a key that is none comes before what is missing for it."""
    return min(error.errors(), key=lambda each: each["type"] != UNKNOWN)


def said(fault: ErrorDetails) -> str:
    """Return what is wrong with a value."""
    told = _FAULTS.get(fault["type"])
    if told is None:
        return fault["msg"].removeprefix("Value error, ")
    return told.format_map(fault.get("ctx", {}))


def nearest(key: str, keys: Iterable[str]) -> str | None:
    """Return the one of `keys` that `key` is most like, if any is."""
    found = process.extractOne(
        key[:MAX_QUOTED].lower(), list(keys), scorer=fuzz.ratio, score_cutoff=60
    )
    return found[0] if found else None


def names(fault: ErrorDetails) -> tuple[str, ...]:
    """Return the keys that lead to what is wrong; of a list, that of the list."""
    return tuple(each for each in fault["loc"] if isinstance(each, str))


def table(model: type[BaseModel], keys: tuple[str, ...]) -> type[BaseModel]:
    """Return the table of settings that the last of `keys` stands in."""
    for key in keys[:-1]:
        field = model.model_fields.get(key)
        inner = None if field is None else _inner(field)
        if inner is None:
            break
        model = inner
    return model


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    """Return the kind of table that a setting is, or is a list of; None for anything else."""
    if isinstance(field.default, BaseModel):
        return type(field.default)
    item = next(iter(get_args(field.annotation)), None)
    return item if isinstance(item, type) and issubclass(item, BaseModel) else None


def line_of(text: str, keys: tuple[str, ...]) -> int:
    """Return the line of TOML, from 1, that sets `keys`, or as many of them as any line does."""
    found, most = 1, 0
    header: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        opening = line.lstrip()
        is_header = opening.startswith("[")
        path, rest = _dotted(opening.lstrip("[") if is_header else opening)
        if is_header and rest.startswith("]"):
            path = header = path
        elif not is_header and rest.startswith("="):
            path = header + path
        else:
            continue
        common = _common(path, keys)
        if common > most:
            found, most = number, common
    return found


def _dotted(text: str) -> tuple[tuple[str, ...], str]:
    """Return the keys that `text` begins with, and what follows them."""
    path: list[str] = []
    at = 0
    while match := _SEGMENT.match(text, at):
        path.append(match[1] or match[2] or match[3] or "")
        at = match.end()
        if not text.startswith(".", at):
            break
        at += 1
    return tuple(path), text[at:]


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many keys two paths have in common from their beginning on."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
