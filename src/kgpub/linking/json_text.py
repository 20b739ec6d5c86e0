"""JSON of gazetteers: an object a line, bounded, and where in the file something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kgpub.errors import DataError

MAX_LINE = 32 * 1024 * 1024
"""Bytes of a line: the largest entities of Wikidata have some five million."""
_LARGEST_NUMBER = 10**11


def error_at(file: str, line: int, message: str, remedy: str, column: int = 1) -> DataError:
    """Return the error of a place in a file; line and column count from 1."""
    return DataError(f"{file}:{line}:{column}: {message}", remedy)


@dataclass(frozen=True, slots=True)
class Line:
    """An object of a file, and its line, from 1."""

    file: str
    number: int
    fields: dict[str, Any]

    def error(self, message: str, remedy: str) -> DataError:
        """Return the error that something in this line is wrong."""
        return error_at(self.file, self.number, message, remedy)

    def text(self, field: str) -> str:
        """Return a text, "" where there is none. Raises DataError where it is no text."""
        value = self.fields.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.error(f"{field} is no text", "Put it in quotation marks.")
        return value.strip()

    def number_of(self, value: Any) -> int:
        """Return a count as a whole number, 0 where it is none that can be."""
        usable = isinstance(value, int | float) and not isinstance(value, bool)
        return int(value) if usable and 0 <= value < _LARGEST_NUMBER else 0

    def number_in(self, field: str) -> int:
        """Return the count in a field, 0 where there is none."""
        return self.number_of(self.fields.get(field))

    def list(self, field: str) -> list[Any]:
        """Return a list, empty where there is none. Raises DataError where it is no list."""
        value = self.fields.get(field)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.error(f"{field} is no list", "Put it in brackets: […].")
        return value


def objects(lines: Iterable[bytes], file: str) -> Iterator[Line]:
    """Yield the objects of a file's lines; empty lines are passed over.

    The brackets and commas of an array that has an element a line, as Wikidata's dumps are, are
    taken off. Raises DataError for a line that is too long, is no JSON object, or was cut off.
    """
    empty = True
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            raise error_at(file, number, f"the line has more than {MAX_LINE:,} bytes", _LONG)
        content = line.strip().removesuffix(b",")
        if content not in (b"", b"[", b"]"):
            empty = False
            yield Line(file, number, _object(content, file, number))
    if empty:
        raise error_at(file, 1, "the file is empty", "Name a file with an item a line.")


_LONG = "Write an item a line."
_CUT = "The file may have been cut off: fetch it again, and compare its size."


def _object(content: bytes, file: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except UnicodeDecodeError as error:
        raise error_at(
            file, number, "is not UTF-8", "Save it as UTF-8.", error.start + 1
        ) from error
    except json.JSONDecodeError as error:
        message = f"is no JSON: {error.msg}"
        raise error_at(file, number, message, _CUT, error.colno) from error
    except ValueError as error:  # what `int` raises, against numbers that take long to read
        raise error_at(file, number, "has a number that is too long", _LONG) from error
    except RecursionError as error:
        raise error_at(file, number, "is nested too deep", _LONG) from error
    if not isinstance(value, dict):
        raise error_at(file, number, "is no JSON object", _LONG)
    return value
