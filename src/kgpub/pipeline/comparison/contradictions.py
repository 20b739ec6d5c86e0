"""What cannot both be: each rule tells only what is certain, as the shapes do.

Times that a text doubts contradict nothing, and what is denied contradicts only its affirmation.
Each rule is symmetric: which of the two tellings comes first does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.model.comparison import Reason
from kgpub.pipeline.comparison.saying import Saying, Telling
from kgpub.pipeline.comparison.times import (
    both_certain,
    contradictory_dates,
    days_apart,
    overlap,
)
from kgpub.vocabulary import KIND
from kgpub.vocabulary import terms as kg

ONCE_ONLY = frozenset((f"<{KIND}birth>", f"<{KIND}death>"))
"""Kinds of events that happen to anybody at most once."""
_SUBJECT = f"<{KIND}subject-of-event>"


@dataclass(frozen=True)
class Conflict:
    """A rule by which two tellings contradict each other.

    `together` where they do so only as two statements tell them that were written with each other.
    """

    reason: Reason
    together: bool = False


def of_the_same(one: Telling, other: Telling) -> Iterator[Conflict]:
    """Yield how two tellings of one fact, or of facts that say the same, contradict each other."""
    if one.saying.negated != other.saying.negated:
        yield from _denied(one.saying, other.saying)
    elif not one.saying.negated and _other_dates(one, other):
        yield Conflict(Reason.other_dates)


def _other_dates(one: Telling, other: Telling) -> bool:
    """Whether one period, or one named event, is given dates that cannot both be."""
    mine, theirs = one.saying, other.saying
    if mine.class_ == kg.Event:
        doubted = mine.times.doubted or theirs.times.doubted
        return one.fact == other.fact and not doubted and days_apart(mine.times, theirs.times)
    if mine.beyond(theirs) or theirs.beyond(mine):
        return False
    return contradictory_dates(mine.times, theirs.times)


def _denied(one: Saying, other: Saying) -> Iterator[Conflict]:
    """Yield where one affirms what the other denies, for a time that both certainly cover."""
    denial, affirmation = (one, other) if one.negated else (other, one)
    if denial.beyond(affirmation):
        return  # who is no leader of a party may be a member of it
    if both_certain(one.times, other.times):
        yield Conflict(Reason.denied)
    elif one.times.current and other.times.current:
        yield Conflict(Reason.denied, together=True)


def holds(one: Telling) -> bool:
    """Whether it is told of somebody that they hold an office."""
    return one.saying.class_ == kg.Tenure and not one.saying.negated


def of_holders(one: Telling, other: Telling) -> Iterator[Conflict]:
    """Yield how two tenures of an office that one person holds contradict, the strongest first.

    As shapes/tenure.ttl has it; and those with the same place in one series, as
    queries/disagreeing-holders.rq has it.
    """
    if not (holds(one) and holds(other)):
        return
    if one.saying.required.get(kg.person) == other.saying.required.get(kg.person):
        return
    mine, theirs = one.saying.times, other.saying.times
    if overlap(mine.certain, theirs.certain):
        yield Conflict(Reason.two_holders)
    elif mine.current and theirs.current:
        yield Conflict(Reason.two_current_holders, together=True)
    if one.series is not None and one.series == other.series:
        yield Conflict(Reason.same_ordinal)


def once_only(one: Telling) -> frozenset[str]:
    """Return whose birth or death is told, without doubt; nobody where none is."""
    said = one.saying
    if said.class_ != kg.Event or said.negated or said.times.doubted:
        return frozenset()
    if not said.required.get(kg.kind, frozenset()) & ONCE_ONLY:
        return frozenset()
    return frozenset(
        who
        for part in map(dict, said.parts)
        if _SUBJECT in part.get(kg.role, ())
        for who in part.get(kg.participant, ())
    )


def of_births(one: Telling, other: Telling) -> Iterator[Conflict]:
    """Yield where two births, or deaths, of the same have no possible day in common."""
    if (
        one.saying.required.get(kg.kind) == other.saying.required.get(kg.kind)
        and once_only(one) & once_only(other)
        and days_apart(one.saying.times, other.saying.times)
    ):
        yield Conflict(Reason.once_only)
