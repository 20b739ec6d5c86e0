"""Processes that die in the middle of a batch."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.batch.corpus import synthetic, write_lines
from tests.conftest import create_example

from kgpub.batch import taking
from kgpub.batch.making import Batch
from kgpub.batch.running import in_processes, in_this_process
from kgpub.batch.shard import Counts, Task
from kgpub.pipeline.workspace import Workspace


def test_what_a_worker_was_doing_when_it_died_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(create_example(tmp_path / "workspace"))
    source = write_lines(tmp_path / "news.jsonl", synthetic(200))
    monkeypatch.setattr(taking, "RECORDS", 4)
    killed = []

    def run(tasks: Iterable[Task]) -> Iterator[Counts]:
        for counts in in_processes(2)(tasks):
            if not killed:
                worker = multiprocessing.active_children()[0]
                worker.kill()
                worker.join()
                killed.append(worker.pid)
            yield counts

    made = Batch(workspace, run, lambda *_: None).make([source], tmp_path / "one", load=False)
    assert killed
    alone = Batch(workspace, in_this_process, lambda *_: None)
    assert made.counts == alone.make([source], tmp_path / "two", load=False).counts
    for name in ("manifest.json", "quads/quads-00001.nq.zst"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
