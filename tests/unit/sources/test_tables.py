"""CSV tables against the standard library's `csv`, which reads cells and knows no positions."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.processor import growth

from kgpub.errors import SubmissionErrors
from kgpub.model.tree import Fields, Scalar, Tree
from kgpub.sources.csv_rows import read_rows
from kgpub.sources.tables import read_csv
from kgpub.vocabulary.schema import schema

from .trees import nodes, offset, plain, told, whole

SCHEMA = schema("https://example.org/data/")


def _read(text: str, name: str = "people") -> Tree:
    return whole(read_csv, text, f"{name}.csv", name, "news", SCHEMA)


def _told(text: str, name: str = "people") -> tuple[int, int, str]:
    return told(_read, text, name)


def test_rows_of_people_are_entities_under_their_ids() -> None:
    tree = _read(
        "id,name@ar,name@en,alternative-name@ar,wikidata,evidence\n"
        "sami,سامي نور,Sami Nur,أبو نور | سامي,Q42,The same.\n"
        "\n"
        "lina,لينا\n"
        ",,,,,\n"
    )
    assert plain(tree) == {
        "article": "news",
        "people": {
            "sami": {
                "name": {"ar": "سامي نور", "en": "Sami Nur"},
                "alternative-name": {"ar": ["أبو نور", "سامي"]},
                "wikidata": "Q42",
                "evidence": "The same.",
            },
            "lina": {"name": {"ar": "لينا"}},
        },
    }


def test_rows_of_tenures_are_statements_with_the_tenure_that_they_assert() -> None:
    tree = _read(
        "words,occurrence,said-by,introduced-by,person,office,start,id,manner@ar,day\n"
        '"كلمة | أخرى, ""نعم""",2,person/a,قال|قالت,sami,mayor,2016,_:t,بصمت,Sunday\n'
        "كلمة,,,,lina,mayor,,,,\n",
        "tenures",
    )
    assert plain(tree) == {
        "article": "news",
        "statements": [
            {
                "words": 'كلمة | أخرى, "نعم"',
                "occurrence": "2",
                "said-by": "person/a",
                "introduced-by": "قال|قالت",
                "asserts": [
                    {
                        "type": "Tenure",
                        "person": "sami",
                        "office": "mayor",
                        "start": "2016",
                        "id": "_:t",
                        "manner": {"ar": "بصمت"},
                        "day": "Sunday",
                    }
                ],
            },
            {
                "words": "كلمة",
                "asserts": [{"type": "Tenure", "person": "lina", "office": "mayor"}],
            },
        ],
    }


def test_columns_say_that_the_statement_of_a_row_is_retracted() -> None:
    tree = _read(
        "words,person,retracted-since,retracted-because@en,retracted-because@ar,retracted-by\n"
        "x,a,2026-11-30,It was wrong.,كان خطأ.,Desk\n"
        "y,b,,,,\n",
        "tenures",
    )
    assert plain(tree) == {
        "article": "news",
        "statements": [
            {
                "words": "x",
                "retracted": {
                    "since": "2026-11-30",
                    "because": {"en": "It was wrong.", "ar": "كان خطأ."},
                    "by": "Desk",
                },
                "asserts": [{"type": "Tenure", "person": "a"}],
            },
            {"words": "y", "asserts": [{"type": "Tenure", "person": "b"}]},
        ],
    }


def test_a_column_of_types_says_the_type() -> None:
    tree = _read("words,type,person\nx,Membership,a\n", "tenures")
    assert plain(tree)["statements"][0]["asserts"] == [{"type": "Membership", "person": "a"}]


CELLS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from('",\n\r;|@ "كى😀')),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_any_cells_are_read_as_the_standard_library_reads_them(
    rows: list[list[str]], ending: str, quoting: int, mark: bool
) -> None:
    """Cells of texts that are never parted, so that they come back whole."""
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the writer leaves a lone \r bare, where the reader ends a row
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=ending, quoting=quoting)
    writer.writerow(["id", "words", "introduced-by", "evidence"])
    writer.writerows([[f"id-{number}", *row] for number, row in enumerate(rows)])
    text = stream.getvalue()
    expected = {
        cells[0]: {
            key: [part.strip() for part in cell.split("|") if part.strip()]
            if "|" in cell and key == "evidence"
            else cell.strip()
            for key, cell in zip(("words", "introduced-by", "evidence"), cells[1:], strict=True)
            if cell.strip()
        }
        for cells in list(csv.reader(io.StringIO(text, newline="")))[1:]
    }
    tree = _read("\ufeff" * mark + text)
    assert plain(tree)["people"] == expected
    _assert_positions(tree, text)


def _assert_positions(tree: Tree, text: str) -> None:
    """At the position of a cell there is a table whose first cell it is."""
    assert isinstance(tree, Fields)
    entities = tree.get("people")
    assert isinstance(entities, Fields)
    # Lines end as `io.StringIO` ends them: at \\n, \\r\\n, and a \\r alone.
    lines = io.StringIO(text, newline="").readlines()
    for slug, entity in entities:
        assert isinstance(entity, Fields)
        for cell in (slug, *(value for _, value in entity)):
            rest = lines[cell.line - 1][cell.column - 1 :] + "".join(lines[cell.line :])
            first = next(csv.reader(io.StringIO(rest, newline="")))[0]
            if isinstance(cell, Scalar):
                assert first.strip() == cell.text
            else:
                assert "|" in first


def test_positions_count_lines_inside_quotes_and_characters() -> None:
    tree = _read('id,name@ar,evidence\r\nsami,"سا\r\nمي","x\ny"\r\n  lina  , لينا ,😀\r\n')
    found = {
        node.text: (node.line, node.column) for node in nodes(tree) if isinstance(node, Scalar)
    }
    assert found["سا\r\nمي"] == (2, 6)
    assert found["x\ny"] == (3, 5)
    assert found["lina"] == (5, 3)
    assert found["لينا"] == (5, 11)
    assert found["😀"] == (5, 17)


def test_keys_have_the_places_of_the_header() -> None:
    """So that a wrong key is told once, where it stands, and not for each row."""
    tree = _read("id,nmae@ar,spelling@en\na,x,\nb,y,z\n")
    found = {
        node.text: (node.line, node.column) for node in nodes(tree) if isinstance(node, Scalar)
    }
    assert found["nmae"] == (1, 4)
    assert found["ar"] == (1, 4)
    assert found["spelling"] == (1, 12)


@pytest.mark.parametrize("cell", ['5" pipe', 'a"b"c', 'x""', 'كلمة "نعم"'])
def test_a_quote_inside_an_unquoted_cell_hides_no_cell(cell: str) -> None:
    text = f"id,evidence,wikidata\na,{cell},Q1\n"
    assert next(csv.reader([text.split("\n")[1]])) == ["a", cell, "Q1"]
    tree = _read(text)
    assert plain(tree)["people"] == {"a": {"evidence": cell, "wikidata": "Q1"}}
    (item,) = (node for node in nodes(tree) if isinstance(node, Scalar) and node.text == "Q1")
    assert text[offset(text, item.line, item.column) :] == "Q1\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "fragment"),
    [
        ("\n", 1, 1, "the table people is empty: it has no header"),
        (",,\n", 1, 1, "the table people is empty: it has no header"),
        ("name@ar\nx\ny\n", 1, 1, "the table has no column id Add a column `id` with a slug for"),
        ("id,name@ar\n,سامي\n", 2, 1, "this row has no id"),
        ("id,name@ar\na,x\nb,y\na,z\n", 4, 1, "the id 'a' stands here for the second time"),
        ("id,name@ar\na,x\nb,y\na,z\n", 4, 1, "It already stands at line 2: join the two rows."),
        ("id,name@ar\na,x, y\n", 2, 6, "this row has 3 cells, the header 2 Quote cells that hold"),
        ("id,name@ar,name@ar\na,x,y\n", 1, 12, "the column 'name@ar' stands here for the second"),
        ("id,evidence,evidence\na,x,y\n", 1, 13, "the column 'evidence' stands here for the sec"),
        ("id,name,name@ar\na,x,y\n", 1, 9, "'name' stands here with a language and without"),
        ("id,name@ar,name\na,x,y\n", 1, 12, "'name' stands here with a language and without"),
        ("id,,name@ar\na,x,y\n", 1, 4, "this column has no header, but a cell at line 2"),
        ('id,name@ar\na,"x\n\n', 2, 3, "the quotation mark that opens this cell is not closed"),
        ('id,name@ar\n"a\nb",x\na,y,"x""\nz,1\n', 4, 5, "opens this cell is not closed Close it"),
        ('id,name@ar\na,"x"y\n', 2, 6, "text follows the quotation mark that closes the cell"),
        ('id,name@ar\n"a\nb",x\na,"x"y\n', 4, 6, "text follows the quotation mark"),
        ('id;name@ar\na;"x"y\n', 2, 6, "text follows the quotation mark"),
        ('id,name@ar\n"a\nb","x\ny"z\n', 4, 3, "text follows the quotation mark"),
        ("id,name@ar\nسامي,\x00\n", 2, 6, "U+0000 is a control character Save the table as CSV"),
        ("id,name@ar\na,\x1b[31m\n", 2, 3, "U+001B is a control character"),
        (f"id,name@ar\na,{'x' * 200_000}\n", 2, 3, "this cell has more than 131,072 characters"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_at_its_place(
    text: str, line: int, column: int, fragment: str
) -> None:
    found_line, found_column, message = _told(text)
    assert fragment in message
    assert (found_line, found_column) == (line, column)


ROWS = 'id;name@ar;name@en\nsami;"سامي; نور";Sami, Nur\n lina;لينا;\n'


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_part_columns_where_the_header_says_so(delimiter: str) -> None:
    text = ROWS.replace(";", delimiter)
    tree = _read(text)
    assert plain(tree)["people"] == {
        "sami": {"name": {"ar": f"سامي{delimiter} نور", "en": "Sami, Nur"}},
        "lina": {"name": {"ar": "لينا"}},
    }
    found = {node.text: node for node in nodes(tree) if isinstance(node, Scalar)}
    for cell in ("Sami, Nur", "لينا", "lina"):
        assert offset(text, found[cell].line, found[cell].column) == text.index(cell)


@pytest.mark.parametrize("header", ["id,name@ar;x", "name;x,id", "key;word", "id"])
def test_any_other_header_is_parted_by_commas(header: str) -> None:
    rows = list(read_rows(f"{header}\na;b\n", "f.csv", {"id", "name@ar"}.__contains__))
    assert [[cell.text for cell in row] for row in rows] == [header.split(","), ["a;b"]]


def test_a_table_of_nothing_but_mistakes_is_told_a_thousand_of_them() -> None:
    with pytest.raises(SubmissionErrors) as caught:
        _read("id,name@ar\n" + ",x\n" * 50_000)
    assert len(caught.value.problems) == 1_001
    assert caught.value.problems[-1].message == "there are more problems from here on"


def test_columns_without_a_header_times_rows_is_no_square() -> None:
    text = "id" + "," * 100_000 + "\n" + "a\n" * 100_000
    began = time.process_time()
    with pytest.raises(SubmissionErrors):
        _read(text)
    assert time.process_time() - began < 10


def test_more_cells_than_are_read() -> None:
    assert _told("id" + "," * 600_000) == (
        1,
        1,
        "has more than 500,000 cells, those left empty included Split the table.",
    )


def test_several_problems_of_a_table_are_told_at_once() -> None:
    with pytest.raises(SubmissionErrors) as caught:
        _read("id,name@ar\n,x\na,y\na,z\nb,v,w\n")
    assert [problem.place.line for problem in caught.value.problems] == [2, 4, 5]


@settings(max_examples=300, deadline=None)
@given(st.text('id,name@ar\n\r"|; \x00ك', max_size=60), st.sampled_from(["people", "tenures"]))
def test_any_text_is_a_tree_or_a_problem(text: str, name: str) -> None:
    try:
        tree = _read(text, name)
    except SubmissionErrors as errors:
        assert all(problem.place.line >= 1 for problem in errors.problems)
        assert all(problem.place.column >= 1 for problem in errors.problems)
    else:
        assert isinstance(tree, Fields)


def test_a_long_table_takes_time_that_grows_with_it() -> None:
    def text(count: int) -> str:
        return "id,name@ar,name@en\n" + "".join(f"p-{n},اسم,Name\n" for n in range(count))

    few, many = text(2_000), text(20_000)
    assert len(plain(_read(many))["people"]) == 20_000
    assert growth(lambda: _read(few), lambda: _read(many)) < 40  # its square would be 100


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_for_excel_before_the_header_names_what_parts_the_columns(
    line: str, ending: str
) -> None:
    """It is obeyed where the header would say otherwise, and counted as a line."""
    text = ending.join([line, "id;name@en,x", "sami;Sami Nur"])
    (header, row) = read_rows(text, "people.csv", {"id"}.__contains__)
    assert [(cell.text, cell.line, cell.column) for cell in (*header, *row)] == [
        *(("id", 2, 1), ("name@en,x", 2, 4)),
        *(("sami", 3, 1), ("Sami Nur", 3, 6)),
    ]


def test_whatever_excel_takes_for_the_separator_the_table_is_the_same() -> None:
    table = "id,name@en,evidence\nsami,Sami,It is so.\n"
    assert plain(_read(f"sep=,\n{table}")) == plain(_read(table))
    for separator in ";\t":
        text = f"\ufeffsep={separator}\n{table.replace(',', separator)}"
        assert plain(_read(text)) == plain(_read(table))


def test_the_first_line_names_no_other_separator() -> None:
    line, column, message = _told("sep=|\nid|name@en\nsami|Sami\n")
    assert (line, column) == (1, 1)
    assert "columns cannot be parted by '|'" in message
    assert "leave the line out" in message


@pytest.mark.parametrize("header", ["ID", "Id", "iD"])
def test_a_misspelt_column_of_slugs_is_told_at_its_header(header: str) -> None:
    line, column, message = _told(f"name@en,{header}\nSami,sami\nLina,lina\n")
    assert (line, column) == (1, 9)
    assert f"unknown key '{header}'" in message
    assert "Did you mean 'id'?" in message


def test_a_table_in_which_no_column_may_be_that_of_slugs_is_told_to_add_it() -> None:
    line, column, message = _told("name@en,kind,zzz\nSami,a,b\n")
    assert (line, column) == (1, 1)
    assert "the table has no column id" in message
