"""A report of 100,000 results: all of them for programs, and for a reader the first and a count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.processes import measured

NODES = 50_000
RESULTS = 2 * NODES
MAX_BYTES = 2**30
"""Of all forms the standard report takes most: it is a graph that is sorted as a whole."""

DATA = (
    "<urn:x:{0}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:C> .\n"
    '<urn:x:{0}> <urn:p> "x" .\n'
)
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:e:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass <urn:C> ; sh:property ex:number , ex:missing .
ex:number sh:path <urn:p> ; sh:datatype xsd:integer .
ex:missing sh:path <urn:q> ; sh:minCount 1 ; sh:severity sh:Warning .
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    (folder / "data.nt").write_text("".join(DATA.format(n) for n in range(NODES)))
    (folder / "shapes.ttl").write_text(SHAPES)
    return folder


def report(folder: Path, form: str) -> str:
    """What is printed in a form; that it does not take too much memory is seen to."""
    call = ("validate", "data.nt", "--shapes", "shapes.ttl", "--format", form)
    done, size = measured(*call, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert size < MAX_BYTES
    return done.stdout


def test_a_reader_is_told_of_the_first_and_how_many_more_there_are(folder: Path) -> None:
    told = report(folder, "text")
    lines = told.splitlines()
    # The severest first: of the errors a hundred, of the warnings none.
    assert sum(line.startswith("data.nt:") and ": error: " in line for line in lines) == 100
    assert sum(": warning: " in line for line in lines) == 0
    assert lines[-4:] == [
        "… and 99,900 others, by what is wrong:",
        "    50,000 × urn:e:missing",
        "    49,900 × urn:e:number",
        "refused: 50000 errors, 50000 warnings, 0 infos",
    ]
    assert len(told) < 100_000


def test_programs_are_told_of_all(folder: Path) -> None:
    read = json.loads(report(folder, "json"))
    assert read["counts"] == {"error": NODES, "warning": NODES, "info": 0}
    # Each node has its value in every second line, and is first described in the line before.
    assert sorted((each["line"], each["code"]) for each in read["problems"]) == sorted(
        [(line, "urn:e:number") for line in range(2, RESULTS + 1, 2)]
        + [(line, "urn:e:missing") for line in range(1, RESULTS, 2)]
    )


def test_other_forms_are_written_as_they_are_made(folder: Path) -> None:
    (run,) = json.loads(report(folder, "sarif"))["runs"]
    assert len(run["results"]) == RESULTS
    assert report(folder, "github").count("\n::") == RESULTS - 1


def test_the_standard_report_has_all(folder: Path) -> None:
    told = report(folder, "ttl")
    assert told.count("a sh:ValidationResult") == RESULTS
    assert told.count("sh:resultSeverity sh:Warning") == NODES
