"""What is wrong with the form of a file does not hide what else is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from tests.conftest import Run

from .test_more_than_one_mistake import FACTS, FOLDER, MISSPELT, TENURES, brief, change, told

WORDS = "    said-by: person/layla-hasan\n"
SECTION = "topics:\n  water-network:"
TENURE = "{type: Tenure, person: layla-hasan"


def codes(problems: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in problems]


@pytest.mark.parametrize(
    ("structural", "code"),
    [
        ((SECTION, f"article: other\n{SECTION}"), "key-repeated"),
        # Described in the second of two sections: no reference to it is told.
        ((SECTION, f"places:\n  far: {{name: {{en: Far}}}}\n{SECTION}"), "key-repeated"),
        ((SECTION, f"people:\n  sami: {{name: {{en: Sami}}}}\n{SECTION}"), "key-repeated"),
        ((SECTION, f"? [a, b]\n: c\n{SECTION}"), "key-not-plain"),
        ((WORDS, f"{WORDS}    medium: *medium\n"), "no-aliases"),
        ((WORDS, "    said-by: &who person/layla-hasan\n"), "no-aliases"),
        ((WORDS, "    said-by: !!str person/layla-hasan\n"), "no-tags"),
        ((WORDS, "    said-by: !mine [person/layla]\n"), "no-tags"),
        ((TENURE, "{<<: *common, person: layla-hasan"), "no-aliases"),
        ((TENURE, "{type: Membership, type: Tenure, person: layla-hasan"), "key-repeated"),
        (("water-network\n", "water-network\n---\narticle: example\n"), "second-document"),
    ],
)
def test_a_mistake_of_form_is_told_beside_a_misspelt_reference(
    example: Path, kgpub: Run, structural: tuple[str, str], code: str
) -> None:
    change(example, ("topic: water-network", "topic: water-network\n"), structural, MISSPELT)
    problems = told(example, kgpub)
    assert sorted(codes(problems)) == sorted(["Tenure-person", code])
    assert [each["text"] for each in problems if each["code"] == "Tenure-person"] == ["salim-oma"]


def test_words_that_may_stand_under_what_is_left_out_are_not_missing(
    example: Path, kgpub: Run
) -> None:
    change(example, ("  - words: لسالم عمر الذي تولى المنصب عام 2019", "  - <<: *words"), MISSPELT)
    assert codes(told(example, kgpub)) == ["no-aliases", "Tenure-person"]


def test_a_label_in_what_is_left_out_is_no_label_to_nothing(example: Path, kgpub: Run) -> None:
    fact = "{id: _:term, type: Tenure, type: Stance, person: salim-omar"
    change(
        example,
        ("{type: Tenure, person: salim-omar", fact),
        (WORDS, f"{WORDS}    about: [_:term, _:trem]\n"),
    )
    problems = told(example, kgpub)
    assert codes(problems) == ["key-repeated", "id-unknown"]
    assert "_:trem" in problems[1]["message"]


@pytest.mark.parametrize(
    ("mistake", "expected"),
    [
        (('"topics"', '"article": "other",\n "topics"'), ["key-repeated", "Tenure-person"]),
        (('"The water network"', '"\\ud800"'), ["json-surrogate", "Tenure-person"]),
    ],
)
def test_a_mistake_of_form_in_json_hides_nothing(
    example: Path, kgpub: Run, mistake: tuple[str, str], expected: list[str]
) -> None:
    change(example, MISSPELT)
    facts = example / FACTS
    content = yaml.load(facts.read_text(encoding="utf-8"), yaml.BaseLoader)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    assert mistake[0] in text
    facts.unlink()
    facts.with_suffix(".json").write_text(text.replace(*mistake), encoding="utf-8")
    assert codes(told(example, kgpub)) == expected


HEADER = "words,person,office,start\n"
MORE = "لسالم عمر الذي,salim-oma,mayor-of-al-waha,2019\n"


def test_a_row_with_too_many_cells_does_not_hide_the_other_rows(example: Path, kgpub: Run) -> None:
    rows = f"{HEADER}رئيسة للبلدية,layla-hasan,mayor-of-al-waha,2020,x\n{MORE}"
    rows += "ليس في النص,layla-hasan,mayor,2019\n"
    (example / TENURES).write_text(rows, encoding="utf-8")
    assert brief(told(example, kgpub)) == [
        ("tenures.csv", 2, 49, "x"),
        ("tenures.csv", 3, 16, "salim-oma"),
        ("tenures.csv", 4, 1, "ليس في النص"),
        ("tenures.csv", 4, 25, "mayor"),
    ]


def test_what_a_faulty_row_describes_can_be_referred_to(example: Path, kgpub: Run) -> None:
    people = "id,name@en\nsami-nur,Sami Nur,too much\n"
    (example / FOLDER / "people.csv").write_text(people, encoding="utf-8")
    change(example, ("person: salim-omar", "person: sami-nur"))
    assert codes(told(example, kgpub)) == ["row-too-long"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("words,person,office,start,start\n", "column-repeated"),
        ("words,person,office,start,\n", "column-without-header"),
        ("words,person,office,start,manner\n", "language-needed"),
        ("wordings,person,office,start,\n", "column-without-header"),
    ],
)
def test_a_column_without_a_place_does_not_hide_the_others(
    example: Path, kgpub: Run, header: str, code: str
) -> None:
    row = "لسالم عمر الذي,salim-oma,mayor-of-al-waha,2019,2019\n"
    (example / TENURES).write_text(header + row, encoding="utf-8")
    found = codes(told(example, kgpub))
    assert found.count(code) == 1
    assert set(found) <= {code, "Tenure-person", "unknown-key"}
    assert "Tenure-person" in found


def test_a_failed_formula_does_not_hide_other_rows(example: Path, kgpub: Run) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "tenures"
    for row in (
        ["words", "person", "office", "start"],
        ["لسالم عمر الذي", "salim-omar", "mayor-of-al-waha", "#REF!"],
        ["ليس في النص", "salim-omar", "mayor-of-al-waha", "#N/A"],
        ["ليس في النص", "salim-omar", "mayor-of-al-waha", "2019"],
    ):
        sheet.append(row)
    workbook.save(example / FOLDER / "tables.xlsx")
    problems = told(example, kgpub)
    assert [(each["code"], each["sheet"], each["line"]) for each in problems] == [
        ("cell-error", "tenures", 2),
        ("cell-error", "tenures", 3),
        ("words-not-found", "tenures", 4),
    ]


def test_a_repeated_key_of_the_metadata_hides_no_facts(example: Path, kgpub: Run) -> None:
    path = example / FOLDER / "article.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nlanguage: ckb\n", encoding="utf-8")
    change(example, MISSPELT)
    assert codes(told(example, kgpub)) == ["key-repeated", "Tenure-person"]
