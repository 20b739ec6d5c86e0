"""What the benchmark of changelogs measures is what it says."""

from __future__ import annotations

from pathlib import Path

from benchmarks.changelog import measure


def test_the_second_release_is_a_small_part_of_the_stream(tmp_path: Path) -> None:
    _, _, *rows = measure(5_000, tmp_path)
    cells = [[each.strip() for each in row.strip("|").split("|")] for row in rows]
    assert [row[0] for row in cells] == ["1", "2"]
    first, second = (int(row[4].split(" ")[0].replace(",", "")) for row in cells)
    nodes = (tmp_path / "releases/changes/2").glob("*.trig")
    assert second == sum(len(path.read_bytes()) for path in nodes)
    assert second < first / 20
