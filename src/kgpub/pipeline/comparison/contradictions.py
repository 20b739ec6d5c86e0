"""What cannot both be: each rule tells only what is certain, as the shapes do.

Times that a text doubts contradict nothing, and what is denied contradicts only its affirmation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from kgpub.model.comparison import Reason
from kgpub.pipeline.comparison.published import Node, Version
from kgpub.pipeline.comparison.saying import Saying
from kgpub.pipeline.comparison.telling import Mine, Tellings, text_of
from kgpub.pipeline.comparison.times import (
    Times,
    both_certain,
    contradictory_dates,
    days_apart,
    overlap,
)
from kgpub.vocabulary import KIND
from kgpub.vocabulary import terms as kg

ONCE_ONLY = (KIND + "birth", KIND + "death")
"""Kinds of events that happen to anybody at most once."""
_SUBJECT = f"<{KIND}subject-of-event>"


@dataclass
class Contradictions:
    """Published tellings that contradict a fact; `whole` where all there are were looked at."""

    found: list[tuple[Reason, Version]] = field(default_factory=list)
    whole: bool = True


def other_dates(mine: Mine, fact: NamedNode, said: Saying) -> bool:
    """Whether both affirm one period, or one named event, and give it dates that cannot both be."""
    if mine.saying.negated or said.negated:
        return False
    one, other = mine.saying.times, said.times
    if said.class_ == kg.Event:
        doubted = one.doubted or other.doubted
        return fact == mine.fact and not doubted and days_apart(one, other)
    if mine.saying.beyond(said) or said.beyond(mine.saying):
        return False
    return contradictory_dates(one, other)


def denied(mine: Mine, fact: NamedNode, said: Saying, tellings: Tellings) -> bool:
    """Whether one affirms what the other denies, for a time that both certainly cover."""
    denial, affirmation = (mine.saying, said) if mine.saying.negated else (said, mine.saying)
    if denial.beyond(affirmation):
        return False  # who is no leader of a party may be a member of it
    if both_certain(mine.saying.times, said.times):
        return True
    now = mine.saying.times.current and said.times.current
    return now and tellings.same_moment(mine, fact) is not None


def holders(mine: Mine, tellings: Tellings, told: Contradictions) -> None:
    """Add other holders of an office that one person holds, as shapes/tenure.ttl has them.

    And those with the same place in one series, as queries/disagreeing-holders.rq has.
    """
    said, published = mine.saying, tellings.published
    if said.class_ != kg.Tenure or said.negated:
        return
    counted = mine.described.get(kg.ordinal, ()), mine.described.get(kg.countedSince, ())
    if not (said.times.certain or said.times.current or all(counted)):
        return
    for office in mine.described.get(kg.office, ()):
        offices = published.equivalents(office)
        if not any(map(tellings.single_holder, offices)):
            continue
        tenures, whole = published.candidates([(kg.office, offices)])
        told.whole &= whole
        rivals = [each for each in tenures if _may_rival(said.times, counted, each, tellings)]
        for version in published.all_versions(rivals):
            other = tellings.said(version)
            if other is None or other.class_ != kg.Tenure or other.negated:
                continue
            if other.required.get(kg.person) == said.required.get(kg.person):
                continue
            series = (version.described.get(kg.ordinal), version.described.get(kg.countedSince))
            if overlap(said.times.certain, other.times.certain):
                told.found.append((Reason.two_holders, version))
            elif said.times.current and other.times.current:
                moment = tellings.same_moment(mine, version.fact)
                if moment is not None:
                    same = replace(version, statement=moment[0], graph=moment[1])
                    told.found.append((Reason.two_current_holders, same))
            elif all(counted) and counted == series:
                told.found.append((Reason.same_ordinal, version))


def _may_rival(
    mine: Times,
    counted: tuple[tuple[Node, ...], tuple[Node, ...]],
    tenure: NamedNode,
    tellings: Tellings,
) -> bool:
    """Whether a tenure may contradict one of these times: cheaper to see than to read it all."""
    look = tellings.published.values
    if mine.certain is not None:
        since = next(map(text_of, look(tenure, kg.certainFrom)), "")
        until = next(map(text_of, look(tenure, kg.certainUntil)), "")
        if overlap(mine.certain, (since, until)):
            return True
    if mine.current and look(tenure, kg.current):
        return True
    return all(counted) and bool(look(tenure, kg.ordinal))


def once_only(mine: Mine, tellings: Tellings, told: Contradictions) -> None:
    """Add other births, or deaths, of the same whose possible days do not meet with these."""
    said, published = mine.saying, tellings.published
    kinds = mine.described.get(kg.kind, ())
    if said.class_ != kg.Event or said.negated or said.times.doubted:
        return
    if not any(text_of(kind) in ONCE_ONLY for kind in kinds):
        return
    subjects = _subjects(said)
    for predicate, node in said.anchors:
        name = published.canonical(node)
        if predicate != kg.participation or name not in subjects:
            continue
        candidates, whole = published.candidates([(predicate, published.equivalents(node))])
        told.whole &= whole
        events = [each for each in candidates if published.has(each, kg.kind, kinds)]
        for version in published.all_versions(events):
            other = tellings.said(version)
            if (
                other is not None
                and other.class_ == kg.Event
                and not (other.negated or other.times.doubted)
                and version.described.get(kg.kind) == kinds
                and name in _subjects(other)
                and days_apart(said.times, other.times)
            ):
                told.found.append((Reason.once_only, version))


def _subjects(said: Saying) -> set[str]:
    """Return whom a birth or death happens to."""
    found: set[str] = set()
    for part in said.parts:
        values = dict(part)
        if _SUBJECT in values.get(kg.role, ()):
            found |= values.get(kg.participant, frozenset())
    return found
