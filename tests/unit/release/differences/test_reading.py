"""What is read is forgotten before it is much, and read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.release.differences import reading
from kgpub.release.differences.files import SortedFile, indexed


def sorted_file(path: Path, lines: list[str]) -> SortedFile:
    path.write_text("".join(sorted(lines)), encoding="utf-8")
    found = indexed(path.name, path, path, None)
    assert found is not None
    return found


def test_reading_again_what_was_forgotten_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MAX_KEPT", 5_000)
    monkeypatch.setattr(reading, "_MAX_KEPT_LENGTH", 2_000)
    lines = {
        f"http://a/{n:03}": [f'<http://a/{n:03}> <http://a/p> "{each:04}" .\n' for each in range(n)]
        for n in range(90)
    }
    data = sorted_file(tmp_path / "data.nq", [line for its in lines.values() for line in its])
    empty = sorted_file(tmp_path / "empty.nq", [])
    read = reading.FileReading(data, empty, empty, {})
    for _ in range(2):
        for subject, its in lines.items():
            assert [f"{quad} .\n" for quad in read.quads(subject)] == its
            kept = read._kept._subjects.values()
            assert sum(len(f"{quad} .\n") for each in kept for quad in each.quads) <= 5_000
            assert len(kept) <= 5_000 / reading._LEAST
            assert len(read._long._subjects) <= 1
