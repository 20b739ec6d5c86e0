"""Sorting in parts gives what sorting at once does, and holds only a part in memory."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from kgpub.serialisation import sorting
from kgpub.serialisation.sorting import Sorting


@pytest.mark.parametrize("part_bytes", [1, 100, 10_000, 2**26])
def test_parts_are_merged_and_repeats_left_out(
    tmp_path: Path, part_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "MAX_PARTS", 5)
    draw = random.Random(part_bytes)
    lines = [b"%d\n" % draw.randrange(300) for _ in range(2_000)]
    sorted_ = Sorting(tmp_path, "x", part_bytes)
    sorted_.add(lines[:1000])
    sorted_.add(lines[1000:])
    assert list(sorted_.sorted()) == sorted(set(lines))
    assert list(tmp_path.iterdir()) == []


def test_no_part_has_a_line_twice(tmp_path: Path) -> None:
    sorted_ = Sorting(tmp_path, "x", 1_000)
    sorted_.add([b"a\n", b"b\n"] * 1_000)
    # Of 4,000 bytes four parts are made.
    assert [part.read_bytes() for part in tmp_path.iterdir()] == [b"a\nb\n"] * 4
    assert list(sorted_.sorted()) == [b"a\n", b"b\n"]


def test_nothing_sorted_is_nothing(tmp_path: Path) -> None:
    assert list(Sorting(tmp_path, "x").sorted()) == []


def test_memory_is_that_of_a_part(tmp_path: Path) -> None:
    draw = random.Random(1)

    def peak(number: int) -> int:
        sorted_ = Sorting(tmp_path, "x", 100_000)
        tracemalloc.start()
        sorted_.add(b"%0100d\n" % draw.randrange(10**9) for _ in range(number))
        count = sum(1 for _ in sorted_.sorted())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count > number * 0.99
        return most

    assert peak(40_000) < 2 * peak(4_000)
