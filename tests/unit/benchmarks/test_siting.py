"""That a site is measured as it is said; nothing depends on time."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import siting
from benchmarks.corpus import write_workspace
from benchmarks.measuring import StepFailed


def test_what_is_measured_is_what_was_done(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    write_workspace(workspace, 3)
    siting.build(workspace)
    first, again = siting.run(workspace), siting.run(workspace)
    files = [path for path in (workspace / "site").rglob("*") if path.is_file()]
    assert first.files == first.written == len(files)
    assert again.written == 0
    assert siting.mirrored(workspace, ["index.en.html", "ontology.ttl"]) > 0
    with pytest.raises(StepFailed, match="nowhere: 404"):
        siting.mirrored(workspace, ["nowhere"])
    siting.change(workspace)
    siting.build(workspace)
    assert 0 < siting.run(workspace).written < first.files


def test_what_cannot_be_built_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(StepFailed):
        siting.run(tmp_path)
    with pytest.raises(StepFailed):
        siting.build(tmp_path)
