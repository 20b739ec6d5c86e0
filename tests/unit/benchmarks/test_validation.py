"""That the measuring of validation takes prepared workspaces again, and only its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TRIPLES = "300"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.validation", *arguments, "--stores", TRIPLES],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_what_this_software_has_prepared_is_measured_on_and_other_is_made_anew(
    tmp_path: Path,
) -> None:
    kept, page = tmp_path / "kept", tmp_path / "SUBMISSIONS.md"
    prepared = _run("--keep", str(kept), "--prepare", "--sizes", "")
    assert prepared.returncode == 0, prepared.stderr
    folder = kept / TRIPLES
    store = folder / "workspace" / ".kgpub" / "store"
    first = store.stat().st_ino
    measured = _run("--keep", str(kept), "--sizes", "", "--submitted", str(page))
    assert measured.returncode == 0, measured.stderr
    assert page.read_text(encoding="utf-8").splitlines()[-1].count("|") == 6
    assert store.stat().st_ino == first
    note = json.loads((folder / "made.json").read_text())
    (folder / "made.json").write_text(json.dumps({**note, "software": "another"}))
    (folder / "data.nt").write_text("")
    again = _run("--keep", str(kept), "--prepare", "--sizes", "")
    assert again.returncode == 0, again.stderr
    assert (folder / "data.nt").stat().st_size > 0
    assert json.loads((folder / "made.json").read_text()) == note


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / TRIPLES / "thesis.txt"
    other.parent.mkdir()
    other.write_text("mine")
    refused = _run("--keep", str(tmp_path), "--prepare", "--sizes", "")
    assert refused.returncode == 1
    assert "name another folder" in refused.stderr
    assert other.read_text() == "mine"
