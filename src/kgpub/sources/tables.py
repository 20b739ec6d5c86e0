"""CSV and XLSX to tree: a table of people, organisations, offices, places or tenures.

The name of the file, or of the sheet, says what its rows are (`people.csv`). The header's cells
are keys of a submission; `name@ar` is the Arabic under `name`, and several values in one cell
are parted by `|`. A row of tenures is one statement with the tenure that it asserts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.keys import nearest_key
from kgpub.model.sheets import SHEETS, line_before, row_of, with_sheets
from kgpub.model.slug import quoted as shown
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.sources.csv_rows import read_rows
from kgpub.sources.workbook import read_sheets
from kgpub.vocabulary.schema import BOOLEAN, VERBATIM, Form, Schema

SEPARATOR = "|"
ROWS_OF_FACTS = {"tenures": "Tenure"}
TABLES = SHEETS

_BOOLEANS = ("true", "false")
_KEYS_SHOWN = ("id, name@ar", "words, person, office")


def read_csv(text: str, file: str, name: str, article: str, schema: Schema) -> Tree:
    """Return the table in `text` as the tree of a submission about `article`.

    `name` is one of TABLES. Raises SubmissionErrors with line and column.
    """
    text = text.removeprefix("\ufeff")
    known = {"id", *schema.terms}
    rows = list(read_rows(text, file, lambda cell: cell.partition("@")[0] in known))
    return _submission({name: rows}, file, article, schema)


def read_xlsx(content: bytes, file: str, article: str, schema: Schema) -> Tree:
    """Return the sheets of a workbook as the tree of a submission about `article`.

    Positions are row and column of the cell, rows numbered as in `model.sheets`. Needs the
    extra `xlsx` (openpyxl).
    """
    sheets = read_sheets(content, file)
    unknown = [title for title in sheets if title not in TABLES]
    if unknown:
        message = Message("sheet-unknown", sheet=shown(unknown[0]))
        remedy = Message("name-sheets", names=", ".join(TABLES))
        raise SubmissionErrors([Problem(Place(file), message, remedy)])
    try:
        return _submission(sheets, file, article, schema, line_before)
    except SubmissionErrors as errors:
        raise SubmissionErrors(map(with_sheets, errors.problems)) from errors


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
        # Of a sheet the column is that of a cell: there is no place inside it.
        tag = Scalar(language, cell.line, cell.column) if at else None
        return cls(name, tag)


def _submission(
    tables: dict[str, list[list[Scalar]]],
    file: str,
    article: str,
    schema: Schema,
    before: Callable[[str], int] = lambda _: 0,
) -> Tree:
    """Return the tree of tables; `before` tells behind which line that of a name begins."""
    problems = FileProblems(file)
    entries: list[tuple[Scalar, Tree]] = [(Scalar("article", 1, 1), Scalar(article, 1, 1))]
    for name, rows in tables.items():
        first = rows[0][0] if rows and rows[0] else Scalar("", before(name) + 1, 1)
        if not rows or not any(cell.text for cell in rows[0]):
            message = Message("table-empty", table=name)
            remedy = Message("write-header", keys=_KEYS_SHOWN[name in ROWS_OF_FACTS])
            problems.add(first, message, remedy)
            continue
        columns = [_Column.of(cell) for cell in rows[0]]
        _misheaded(columns, rows[1:], problems)
        _untagged(columns, rows[1:], problems, schema)
        _misfits(rows, problems)
        filled = [row for row in rows[1:] if any(cell.text for cell in row)]
        if not filled:
            message = Message("table-without-rows", table=name)
            problems.add(first, message, Message("first-row-names"))
            continue
        if name in ROWS_OF_FACTS:
            type_ = ROWS_OF_FACTS[name]
            statements = tuple(_statement(columns, row, type_, schema) for row in filled)
            entries.append((Scalar("statements", 1, 1), Items(statements, 1, 1)))
        else:
            entries.append((Scalar(name, 1, 1), _entities(columns, filled, problems, schema)))
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return Fields(tuple(entries), 1, 1)


def _misheaded(columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems) -> None:
    """Tell what the header leaves open: cells that would have no place in the tree."""
    seen: dict[str, set[str | None]] = {}
    for column in columns:
        key, language = column.key, column.language.text if column.language else None
        if not key.text:
            continue
        earlier = seen.setdefault(key.text, set())
        if language in earlier:
            message = Message("column-repeated", column=shown(column.text))
            problems.add(key, message, Message("join-columns"))
        elif earlier and None in {language, *earlier}:
            message = Message("column-with-and-without-language", key=shown(key.text))
            problems.add(key, message, Message("write-column-languages", key=key.text))
        earlier.add(language)
    unnamed = {index for index, column in enumerate(columns) if not column.key.text}
    for row in rows if unnamed else ():
        for index in [index for index, cell in enumerate(row) if cell.text and index in unnamed]:
            message = Message("column-without-header", line=row_of(row[index].line))
            problems.add(columns[index].key, message, Message("write-column-key"))
            unnamed.remove(index)


def _untagged(
    columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems, schema: Schema
) -> None:
    """Tell which columns of texts lack their language, once for all their cells."""
    tagged = {column.key.text for column in columns if column.language is not None}
    for index, column in enumerate(columns):
        term = schema.terms.get(column.key.text)
        if term is None or term.form is not Form.BY_LANGUAGE or column.key.text in tagged:
            continue
        if term.key not in VERBATIM and any(row[index].text for row in rows if index < len(row)):
            message = Message("language-needed", key=repr(term.key))
            problems.add(column.key, message, Message("write-column-languages", key=term.key))


def _misfits(rows: list[list[Scalar]], problems: FileProblems) -> None:
    width = len(rows[0])
    for row in rows[1:]:
        if any(cell.text for cell in row[width:]):
            message = Message("row-too-long", cells=len(row), columns=width)
            problems.add(row[width], message, Message("quote-cells"))


def _entities(
    columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems, schema: Schema
) -> Fields:
    entities: dict[str, tuple[Scalar, Tree]] = {}
    place = next((index for index, column in enumerate(columns) if column.key.text == "id"), None)
    if place is None:
        _without_id(columns, problems, schema)
        return Fields((), 1, 1)
    for row in rows:
        slug = row[place] if place < len(row) else None
        if slug is None or not slug.text:
            problems.add(row[0], Message("row-without-id"), Message("write-row-id"))
            continue
        if slug.text in entities:
            message = Message("row-id-repeated", id=shown(slug.text))
            first = row_of(entities[slug.text][0].line)
            problems.add(slug, message, Message("join-rows", line=first))
            continue
        rest = [(k, c) for k, c in zip(columns, row, strict=False) if k.key.text != "id"]
        entities[slug.text] = (slug, _fields(rest, slug, schema))
    return Fields(tuple(entities.values()), 1, 1)


def _without_id(columns: list[_Column], problems: FileProblems, schema: Schema) -> None:
    """Tell that no column is called `id`, or which one may be meant to be."""
    known = {"id", *schema.terms}
    for column in columns:
        if column.key.text not in known and nearest_key(column.key.text, known) == "id":
            message = Message("unknown-key", key=shown(column.key.text))
            problems.add(column.key, message, Message("did-you-mean", name=repr("id")))
            return
    problems.add(columns[0].key, Message("table-without-id"), Message("add-id-column"))


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
    asserted = _fields(fact, at, schema)
    entries = asserted.entries
    if asserted.get("type") is None:
        implied = Scalar("type", at.line, at.column), Scalar(type_, at.line, at.column)
        entries = (implied, *entries)
    typed = Fields(entries, at.line, at.column)
    statement = _fields(own, at, schema)
    asserts = (Scalar("asserts", at.line, at.column), Items((typed,), at.line, at.column))
    return Fields((*statement.entries, asserts), at.line, at.column)


def _fields(cells: list[tuple[_Column, Scalar]], at: Scalar, schema: Schema) -> Fields:
    plain: dict[str, tuple[Scalar, Tree]] = {}
    by_language: dict[str, list[tuple[Scalar, Tree]]] = {}
    for column, cell in cells:
        if not cell.text or not column.key.text:
            continue
        key = column.key
        value = cell if key.text in VERBATIM else _values(_boolean(cell, key.text, schema))
        if column.language is None:
            plain[key.text] = (key, value)
        else:
            tagged = by_language.setdefault(key.text, [])
            tagged.append((column.language, value))
            _, first = tagged[0]
            plain[key.text] = (key, Fields(tuple(tagged), first.line, first.column))
    return Fields(tuple(plain.values()), at.line, at.column)


def _boolean(cell: Scalar, key: str, schema: Schema) -> Scalar:
    """Return a cell under a key that takes true or false in small letters, any other as it is.

    Spreadsheets write their booleans in capitals when they save a table as CSV.
    """
    term = schema.terms.get(key)
    if term is None or term.datatype != BOOLEAN or cell.text.lower() not in _BOOLEANS:
        return cell
    return cell._replace(text=cell.text.lower())


def _values(cell: Scalar) -> Tree:
    if SEPARATOR not in cell.text:
        return cell
    parts = (part.strip() for part in cell.text.split(SEPARATOR))
    return Items(
        tuple(Scalar(part, cell.line, cell.column) for part in parts if part),
        cell.line,
        cell.column,
    )
