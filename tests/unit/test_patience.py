"""How long is waited, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clock import Time

from kgpub.patience import Clock, Passing, Patience, asked_pause, persist


class Refused(Exception):
    """The last word."""


class Busy(Passing):
    """What passes, and asks for `pause` seconds."""

    pause: float | None = None

    def asked(self, now: datetime) -> float | None:
        return self.pause


def given_up(busy: Busy, tried: str, pause: float) -> Refused:
    return Refused(f"{busy}; tried {tried}; {pause:g} s")


@pytest.fixture
def time() -> Time:
    return Time()


NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 1.0),
        ("Mon, 30 Nov 2026 12:01:30 GMT", 90.0),
        ("Monday, 30-Nov-26 12:01:30 GMT", 90.0),
        ("Mon, 30 Nov 2026 12:01:30 -0000", 90.0),
        ("Mon, 30 Nov 2026 11:00:00 GMT", 1.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 5000, None),
        ("Mon, 99 Nov 2026 12:01:30 GMT", None),
        ("Mon, 30 Nov 9999999999 12:01:30 GMT", None),
    ],
)
def test_what_retry_after_asks_for(header: str, seconds: float | None) -> None:
    assert asked_pause(header, NOON) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_seconds_or_none(header: str) -> None:
    pause = asked_pause(header, NOON)
    assert pause is None or pause >= 1


@given(st.floats(0, 1, exclude_max=True), st.integers(2, 12))
def test_pauses_stay_within_half_of_what_they_double_to(chance: float, tries: int) -> None:
    time = Time()
    clock = Clock(lambda: time.day, lambda: time.day.timestamp(), time.sleep, lambda: chance)

    def refuse() -> None:
        raise Busy("no")

    with pytest.raises(Refused, match=f"^no; tried {tries} times; "):
        persist(refuse, Busy, Patience(tries, seconds=10_000, first=5, longest=60), clock, given_up)
    longest = [5, 10, 20, 40, *[60] * 10][: tries - 1]
    assert len(time.slept) == tries - 1
    assert all(full / 2 <= slept <= full for slept, full in zip(time.slept, longest, strict=True))


def test_it_ends_when_the_time_is_over(time: Time) -> None:
    calls = []

    def slow() -> None:
        time.move(seconds=70)
        calls.append(time.day)
        raise Busy("no answer in time")

    with pytest.raises(Refused, match="tried 4 times"):
        persist(slow, Busy, Patience(tries=100, seconds=300, first=5), time.clock, given_up)
    # 70 + 3.75 + 70 + 7.5 + 70 + 15 + 70 = 306.25 seconds: the next pause would end after 300.
    assert len(calls) == 4


def test_what_is_no_matter_of_patience_is_not_tried_again(time: Time) -> None:
    def fail() -> None:
        raise Refused("wrong")

    with pytest.raises(Refused, match=r"^wrong$"):
        persist(fail, Busy, Patience(), time.clock, given_up)
    assert time.slept == []


def test_each_failure_is_told_with_the_pause_behind_it(time: Time) -> None:
    left, told = [7.0, None], []

    def ask() -> str:
        if left:
            busy = Busy("no")
            busy.pause = left.pop(0)
            raise busy
        return "yes"

    def tell(busy: Busy, pause: float) -> None:
        told.append((str(busy), pause))

    assert persist(ask, Busy, Patience(first=5), time.clock, given_up, tell) == "yes"
    assert told == [("no", 7.0), ("no", 7.5)]  # the second: 10 seconds, by half of the chance
    assert time.slept == [7.0, 7.5]


def test_more_time_than_there_is_is_not_waited_for(time: Time) -> None:
    def ask() -> None:
        busy = Busy("no")
        busy.pause = 301.0
        raise busy

    with pytest.raises(Refused, match=r"^no; tried once; 301 s$"):
        persist(ask, Busy, Patience(seconds=300), time.clock, given_up)
    assert time.slept == []
