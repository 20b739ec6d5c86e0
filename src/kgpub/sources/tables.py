"""CSV and XLSX to tree: a table of people, organisations, offices, places or tenures.

The name of the file, or of the sheet, says what its rows are (`people.csv`). The header's cells
are keys of a submission; `name@ar` is the Arabic under `name`, and several values in one cell
are parted by `|`. A row of tenures is one statement with the tenure that it asserts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.model.slug import quoted as shown
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.sources.workbook import read_sheets
from kgpub.vocabulary import ENTITY_SECTIONS
from kgpub.vocabulary.schema import VERBATIM, Schema

SEPARATOR = "|"
ROWS_OF_FACTS = {"tenures": "Tenure"}
TABLES = (*ENTITY_SECTIONS, *ROWS_OF_FACTS)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Row = Sequence[Scalar]


def read_csv(text: str, file: str, name: str, article: str, schema: Schema) -> Tree:
    """Return the table in `text` (RFC 4180) as the tree of a submission about `article`.

    `name` is one of TABLES. Raises SubmissionErrors with line and column.
    """
    text = text.removeprefix("\ufeff")
    if (control := _CONTROL.search(text)) is not None:
        place = Place.at(file, text, control.start())
        message = f"not readable as CSV: U+{ord(control[0]):04X} is a control character"
        raise SubmissionErrors([Problem(place, message, "Save the table as CSV in UTF-8.")])
    rows = list(_cells(text, file))
    return _submission({name: rows}, file, article, schema)


def read_xlsx(content: bytes, file: str, article: str, schema: Schema) -> Tree:
    """Return the sheets of a workbook as the tree of a submission about `article`.

    Positions are row and column of the cell. Needs the extra `xlsx` (openpyxl).
    """
    sheets = read_sheets(content, file)
    unknown = [title for title in sheets if title not in TABLES]
    if unknown:
        message = f"the sheet {shown(unknown[0])} has no meaning here"
        remedy = f"Name sheets after what their rows are: {', '.join(TABLES)}."
        raise SubmissionErrors([Problem(Place(file), message, remedy)])
    return _submission(sheets, file, article, schema)


def _cells(text: str, file: str) -> Iterator[list[Scalar]]:
    """Yield the rows, each cell with line and column where its text begins, quote included."""
    lines: list[str] = []

    def physical_lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            lines.append(line)
            yield line

    reader = csv.reader(physical_lines(), strict=True)
    number = 1
    while True:
        lines.clear()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            place = Place(file, number)
            raise SubmissionErrors([Problem(place, f"not readable as CSV: {error}")]) from error
        yield [
            Scalar(value.strip(), line, column if quoted else column + _indentation(value))
            for value, (line, column, quoted) in zip(values, _starts(lines, number), strict=False)
        ]
        number += len(lines)


def _indentation(value: str) -> int:
    return len(value) - len(value.lstrip())


def _starts(lines: Sequence[str], number: int) -> Iterator[tuple[int, int, bool]]:
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
                begin = character == ","
            elif character == '"' and quoted_cell:
                quoted = not quoted
            elif character == "," and not quoted:
                begin = True
    if begin:
        yield number + len(lines) - 1, len(lines[-1]) + 1 if lines else 1, False


@dataclass(frozen=True)
class _Column:
    key: Scalar
    language: Scalar | None

    @property
    def text(self) -> str:
        return self.key.text if self.language is None else f"{self.key.text}@{self.language.text}"

    @classmethod
    def of(cls, cell: Scalar) -> _Column:
        key, at, language = cell.text.partition("@")
        name = Scalar(key, cell.line, cell.column)
        tag = Scalar(language, cell.line, cell.column + len(key) + 1) if at else None
        return cls(name, tag)


def _submission(
    tables: dict[str, list[list[Scalar]]], file: str, article: str, schema: Schema
) -> Tree:
    problems: list[Problem] = []
    entries: list[tuple[Scalar, Tree]] = [(Scalar("article", 1, 1), Scalar(article, 1, 1))]
    for name, rows in tables.items():
        if not rows or not any(cell.text for cell in rows[0]):
            problems.append(Problem(Place(file), f"the table {name} is empty: it has no header"))
            continue
        columns = [_Column.of(cell) for cell in rows[0]]
        problems.extend(_misheaded(columns, rows[1:], file))
        problems.extend(_misfits(rows, file))
        filled = [row for row in rows[1:] if any(cell.text for cell in row)]
        if not filled:
            message = f"the table {name} has no row below its header"
            problems.append(Problem(Place(file), message, "The first row names the columns."))
            continue
        if name in ROWS_OF_FACTS:
            type_ = ROWS_OF_FACTS[name]
            statements = tuple(_statement(columns, row, type_, schema) for row in filled)
            entries.append((Scalar("statements", 1, 1), Items(statements, 1, 1)))
        else:
            entries.append((Scalar(name, 1, 1), _entities(columns, filled, file, problems)))
    if problems:
        raise SubmissionErrors(problems)
    return Fields(tuple(entries), 1, 1)


def _misheaded(columns: list[_Column], rows: list[list[Scalar]], file: str) -> Iterator[Problem]:
    """Yield what the header leaves open: cells that would have no place in the tree."""
    seen: dict[str, set[str | None]] = {}
    for index, column in enumerate(columns):
        key, language = column.key, column.language.text if column.language else None
        place = Place(file, key.line, key.column)
        if not key.text:
            filled = next(
                (row[index] for row in rows if index < len(row) and row[index].text), None
            )
            if filled is not None:
                message = f"this column has no header, but a cell at line {filled.line}"
                yield Problem(place, message, "Write the key that the cells belong to.")
            continue
        earlier = seen.setdefault(key.text, set())
        if language in earlier:
            message = f"the column {shown(column.text)} stands here for the second time"
            yield Problem(place, message, "Join the two; several values in a cell are parted by |.")
        elif earlier and None in {language, *earlier}:
            message = f"{shown(key.text)} stands here with a language and without"
            yield Problem(place, message, f"Write {key.text}@ar, {key.text}@en …")
        earlier.add(language)


def _misfits(rows: list[list[Scalar]], file: str) -> Iterator[Problem]:
    width = len(rows[0])
    for row in rows[1:]:
        if row and any(cell.text for cell in row[width:]):
            extra = row[width]
            message = f"this row has {len(row)} cells, the header {width}"
            yield Problem(
                Place(file, extra.line, extra.column), message, "Quote cells that hold commas."
            )


def _entities(
    columns: list[_Column], rows: list[list[Scalar]], file: str, problems: list[Problem]
) -> Fields:
    entities: dict[str, tuple[Scalar, Tree]] = {}
    for row in rows:
        slug = next((c for k, c in zip(columns, row, strict=False) if k.key.text == "id"), None)
        if slug is None or not slug.text:
            first = row[0]
            message, remedy = "this row has no id", "Add a column `id` with a slug for each row."
            problems.append(Problem(Place(file, first.line, first.column), message, remedy))
            continue
        if slug.text in entities:
            message = f"the id {shown(slug.text)} stands here for the second time"
            remedy = f"It already stands at line {entities[slug.text][0].line}: join the two rows."
            problems.append(Problem(Place(file, slug.line, slug.column), message, remedy))
            continue
        rest = [(k, c) for k, c in zip(columns, row, strict=False) if k.key.text != "id"]
        entities[slug.text] = (slug, _fields(rest, slug))
    return Fields(tuple(entities.values()), 1, 1)


def _statement(columns: list[_Column], row: list[Scalar], type_: str, schema: Schema) -> Fields:
    """Part a row into the statement's own cells and those of the fact that it asserts."""
    of_statement = schema.keys("Quotation") | schema.keys("Statement")
    cells = list(zip(columns, row, strict=False))
    fact = [
        (k, c)
        for k, c in cells
        if k.key.text in schema.keys(type_) or k.key.text not in of_statement
    ]
    own = [pair for pair in cells if pair not in fact]
    at = row[0]
    asserted = _fields(fact, at)
    entries = asserted.entries
    if asserted.get("type") is None:
        implied = Scalar("type", at.line, at.column), Scalar(type_, at.line, at.column)
        entries = (implied, *entries)
    typed = Fields(entries, at.line, at.column)
    statement = _fields(own, at)
    asserts = (Scalar("asserts", at.line, at.column), Items((typed,), at.line, at.column))
    return Fields((*statement.entries, asserts), at.line, at.column)


def _fields(cells: list[tuple[_Column, Scalar]], at: Scalar) -> Fields:
    plain: dict[str, tuple[Scalar, Tree]] = {}
    by_language: dict[str, list[tuple[Scalar, Tree]]] = {}
    for column, cell in cells:
        if not cell.text or not column.key.text:
            continue
        key = column.key
        value = cell if key.text in VERBATIM else _values(cell)
        if column.language is None:
            plain[key.text] = (key, value)
        else:
            tagged = by_language.setdefault(key.text, [])
            tagged.append((column.language, value))
            _, first = tagged[0]
            plain[key.text] = (key, Fields(tuple(tagged), first.line, first.column))
    return Fields(tuple(plain.values()), at.line, at.column)


def _values(cell: Scalar) -> Tree:
    if SEPARATOR not in cell.text:
        return cell
    parts = (part.strip() for part in cell.text.split(SEPARATOR))
    return Items(
        tuple(Scalar(part, cell.line, cell.column) for part in parts if part),
        cell.line,
        cell.column,
    )
