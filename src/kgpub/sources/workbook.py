"""XLSX workbooks to rows of cells; what a workbook says of its own size is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Any

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.sheets import SHEETS, line_before
from kgpub.model.tree import Scalar

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""What the parts of an XLSX file may come to when unpacked."""

MAX_CELLS = 500_000
"""What the sheets of a workbook may hold, empty cells and rows between others included."""

_ERRORS = frozenset(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
"""The values of cells whose formula failed (ECMA-376 Part 1, section 18.18.11)."""

_ROW, _CELL, _FORMULA, _VALUE = (
    f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{name}"
    for name in ("row", "c", "f", "v")
)

# openpyxl checks little of a broken workbook and fails with whatever it runs into.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def read_sheets(content: bytes, problems: FileProblems) -> dict[str, list[list[Scalar]]]:
    """Return the rows of each sheet by its title; a cell's position is as `sheets` numbers them.

    Cells without a value that is known are added to `problems`, if their sheet has one of the
    titles. Needs the extra `xlsx` (openpyxl). Raises SubmissionErrors for what is no workbook.
    """
    file = problems.file
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        remedy = Message("install-openpyxl")
        raise _refusal(file, Message("openpyxl-missing"), remedy) from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            size, limit = f"{unpacked:,}", f"{MAX_UNPACKED_BYTES:,}"
            message = Message("workbook-too-large", size=size, limit=limit)
            raise _refusal(file, message, Message("split-workbook"))
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = _values(workbook, file)
        uncomputed = [
            cell
            for sheet in workbook.worksheets
            if sheet.title in SHEETS
            for cell in _uncomputed(sheet)
        ]
    except _BROKEN as error:
        message = Message("workbook-unreadable")
        raise _refusal(file, message, Message("save-sheets")) from error
    for cell in uncomputed:
        problems.add(cell, Message("cell-not-computed"), Message("compute-formula"))
    scalars = {title: _scalars(rows, line_before(title)) for title, rows in sheets.items()}
    for title, rows in scalars.items():
        for cell in chain.from_iterable(rows if title in SHEETS else ()):
            if cell.text in _ERRORS:
                message = Message("cell-error", error=cell.text)
                problems.add(cell, message, Message("mend-formula"))
    return scalars


def _values(workbook: Workbook, file: str) -> dict[str, list[tuple[object, ...]]]:
    sheets: dict[str, list[tuple[object, ...]]] = {}
    cells = 0
    for sheet in workbook.worksheets:
        rows = sheets[sheet.title] = []
        for values in _rows(sheet):
            cells += max(1, len(values))
            if cells > MAX_CELLS:
                message = Message("too-many-cells", limit=f"{MAX_CELLS:,}")
                raise _refusal(file, message, Message("split-or-clear"))
            rows.append(values)
    return sheets


def _uncomputed(sheet: Any) -> Iterator[Scalar]:
    """Yield the cells of a formula whose value the file does not have.

    Only a spreadsheet computes it; programs that write workbooks leave it out. openpyxl tells such
    a cell neither from an empty one nor from one whose value is an empty text (type `str`;
    ECMA-376 Part 1, section 18.18.11), so the part of the sheet is read once more.
    """
    from openpyxl.utils.cell import coordinate_to_tuple
    from openpyxl.xml.functions import iterparse

    before = line_before(sheet.title)
    row = column = 0
    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        for event, element in iterparse(part, ("start", "end")):
            if event == "start" and element.tag == _ROW:
                row, column = int(float(element.get("r", row + 1))), 0
            elif event == "start" and element.tag == _CELL:
                name = element.get("r")
                row, column = coordinate_to_tuple(name) if name else (row, column + 1)
            elif event == "end" and element.tag == _CELL:
                has_value = element.findtext(_VALUE) or element.get("t") == "str"
                if element.find(_FORMULA) is not None and not has_value:
                    yield Scalar("", before + row, column)
                element.clear()
            elif event == "end" and element.tag == _ROW:
                element.clear()


def _scalars(rows: list[tuple[object, ...]], before: int) -> list[list[Scalar]]:
    return [
        [Scalar(_text(value), row, column) for column, value in enumerate(values, 1)]
        for row, values in enumerate(rows, before + 1)
    ]


def _rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    # A sheet declares its size, and rows are filled up to it: a few bytes for 2^34 cells.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(values_only=True)


def _text(value: object) -> str:
    """A cell as text: 2016 where the spreadsheet holds the number 2016.0, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat()
    return str(value)


def _refusal(file: str, message: Message, remedy: Message) -> SubmissionErrors:
    return SubmissionErrors([Problem(Place(file), message, remedy)])
