"""Tenures and other facts in time: a list that says what the words tell, and a chart of it.

The chart has nothing but the four bounds of the data: what lies between kg:earliest and kg:latest
may be, what lies between kg:certainFrom and kg:certainUntil is certain, and a bound that is not
there is not known.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from kgpub.pages.rendering import Frame, Reference
from kgpub.pages.view import View, isolated, shortened
from kgpub.pages.when import when
from kgpub.vocabulary import terms as kg

WIDTH = 720
ROW = 44
EDGE = 48
"""Units at each side of the chart, where a bar goes whose bound is not known."""
AXIS = 28
MAX_BARS = 60
"""Rows of a chart; the list has all."""
MAX_LABEL = 70
"""Code points of a label in the chart."""
_LEAST_BAR = 4
_MAX_TICKS = 8
_STEPS = (3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)
"""Months from tick to tick; the longest is for the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Period:
    """What one fact tells of a time. `start`, `end` and `time` are EDTF, "" where not told.

    `subject` is what the time is of: the office on the page of a person, the person on that of an
    office. `fact` leads to the fact's own page.
    """

    subject: Reference
    fact: Reference
    start: str = ""
    end: str = ""
    time: str = ""
    earliest: date | None = None
    latest: date | None = None
    certain_from: date | None = None
    certain_until: date | None = None
    current: bool = False
    negated: bool = False

    @property
    def days(self) -> list[date]:
        """The bounds that are known."""
        bounds = (self.earliest, self.latest, self.certain_from, self.certain_until)
        return [each for each in bounds if each is not None]

    @property
    def in_order(self) -> tuple[date, date, str, str]:
        """A sort key: by what is known of the beginning, else of the end, else last."""
        first = self.earliest or self.latest or date.max
        return (first, self.latest or date.max, self.subject.text.text, self.fact.href or "")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar, in units of the chart."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A side of a bar whose bound is not known: a line from `near` to `far`, and a sign."""

    near: int
    far: int
    sign: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the chart, mirrored already where time runs to the left.

    `certain` is None where nothing is; `unknown` has the sides whose bound is not known.
    """

    label: str
    language: str
    y: int
    possible: Stretch
    certain: Stretch | None
    unknown: tuple[Unknown, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the chart at the begin of a year or month."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing; `left_out` counts the dated periods beyond MAX_BARS."""

    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    label_x: int
    left_out: int
    width: int = WIDTH

    @property
    def axis(self) -> int:
        """Where the labels of the ticks begin."""
        return self.height - AXIS


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list."""

    period: Period
    when: Markup


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods in order; `chart` is None where no date is known."""

    entries: tuple[Entry, ...]
    chart: Chart | None


def period(view: View, fact: str, subject: Reference) -> Period:
    """Return what the fact with an IRI tells of its time."""
    return Period(
        subject,
        view.reference(fact),
        start=view.value(fact, kg.start) or "",
        end=view.value(fact, kg.end) or "",
        time=view.value(fact, kg.time) or "",
        earliest=day(view.value(fact, kg.earliest)),
        latest=day(view.value(fact, kg.latest)),
        certain_from=day(view.value(fact, kg.certainFrom)),
        certain_until=day(view.value(fact, kg.certainUntil)),
        current=is_true(view.value(fact, kg.current)),
        negated=is_true(view.value(fact, kg.negated)),
    )


def timeline(frame: Frame, periods: Iterable[Period]) -> Timeline:
    """Return periods in the order of time, told and drawn for the language of a page."""
    ordered = sorted(periods, key=lambda each: each.in_order)
    entries = tuple(Entry(each, told(frame, each)) for each in ordered)
    return Timeline(entries, chart(ordered, mirrored=frame.direction == "rtl"))


def told(frame: Frame, period: Period) -> Markup:
    """Return what is told of a time, in the language of a page, and what is not."""
    start, end, time = (when(frame, each) for each in (period.start, period.end, period.time))
    if period.start and period.end:
        line = frame.say("timeline-from-to", start=start, end=end)
    elif period.start:
        line = frame.say("timeline-from", start=start)
    elif period.end:
        line = frame.say("timeline-to", end=end)
    elif period.time:
        line = frame.say("timeline-time", time=time)
    else:
        line = frame.say("timeline-no-time")
    notes = [line]
    if period.current:
        notes.append(frame.say("timeline-current"))
    if period.negated:
        notes.append(frame.say("timeline-negated"))
    return frame.say("timeline-comma").join(notes)


def day(text: str | None) -> date | None:
    """Return the date that an xsd:date without a time zone gives, from year 1 to 9999, or None."""
    if text is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_true(text: str | None) -> bool:
    """Whether `text` is true as an xsd:boolean."""
    return text in ("true", "1")


def chart(periods: list[Period], mirrored: bool) -> Chart | None:
    """Return the drawing of those periods that have a date, or None where none has."""
    dated = [each for each in periods if each.earliest or each.latest]
    drawn = dated[:MAX_BARS]
    if not drawn:
        return None
    scale = Scale.of(drawn, mirrored)
    height = ROW * len(drawn) + AXIS
    bars = tuple(_bar(each, scale, ROW * row) for row, each in enumerate(drawn))
    return Chart(height, bars, scale.ticks(), WIDTH - 8 if mirrored else 8, len(dated) - len(drawn))


@dataclass(frozen=True, slots=True)
class Scale:
    """Months (year times 12, January 0) to units of the chart, from `first` to `last`."""

    first: int
    last: int
    step: int
    mirrored: bool

    @classmethod
    def of(cls, periods: list[Period], mirrored: bool) -> Scale:
        """Return the scale of all dates of `periods`, in whole years from tick to tick.

        Towards a side where a bound is not known it has a year more.
        """
        days = [day for each in periods for day in each.days]
        low = min(days).year - any(each.earliest is None for each in periods)
        high = max(days).year + 1 + any(each.latest is None for each in periods)
        first, last = low * 12, high * 12
        step = next(each for each in _STEPS if -(-last // each) - first // each <= _MAX_TICKS)
        return cls(first // step * step, -(-last // step) * step, step, mirrored)

    def x(self, months: float) -> int:
        """Return where a time stands, rounded to a unit."""
        along = (months - self.first) / (self.last - self.first) * (WIDTH - 2 * EDGE)
        return round(WIDTH - EDGE - along if self.mirrored else EDGE + along)

    def stretch(self, first: date | None, last: date | None) -> Stretch:
        """Return from the begin of one day to the end of another; unknown ones are the edges."""
        begin = self.x(_begin(first) if first else self.first)
        end = self.x(_end(last) if last else self.last)
        width = max(_LEAST_BAR, abs(end - begin))
        return Stretch(max(begin, end) - width if self.mirrored else min(begin, end), width)

    def unknown(self, late: bool) -> Unknown:
        """Return what stands beside the scale, where earlier or later times would be."""
        right = late != self.mirrored
        near, outward = (WIDTH - EDGE, 1) if right else (EDGE, -1)
        return Unknown(near, near + outward * EDGE * 2 // 3, near + outward * EDGE * 5 // 6)

    def ticks(self) -> tuple[Tick, ...]:
        """Return the ticks, labelled by year, or by year and month where they are closer."""
        return tuple(
            Tick(self.x(each), str(each // 12) if self.step >= 12 else _year_month(each))
            for each in range(self.first, self.last + 1, self.step)
        )


def _bar(period: Period, scale: Scale, y: int) -> Bar:
    sure = period.certain_from and period.certain_until
    return Bar(
        isolated(shortened(period.subject.text.text, MAX_LABEL)),
        period.subject.text.language,
        y,
        scale.stretch(period.earliest, period.latest),
        scale.stretch(period.certain_from, period.certain_until) if sure else None,
        tuple(
            scale.unknown(late)
            for late, bound in ((False, period.earliest), (True, period.latest))
            if bound is None
        ),
        period.negated,
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _begin(day: date) -> float:
    return _month(day) + (day.day - 1) / monthrange(day.year, day.month)[1]


def _end(day: date) -> float:
    return _month(day) + day.day / monthrange(day.year, day.month)[1]


def _year_month(months: int) -> str:
    return f"{months // 12}-{months % 12 + 1:02}"
