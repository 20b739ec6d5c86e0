"""Times as articles give them, in EDTF, and the days that bound them.

EDTF is the Extended Date/Time Format of ISO 8601-2:2019, read here as the Library of Congress
profile of it (4 February 2019) describes it: of level 0 the dates and intervals, of level 1
qualification, unspecified digits, seasons and open intervals. What is outside this subset, such
as times of day, negative and five-digit years and all of level 2, is refused with a remedy.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kgpub.mapping.date_readings import either_way, near, readings
from kgpub.messages import Lines, Message

MAX_LENGTH = 40
"""Characters that a text may have; the longest of the subset has 23."""

OPEN = ".."

_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?"
    r"(?P<qualifier>[?~%]?)"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERS = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{4}|[0-9]{4}([./])[0-9]{1,2}\2[0-9]{1,2}")
"""A day, month and year, or year, month and day, as many write them."""
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11)}
_WINTER = 24

_NUMBER = re.compile(r"[0-9]{4}\.[0-9]")
"""Where a spreadsheet took year and month for a number, nobody knows which month: 10 became 1."""

_FORMS = "edtf-forms"
"""The code of the remedy where nothing more is known of what was meant."""
_OF_CALENDAR = ("write-day", "months-range", "months-seasons", "write-date")
"""Codes of remedies that tell which days there are; others are about the form of the text."""


class EdtfError(ValueError):
    """The text is no time of the subset. `suggestions` are such times, which may be meant."""

    def __init__(
        self, message: Message, remedy: Message, suggestions: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{message}. {remedy}")
        self.message = message
        self.remedy = remedy
        self.suggestions = suggestions


@dataclass(frozen=True)
class Bounds:
    """The first and the last day that a time covers; None where it has no known one.

    `qualified` says that the text itself doubts its time, wholly or in part (`?`, `~`, `%`): the
    days are then those of the time as written, and the true time may lie outside them.
    """

    earliest: date | None
    latest: date | None
    qualified: bool = False


@dataclass(frozen=True)
class ComputedBounds:
    """The values of kg:earliest, kg:latest, kg:certainFrom and kg:certainUntil, or None."""

    earliest: date | None = None
    latest: date | None = None
    certain_from: date | None = None
    certain_until: date | None = None


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """Return the first and the last day covered by `text`, a time in EDTF.

    An open end (`..`) and an unknown one (empty) both give None. Seasons, whose days the
    standard leaves open, are those of the northern hemisphere in whole months: 21 March to May,
    22 June to August, 23 September to November. 24, winter, is the first of January of its year
    to the end of February of the next, since “the winter of 2016” may be either winter.
    Raises EdtfError.
    """
    try:
        return _read(text)
    except EdtfError as error:
        if _NUMBER.fullmatch(text):
            raise EdtfError(error.message, Message("edtf-number")) from None
        advice = advised(text, error.remedy)
        if advice is None and _NUMBERS.fullmatch(text):
            raise EdtfError(Message("edtf-numbers", time=text), Message("write-day-as")) from None
        if advice is None:
            raise
        raise EdtfError(error.message, *advice) from None


def advised(
    text: str, remedy: Message | None = None, wanted: Callable[[str], bool] = lambda _: True
) -> tuple[Message, tuple[str, ...]] | None:
    """Return how to mend `text`, which is no time, and the times that it may be meant to say.

    Only what is `wanted` is advised. Where the text can be read in one way, that is it; where day
    and month may each come first, both are; else what is nearest in the calendar, beside `remedy`.
    None where nothing is near, or nothing is wrong.
    """
    if len(text) > MAX_LENGTH or (_is_time(text) and wanted(text)):
        return None
    read = next((each for each in _readable(text) if wanted(each)), None)
    both = tuple(each for each in either_way(text) if _is_time(each) and wanted(each))
    if read is None and len(both) == 2:
        return Message("write-year-month-day", one=both[0], other=both[1]), both
    if read is None and both:
        read = both[0]
    if read is not None:
        return Message("write-suggestion", suggestion=read), (read,)
    nearest = tuple(each for each in _nearest(text) if wanted(each))
    if not nearest:
        return None
    names = Lines([Message("a-name", name=each) for each in nearest], Message("or"))
    kept = [remedy] if remedy is not None and remedy.code in _OF_CALENDAR else []
    return Lines([Message("did-you-mean", name=names), *kept]), nearest


def _readable(text: str) -> Iterator[str]:
    """Yield what `text` may have been meant to be, as far as it can be read."""
    sides = text.split("/")
    candidates = list(readings(text))
    if len(sides) == 2:
        first, last = (next(_readable(side), side) for side in sides)
        candidates += [f"{first}/{last}", f"{last}/{first}"]
    yield from filter(_is_time, candidates)


def _nearest(text: str) -> tuple[str, ...]:
    """Return the times nearest to what `text` may say, if there were such days."""
    for candidate in (*readings(text), *either_way(text)):
        found = tuple(filter(_is_time, near(candidate)))
        if found:
            return found
    sides = text.split("/")
    if len(sides) != 2:
        return ()
    mended = [(side,) if _is_time(side) else _nearest(side) for side in sides]
    whole = f"{mended[0][0]}/{mended[1][0]}" if all(len(each) == 1 for each in mended) else ""
    return (whole,) if _is_time(whole) else ()


def _is_time(text: str) -> bool:
    try:
        _read(text)
    except EdtfError:
        return False
    return True


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, YYYY-MM-DD."""
    return _DAY.fullmatch(text) is not None and _is_time(text)


def computed_bounds(
    start: str | None = None, end: str | None = None, time: str | None = None
) -> ComputedBounds:
    """Return what the ontology computes for a thing with these times, each EDTF or None.

    `time` stands in for `start`, and for `end`, where that is not given. A start that is an
    interval is the days among which it began: `2003/..` is some day from 2003 on, so its earliest
    day is known and a day by which it has certainly begun is not. Raises EdtfError.
    """
    began = _given(start, time)
    ended = _given(end, time)
    stretch = certain(began, ended)
    return ComputedBounds(
        began.earliest if began else None,
        ended.latest if ended else None,
        stretch[0] if stretch else None,
        stretch[1] if stretch else None,
    )


def certain(began: Bounds | None, ended: Bounds | None) -> tuple[date, date] | None:
    """Return the first and the last day on which a thing certainly holds, or None.

    They are the last day on which it can have begun and the first on which it can have ended; but
    where no day lies between these, or one is not known, the day on which it began or ended, if the
    text tells that day. Nothing is certain where the text doubts a time: what may have begun in
    2016 is not known to have begun by the end of it.
    """
    given = [each for each in (began, ended) if each is not None]
    if any(each.qualified for each in given):
        return None
    first = None if began is None else began.latest
    last = None if ended is None else ended.earliest
    if first is not None and last is not None and first <= last:
        return first, last
    for each in given:
        day = each.earliest
        if day is not None and day == each.latest and _possible(day, began, ended):
            return day, day
    return None


def _possible(day: date, began: Bounds | None, ended: Bounds | None) -> bool:
    """Whether a thing can have begun by `day`, and ended no earlier."""
    first = None if began is None else began.earliest
    last = None if ended is None else ended.latest
    return (first is None or first <= day) and (last is None or day <= last)


def _given(text: str | None, otherwise: str | None) -> Bounds | None:
    chosen = otherwise if text is None else text
    return None if chosen is None else bounds(chosen)


def _read(text: str) -> Bounds:
    if len(text) > MAX_LENGTH:
        raise EdtfError(Message("edtf-too-long", length=len(text)), Message(_FORMS))
    left, slash, right = text.partition("/")
    if not slash:
        return _date(text, text)
    if left in ("", OPEN) and right in ("", OPEN):
        message = Message("edtf-endless", time=_quoted(text))
        raise EdtfError(message, Message("leave-time-out"))
    first = None if left in ("", OPEN) else _date(left, text)
    last = None if right in ("", OPEN) else _date(right, text)
    earliest = first.earliest if first else None
    latest = last.latest if last else None
    if earliest and latest and earliest > latest:
        raise EdtfError(Message("edtf-reversed", time=text), Message("write-earlier-first"))
    qualified = any(side is not None and side.qualified for side in (first, last))
    return Bounds(earliest, latest, qualified)


def _date(text: str, whole: str) -> Bounds:
    match = _DATE.fullmatch(text)
    if not match:
        raise _refusal(text, whole)
    year, month, day = match["year"], match["month"], match["day"]
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        raise EdtfError(Message("edtf-year", time=text), Message("leave-early-out"))
    qualified = match["qualifier"] != ""
    if month is None:
        return Bounds(date(first, 1, 1), date(last, 12, 31), qualified)
    if first != last or (month == "XX" and day not in (None, "XX")):
        raise EdtfError(Message("edtf-unspecified", time=text), Message("write-known-parts"))
    if month == "XX":
        return Bounds(date(first, 1, 1), date(first, 12, 31), qualified)
    start, end = _days(first, int(month), day, text)
    return Bounds(start, end, qualified)


def _days(year: int, month: int, day: str | None, text: str) -> tuple[date, date]:
    """Return the first and last day of a month, season (21 to 24) or day."""
    if month > 12 and day is None:
        return _season(year, month, text)
    if not 1 <= month <= 12:
        message = Message("edtf-month", time=text, month=f"{month:02}")
        raise EdtfError(message, Message("months-range"))
    length = monthrange(year, month)[1]
    if day is None or day == "XX":
        return date(year, month, 1), date(year, month, length)
    if not 1 <= int(day) <= length:
        name = f"{month_name[month]} {year}"
        raise EdtfError(
            Message("edtf-day", time=text, english=name, days=length),
            Message("write-day", days=length, month=f"{year:04}-{month:02}"),
        )
    return date(year, month, int(day)), date(year, month, int(day))


def _season(year: int, code: int, text: str) -> tuple[date, date]:
    if code == _WINTER:
        if year == date.max.year:
            return date(year, 1, 1), date.max
        return date(year, 1, 1), date(year + 1, 2, monthrange(year + 1, 2)[1])
    if code not in _SEASONS:
        remedy = (
            Message("write-months", example=f"{year:04}-01/{year:04}-03")
            if 25 <= code <= 41
            else Message("months-seasons")
        )
        raise EdtfError(Message("edtf-month", time=text, month=f"{code:02}"), remedy)
    first, last = _SEASONS[code]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _refusal(text: str, whole: str) -> EdtfError:
    message = Message("not-edtf", time=_quoted(whole))
    if re.fullmatch(r"-[0-9]{4,}|Y-?[0-9]+|[0-9]{5}|[0-9]{7}", text):
        return EdtfError(message, Message("years-in-four-digits"))
    if re.fullmatch(r"['’]?[0-9]{1,3}s?", text):
        return EdtfError(message, Message("write-four-digits"))
    if text[:1] in "{[" and text:
        return EdtfError(message, Message("write-interval"))
    return EdtfError(message, Message(_FORMS))


def _quoted(text: str) -> str:
    """Show a text of unknown origin: what cannot be seen written out, direction isolated."""
    shown = "".join(
        character if character.isprintable() else f"‹U+{ord(character):04X}›" for character in text
    )
    return shown if shown.isascii() else f"\u2068{shown}\u2069"
