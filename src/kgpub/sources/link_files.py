"""Reads and writes the files of links: CSV with a header, one row for each decision."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors, capped
from kgpub.messages import Message
from kgpub.model.links import LinkRow, Row
from kgpub.model.slug import quoted
from kgpub.model.tree import Scalar
from kgpub.sources.csv_rows import read_rows
from kgpub.sources.files import decode, read_bytes

MAX_LINKS_BYTES = 64 * 1024 * 1024
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?![<|=>])")


def read_link_file(path: Path, root: Path) -> bytes:
    """Return the content of a file of links, b"" where there is none. Raises SubmissionErrors."""
    if not path.exists() and not path.is_symlink():
        return b""
    return read_bytes(path, root, MAX_LINKS_BYTES)


def link_rows(content: bytes, file: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a file whose header names `columns`, in any order and all of them.

    Empty rows are passed over. Raises SubmissionErrors with line and column.
    """
    if not content:
        return []
    text = decode(content, file).removeprefix("\ufeff")
    _no_conflict(text, file)
    header, *rows = read_rows(text, file, lambda cell: cell in columns)
    problems = FileProblems(file)
    names = [cell.text for cell in header]
    for cell in header:
        if cell.text not in columns:
            message = Message("link-column-unknown", column=quoted(cell.text))
            problems.add(cell, message, _header(columns))
        elif names.count(cell.text) > 1:
            message = Message("column-repeated", column=quoted(cell.text))
            problems.add(cell, message, _header(columns))
    for missing in (each for each in columns if each not in names):
        problems.add(header[0], Message("link-column-missing", column=missing), _header(columns))
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return [row for row in _rows(names, rows, problems) if any(cell.text for cell in row.values())]


def _no_conflict(text: str, file: str) -> None:
    """Raise SubmissionErrors where version control has left versions beside each other."""
    lines = enumerate(text.split("\n"), start=1)
    conflicts = (Place(file, number) for number, line in lines if _CONFLICT.match(line))
    message, remedy = Message("link-conflict"), Message("mend-conflict")
    problems = [Problem(place, message, remedy) for place in conflicts]
    if problems:
        raise SubmissionErrors(capped(problems))


def _rows(
    names: Sequence[str], rows: Iterable[Sequence[Scalar]], problems: FileProblems
) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if len(row) > len(names):
            message = Message("row-too-long", cells=len(row), columns=len(names))
            problems.add(row[len(names)], message, Message("quote-cells"))
            continue
        if row:
            end = Scalar("", row[-1].line, row[-1].column)
            padded = [*row, *[end] * (len(names) - len(row))]
            found.append(dict(zip(names, padded, strict=True)))
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return found


def _header(columns: Sequence[str]) -> Message:
    return Message("link-header", columns=",".join(columns))


def link_text(rows: Iterable[LinkRow], columns: Sequence[str]) -> str:
    """Return rows as CSV, sorted by entity and as they come for each, one line each."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in sorted(rows, key=lambda each: each.entity):
        writer.writerow(" ".join(cell.split()) for cell in row.cells())
    return stream.getvalue()
