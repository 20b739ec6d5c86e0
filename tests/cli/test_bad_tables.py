"""Tables, settings and stores that are not as kgpub expects them are told where people look."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from tests.cli.processes import measured
from tests.conftest import Run

from kgpub import vocabulary
from kgpub.errors import WorkspaceError
from kgpub.settings import checked_settings

FOLDER = "articles/example"
SETTINGS = {"base": "https://example.org/data/", "title": "T", "publisher": "P"}
SETTINGS["licence"] = "https://creativecommons.org/licenses/by/4.0/"


def save(path: Path, **sheets: list[list[object]]) -> None:
    workbook = openpyxl.Workbook()
    for empty in workbook.worksheets:
        workbook.remove(empty)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


# Workbooks

MISSPELT: dict[str, list[list[object]]] = {
    "people": [["id", "nmae@ar"], ["ali", "علي"]],
    "offices": [["id", "nmae@ar"], ["office-1", "منصب"]],
}


def test_the_same_mistake_in_two_sheets_is_told_twice(example: Path, kgpub: Run) -> None:
    save(example / FOLDER / "book.xlsx", **MISSPELT)
    told = kgpub("validate", cwd=example).stdout
    for sheet in MISSPELT:
        assert f"{FOLDER}/book.xlsx, sheet {sheet}, cell B1: error: unknown key 'nmae'" in told


def test_programs_are_told_the_sheet(example: Path, kgpub: Run) -> None:
    save(example / FOLDER / "book.xlsx", **MISSPELT)

    def told(form: str) -> str:
        return kgpub("validate", "--format", form, cwd=example).stdout

    problems = json.loads(told("json"))["problems"]
    places = {(each.get("sheet"), each["line"], each["column"]) for each in problems}
    assert {("people", 1, 2), ("offices", 1, 2)} <= places
    (run,) = json.loads(told("sarif"))["runs"]
    locations = [each["locations"][0] for each in run["results"]]
    names = {each["logicalLocations"][0]["fullyQualifiedName"] for each in locations}
    assert {"people!B1", "offices!B1"} <= names
    for form in ("github", "junit"):
        assert "sheet offices, cell B1" in told(form)


def test_what_shapes_find_is_told_with_its_sheet(example: Path, kgpub: Run) -> None:
    rows: list[list[object]] = [["id", "name@ar"], ["office-1", "منصب"]]
    save(example / FOLDER / "book.xlsx", people=[["id", "name@ar"], ["ali", "علي"]], offices=rows)
    told = kgpub("validate", cwd=example).stdout
    assert "book.xlsx, sheet offices, cell A2: error: An office must belong" in told
    assert "book.xlsx, sheet people, cell B2: info: There is no name in English" in told


def test_faults_of_cells_and_of_whole_sheets_have_their_sheet(example: Path, kgpub: Run) -> None:
    book = example / FOLDER / "book.xlsx"
    save(book, people=[["id"], ["a"]], offices=[["id", "name@ar"], ["o", "م"], ["o", "م"]])
    told = kgpub("validate", cwd=example).stdout
    assert "sheet offices, cell A3: error: the id 'o' stands here for the second time" in told
    assert "It already stands at line 2" in told
    save(book, people=[["id"], ["a"]], offices=[])
    assert "sheet offices, cell A1: error: the table" in kgpub("validate", cwd=example).stdout
    save(book, people=[["id"], ["a"]], offices=[["id"], ["#REF!"]])
    assert "sheet offices, cell A2: error" in kgpub("validate", cwd=example).stdout


def test_a_year_with_a_fraction_is_no_month(example: Path, kgpub: Run) -> None:
    (example / FOLDER / "tenures.csv").write_text("words,start\nx,2019.5\n", encoding="utf-8")
    told = kgpub("validate", cwd=example).stdout
    assert "in a cell formatted as text" in told
    assert "2019-05" not in told


# CSV


@pytest.mark.parametrize("written", ["TRUE", "True", "true", "FALSE"])
def test_booleans_as_spreadsheets_save_them(example: Path, kgpub: Run, written: str) -> None:
    table = f"id,name@ar,jurisdiction,single-holder\noffice-1,منصب,al-waha,{written}\n"
    (example / FOLDER / "offices.csv").write_text(table, encoding="utf-8")
    assert kgpub("build", cwd=example).returncode == 0
    ask = f"ASK {{ data:office/office-1 kg:singleHolder {written.lower()} }}"
    asked = ask.replace("data:office/office-1", "<https://example.org/data/office/office-1>")
    assert kgpub("query", asked, cwd=example).stdout.strip() == "true"


def test_capitals_stay_refused_where_values_are_typed(example: Path, kgpub: Run) -> None:
    text = (
        "article: example\noffices:\n  office-1:\n    name: {ar: منصب}\n    single-holder: TRUE\n"
    )
    (example / FOLDER / "more.yaml").write_text(text, encoding="utf-8")
    told = kgpub("validate", cwd=example).stdout
    assert "'TRUE' is neither true nor false" in told


def test_a_table_with_carriage_returns_alone_is_shown(example: Path, kgpub: Run) -> None:
    (example / FOLDER / "people.csv").write_bytes("id,name@ar\rx-1,ن\rx 2,ن\r".encode())
    told = kgpub("validate", cwd=example).stdout
    assert "people.csv:3:1: error: 'x 2' cannot be a slug" in told
    assert "     3 │" in told


def test_many_results_take_little_memory(example: Path) -> None:
    rows = "".join(f"x{number},\n" for number in range(4_000))
    (example / FOLDER / "people.csv").write_text(f"id,name@ar\n{rows}", encoding="utf-8")
    done, size = measured("validate", cwd=example)
    assert done.returncode == 1, done.stderr
    assert size < 450 * 2**20


# YAML


def test_brackets_too_deep_for_libyaml(example: Path, kgpub: Run) -> None:
    (example / FOLDER / "deep.yaml").write_text("[" * 5_000, encoding="utf-8")
    told = kgpub("validate", cwd=example).stdout
    assert "more than 20 levels inside each other" in told
    assert "indentation" not in told


def test_a_role_that_is_a_key_gets_the_kind_there_is(example: Path, kgpub: Run) -> None:
    facts = example / FOLDER / "facts.yaml"
    event = (
        "statements:\n  - words: x\n    asserts:\n      - type: Event\n        id: person/x\n"
        "        participants: [{participant: person/x, role: subject}]\n"
    )
    facts.with_name("more.yaml").write_text(f"article: example\n{event}", encoding="utf-8")
    told = kgpub("validate", cwd=example).stdout
    assert "Did you mean subject-of-event?" in told
    assert "'person/x' cannot be an id on the type Event" in told


# Settings


def told_settings(text: str, root: Path, kgpub: Run) -> str:
    (root / "kgpub.toml").write_text(text, encoding="utf-8")
    run = kgpub("validate", cwd=root)
    assert run.returncode == 2
    return run.stderr


def test_a_misspelt_setting_is_told_at_its_line(example: Path, kgpub: Run) -> None:
    text = (example / "kgpub.toml").read_text(encoding="utf-8")
    told = told_settings("\n" + text.replace("base", "bsae"), example, kgpub)
    assert "kgpub.toml:2:1: unknown key 'bsae'" in told
    assert "Did you mean base?" in told
    told = told_settings(f'{text}"x" = 1\n', example, kgpub)
    assert f"kgpub.toml:{text.count(chr(10)) + 1}:1: unknown key 'x'" in told
    assert "Remove it." in told
    assert "permitted" not in told


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": 3}, "title: it is no text"),
        ({"title": ""}, "title: it is empty"),
        ({"base": "https://example.org/data"}, "base: it does not end in /"),
    ],
)
def test_a_wrong_setting(values: dict[str, object], words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        checked_settings({**SETTINGS, **values})


@pytest.mark.parametrize(
    "name",
    ["KG", "KIND", "SHAPES", "DC", "DCAT", "DCTERMS", "OA", "OWL", "RDF", "WIKIDATA", "EDTF"],
)
def test_no_base_is_a_vocabulary_that_the_data_use(name: str) -> None:
    namespace: str = getattr(vocabulary, name)
    for base in (namespace.replace("#", "/"), f"{namespace.replace('#', '/')}x/"):
        with pytest.raises(WorkspaceError, match="vocabulary that is not yours"):
            checked_settings({**SETTINGS, "base": base})


@pytest.mark.parametrize("name", ["folder", "pipe", "link"])
def test_settings_that_are_no_file(example: Path, kgpub: Run, name: str) -> None:
    path = example / "kgpub.toml"
    path.unlink()
    if name == "folder":
        path.mkdir()
    elif name == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(example / "nowhere")
    run = kgpub("validate", cwd=example)
    assert run.returncode == 2
    assert f"{path}: is {'a folder' if name == 'folder' else 'no regular file'}" in run.stderr


# The store


def cut_short(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut_short, change_a_byte, Path.unlink])
@pytest.mark.parametrize("name", ["MANIFEST-*", "OPTIONS-*", "CURRENT", "*.sst"])
def test_a_damaged_store_does_not_answer(
    built: Path, kgpub: Run, damage: Callable[[Path], None], name: str
) -> None:
    assert kgpub("query", "ASK { ?s ?p ?o }", cwd=built).stdout.strip() == "true"
    for path in list((built / ".kgpub/store").glob(f"generation-*/{name}")):
        damage(path)
    run = kgpub("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", cwd=built)
    assert (run.returncode, run.stdout) == (2, "")
    assert "the store is damaged" in run.stderr
    assert "kgpub build --fresh" in run.stderr
    kgpub("build", cwd=built)
    assert kgpub("query", "ASK { ?s ?p ?o }", cwd=built).stdout.strip() == "true"
