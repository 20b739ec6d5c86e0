"""CSV and XLSX to tree: a table of people, organisations, offices, places or tenures.

The name of the file, or of the sheet, says what its rows are (`people.csv`). The header's cells
are keys of a submission; `name@ar` is the Arabic under `name`, and several values in one cell
are parted by `|`. A row of tenures is one statement with the tenure that it asserts.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import ENTITY_SECTIONS
from kgpub.vocabulary.schema import Schema

SEPARATOR = "|"
ROWS_OF_FACTS = {"tenures": "Tenure"}
TABLES = (*ENTITY_SECTIONS, *ROWS_OF_FACTS)
VERBATIM = ("words", "introduced-by")
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""What the parts of an XLSX file may come to when unpacked."""

Row = Sequence[Scalar]


def read_csv(text: str, file: str, name: str, article: str, schema: Schema) -> Tree:
    """Return the table in `text` (RFC 4180) as the tree of a submission about `article`.

    `name` is one of TABLES. Raises SubmissionErrors with line and column.
    """
    rows = list(_cells(text.removeprefix("\ufeff"), file))
    return _submission({name: rows}, file, article, schema)


def read_xlsx(content: bytes, file: str, article: str, schema: Schema) -> Tree:
    """Return the sheets of a workbook as the tree of a submission about `article`.

    Positions are row and column of the cell. Needs the extra `xlsx` (openpyxl).
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        remedy = "Install it with: pip install 'kgpub[xlsx]', or save the sheets as CSV."
        raise SubmissionErrors(
            [Problem(Place(file), "reading XLSX needs openpyxl", remedy)]
        ) from error
    broken = Problem(Place(file), "not readable as an XLSX workbook", "Save the sheets as CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            message = f"unpacks to {unpacked:,} bytes; at most {MAX_UNPACKED_BYTES:,} are read"
            raise SubmissionErrors([Problem(Place(file), message, "Split the workbook.")])
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {
            sheet.title: [
                [Scalar(_text(value), row, column) for column, value in enumerate(values, 1)]
                for row, values in enumerate(sheet.iter_rows(values_only=True), 1)
            ]
            for sheet in workbook.worksheets
        }
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
        raise SubmissionErrors([broken]) from error
    unknown = [title for title in sheets if title not in TABLES]
    if unknown:
        message = f"the sheet {unknown[0]!r} has no meaning here"
        remedy = f"Name sheets after what their rows are: {', '.join(TABLES)}."
        raise SubmissionErrors([Problem(Place(file), message, remedy)])
    return _submission(sheets, file, article, schema)


def _text(value: object) -> str:
    """A cell as text: 2016 where the spreadsheet holds the number 2016.0, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    day = getattr(value, "date", None)
    return str(day()) if day else str(value)


def _cells(text: str, file: str) -> Iterator[list[Scalar]]:
    """Yield the rows, each cell with line and column of its first character."""
    lines = io.StringIO(text, newline="")
    starts: list[str] = []

    def physical_lines() -> Iterator[str]:
        for line in lines:
            starts.append(line)
            yield line

    reader = csv.reader(physical_lines(), strict=True)
    while True:
        first = len(starts) + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            place = Place(file, max(first, 1))
            raise SubmissionErrors([Problem(place, f"not readable as CSV: {error}")]) from error
        positions = _positions("".join(starts[first - 1 :]), first)
        yield [Scalar(value.strip(), *at) for value, at in zip(values, positions, strict=False)]


def _positions(record: str, line: int) -> Iterator[tuple[int, int]]:
    """Yield line and column of each cell of one record, which may span several lines."""
    column, quoted, begin = 1, False, True
    for character in record:
        if begin:
            yield line, column
            begin = False
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            begin = True
        line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    if begin:
        yield line, column


@dataclass(frozen=True)
class _Column:
    key: Scalar
    language: Scalar | None

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
        problems.extend(_misfits(rows, file))
        filled = [row for row in rows[1:] if any(cell.text for cell in row)]
        if name in ROWS_OF_FACTS:
            type_ = ROWS_OF_FACTS[name]
            statements = tuple(_statement(columns, row, type_, schema) for row in filled)
            entries.append((Scalar("statements", 1, 1), Items(statements, 1, 1)))
        else:
            entries.append((Scalar(name, 1, 1), _entities(columns, filled, file, problems)))
    if problems:
        raise SubmissionErrors(problems)
    return Fields(tuple(entries), 1, 1)


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
            message = f"the id {slug.text!r} stands here for the second time"
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
    typed = Fields(
        (
            (Scalar("type", at.line, at.column), Scalar(type_, at.line, at.column)),
            *asserted.entries,
        ),
        at.line,
        at.column,
    )
    statement = _fields(own, at)
    asserts = (Scalar("asserts", at.line, at.column), Items((typed,), at.line, at.column))
    return Fields((*statement.entries, asserts), at.line, at.column)


def _fields(cells: list[tuple[_Column, Scalar]], at: Scalar) -> Fields:
    plain: dict[str, tuple[Scalar, Tree]] = {}
    by_language: dict[str, list[tuple[Scalar, Tree]]] = {}
    for column, cell in cells:
        if not cell.text or not column.key.text:
            continue
        key = Scalar(column.key.text, cell.line, cell.column)
        value = cell if column.key.text in VERBATIM else _values(cell)
        if column.language is None:
            plain[key.text] = (key, value)
        else:
            tag = Scalar(column.language.text, cell.line, cell.column)
            by_language.setdefault(key.text, []).append((tag, value))
    for name, tagged in by_language.items():
        first = tagged[0][0]
        fields = Fields(tuple(tagged), first.line, first.column)
        plain[name] = (Scalar(name, first.line, first.column), fields)
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
