"""CSV text to rows of cells, each with its position."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.slug import quoted
from kgpub.model.tree import Scalar
from kgpub.sources.workbook import MAX_CELLS

COMMA = ","
_OTHERS = (";", "\t")
_NAMED = re.compile(r'("?)sep=([^\r\n])\1(?:\r\n?|\n|$)', re.IGNORECASE)
"""The first line of a file that tells Excel, and nobody else, what parts its columns."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTED = re.compile(r'"(?:[^"]|"")*+')
_LINE = re.compile(r"[^\r\n]*")


def read_rows(text: str, file: str, is_key: Callable[[str], bool]) -> Iterator[list[Scalar]]:
    """Yield the rows of a table (RFC 4180), each cell with line and column where it begins.

    Columns are parted by commas; by semicolons, as spreadsheets do where the comma is for
    decimals, or by tabs if the header says so: it has no comma, and one of its cells `is_key`.
    A line `sep=;` before the header names one of these. Raises SubmissionErrors with line and
    column.
    """
    if (control := _CONTROL.search(text)) is not None:
        place = Place.at(file, text, control.start())
        message = Message("csv-control", character=f"U+{ord(control[0]):04X}")
        raise SubmissionErrors([Problem(place, message, Message("save-as-csv"))])
    number = 1
    if (named := _NAMED.match(text)) is None:
        delimiter = _delimiter(text, is_key)
    else:
        number, delimiter, text = 2, _named(named[2], file), text[named.end() :]
    lines: list[str] = []

    def physical_lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            lines.append(line)
            yield line

    reader = csv.reader(physical_lines(), strict=True, delimiter=delimiter)
    cells = 0
    while True:
        lines.clear()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SubmissionErrors([_fault(lines, number, delimiter, file)]) from error
        cells += len(values)
        if cells > MAX_CELLS:
            message = Message("too-many-cells", limit=f"{MAX_CELLS:,}")
            raise SubmissionErrors([Problem(Place(file, number), message, Message("split-table"))])
        starts = _starts(lines, number, delimiter)
        yield [
            Scalar(value.strip(), line, column if quoted else column + _indentation(value))
            for value, (line, column, quoted) in zip(values, starts, strict=False)
        ]
        number += len(lines)


def _delimiter(text: str, is_key: Callable[[str], bool]) -> str:
    header = _LINE.match(text)
    assert header is not None  # the pattern matches the empty string
    if COMMA not in header[0]:
        for delimiter in _OTHERS:
            cells = [cell.strip(' "') for cell in header[0].split(delimiter)]
            if len(cells) > 1 and any(map(is_key, cells)):
                return delimiter
    return COMMA


def _named(delimiter: str, file: str) -> str:
    if delimiter in (COMMA, *_OTHERS):
        return delimiter
    message = Message("csv-separator", separator=quoted(delimiter))
    raise SubmissionErrors([Problem(Place(file), message, Message("save-with-commas"))])


def _indentation(value: str) -> int:
    return len(value) - len(value.lstrip())


def _starts(lines: Sequence[str], number: int, delimiter: str) -> Iterator[tuple[int, int, bool]]:
    """Yield line and column of each cell of one record, and whether it is in quotes.

    `lines` are the record's, the first of them the file's line `number`. A quote is one only
    at the beginning of a cell and inside one that began so.
    """
    begin, quoted = True, False
    for line, characters in enumerate(lines, number):
        for column, character in enumerate(characters, 1):
            if begin:
                yield line, column, character == '"'
                quoted_cell = quoted = character == '"'
                begin = character == delimiter
            elif character == '"' and quoted_cell:
                quoted = not quoted
            elif character == delimiter and not quoted:
                begin = True
    if begin:
        yield number + len(lines) - 1, len(lines[-1]) + 1 if lines else 1, False


def _fault(lines: Sequence[str], number: int, delimiter: str, file: str) -> Problem:
    """Return why `lines`, from the file's line `number` on, are no record, and where."""
    text = "".join(lines)
    plain = re.compile(rf"[^{delimiter}\r\n]*")
    limit = csv.field_size_limit()
    index = 0
    while index < len(text):
        cell = _QUOTED.match(text, index) or plain.match(text, index)
        assert cell is not None  # the second pattern matches the empty string
        end = cell.end()
        if cell[0].startswith('"'):
            if text[end : end + 1] != '"':
                message = Message("quote-open")
                return _at(text, index, number, file, message, Message("close-quote"))
            end += 1
            if end < len(text) and text[end] not in f"{delimiter}\r\n":
                message = Message("text-after-quote")
                return _at(text, end, number, file, message, Message("double-quote"))
        if end - index > limit:
            message = Message("cell-too-long", limit=f"{limit:,}")
            return _at(text, index, number, file, message, Message("shorten-cell"))
        index = end + 1
    return Problem(Place(file, number), Message("csv-unreadable"), Message("save-as-csv"))


def _at(
    text: str, index: int, number: int, file: str, message: Message, remedy: Message
) -> Problem:
    place = Place.at(file, text, index)
    return Problem(Place(file, place.line + number - 1, place.column), message, remedy)
