"""Facts that cannot be, names that cannot be seen, and one mistake that is told once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Run

FACTS = "articles/example/facts.yaml"
OFFICE = "    name: {ar: رئيس بلدية الواحة, en: Mayor of Al-Waha}\n"
LIFE = """  - words: سالم عمر
    asserts:
      - {type: Event, kind: %s, time: %s, participants: [{who: person/salim-omar, role: %s}]}
"""


def change(root: Path, old: str, new: str) -> None:
    path = root / FACTS
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize(
    ("times", "kind", "year", "shape", "remarks"),
    [
        ("start: 2019", "birth", 2020, "BeforeBirth", 0),
        ("start: 2019", "birth", 2019, "", 0),
        ("start: 2019, end: 2021", "birth", 2020, "BeforeBirth", 0),
        ("start: 2000, end: 2019", "death", 2010, "AfterDeath", 0),
        # Of what is accepted it is told that the words name 2019 alone.
        ("start: 2000, end: 2010", "death", 2010, "", 2),
        ("start: 2000", "death", 2010, "", 1),
    ],
)
def test_a_tenure_lies_within_a_life(
    example: Path,
    kgpub: Run,
    times: str,
    kind: str,
    year: int,
    shape: str,
    remarks: int,
    engine: str,
) -> None:
    change(example, "start: 2019", times)
    with (example / FACTS).open("a", encoding="utf-8") as file:
        file.write(LIFE % (kind, year, "subject-of-event"))
    done = kgpub("validate", "--engine", engine, cwd=example)
    if shape:
        assert done.returncode == 1
        column = (example / FACTS).read_text(encoding="utf-8").split("\n")[33].index("2019") + 1
        assert f"{FACTS}:34:{column}: error: Its date 2019 lies" in done.stdout
        assert f"(shape {shape})\nrefused: 1 error, 0 warnings, 0 infos\n" in done.stdout
    else:
        assert done.returncode == 0
        infos = "1 info" if remarks == 1 else f"{remarks} infos"
        assert done.stdout.endswith(f"accepted: 0 errors, 0 warnings, {infos}\n")


@pytest.mark.parametrize("character", ["\\0", "a\\0b", "a\\x01", "a\\uFFFF"])
def test_a_text_that_xml_cannot_hold_is_refused(example: Path, kgpub: Run, character: str) -> None:
    change(example, "Layla Hasan", f'"{character}"')
    done = kgpub("validate", cwd=example)
    assert done.returncode == 1
    assert f"{FACTS}:8:" in done.stdout
    assert "error: the text of 'name' has the character U+" in done.stdout
    assert "Remove it." in done.stdout
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


@pytest.mark.parametrize(
    "text", ["\\u3164", "\\u00ad", "\\u2062", "\\u200c", "\\u0640", "\\u0301", "\\U000E0041", "?!"]
)
def test_a_name_has_a_letter_or_a_number(example: Path, kgpub: Run, text: str) -> None:
    change(example, "Layla Hasan", f'"{text}"')
    for language, told in (("en", "has no letter or number"), ("ar", "أي حرف"), ("ckb", "هیچ پیت")):
        done = kgpub("validate", "--lang", language, cwd=example)
        assert done.returncode == 1
        assert told in done.stdout
        assert f"{FACTS}:8:" in done.stdout


@pytest.mark.parametrize("name", ["7", "ل", "ـل", "李", "X\u200c"])
def test_one_letter_or_number_is_a_name(example: Path, kgpub: Run, name: str) -> None:
    change(example, "Layla Hasan", f'"{name}"')
    assert kgpub("validate", cwd=example).returncode == 0


@pytest.mark.parametrize(
    ("key", "mistyped", "line"),
    [("said-by", "said-bye", 40), ("introduced-by", "introdced-by", 39), ("name", "nam", 14)],
)
def test_a_mistyped_key_is_not_told_to_be_missing_as_well(
    example: Path, kgpub: Run, key: str, mistyped: str, line: int
) -> None:
    change(example, f"    {key}: " if key != "name" else OFFICE[:10], f"    {mistyped}: ")
    done = kgpub("validate", cwd=example)
    assert f"{FACTS}:{line}:5: error: unknown key '{mistyped}'" in done.stdout
    assert f"Did you mean '{key}'?\n" in done.stdout
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


def test_words_that_are_mistyped_are_not_told_to_be_missing(example: Path, kgpub: Run) -> None:
    change(example, "words: لسالم", "wrods: لسالم")
    done = kgpub("validate", cwd=example)
    assert f"{FACTS}:32:5: error: unknown key 'wrods'" in done.stdout
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


def test_what_is_missing_beside_a_mistyped_key_is_told(example: Path, kgpub: Run) -> None:
    change(example, "said-by: person/layla-hasan", "midium: Twitter")
    done = kgpub("validate", cwd=example)
    assert "Did you mean 'medium'?" in done.stdout
    assert "said-by is missing" in done.stdout


def test_an_entity_without_a_name_is_told_once_where_it_begins(example: Path, kgpub: Run) -> None:
    change(example, OFFICE, "")
    done = kgpub("validate", cwd=example)
    assert f"{FACTS}:13:3: error: Give at least one name" in done.stdout
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


def test_a_name_in_one_language_only_is_told(example: Path, kgpub: Run) -> None:
    change(example, ", en: Mayor of Al-Waha}", "}")
    done = kgpub("validate", cwd=example)
    assert f"{FACTS}:14:16: info: There is no name in English yet" in done.stdout
    assert done.stdout.endswith("accepted: 0 errors, 0 warnings, 1 info\n")
