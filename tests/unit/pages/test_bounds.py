from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.pages.bounds import shares

wanted_lists = st.lists(st.integers(0, 50), max_size=8)


@pytest.mark.parametrize(
    ("wanted", "total", "given"),
    [
        ([3, 4], 10, [3, 4]),
        ([30, 4], 10, [6, 4]),
        ([30, 1, 30], 9, [4, 1, 4]),
        ([5, 5], 9, [4, 5]),
        ([5], 0, [0]),
        ([], 9, []),
    ],
)
def test_what_those_that_want_little_leave_goes_to_the_others(
    wanted: list[int], total: int, given: list[int]
) -> None:
    assert shares(wanted, total) == given


@given(wanted_lists, st.integers(0, 200))
def test_nothing_is_left_that_anybody_wants_and_nobody_has_more_than_who_wants_more(
    wanted: list[int], total: int
) -> None:
    given = shares(wanted, total)
    assert sum(given) == min(total, sum(wanted))
    assert all(has <= wants for has, wants in zip(given, wanted, strict=True))
    # Whoever lacks something has as much as anybody, but for what cannot be halved.
    lacking = [has for has, wants in zip(given, wanted, strict=True) if has < wants]
    assert all(max(given) - has <= 1 for has in lacking)
