"""Whether a server leaks is told from samples as a line through them tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.serving_watching import MEBIBYTE, Sample, grown, memory_a_minute

FIRST = Sample(0.0, 100 * MEBIBYTE, 200 * MEBIBYTE, 5, 100, 0, 0, 4)


def samples(*memory: float, every: float = 150.0) -> list[Sample]:
    """Samples of a server with so many MiB, so many seconds after each other."""
    return [
        replace(FIRST, seconds=number * every, memory=int(each * MEBIBYTE))
        for number, each in enumerate(memory)
    ]


def test_the_line_is_that_of_the_last_half() -> None:
    # By hand: from their means, steps times MiB are 6 + 1 + 0 + 2 + 8, and steps squared 10.
    slope = memory_a_minute(samples(20, 90, 110, 90, 100, 102, 101, 105, 107))
    assert slope == pytest.approx(17 / 10 / 2.5 * MEBIBYTE)


def test_what_fills_and_then_stays_is_no_leak() -> None:
    filling = samples(100, 110, 118, 123, 126, 127, 128, 126, 129, 127, 128, 127)
    assert grown(filling) == []


def test_what_grows_to_the_end_is_a_leak_though_it_has_not_grown_by_much() -> None:
    # 2.75 MiB in each 150 seconds.
    leaking = samples(*(100 + 2.75 * number for number in range(12)))
    assert grown(leaking) == ["memory grows by 1,153,434 a minute, by more than 1,048,576"]


@pytest.mark.parametrize("few", [samples(1, 9, 17, 25, every=600), samples(*range(1, 13), every=9)])
def test_a_short_time_tells_nothing(few: list[Sample]) -> None:
    assert memory_a_minute(few) is None
    assert grown(few) == []
