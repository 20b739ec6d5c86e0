"""The holders of an office in order, and the times between them of which nothing is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kgpub.pages.timeline import day
from kgpub.pages.told import Told
from kgpub.pages.view import View
from kgpub.vocabulary import terms as kg


@dataclass(frozen=True, slots=True)
class Gap:
    """The first and the last day of a time in which nobody told of held an office."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Holders:
    """Tenures with a known bound and gaps, in the order of time, and tenures without any."""

    dated: list[Told | Gap]
    undated: list[Told]


def holders(view: View, tenures: Sequence[Told], whole: bool = True) -> Holders:
    """Return the tenures of an office, which are in the order of time already.

    A gap is only where everybody before it has an end and the next one a beginning, both told as
    such: who held the office "in 2006" may have done so before and after. A denied tenure is no
    holder's. Unless the tenures are the first of the `whole` no gap is told: one that is not here
    may fill it.
    """
    dated: list[Told | Gap] = []
    last: date | None = date.min
    for each in (each for each in tenures if any(each.bounds)):
        start, end = _beginning(view, each), _end(view, each)
        if not each.negated:
            gap = _between(last, start) if whole and last != date.min else None
            if gap is not None:
                dated.append(gap)
            last = None if last is None or end is None else max(last, end)
        dated.append(each)
    return Holders(dated, [each for each in tenures if not any(each.bounds)])


def _beginning(view: View, tenure: Told) -> date | None:
    """Return the first day on which a tenure can have begun, None where no beginning is told."""
    return day(tenure.bounds[0]) if _exact(view.value(tenure.iri, kg.start)) else None


def _end(view: View, tenure: Told) -> date | None:
    """Return the last day on which a tenure can have ended, None where no end is told."""
    return day(tenure.bounds[1]) if _exact(view.value(tenure.iri, kg.end)) else None


def _exact(edtf: str | None) -> bool:
    """Tell whether a time is neither unknown nor about or perhaps what it says (EDTF, level 1)."""
    return edtf is not None and not set("~?%") & set(edtf)


def _between(last: date | None, start: date | None) -> Gap | None:
    if last is None or start is None:
        return None
    gap = Gap(last + timedelta(days=1), start - timedelta(days=1))
    return gap if gap.first <= gap.last else None
