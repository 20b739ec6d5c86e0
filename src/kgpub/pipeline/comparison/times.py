"""When facts hold, and how the times of two tellings of one fact stand to each other.

Possible days and certain stretches are those that the ontology computes (kg:earliest, kg:latest,
kg:certainFrom, kg:certainUntil). They do not tell the days among which a thing began from those
among which it ended, so that “from 2014” would lie around “from 2016”; to see whether one telling
is more exact than the other, beginning and end are compared each by itself, from the EDTF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from pyoxigraph import Literal

from kgpub.mapping.edtf import Bounds, EdtfError, bounds
from kgpub.pipeline.comparison.published import Described, is_true, text_of
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg

_DOUBT = re.compile("[?~%]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TOLD = (kg.start, kg.end, kg.time, kg.dayOfWeek, kg.current)

Stretch = tuple[str, str]


class Relation(Enum):
    """How one time stands to another."""

    same = "same"
    finer = "finer"
    coarser = "coarser"
    crossing = "crossing"
    apart = "apart"


@dataclass(frozen=True)
class Times:
    """The times of one telling. Days are texts as 2019-05-01, whose order is that of time."""

    texts: tuple[tuple[str, str], ...]
    start: Bounds | None
    end: Bounds | None
    time: Bounds | None
    earliest: str
    latest: str
    certain: Stretch | None
    current: bool
    doubted: bool
    relative: bool

    @classmethod
    def of(cls, described: Described) -> Times:
        """Read the times of a described fact; what is no EDTF counts as doubted."""
        texts = {
            predicate: text_of(values[0])
            for predicate in _TOLD
            if (values := described.get(predicate, ()))
        }
        read: dict[str, Bounds | None] = {}
        doubted = False
        for predicate in (kg.start, kg.end, kg.time):
            text = texts.get(predicate)
            try:
                read[predicate] = None if text is None else bounds(text)
            except EdtfError:
                read[predicate], doubted = None, True
            doubted |= _DOUBT.search(text or "") is not None
        days = {
            predicate: _day(described, predicate)
            for predicate in (kg.earliest, kg.latest, kg.certainFrom, kg.certainUntil)
        }
        certain = (days[kg.certainFrom], days[kg.certainUntil])
        dated = any(read.values()) or doubted
        return cls(
            tuple(
                (predicate.removeprefix(KG), text.rpartition("#")[2] or text)
                for predicate, text in texts.items()
            ),
            read[kg.start],
            read[kg.end],
            read[kg.time],
            days[kg.earliest],
            days[kg.latest],
            certain if all(certain) and not doubted else None,
            next(map(is_true, described.get(kg.current, ())), False),
            doubted,
            kg.dayOfWeek in texts and not dated,
        )

    @property
    def only_time(self) -> bool:
        """Whether beginning and end are not told apart."""
        return self.time is not None and self.start is None and self.end is None

    @property
    def spans(self) -> bool:
        """Whether a beginning or an end is told."""
        return self.start is not None or self.end is not None


def _day(described: Described, predicate: str) -> str:
    for value in described.get(predicate, ()):
        if isinstance(value, Literal) and _DAY.fullmatch(value.value):
            return value.value
    return ""


def side(mine: Bounds | None, theirs: Bounds | None) -> Relation:
    """Return how the possible days of a beginning, end or time stand to the other telling's."""
    if mine is None or theirs is None:
        if mine is theirs:
            return Relation.same
        return Relation.coarser if mine is None else Relation.finer
    first, last = mine.earliest or date.min, mine.latest or date.max
    other_first, other_last = theirs.earliest or date.min, theirs.latest or date.max
    if (first, last) == (other_first, other_last):
        if mine.qualified == theirs.qualified:
            return Relation.same
        return Relation.coarser if mine.qualified else Relation.finer
    if last < other_first or other_last < first:
        return Relation.apart
    if other_first <= first and last <= other_last:
        return Relation.finer
    if first <= other_first and other_last <= last:
        return Relation.coarser
    return Relation.crossing


def relation(mine: Times, theirs: Times) -> Relation:
    """Return how the times of two tellings stand to each other, as a whole.

    Finer where anything is told more exactly, or told where it was not, and nothing lies outside
    what the other allows. Crossing where the two may but need not speak of one period.
    """
    if mine.relative or theirs.relative:
        return Relation.crossing  # a weekday of another article is another day
    if days_apart(mine, theirs):
        return Relation.apart
    if (mine.current and theirs.latest) or (theirs.current and mine.latest):
        return Relation.crossing  # whether it had ended by the time of writing is not known
    if mine.only_time and theirs.spans:
        return Relation.coarser if _within(mine, theirs) else Relation.crossing
    if theirs.only_time and mine.spans:
        return Relation.finer if _within(theirs, mine) else Relation.crossing
    sides = {
        side(mine.start, theirs.start),
        side(mine.end, theirs.end),
        side(mine.time, theirs.time),
    }
    if sides & {Relation.apart, Relation.crossing}:
        return Relation.crossing
    if mine.current != theirs.current:
        sides.add(Relation.finer if mine.current else Relation.coarser)
    for each in (Relation.finer, Relation.coarser):
        if each in sides:
            return each
    return Relation.same


def _within(inner: Times, outer: Times) -> bool:
    """Whether all possible days of `inner` lie in the stretch for which `outer` certainly holds."""
    if outer.certain is None or inner.doubted or not (inner.earliest and inner.latest):
        return False
    return outer.certain[0] <= inner.earliest and inner.latest <= outer.certain[1]


def days_apart(one: Times, other: Times) -> bool:
    """Whether no day is possible for both."""
    return (bool(one.latest and other.earliest) and one.latest < other.earliest) or (
        bool(other.latest and one.earliest) and other.latest < one.earliest
    )


def overlap(one: Stretch | None, other: Stretch | None) -> bool:
    """Whether both certainly hold for more than the day on which one may hand over to the other."""
    if one is None or other is None:
        return False
    return one[0] < other[1] and other[0] < one[1]


def contradictory_dates(mine: Times, theirs: Times) -> bool:
    """Whether two tellings of one period, by what is certain, begin or end on different days."""
    if not overlap(mine.certain, theirs.certain):
        return False
    sides = (side(mine.start, theirs.start), side(mine.end, theirs.end))
    return Relation.apart in sides


def both_certain(one: Times, other: Times) -> bool:
    """Whether there is a time for which what is affirmed and what is denied both certainly hold.

    That day on which one stretch ends and the other begins may be the day of the change.
    """
    single = one.certain is not None and one.certain == other.certain
    return single or overlap(one.certain, other.certain)
