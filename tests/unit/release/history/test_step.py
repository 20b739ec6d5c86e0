from __future__ import annotations

import pytest

from kgpub.release.history.step import moment_after


@pytest.mark.parametrize(
    ("issued", "before", "moment"),
    [
        ("2026-11-24", "", "2026-11-24T00:00:00Z"),
        ("2026-11-24", "2026-11-23T00:00:05Z", "2026-11-24T00:00:00Z"),
        ("2026-11-24", "2026-11-24T00:00:00Z", "2026-11-24T00:00:01Z"),
        ("2026-11-24", "2026-11-24T23:59:59Z", "2026-11-25T00:00:00Z"),
        ("2026-11-25", "2026-11-25T00:00:00Z", "2026-11-25T00:00:01Z"),
        ("2026-11-24", "2026-11-26T00:00:00Z", "2026-11-26T00:00:01Z"),
        ("0987-01-01", "", "0987-01-01T00:00:00Z"),
    ],
)
def test_times_go_up_from_release_to_release(issued: str, before: str, moment: str) -> None:
    assert moment_after(issued, before) == moment


def test_where_the_calendar_ends_nothing_is_later() -> None:
    with pytest.raises(ValueError, match="later"):
        moment_after("9999-12-31", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize("issued", ["", "2026", "yesterday", "2026-02-30"])
def test_what_is_no_date_has_no_time(issued: str) -> None:
    with pytest.raises(ValueError):
        moment_after(issued, "")
