"""EDTF against days worked out by hand and, where it reads the form, the `edtf` library."""

from __future__ import annotations

import contextlib
import math
from calendar import isleap
from datetime import date, timedelta
from time import struct_time

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from kgpub.mapping.edtf import (
    MAX_LENGTH,
    Bounds,
    ComputedBounds,
    EdtfError,
    bounds,
    certain,
    computed_bounds,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("1985-04", "1985-04-01", "1985-04-30"),
        ("2016-01", "2016-01-01", "2016-01-31"),
        ("2016-12", "2016-12-01", "2016-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        # Leap years of the Gregorian calendar: 2000 is one, 1900 and 2100 are none.
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2021-02-XX", "2021-02-01", "2021-02-28"),
        ("2020-02-29", "2020-02-29", "2020-02-29"),
        ("2020-05-07", "2020-05-07", "2020-05-07"),
        ("198X", "1980-01-01", "1989-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("000X", None, None),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("2004-XX-XX", "2004-01-01", "2004-12-31"),
        ("2004-06-XX", "2004-06-01", "2004-06-30"),
        ("2016-21", "2016-03-01", "2016-05-31"),
        ("2016-22", "2016-06-01", "2016-08-31"),
        ("2016-23", "2016-09-01", "2016-11-30"),
        ("2019-24", "2019-01-01", "2020-02-29"),
        ("2016-24", "2016-01-01", "2017-02-28"),
        ("9999-24", "9999-01-01", "9999-12-31"),
        ("2003/2006", "2003-01-01", "2006-12-31"),
        ("2003-02/2004", "2003-02-01", "2004-12-31"),
        ("2004-05/2004", "2004-05-01", "2004-12-31"),
        ("2003-02-01/2003-02-01", "2003-02-01", "2003-02-01"),
        ("198X/2016-22", "1980-01-01", "2016-08-31"),
    ],
)
def test_bounds_worked_out_by_hand(text: str, earliest: str | None, latest: str | None) -> None:
    if earliest is None or latest is None:
        with pytest.raises(EdtfError, match="years run from 0001 to 9999"):
            bounds(text)
        return
    assert bounds(text) == Bounds(day(earliest), day(latest))


@pytest.mark.parametrize("end", ["", ".."])
def test_an_open_or_unknown_end_is_no_bound(end: str) -> None:
    assert bounds(f"2003/{end}") == Bounds(date(2003, 1, 1), None)
    assert bounds(f"{end}/2003-06") == Bounds(None, date(2003, 6, 30))


@pytest.mark.parametrize("text", ["2016?", "2016~", "2016%", "2015/2016?", "2016~/..", "../2016%"])
def test_qualifiers_are_told_and_leave_the_days_alone(text: str) -> None:
    plain = bounds(text.translate(str.maketrans("", "", "?~%")))
    assert not plain.qualified
    assert bounds(text) == Bounds(plain.earliest, plain.latest, qualified=True)


def single_dates() -> st.SearchStrategy[str]:
    """Dates of level 0 and 1, any year the library and `datetime` share."""
    days = st.dates(date(1000, 1, 1), date(9999, 12, 31))
    return st.one_of(
        days.map(lambda drawn: f"{drawn:%Y}"),
        days.map(lambda drawn: f"{drawn:%Y-%m}"),
        days.map(lambda drawn: f"{drawn:%Y-%m-%d}"),
        days.map(lambda drawn: f"{drawn:%Y}"[:3] + "X"),
        days.map(lambda drawn: f"{drawn:%Y}"[:2] + "XX"),
        days.map(lambda drawn: f"{drawn:%Y}-XX"),
        days.map(lambda drawn: f"{drawn:%Y-%m}-XX"),
        st.builds("{:04}-{}".format, st.integers(1000, 9999), st.sampled_from([21, 22, 23])),
        st.builds("{:%Y-%m-%d}{}".format, days, st.sampled_from("?~%")),
        st.builds("{:%Y}{}".format, days, st.sampled_from("?~%")),
    )


def as_library(value: struct_time | float) -> date | None:
    """What the library's bound means here: it writes an open end as an infinite number."""
    if isinstance(value, float):
        assert math.isinf(value)
        return None
    return date(*value[:3])


@settings(max_examples=150, deadline=None)
@given(single_dates())
def test_single_dates_agree_with_the_library(text: str) -> None:
    expected = parse_edtf(text)
    found = bounds(text)
    assert found.earliest == as_library(expected.lower_strict())
    assert found.latest == as_library(expected.upper_strict())


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(1000, 1, 1), date(9999, 12, 31)),
    st.dates(date(1000, 1, 1), date(9999, 12, 31)),
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]),
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]),
    st.sampled_from(["closed", "from", "until"]),
)
def test_intervals_agree_with_the_library(
    one: date, two: date, left: str, right: str, form: str
) -> None:
    first, last = min(one, two), max(one, two)
    text = {
        "closed": f"{first:{left}}/{last:{right}}",
        "from": f"{first:{left}}/..",
        "until": f"../{last:{right}}",
    }[form]
    expected = parse_edtf(text)
    found = bounds(text)
    assert found.earliest == as_library(expected.lower_strict())
    assert found.latest == as_library(expected.upper_strict())


@given(st.dates())
def test_a_day_is_its_own_bounds_and_lies_within_those_of_what_holds_it(drawn: date) -> None:
    assert bounds(drawn.isoformat()) == Bounds(drawn, drawn)
    for text in (f"{drawn.isoformat()[:7]}", f"{drawn.isoformat()[:4]}"):
        found = bounds(text)
        assert found.earliest is not None
        assert found.latest is not None
        assert found.earliest <= drawn <= found.latest
        # The bounds are tight: the day before and the day after are written otherwise.
        assert found.earliest.isoformat().startswith(text)
        assert found.latest.isoformat().startswith(text)
        if found.latest < date.max:
            assert not (found.latest + timedelta(1)).isoformat().startswith(text)
        if found.earliest > date.min:
            assert not (found.earliest - timedelta(1)).isoformat().startswith(text)


@given(st.integers(1, 9999))
def test_the_29th_of_february_stands_in_leap_years_only(year: int) -> None:
    text = f"{year:04}-02-29"
    if isleap(year):
        assert bounds(text) == Bounds(date(year, 2, 29), date(year, 2, 29))
    else:
        with pytest.raises(EdtfError, match=f"February {year} has 28 days"):
            bounds(text)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("11/2020", "2020-11"),
        ("2020/11", "2020-11"),
        ("2016-9", "2016-09"),
        ("2016-9-5", "2016-09-05"),
        ("2016/9/5", "2016-09-05"),
        ("20160905", "2016-09-05"),
        ("25/11/2020", "2020-11-25"),
        ("11/25/2020", "2020-11-25"),
        ("25.11.2020", "2020-11-25"),
        ("2016-09-15T10:30:00Z", "2016-09-15"),
        ("2016-09-15 10:30", "2016-09-15"),
        ("2016-00", "2016"),
        ("2016-09-00", "2016-09"),
        ("٢٠١٦", "2016"),
        ("۲۰۱۶", "2016"),
        ("٣١/١٢/٢٠١٩", "2019-12-31"),
        ("٢٠٠٣/..", "2003/.."),
        ("\u200f2016", "2016"),
        (" 2016\n", "2016"),
        ("2003-", "2003/.."),
        ("2003/now", "2003/.."),
        ("2003/open", "2003/.."),
        ("2003/...", "2003/.."),
        ("open/2003", "../2003"),
        ("2003/unknown", "2003/"),
        ("2003–2006", "2003/2006"),
        ("2003 / 2006", "2003/2006"),
        ("2016/2014", "2014/2016"),
        ("2016-9/2016-10", "2016-09/2016-10"),
        ("198x", "198X"),
        ("198u", "198X"),
        ("1980s", "198X"),
        ("2016-xx", "2016-XX"),
        ("c. 2016", "2016~"),
        ("2016?~", "2016%"),
        ("2021/02/03", "2021-02-03"),
        ("1985-9-3", "1985-09-03"),
        ("٢٠٢١-٠٢-٠٣", "2021-02-03"),
        ("۲۰۲۱/۲/۳", "2021-02-03"),
        ("4/4/2021", "2021-04-04"),
        ("Feb 2021", "2021-02"),
        ("FEBRUARY 2021", "2021-02"),
        ("2021 Feb", "2021-02"),
        ("3 Feb 2021", "2021-02-03"),
        ("Feb. 3rd, 2021", "2021-02-03"),
        ("3rd of February 2021", "2021-02-03"),
        ("شباط ٢٠٢١", "2021-02"),
        ("٣ فبراير ٢٠٢١", "2021-02-03"),
        ("11 كانون الأول 2019", "2019-12-11"),
        ("٧ تشرين الثاني ٢٠١٩", "2019-11-07"),
        ("15ی ئازاری 2020", "2020-03-15"),
        ("کانوونی دووەم 2020", "2020-01"),
        ("Feb 2021/Mar 2021", "2021-02/2021-03"),
        ("2019-00-00", "2019"),
        ("2019-05-00", "2019-05"),
        ("2019..2020", "2019/2020"),
        ("2019-05..2020-06-01", "2019-05/2020-06-01"),
        # Words around it: the year, its era, since, until, from and to.
        ("عام 2019", "2019"),
        ("سنة ٢٠١٩ م", "2019"),
        ("ساڵی ٢٠١٩", "2019"),
        ("لە ساڵی ٢٠١٩", "2019"),
        ("2019م", "2019"),
        ("2019ز", "2019"),
        ("2019 AD", "2019"),
        ("the year 2019", "2019"),
        ("في مايو 2019", "2019-05"),
        ("منذ 2019", "2019/.."),
        ("منذ عام ٢٠١٩", "2019/.."),
        ("منذ أيار 2019", "2019-05/.."),
        ("since 2019", "2019/.."),
        ("لە ٢٠١٩ەوە", "2019/.."),
        ("لە ئازاری ٢٠٢٠ەوە", "2020-03/.."),
        ("حتى 2019", "../2019"),
        ("until 2019", "../2019"),
        ("تا ٢٠٢٠", "../2020"),
        ("من 2019 إلى 2020", "2019/2020"),
        ("من عام 2019 حتى عام 2021", "2019/2021"),
        ("from May 2019 to June 2020", "2019-05/2020-06"),
        ("بين 2019 و2020", "2019/2020"),
        ("لە ٢٠١٩ تا ٢٠٢٠", "2019/2020"),
    ],
)
def test_what_was_meant_is_suggested(text: str, suggestion: str) -> None:
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert caught.value.suggestions == (suggestion,)
    assert caught.value.remedy == f"Write: {suggestion}"
    bounds(suggestion)


CALENDAR = " Write a day from 01 to {days}, or {month} if the day is not known."
MONTHS = " Months run from 01 to 12."


@pytest.mark.parametrize(
    ("text", "nearest", "remedy"),
    [
        # The last day of the month, which Feb 29 of most years is one beyond.
        ("2021-02-30", ("2021-02-28",), CALENDAR.format(days=28, month="2021-02")),
        ("2021-02-29", ("2021-02-28",), CALENDAR.format(days=28, month="2021-02")),
        ("2020-02-30", ("2020-02-29",), CALENDAR.format(days=29, month="2020-02")),
        ("2016-06-31", ("2016-06-30",), CALENDAR.format(days=30, month="2016-06")),
        ("٢٠٢١-٠٢-٣٠", ("2021-02-28",), ""),
        ("30-02-2021", ("2021-02-28",), ""),
        ("31/4/2021", ("2021-04-30",), ""),
        ("20210230", ("2021-02-28",), ""),
        ("30 Feb 2021", ("2021-02-28",), ""),
        ("30 شباط 2021", ("2021-02-28",), ""),
        # Day and month in each other's place, or a month too many: both are one step away.
        ("2021-13-01", ("2021-01-13", "2021-12-01"), MONTHS),
        ("2021-31-12", ("2021-12-31",), MONTHS),
        ("2016-21-01", ("2016-01-21",), MONTHS),
        ("2021-13-31", ("2021-12-31",), MONTHS),
        (
            "2016-13",
            ("2016-12",),
            " Months run from 01 to 12; 21 to 24 are spring, summer, autumn and winter.",
        ),
        # Of an interval the side that is wrong.
        (
            "2021-02-30/2021-03-05",
            ("2021-02-28/2021-03-05",),
            CALENDAR.format(days=28, month="2021-02"),
        ),
        ("2021-02-01/30-02-2021", ("2021-02-01/2021-02-28",), ""),
    ],
)
def test_for_a_day_that_there_is_not_the_nearest_is_suggested(
    text: str, nearest: tuple[str, ...], remedy: str
) -> None:
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert caught.value.suggestions == nearest
    told = f"Did you mean {' or '.join(nearest)}?{remedy}"
    assert caught.value.remedy.replace("\n", " ") == told


@pytest.mark.parametrize("text", ["5/11/2020", "5.11.2020", "05-11-2020", "٥/١١/٢٠٢٠"])
def test_where_day_and_month_may_each_come_first_both_are_shown(text: str) -> None:
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert caught.value.suggestions == ("2020-11-05", "2020-05-11")
    assert caught.value.remedy == (
        "Write year, month, day: 2020-11-05 or 2020-05-11, whichever is meant."
    )


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(29, 31))
def test_the_nearest_day_is_that_of_the_calendar(year: int, month: int, day: int) -> None:
    """As `date` counts: from the day asked for backwards to the first that there is."""
    possible = []
    for each in range(day, 0, -1):
        with contextlib.suppress(ValueError):
            possible.append(date(year, month, each))
    text = f"{year:04}-{month:02}-{day:02}"
    if possible[0].day == day:
        assert bounds(text) == Bounds(possible[0], possible[0])
        return
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert caught.value.suggestions == (possible[0].isoformat(),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2021-02-32", "February 2021 has 28 days. Write a day from 01 to 28, or 2021-02 if"),
        ("2021-02-99", "February 2021 has 28 days"),
        ("2016-00-01", "there is no month 00"),
        ("2016-14", "there is no month 14"),
        ("2016-20-13", "there is no month 20"),
        ("0000-02-30", "years run from 0001 to 9999"),
        ("3-4-21", "Write a year, month or day as 2016"),
        ("Feb 21", "Write a year, month or day as 2016"),
        ("Smarch 2021", "Write a year, month or day as 2016"),
        ("2021-02-30/03/04/2021", "February 2021 has 28 days"),
        ("2016-33", "Write the months as an interval"),
        ("0000", "years run from 0001 to 9999"),
        ("00XX", "years run from 0001 to 9999"),
        ("-0044", "Years run from 0001 to 9999, in four digits"),
        ("Y20000", "Years run from 0001 to 9999, in four digits"),
        ("85", "Write the year in four digits"),
        ("201X-12", "digits may be unspecified only at the end"),
        ("1985-XX-15", "digits may be unspecified only at the end"),
        ("XXXX", "is no time in EDTF"),
        ("1XXX", "is no time in EDTF"),
        ("{2003,2006}", "Write an interval that covers the dates"),
        ("/", "has neither beginning nor end"),
        ("../..", "has neither beginning nor end"),
        ("2003/2004/2005", "is no time in EDTF"),
        ("2004-06-?11", "is no time in EDTF"),
        ("?2016", "is no time in EDTF"),
        ("Thursday", "Write a year, month or day as 2016"),
        ("1440هـ", "Write a year, month or day as 2016"),  # of another calendar
        ("قبل 2019", "Write a year, month or day as 2016"),
        ("2019 و 2020", "Write a year, month or day as 2016"),
        ("عام الفيل", "Write a year, month or day as 2016"),
        ("", "is no time in EDTF"),
        ("2" * 1_000_000, "a text of 1000000 characters"),
    ],
)
def test_what_is_refused_without_a_guess(text: str, words: str) -> None:
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert words in str(caught.value)
    assert caught.value.suggestions == ()


@given(st.text("0123456789X-/.?~% T٢xu–", max_size=MAX_LENGTH + 2))
def test_any_text_is_read_or_refused_and_suggestions_can_be_read(text: str) -> None:
    try:
        found = bounds(text)
    except EdtfError as error:
        for suggestion in error.suggestions:
            bounds(suggestion)
        return
    assert found.earliest or found.latest
    if found.earliest and found.latest:
        assert found.earliest <= found.latest


@given(st.text(max_size=20))
def test_a_refusal_shows_what_cannot_be_seen(text: str) -> None:
    try:
        bounds(text)
    except EdtfError as error:
        assert str(error).replace("\u2068", "").replace("\u2069", "").isprintable()


# What the ontology says of kg:earliest, kg:latest, kg:certainFrom and kg:certainUntil.


@pytest.mark.parametrize(
    ("start", "end", "time", "earliest", "latest", "certain_days"),
    [
        # The examples of the definitions.
        ("2016", "2020", None, "2016-01-01", "2020-12-31", ("2016-12-31", "2020-01-01")),
        # One end, or none, is known.
        ("2016", None, None, "2016-01-01", None, None),
        (None, "2020", None, None, "2020-12-31", None),
        (None, None, None, None, None, None),
        # Began some time from 2003 on; by when, nobody says.
        ("2003/..", "2010", None, "2003-01-01", "2010-12-31", None),
        ("2003/2005", "2010", None, "2003-01-01", "2010-12-31", ("2005-12-31", "2010-01-01")),
        # Began by 2003 at the latest: no first day, yet certain from then on.
        ("../2003", "2010", None, None, "2010-12-31", ("2003-12-31", "2010-01-01")),
        # Ended some time from 2010 on: no last day, yet certain until then.
        ("2003", "2010/..", None, "2003-01-01", None, ("2003-12-31", "2010-01-01")),
        ("2003", "../2010", None, "2003-01-01", "2010-12-31", None),
        ("2003/", "2010", None, "2003-01-01", "2010-12-31", None),
        # The stretch is empty, or a single day.
        ("2016", "2016", None, "2016-01-01", "2016-12-31", None),
        ("2016", "2017", None, "2016-01-01", "2017-12-31", ("2016-12-31", "2017-01-01")),
        ("2016-05-07", "2016-05-07", None, "2016-05-07", "2016-05-07", ("2016-05-07",) * 2),
        # A time: some moment within it.
        (None, None, "2006", "2006-01-01", "2006-12-31", None),
        (None, None, "2006-05-07", "2006-05-07", "2006-05-07", ("2006-05-07",) * 2),
        (None, None, "2006/2010", "2006-01-01", "2010-12-31", None),
        (None, None, "2003/..", "2003-01-01", None, None),
        # A time stands in for the end that is not given; given ends come first.
        ("2016", None, "2018", "2016-01-01", "2018-12-31", ("2016-12-31", "2018-01-01")),
        (None, "2020", "2018", "2018-01-01", "2020-12-31", ("2018-12-31", "2020-01-01")),
        ("2016", "2020", "2018", "2016-01-01", "2020-12-31", ("2016-12-31", "2020-01-01")),
        ("../2003", None, "2001", None, "2001-12-31", None),
        # What is doubted is not certain.
        ("2016?", "2020", None, "2016-01-01", "2020-12-31", None),
        ("2016", "2020~", None, "2016-01-01", "2020-12-31", None),
        # Of what is told to the day that day is certain, whatever else is not known.
        ("2019-05-01", None, None, "2019-05-01", None, ("2019-05-01",) * 2),
        (None, "2021-06-30", None, None, "2021-06-30", ("2021-06-30",) * 2),
        ("2019-05-01", "2019", None, "2019-05-01", "2019-12-31", ("2019-05-01",) * 2),
        ("2019", "2019-05-01", None, "2019-01-01", "2019-05-01", ("2019-05-01",) * 2),
        ("2019-05-01", "../2021", None, "2019-05-01", "2021-12-31", ("2019-05-01",) * 2),
        ("2019-05-01?", None, None, "2019-05-01", None, None),
        ("2019-05-01", "2021?", None, "2019-05-01", "2021-12-31", None),
        ("2020-01-01", "2016", None, "2020-01-01", "2016-12-31", None),
        # Out of order: for the shapes to refuse, and nothing certain.
        ("2020", "2016", None, "2020-01-01", "2016-12-31", None),
    ],
)
def test_computed_bounds(
    start: str | None,
    end: str | None,
    time: str | None,
    earliest: str | None,
    latest: str | None,
    certain_days: tuple[str, str] | None,
) -> None:
    first, last = certain_days or (None, None)
    assert computed_bounds(start, end, time) == ComputedBounds(
        earliest and day(earliest), latest and day(latest), first and day(first), last and day(last)
    )


years = st.integers(1990, 1999)


@given(years, years, years, years, st.data())
def test_nothing_certain_is_contradicted_by_any_life_within_the_bounds(
    a: int, b: int, c: int, d: int, data: st.DataObject
) -> None:
    start, end = f"{min(a, b)}/{max(a, b)}", f"{min(c, d)}/{max(c, d)}"
    computed = computed_bounds(start, end)
    began = data.draw(st.dates(date(min(a, b), 1, 1), date(max(a, b), 12, 31)))
    ended = data.draw(st.dates(date(min(c, d), 1, 1), date(max(c, d), 12, 31)))
    if computed.certain_from and computed.certain_until:
        assert began <= computed.certain_from <= computed.certain_until <= ended
        return
    # And it is not held back without need: some life has no day in the stretch.
    assert date(max(a, b), 12, 31) > date(min(c, d), 1, 1)


def test_errors_pass_through() -> None:
    with pytest.raises(EdtfError, match="28 days"):
        computed_bounds("2016", "2021-02-30")
    assert certain(None, bounds("2016")) is None


@pytest.mark.parametrize("text", ["32/13/2019", "13.13.0000", "2019/13/32", "00-00-2019"])
def test_numbers_that_are_no_day_in_any_order_are_told_to_be_none(text: str) -> None:
    """The year has its four digits: months and days are what is wrong."""
    with pytest.raises(EdtfError) as caught:
        bounds(text)
    assert caught.value.message == (
        f"{text} is no day of the calendar, whichever of its numbers is the month"
    )
    assert str(caught.value.remedy).startswith("Write year, month and day as 2016-09-15")
