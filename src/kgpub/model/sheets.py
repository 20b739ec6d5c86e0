"""Positions in the sheets of a workbook, as lines of one text.

What becomes of a cell knows its position as a line and a column, whatever the format of the file.
So rows are numbered through: those of the n-th of SHEETS, n from 1, begin behind line n × STEP.
No line of a text file is there, for files are too small.
"""

from __future__ import annotations

from dataclasses import replace

from kgpub.errors import Place, Problem
from kgpub.vocabulary import ENTITY_SECTIONS

SHEETS = (*ENTITY_SECTIONS, "tenures")
"""The titles that sheets may have."""

STEP = 2**25
"""More than the rows of a sheet (2^20) and than the bytes of a submission (2^24)."""


def line_before(title: str) -> int:
    """Return the line behind which the rows of a sheet begin; 0 where the title is none of SHEETS.

    What then is wrong with the sheet is told of the file.
    """
    return (SHEETS.index(title) + 1) * STEP if title in SHEETS else 0


def row_of(line: int) -> int:
    """Return the row of a sheet, or the line of a text file, that `line` stands for."""
    return line % STEP


def place_of(file: str, line: int, column: int) -> Place:
    """Return the place of a value in a submission."""
    number = line // STEP
    sheet = SHEETS[number - 1] if 0 < number <= len(SHEETS) else ""
    return Place(file, row_of(line), column, sheet=sheet)


def with_sheets(problem: Problem) -> Problem:
    """Return `problem` with the sheets of its places."""
    if problem.place.line < STEP:
        return problem
    related = tuple(place_of(each.file, each.line, each.column) for each in problem.related)
    place = problem.place
    return replace(problem, place=place_of(place.file, place.line, place.column), related=related)
