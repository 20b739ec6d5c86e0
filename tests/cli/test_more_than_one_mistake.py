"""Mistakes that stand together are told together; what only follows from one of them is not."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.conftest import Run

FOLDER = "articles/example"
FACTS, TENURES = f"{FOLDER}/facts.yaml", f"{FOLDER}/tenures.csv"
Told = list[tuple[str, int, int, str]]


def change(root: Path, *changes: tuple[str, str]) -> None:
    """Replace a text of the facts, which stands there once, by another."""
    path = root / FACTS
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def told(root: Path, kgpub: Run) -> list[dict[str, Any]]:
    done = kgpub("validate", "--format", "json", cwd=root)
    problems: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    assert (done.returncode, done.stderr) == (1, "")
    return problems


def brief(problems: list[dict[str, Any]]) -> Told:
    return [
        (p["file"].rpartition("/")[2], p["line"], p["column"], p.get("text", "")) for p in problems
    ]


WRONG_WORDS = ("  - words: لسالم عمر الذي", "  - words: لسالم عمر الذى")
NO_WORDS = ("  - words: لسالم عمر الذي تولى المنصب عام 2019\n    asserts:", "  - asserts:")
MISTYPED = ("  - words: لسالم عمر الذي", "  - wrods: لسالم عمر الذي")
TWICE = ("المنصب عام 2019\n", "المنصب عام 2019\n    occurrence: 3\n")
AT_WORDS, TEXT = ("facts.yaml", 32, 12), "لسالم عمر الذى تولى المنصب عام 2019"
MISSPELT = ("person: salim-omar", "person: salim-oma")


@pytest.mark.parametrize(
    ("ungrounded", "first", "line"),
    [
        (WRONG_WORDS, (*AT_WORDS, TEXT), 34),
        (NO_WORDS, ("facts.yaml", 32, 5, "asserts"), 33),
        (MISTYPED, ("facts.yaml", 32, 5, "wrods"), 34),
        (TWICE, ("facts.yaml", 33, 17, "3"), 35),
    ],
)
def test_wrong_words_do_not_hide_a_misspelt_reference_of_their_statement(
    example: Path, kgpub: Run, ungrounded: tuple[str, str], first: Any, line: int
) -> None:
    change(example, ungrounded, MISSPELT)
    problems = told(example, kgpub)
    assert brief(problems) == [first, ("facts.yaml", line, 32, "salim-oma")]
    assert "Did you mean salim-omar?" in problems[1]["remedy"]


def test_wrong_words_hide_nothing_that_their_statement_says(example: Path, kgpub: Run) -> None:
    """Kinds, roles and references, of the event inside it and of the statement itself."""
    change(
        example,
        ("  - words: انتخب مجلس", "  - words: إنتخب مجلس"),
        ("kind: election", "kind: electoin"),
        ("role: elected", "role: electd"),
        ("who: organisation/municipal-council", "who: organisation/municipal-concil"),
        ("  - words: سنبدأ بإصلاح", "  - words: سنبدأ باصلاح"),
        ("said-by: person/layla-hasan", "said-by: person/layla-hassan"),
        ("topic: water-network", "topic: water-netwrk"),
    )
    assert [text for *_, text in brief(told(example, kgpub))] == [
        "إنتخب مجلس بلدية الواحة، يوم الأحد، المهندسة ليلى حسن رئيسة للبلدية",
        "electoin",
        "electd",
        "organisation/municipal-concil",
        "سنبدأ باصلاح شبكة المياه",
        "person/layla-hassan",
        "water-netwrk",
    ]


def test_what_a_statement_with_wrong_words_describes_can_be_referred_to(
    example: Path, kgpub: Run
) -> None:
    """The event stands in it, and others, in another file too, come after the event."""
    change(example, ("  - words: انتخب مجلس", "  - words: إنتخب مجلس"))
    tenures = "words,person,office,start,after\n"
    tenures += "رئيسة للبلدية,layla-hasan,mayor-of-al-waha,,event/election-of-layla-hasan\n"
    (example / TENURES).write_text(tenures, encoding="utf-8")
    ((file, line, column, _),) = brief(told(example, kgpub))
    assert (file, line, column) == ("facts.yaml", 21, 12)


def test_the_same_wrong_words_twice_are_two_statements(example: Path, kgpub: Run) -> None:
    """Two statements of the same words have one speaker each: they are not taken for one."""
    more = "  - words: لسالم عمر الذى\n    said-by: person/layla-hasn\n"
    change(example, WRONG_WORDS, MISSPELT, ("  - words: سنبدأ", f"{more}{more}  - words: سنبدأ"))
    assert brief(told(example, kgpub)) == [
        (*AT_WORDS, TEXT),
        ("facts.yaml", 34, 32, "salim-oma"),
        ("facts.yaml", 38, 12, "لسالم عمر الذى"),
        ("facts.yaml", 39, 14, "person/layla-hasn"),
        ("facts.yaml", 40, 12, "لسالم عمر الذى"),
        ("facts.yaml", 41, 14, "person/layla-hasn"),
    ]


def test_wrong_words_of_a_row_do_not_hide_its_references(example: Path, kgpub: Run) -> None:
    rows = "words,person,office,start\nلسالم عمر الذى,salim-oma,mayor-of-al-wha,2019\n"
    (example / TENURES).write_text(rows, encoding="utf-8")
    assert brief(told(example, kgpub)) == [
        ("tenures.csv", 2, 1, "لسالم عمر الذى"),
        ("tenures.csv", 2, 16, "salim-oma"),
        ("tenures.csv", 2, 26, "mayor-of-al-wha"),
    ]


@pytest.mark.parametrize("content", ["null\n", "- a\n", "a\n", "[]\n"])
def test_of_a_file_that_is_no_mapping_nothing_else_is_told(
    example: Path, kgpub: Run, content: str
) -> None:
    """It may be meant to describe the publisher that the article names."""
    (example / FACTS).write_text(content, encoding="utf-8")
    ((file, line, column, _),) = brief(told(example, kgpub))
    assert (file, line, column) == ("facts.yaml", 1, 1)


@pytest.mark.parametrize("value", ["", " []", " todo"])
def test_nor_of_references_into_a_section_that_is_none(
    example: Path, kgpub: Run, value: str
) -> None:
    path = example / FACTS
    lines = path.read_text(encoding="utf-8").split("\n")
    at = lines.index("people:")
    people = lines[at + 1 : at + 3]
    assert all(each.startswith("  ") for each in people)
    lines[at : at + 3] = [f"people:{value}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    ((file, line, *_),) = brief(told(example, kgpub))
    assert (file, line) == ("facts.yaml", at + 1)


def test_a_file_with_old_line_breaks_is_shown_and_its_references_told(
    example: Path, kgpub: Run
) -> None:
    """A carriage return alone ends a line of YAML (YAML 1.1, section 4.1.4)."""
    change(example, WRONG_WORDS, MISSPELT)
    path = example / FACTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))
    problems = told(example, kgpub)
    assert brief(problems) == [(*AT_WORDS, TEXT), ("facts.yaml", 34, 32, "salim-oma")]
    shown = kgpub("validate", cwd=example).stdout
    assert "{type: Tenure, person: salim-oma, office: mayor-of-al-waha, start: 2019}" in shown


def test_a_formula_without_its_value_is_told_at_its_cell_only(example: Path, kgpub: Run) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet("people")
    for row in (["id", "name@ar", "name@en"], ["sami", "=A2", "=A2"]):
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    (example / f"{FOLDER}/more.xlsx").write_bytes(stream.getvalue())
    shown = kgpub("validate", cwd=example)
    assert shown.returncode == 1
    told = [line for line in shown.stdout.splitlines() if " error: " in line]
    cells = [f"{FOLDER}/more.xlsx, sheet people, cell {cell}: error:" for cell in ("B2", "C2")]
    assert [line.startswith(cell) for line, cell in zip(told, cells, strict=True)] == [True, True]


def test_a_tatweel_is_called_one(example: Path, kgpub: Run) -> None:
    """It is no letter, but it is seen."""
    change(example, ("  - words: لسالم عمر", "  - words: لسالـم عمر"))
    (problem,) = told(example, kgpub)
    assert "differs only in 1 tatweel" in problem["message"]


@pytest.mark.parametrize(
    ("right", "wrong", "more"),
    [
        # Of an entity without a name that can be read it is not known what it lacks.
        ("{ar: ليلى حسن, en: Layla Hasan}", "{xx: ليلى حسن}", True),
        ("kind: media-outlet", "kind: medya-outlet", False),
    ],
)
def test_that_not_all_was_checked_is_told_where_it_was_not(
    example: Path, kgpub: Run, right: str, wrong: str, more: bool
) -> None:
    change(example, (right, wrong))
    told = "Not all could be checked: once these errors are mended, others may be found.\n"
    for done in (kgpub("build", cwd=example), kgpub("validate", cwd=example)):
        assert done.returncode == 1
        assert (told in done.stdout + done.stderr) == more
