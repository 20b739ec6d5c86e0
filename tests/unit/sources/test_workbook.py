"""XLSX workbooks, written by openpyxl, broken and inflated by hand."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from kgpub.errors import FileProblems, Place, SubmissionErrors
from kgpub.model.sheets import SHEETS, line_before, place_of
from kgpub.model.tree import Scalar, Tree
from kgpub.sources import tables
from kgpub.sources.workbook import MAX_CELLS, MAX_UNPACKED_BYTES, read_sheets
from kgpub.vocabulary.schema import Schema, schema

from .trees import nodes, plain, told, whole

SCHEMA = schema("https://example.org/data/")
SHEET = "xl/worksheets/sheet1.xml"
Table = list[list[Any]]


def read_xlsx(content: bytes, file: str, article: str, schema: Schema) -> Tree:
    """The tree of a workbook in which nothing is wrong."""
    return whole(tables.read_xlsx, content, file, article, schema)


def _sheets(content: bytes) -> dict[str, list[list[Scalar]]]:
    """The rows of a workbook in whose cells nothing is wrong."""
    problems = FileProblems("book.xlsx")
    sheets = read_sheets(content, problems)
    assert not problems.problems
    return sheets


def _workbook(**sheets: Table) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _with(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            data = source.read(part)
            target.writestr(part.filename, change(data) if part.filename == name else data)
    return stream.getvalue()


def _told(content: bytes) -> str:
    return told(read_xlsx, content, "book.xlsx", "news", SCHEMA)[2]


PEOPLE: Table = [
    ["id", "name@ar", "name@en", "wikidata", "evidence"],
    ["sami", "سامي نور", "Sami | Nur", "Q42", 'two\nlines, "quoted"'],
    [None, None, None, None, None],
    ["lina", "لينا", None, None, None],
]


def test_a_workbook_is_the_same_as_its_sheets_as_csv() -> None:
    tree = read_xlsx(_workbook(people=PEOPLE), "book.xlsx", "news", SCHEMA)
    csv = (
        "id,name@ar,name@en,wikidata,evidence\n"
        'sami,سامي نور,Sami | Nur,Q42,"two\nlines, ""quoted"""\n'
        "\nlina,لينا,,,\n"
    )
    assert plain(tree) == plain(whole(tables.read_csv, csv, "people.csv", "people", "news", SCHEMA))


def test_several_sheets_are_one_submission() -> None:
    content = _workbook(
        people=[["id", "name@ar"], ["sami", "سامي"]],
        offices=[["id", "name@ar", "single-holder"], ["mayor", "العمدة", True]],
        tenures=[["words", "person", "office", "start"], ["كلمة", "sami", "mayor", 2016]],
    )
    assert plain(read_xlsx(content, "book.xlsx", "news", SCHEMA)) == {
        "article": "news",
        "people": {"sami": {"name": {"ar": "سامي"}}},
        "offices": {"mayor": {"name": {"ar": "العمدة"}, "single-holder": "true"}},
        "statements": [
            {
                "words": "كلمة",
                "asserts": [
                    {"type": "Tenure", "person": "sami", "office": "mayor", "start": "2016"}
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (2016, "2016"),
        (2016.0, "2016"),
        (2016.5, "2016.5"),
        (-3, "-3"),
        (10**15, "1000000000000000"),
        (True, "true"),
        (False, "false"),
        (date(2020, 5, 7), "2020-05-07"),
        (datetime(2020, 5, 7), "2020-05-07"),
        # A time of day is not dropped: the key it stands under refuses it.
        (datetime(2020, 5, 7, 13, 30), "2020-05-07T13:30:00"),
        ("2016", "2016"),
        ("007", "007"),
        (" نص ", " نص "),
        ("", ""),
        (None, ""),
    ],
)
def test_a_cell_is_what_a_person_sees_in_it(cell: object, text: str) -> None:
    (row,) = _sheets(_workbook(people=[["before", cell, "after"]]))["people"]
    assert [scalar.text for scalar in row] == ["before", text, "after"]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("row", [1, 2**20])
def test_every_row_of_every_sheet_has_a_line_of_its_own(sheet: str, row: int) -> None:
    at = place_of("book.xlsx", line_before(sheet) + row, 1)
    assert (at.sheet, at.line) == (sheet, row)


@pytest.mark.parametrize("column", [1, 26, 27, 52, 53, 702, 703, 16_384])
def test_cells_are_named_as_spreadsheets_name_them(column: int) -> None:
    named = f"{get_column_letter(column)}7"
    assert Place("book.xlsx", 7, column, sheet="people").cell == named


def test_positions_are_rows_and_columns() -> None:
    tree = read_xlsx(_workbook(people=PEOPLE), "book.xlsx", "news", SCHEMA)
    found = {
        node.text: (node.line, node.column) for node in nodes(tree) if isinstance(node, Scalar)
    }
    assert place_of("book.xlsx", *found["سامي نور"]) == Place("book.xlsx", 2, 2, sheet="people")
    assert place_of("book.xlsx", *found["Q42"]) == Place("book.xlsx", 2, 4, sheet="people")
    assert place_of("book.xlsx", *found["lina"]) == Place("book.xlsx", 4, 1, sheet="people")


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"PK\x03\x04 and so on", "not readable as an XLSX workbook Save the sheets as CSV."),
        (b"id,name@ar\n", "not readable as an XLSX workbook"),
        (_workbook(people=PEOPLE)[:-30], "not readable as an XLSX workbook"),
        (_workbook(people=PEOPLE)[:2000], "not readable as an XLSX workbook"),
        (_with(_workbook(people=PEOPLE), SHEET, lambda _: b"<worksheet>"), "not readable as an"),
        (_with(_workbook(people=PEOPLE), SHEET, lambda _: b""), "not readable as an XLSX workbook"),
        (_workbook(notes=PEOPLE), "the sheet 'notes' has no meaning here Name sheets after what"),
        (_workbook(People=PEOPLE), "the sheet 'People' has no meaning here"),
        (_workbook(people=[]), "the table people is empty: it has no header"),
        (_workbook(people=[["id", "name@ar"], [None, "x"]]), "this row has no id"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_told(content: bytes, fragment: str) -> None:
    assert fragment in _told(content)


def test_a_zip_that_holds_no_workbook_is_told() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "not readable as an XLSX workbook" in _told(stream.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = _with(_workbook(people=PEOPLE), SHEET, lambda _: b"0" * (MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < 100_000
    began = time.process_time()
    message = _told(bomb)
    assert "at most 67,108,864 are read Split the workbook." in message
    assert time.process_time() - began < 3


def test_a_part_that_is_larger_than_it_says_is_not_unpacked_beyond_that() -> None:
    bomb = _with(_workbook(people=PEOPLE), SHEET, lambda _: b"0" * (MAX_UNPACKED_BYTES + 1))
    declared = (MAX_UNPACKED_BYTES + 1).to_bytes(4, "little")
    assert bomb.count(declared) == 2
    assert "not readable as an XLSX workbook" in _told(bomb.replace(declared, b"\x10\0\0\0"))


def _cell(reference: str) -> bytes:
    return f'<c r="{reference}" t="inlineStr"><is><t>x</t></is></c>'.encode()


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576">' + _cell("XFD1048576") + b"</row>",
        b'<row r="99999999999">' + _cell("A99999999999") + b"</row>",
        b"".join(
            b'<row r="%d">%s</row>' % (number, _cell(f"XFD{number}")) for number in range(9, 99)
        ),
    ],
)
def test_a_few_cells_far_out_are_not_a_sheet_full_of_them(rows: bytes) -> None:
    bomb = _with(
        _workbook(people=PEOPLE),
        SHEET,
        lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    began = time.process_time()
    message = f"has more than {MAX_CELLS:,} cells, those left empty included"
    assert _told(bomb).startswith(message)
    assert time.process_time() - began < 20


def test_a_size_that_a_sheet_declares_fills_no_rows() -> None:
    content = _with(
        _workbook(people=PEOPLE), SHEET, lambda data: data.replace(b"A1:E4", b"A1:XFD1048576")
    )
    rows = _sheets(content)["people"]
    assert len(rows) == 4
    assert max(map(len, rows)) == 5


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!ENTITY e SYSTEM "file:///etc/hostname">',
        b'<!ENTITY e "x">'
        + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)),
    ],
)
def test_entities_are_neither_fetched_nor_multiplied(declaration: bytes) -> None:
    name = b"e11" if b"e11" in declaration else b"e"
    attack = _with(
        _workbook(people=[["id", "name@ar", "evidence"], ["lina", "x", "MARK"]]),
        SHEET,
        lambda data: (
            b"<?xml version='1.0'?><!DOCTYPE worksheet [" + declaration + b"]>"
            + data[data.index(b"<worksheet") :].replace(b"MARK", b"&" + name + b";")
        ),
    )  # fmt: skip
    began = time.process_time()
    try:
        tree = plain(read_xlsx(attack, "book.xlsx", "news", SCHEMA))
    except SubmissionErrors as errors:
        assert "not readable as an XLSX workbook" in str(errors)
    else:
        assert tree["people"]["lina"] == {"name": {"ar": "x"}}
    assert time.process_time() - began < 5


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl.*")
def test_a_workbook_with_any_damage_is_a_tree_or_a_problem() -> None:
    """Damaged bytes of the archive, and parts damaged inside a sound archive."""
    chance = random.Random(3)
    sound = _workbook(people=PEOPLE, tenures=[["words"], ["x"]])
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        names = archive.namelist()

    def damaged(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 3, 20])):
            at = chance.randrange(len(changed))
            if chance.random() < 0.6:
                changed[at] = chance.choice(b'<>"=/&09azA \xff\x00')
            else:
                del changed[at : at + chance.randrange(1, 40)]
        return bytes(changed)

    refused = 0
    for number in range(400):
        broken = damaged(sound) if number % 2 else _with(sound, chance.choice(names), damaged)
        try:
            read_xlsx(broken, "book.xlsx", "news", SCHEMA)
        except SubmissionErrors:
            refused += 1
    assert 50 < refused < 400


FORMULA: Table = [["id", "name@ar", "name@en"], ["sami", "=A2", "Sami"], ["lina", "لينا", "=A3"]]


def _places(content: bytes) -> list[Place]:
    with pytest.raises(SubmissionErrors) as caught:
        read_xlsx(content, "book.xlsx", "news", SCHEMA)
    assert {problem.code for problem in caught.value.problems} == {"cell-not-computed"}
    return [problem.place for problem in caught.value.problems]


def test_formulas_whose_values_are_not_in_the_file_are_told_at_their_cells() -> None:
    """So are workbooks written by programs: openpyxl computes nothing."""
    content = _workbook(places=[["id", "name@ar"], ["a", "ا"]], people=FORMULA)
    book = "book.xlsx"
    assert _places(content) == [
        Place(book, 2, 2, sheet="people"),
        Place(book, 3, 3, sheet="people"),
    ]
    assert [place.cell for place in _places(content)] == ["B2", "C3"]


def test_cells_that_do_not_say_where_they_are_are_counted() -> None:
    """Both attributes may be left out (ECMA-376 Part 1, sections 18.3.1.4 and 18.3.1.73)."""

    def nameless(part: bytes) -> bytes:
        return re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", part)

    content = _with(_workbook(people=FORMULA), SHEET, nameless)
    assert b' r="' not in zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    assert [place.cell for place in _places(content)] == ["B2", "C3"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="B2" t="str"><f>A2</f><v>sami</v></c>', "sami"),
        (b'<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        (b'<c r="B2"><f>0</f><v>0</v></c>', "0"),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', ""),
    ],
)
def test_formulas_with_their_values_are_read(cell: bytes, value: str) -> None:
    """As spreadsheets write them; an empty text is a value."""

    def computed(part: bytes) -> bytes:
        changed, count = re.subn(rb'<c r="B2".*?</c>', cell, part)
        assert count == 1
        return changed

    rows = [["id", "evidence"], ["sami", "=A2"]]
    content = _with(_workbook(people=rows), SHEET, computed)
    assert _sheets(content)["people"][1][1].text == value
