"""How one page's room is divided among what could stand on it."""

from __future__ import annotations

from collections.abc import Sequence


def shares(wanted: Sequence[int], total: int) -> list[int]:
    """Return how much each gets of `total`: what it wants, or as much as the others that do not.

    What is left over by those that want little goes to those that want more.
    """
    given = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    for done, number in enumerate(order):
        given[number] = min(wanted[number], total // (len(wanted) - done))
        total -= given[number]
    return given
