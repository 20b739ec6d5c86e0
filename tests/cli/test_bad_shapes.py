"""What is wrong with the shapes of a call is told with its place; what asks for too much is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Run

QUALIFIED = "qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMinCount"
HUGE = "9" * 23


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "d.ttl").write_text('<http://ex/a> a <http://ex/C> ; <http://ex/p> "x" .\n')
    return tmp_path


def shape(folder: Path, body: str) -> None:
    (folder / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .\n"
        f"ex:P sh:path ex:p ; {body} .\n"
    )


@pytest.mark.parametrize(
    ("count", "number"),
    [
        *(("minCount", "-1"), ("maxCount", "1.5"), ("minLength", "'1'"), ("maxLength", "-1")),
        *((QUALIFIED, "-1"), ("minCount", "9" * 5_000)),
    ],
)
def test_a_count_that_is_none_is_told_with_its_place(
    folder: Path, kgpub: Run, count: str, number: str
) -> None:
    shape(folder, f"sh:{count} {number}")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"kgpub: s.ttl:4:1: http://ex/P: its sh:{count.split(':')[-1]} is "
    )
    assert "not a non-negative xsd:integer" in done.stderr


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("count", ["minCount", "maxCount", "minLength", "maxLength", QUALIFIED])
def test_a_huge_count_is_what_nothing_reaches(
    folder: Path, kgpub: Run, count: str, engine: str
) -> None:
    shape(folder, f"sh:{count} {HUGE}")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    refused = "min" in count.lower()
    assert done.returncode == refused, done.stderr
    assert (HUGE in done.stdout) == refused


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_minus_nought_is_nought(folder: Path, kgpub: Run, engine: str) -> None:
    shape(folder, "sh:maxCount -0")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


def test_a_file_without_shapes_accepts_nothing(folder: Path, kgpub: Run) -> None:
    done = kgpub("validate", "d.ttl", "-s", "d.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kgpub: d.ttl: there is no shape in it\n")


def test_a_file_without_shapes_beside_one_with_them(folder: Path, kgpub: Run) -> None:
    shape(folder, "sh:minCount 1")
    done = kgpub("validate", "d.ttl", "-s", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert done.returncode == 0


def test_a_folder_of_shapes(folder: Path, kgpub: Run) -> None:
    (folder / "shapes").mkdir()
    done = kgpub("validate", "d.ttl", "-s", "shapes", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "kgpub: shapes: is a folder\n    Name the files of shapes in it.\n"
