"""The releases that the benchmark compares are what it says they are."""

from __future__ import annotations

from pathlib import Path

from benchmarks.differences import release

from kgpub.release.differences.comparing import compare
from kgpub.release.differences.report import told


def test_they_are_sorted_and_differ_in_one_of_a_hundred_quads(tmp_path: Path) -> None:
    before, after, work = (tmp_path / name for name in ("a.nq", "b.nq", "work"))
    work.mkdir()
    count = release(before, 20_000, 1990)
    assert release(after, 20_000, 1991) == count
    differences = compare(before, after, work)
    # Used as they are: nothing had to be sorted.
    assert (differences.before.path, differences.after.path) == (before, after)
    assert 0.8 < 100 * differences.removed.count / count < 1.2
    assert differences.removed.count == differences.added.count
    changes, telling = told(differences, work, "en")
    assert {each.what for each in changes} == {"changed"}
    row = telling.tell(next(iter(changes))).rows[-1]
    assert ([each.text for each in row.removed], [each.text for each in row.added]) == (
        ["1990"],
        ["1991"],
    )
