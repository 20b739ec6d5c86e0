"""Half a minute of mixed load: nothing is answered wrongly, nothing grows. Longer: make soak."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus import write_workspace
from benchmarks.serving_soak import soak

from kgpub.pipeline.workspace import Workspace

ACTIONS = {
    "builds",
    "hostile",
    "leaving",
    "mistakes",
    "pages",
    "quick",
    "reading slowly",
    "repeated",
    "saved queries",
    "search",
    "slow",
}


def test_a_server_under_mixed_load_does_not_grow(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    write_workspace(root, 100)
    Workspace(root).build()
    found = soak(root, seconds=30, rests=1, every=6)
    assert found.problems == []
    assert set(found.actions) == ACTIONS
    assert len(found.samples) == 2
