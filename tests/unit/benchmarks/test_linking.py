"""That the linker is measured and its figures counted right; no test here depends on time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

ITEMS = [
    {"qid": "Q11", "type": "person", "names": {"ar": ["سالم عبد الكريم الوردي"]}, "source": "t"},
    {"qid": "Q12", "type": "person", "names": {"ar": ["كمال حسن البصري"]}, "source": "t"},
    {"qid": "Q13", "type": "place", "names": {"ar": ["مدينة السهل الأخضر"]}, "source": "t"},
]
QUESTIONS = [
    # Right, right, wrong (its answer is said to be another), and right that there is none.
    ("سالم عبد الكريم الوردي", "person", "synthetic-al", "Q11"),
    ("الدكتور كمال حسن البصري", "person", "honorific", "Q12"),
    ("مدينة السهل الأخضر", "place", "other-spelling", "Q99"),
    ("نور الدين الذي لا يعرفه أحد", "person", "nil", None),
]


def test_accuracy_precision_and_groups_are_counted(tmp_path: Path) -> None:
    gazetteer, questions = tmp_path / "items.jsonl", tmp_path / "questions.jsonl"
    gazetteer.write_text("".join(json.dumps(each) + "\n" for each in ITEMS))
    rows = (
        {"query": query, "lang": "ar", "type": type_, "group": group, "gold": gold}
        for query, type_, group, gold in QUESTIONS
    )
    questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    output = tmp_path / "LINKING.md"
    files = ("--gazetteer", str(gazetteer), "--questions", str(questions))
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.linking", *files, "--times", "2", "--output", output],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    table = {
        cells[0]: cells[1:3]
        for line in output.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
        for cells in [line.strip("| ").split(" | ")]
    }
    assert table["all"] == ["4", "0.750"]
    assert table["people, honorific and synthetic"] == ["2", "1.000"]
    assert table["other-spelling"] == ["1", "0.000"]
    assert table["nil"] == ["1", "1.000"]
    assert "| precision of what is linked | | 0.667 |" in output.read_text(encoding="utf-8")
    assert table["2 times as large"][0] == "6"
