"""That dumps are measured and the figures told; nothing here depends on how long it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DUMPS = ["N-Quads", "Turtle", "TriG", "JSON-LD"]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.dumps", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )


def _tables(page: str) -> dict[str, list[list[str]]]:
    """Return the rows of the table below each heading, the first of which names the columns."""
    return {
        heading: [
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in text.splitlines()
            if line.startswith("|") and "--:" not in line
        ]
        for heading, _, text in (part.partition("\n") for part in page.split("\n## ")[1:])
    }


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def test_each_dump_is_measured_beside_rdflib_and_larger_ones_alone(tmp_path: Path) -> None:
    page, kept = tmp_path / "DUMPS.md", tmp_path / "kept"
    arguments = ["--sizes", "800", "--peers", "400", "--releases", "400", "--keep", str(kept)]
    done = _run(*arguments, "--output", str(page))
    assert done.returncode == 0, done.stderr
    tables = _tables(page.read_text(encoding="utf-8"))

    header, small, large = tables["Memory"]
    assert header == ["quads", "MB of N-Quads", "sort", *DUMPS, "all", "release"]
    # What was made and sorted is what was counted; a corpus ends with an article.
    made = set((kept / "400" / "dataset.nq").read_bytes().splitlines())
    assert _number(small[0]) == len(made) >= 400 < _number(large[0])
    assert all(_number(cell) > 10 for cell in [*small[2:], *large[2:-1]])
    assert large[-1] == ""

    header, small, large = tables["Speed"]
    assert header == ["quads", "sort", *DUMPS, "all"]
    assert all(_number(cell) > 0 for cell in [*small, *large])

    header, only = tables["Beside rdflib"]
    assert header == ["quads", *DUMPS, "all", "MB of rdflib"]
    totals = []
    for cell in only[1:5]:
        seconds, _, ratio = cell.partition(": ")
        mine, theirs = map(float, seconds.split(" / "))
        assert mine >= 0 <= theirs and float(ratio) > 0
        totals.append(theirs)
    seconds, _, told = only[5].partition(": ")
    assert float(seconds.split(" / ")[1]) == pytest.approx(sum(totals), abs=0.03)
    assert told.endswith(("(yes)", "(NO)"))


@pytest.mark.parametrize("sizes", ["0", "many"])
def test_what_is_no_size_is_refused(sizes: str) -> None:
    done = _run("--sizes", sizes)
    assert done.returncode == 2
    assert "--sizes" in done.stderr
