"""A build with nothing to do tells what the build before has found, in every language."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from tests.cli.test_against_published import FIRST, LATER, write
from tests.conftest import Run

from kgpub import Workspace
from kgpub.errors import Problem
from kgpub.messages import LANGUAGES, said


@pytest.fixture
def warned(example: Path) -> Path:
    """A workspace with two holders of one office at one time, and a file that is not read."""
    write(example, "first", FIRST, "2020-05-01")
    write(example, "second", LATER, "2021-06-02")
    (example / "articles/second/picture.png").write_bytes(b"x")
    return example


def texts(problem: Problem) -> list[str]:
    return [said(each, tag) for each in (problem.message, problem.remedy) for tag in LANGUAGES]


def test_problems_are_the_same_again(warned: Path) -> None:
    first = Workspace(warned).build()
    assert {each.code for each in first.problems} > {"not-read"}  # and what shapes say
    began = time.perf_counter()
    again = Workspace(warned).build()
    assert time.perf_counter() - began < 1
    assert again.unchanged
    assert again.problems == first.problems
    for one, other in zip(first.problems, again.problems, strict=True):
        assert texts(one) == texts(other)
        assert one.about == other.about


def test_the_command_says_the_same_again(warned: Path, kgpub: Run) -> None:
    first, again = (kgpub("build", "--lang", "ar", cwd=warned) for _ in range(2))
    assert first.stderr == again.stderr != ""
    assert "لم يتغيّر شيء" in again.stdout


def test_of_a_file_that_has_gone_nothing_is_told(warned: Path) -> None:
    Workspace(warned).build()
    (warned / "articles/second/picture.png").unlink()
    assert "not-read" not in {each.code for each in Workspace(warned).build().problems}


@pytest.mark.parametrize(
    "kept", ["", "[", "[[1]]", "{}", "[[[], 1, 2, 3, 4, 5, 6]]", "[" * 100_000]
)
def test_what_is_damaged_is_found_anew(warned: Path, kept: str) -> None:
    first = Workspace(warned).build()
    with sqlite3.connect(warned / ".kgpub/cache.sqlite") as connection:
        connection.execute("UPDATE state SET value = ? WHERE name = 'problems'", [kept])
    connection.close()
    again = Workspace(warned).build()
    assert again.problems == first.problems
