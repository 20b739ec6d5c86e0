"""CSV and XLSX to tree: a table of people, organisations, offices, places or tenures.

The name of the file, or of the sheet, says what its rows are (`people.csv`). The header's cells
are keys of a submission; `name@ar` is the Arabic under `name`, and several values in one cell
are parted by `|`. A row of tenures is one statement with the tenure that it asserts; columns such
as `retracted-since` say that it is retracted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from kgpub.errors import FileProblems
from kgpub.messages import Message
from kgpub.model.keys import nearest_key
from kgpub.model.sheets import SHEETS, line_before, row_of
from kgpub.model.slug import quoted as shown
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.sources.csv_rows import read_rows
from kgpub.sources.workbook import read_sheets
from kgpub.vocabulary.schema import BOOLEAN, RETRACTED, RETRACTION, VERBATIM, Form, Schema

SEPARATOR = "|"
ROWS_OF_FACTS = {"tenures": "Tenure"}
TABLES = SHEETS

_BOOLEANS = ("true", "false")
_START = Scalar("", 1, 1)
_KEYS_SHOWN = ("id, name@ar", "words, person, office")


def read_csv(text: str, problems: FileProblems, name: str, article: str, schema: Schema) -> Tree:
    """Return the table in `text` as the tree of a submission about `article`.

    `name` is one of TABLES. Rows and columns that have no place in the tree are left out and
    added to `problems`, with line and column. Raises SubmissionErrors for what is no CSV.
    """
    text = text.removeprefix("\ufeff")
    known = {"id", *schema.terms, *_of_retractions(schema)}
    rows = list(read_rows(text, problems.file, lambda cell: cell.partition("@")[0] in known))
    return _submission({name: rows}, problems, article, schema)


def read_xlsx(content: bytes, problems: FileProblems, article: str, schema: Schema) -> Tree:
    """Return the sheets of a workbook as the tree of a submission about `article`.

    What has no place in the tree is left out and added to `problems`. Positions are row and
    column of the cell, rows numbered as in `model.sheets`. Needs the extra `xlsx` (openpyxl).
    Raises SubmissionErrors for what is no workbook.
    """
    sheets = read_sheets(content, problems)
    faulty = {problem.place.line for problem in problems.problems}
    unknown = [title for title in sheets if title not in TABLES]
    if unknown:
        message = Message("sheet-unknown", sheet=shown(unknown[0]))
        problems.add(_START, message, Message("name-sheets", names=", ".join(TABLES)))
    known = {title: rows for title, rows in sheets.items() if title not in unknown}
    return _submission(known, problems, article, schema, line_before, faulty)


@dataclass(frozen=True)
class _Column:
    """What the cells of a column stand under.

    They may belong under any key if it is `partial`; of `faulty` ones nothing is to be told.
    """

    key: Scalar
    language: Scalar | None
    partial: bool = False
    faulty: bool = False

    @property
    def text(self) -> str:
        return self.key.text if self.language is None else f"{self.key.text}@{self.language.text}"

    @property
    def without_key(self) -> _Column:
        return replace(self, key=self.key._replace(text=""), language=None)

    @classmethod
    def of(cls, cell: Scalar) -> _Column:
        key, at, language = cell.text.partition("@")
        name = Scalar(key, cell.line, cell.column)
        # Of a sheet the column is that of a cell: there is no place inside it.
        tag = Scalar(language, cell.line, cell.column) if at else None
        return cls(name, tag)


def _submission(
    tables: dict[str, list[list[Scalar]]],
    problems: FileProblems,
    article: str,
    schema: Schema,
    before: Callable[[str], int] = lambda _: 0,
    faulty: Collection[int] = (),
) -> Tree:
    """Return the tree of tables; `before` tells behind which line that of a name begins.

    In `faulty` lines is a cell of which something has been told.
    """
    entries: list[tuple[Scalar, Tree]] = [(Scalar("article", 1, 1), Scalar(article, 1, 1))]
    left_out: list[Tree] = []
    for name, rows in tables.items():
        first = rows[0][0] if rows and rows[0] else Scalar("", before(name) + 1, 1)
        if not rows or not any(cell.text for cell in rows[0]):
            message = Message("table-empty", table=name)
            remedy = Message("write-header", keys=_KEYS_SHOWN[name in ROWS_OF_FACTS])
            problems.add(first, message, remedy)
            continue
        if first.line in faulty:
            left_out += [cell for row in rows for cell in row]
            continue
        columns = [_Column.of(cell) for cell in rows[0]]
        columns = _tagged(columns, rows[1:], problems, schema)
        columns = _well_headed(columns, rows[1:], problems)
        filled = [row for row in rows[1:] if any(cell.text for cell in row)]
        if not filled:
            message = Message("table-without-rows", table=name)
            problems.add(first, message, Message("first-row-names"))
            continue
        fitting, misfits = _fitting(len(columns), filled, problems, faulty)
        left_out += [cell for row in misfits for cell in row]
        if name in ROWS_OF_FACTS:
            type_ = ROWS_OF_FACTS[name]
            statements = tuple(_statement(columns, row, type_, schema) for row in fitting)
            entries.append((Scalar("statements", 1, 1), Items(statements, 1, 1)))
        else:
            entries.append((Scalar(name, 1, 1), _entities(columns, fitting, problems, schema)))
    return Fields(tuple(entries), 1, 1, tuple(left_out))


def _well_headed(
    columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems
) -> list[_Column]:
    """Tell what the header leaves open, and return the columns.

    Those whose cells would have no place in the tree are returned as columns without a key.
    """
    seen: dict[str, set[str | None]] = {}
    kept, mixed = list(columns), set[str]()
    for index, column in enumerate(columns):
        key, language = column.key, column.language.text if column.language else None
        if not key.text:
            continue
        earlier = seen.setdefault(key.text, set())
        if language in earlier:
            message = Message("column-repeated", column=shown(column.text))
            problems.add(key, message, Message("join-columns"))
            kept[index] = column.without_key
        elif earlier and (language is None or None in earlier):
            message = Message("column-with-and-without-language", key=shown(key.text))
            problems.add(key, message, Message("write-column-languages", key=key.text))
            kept[index] = column.without_key
            mixed.add(key.text)
        earlier.add(language)
    kept = [replace(each, faulty=True) if each.text in mixed else each for each in kept]
    unnamed = {index for index, column in enumerate(columns) if not column.key.text}
    for row in rows if unnamed else ():
        for index in [index for index, cell in enumerate(row) if cell.text and index in unnamed]:
            message = Message("column-without-header", line=row_of(row[index].line))
            problems.add(columns[index].key, message, Message("write-column-key"))
            kept[index] = replace(kept[index], partial=True)
            unnamed.remove(index)
    return kept


def _tagged(
    columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems, schema: Schema
) -> list[_Column]:
    """Tell which columns of texts lack their language, once for all their cells.

    Return the columns, these with cells of which nothing more is to be told.
    """
    kept = list(columns)
    tagged = {column.key.text for column in columns if column.language is not None}
    for index, column in enumerate(columns):
        term = schema.terms.get(column.key.text)
        if term is None or term.form is not Form.BY_LANGUAGE or column.key.text in tagged:
            continue
        if term.key not in VERBATIM and any(row[index].text for row in rows if index < len(row)):
            message = Message("language-needed", key=repr(term.key))
            problems.add(column.key, message, Message("write-column-languages", key=term.key))
            kept[index] = replace(column, faulty=True)
    return kept


def _fitting(
    width: int, rows: list[list[Scalar]], problems: FileProblems, faulty: Collection[int]
) -> tuple[list[list[Scalar]], list[list[Scalar]]]:
    """Tell which rows have more cells than the header; return all others, and these.

    What is in `faulty` lines goes with these: not all of their cells are known.
    """
    fitting: list[list[Scalar]] = []
    misfits: list[list[Scalar]] = []
    for row in rows:
        if row[0].line in faulty:
            misfits.append(row)
        elif any(cell.text for cell in row[width:]):
            message = Message("row-too-long", cells=len(row), columns=width)
            problems.add(row[width], message, Message("quote-cells"))
            misfits.append(row)
        else:
            fitting.append(row)
    return fitting, misfits


def _entities(
    columns: list[_Column], rows: list[list[Scalar]], problems: FileProblems, schema: Schema
) -> Fields | Faulty:
    entities: dict[str, tuple[Scalar, Tree]] = {}
    place = next((index for index, column in enumerate(columns) if column.key.text == "id"), None)
    if place is None:
        _without_id(columns, problems, schema)
        return Faulty(1, 1, tuple(cell for row in rows for cell in row))
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
    of_retraction = _of_retractions(schema)
    every = list(zip(columns, row, strict=False))
    cells = [(k, c) for k, c in every if k.key.text not in of_retraction]
    fact = [
        (k, c)
        for k, c in cells
        if k.key.text in schema.keys(type_) or k.key.text not in of_statement
    ]
    own = [pair for pair in cells if pair not in fact]
    at = row[0]
    asserted = _fields(fact, at, schema)
    entries = asserted.entries
    if not any(key.text == "type" for key, _ in entries):
        implied = Scalar("type", at.line, at.column), Scalar(type_, at.line, at.column)
        entries = (implied, *entries)
    # What stands in a column without a header may be the statement's as well as the fact's.
    partial = asserted.partial
    typed = Fields(entries, at.line, at.column, partial=partial)
    statement = _fields(own, at, schema)
    asserts = (Scalar("asserts", at.line, at.column), Items((typed,), at.line, at.column))
    retracted = _retraction([(k, c) for k, c in every if k.key.text in of_retraction], schema)
    entries = (*statement.entries, *retracted, asserts)
    return Fields(entries, at.line, at.column, partial=partial)


def _of_retractions(schema: Schema) -> dict[str, str]:
    """Return the keys of a retraction by the columns that they stand in: `retracted-since`."""
    return {f"{RETRACTED}-{key}": key for key in sorted(schema.keys(RETRACTION))}


def _retraction(
    cells: list[tuple[_Column, Scalar]], schema: Schema
) -> Iterator[tuple[Scalar, Tree]]:
    """Yield what says that a statement is retracted, where any of its cells is filled."""
    names = _of_retractions(schema)
    named = [
        (replace(column, key=column.key._replace(text=names[column.key.text])), cell)
        for column, cell in cells
        if cell.text
    ]
    for _, first in named[:1]:
        key = Scalar(RETRACTED, first.line, first.column)
        yield key, _fields(named, first, schema)


def _fields(cells: list[tuple[_Column, Scalar]], at: Scalar, schema: Schema) -> Fields:
    plain: dict[str, tuple[Scalar, Tree]] = {}
    partial = False
    by_language: dict[str, list[tuple[Scalar, Tree]]] = {}
    for column, cell in cells:
        partial = partial or (column.partial and bool(cell.text))
        if not cell.text or not column.key.text:
            continue
        key = column.key
        value = cell if key.text in VERBATIM else _values(_boolean(cell, key.text, schema))
        if column.faulty:
            value = Faulty(cell.line, cell.column, (value,))
        if column.language is None:
            plain[key.text] = (key, value)
        else:
            tagged = by_language.setdefault(key.text, [])
            tagged.append((column.language, value))
            _, first = tagged[0]
            plain[key.text] = (key, Fields(tuple(tagged), first.line, first.column))
    return Fields(tuple(plain.values()), at.line, at.column, partial=partial)


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
