"""Which tellings of a dataset may contradict each other: those of one group, looked up in order.

The time grows with the tellings and the pairs that meet, not with the square of a group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kgpub.pipeline.comparison.contradictions import (
    Conflict,
    holds,
    of_births,
    of_holders,
    of_the_same,
    once_only,
)
from kgpub.pipeline.comparison.gathered import Gathered, Stated
from kgpub.pipeline.comparison.saying import Telling
from kgpub.vocabulary import terms as kg

Pair: TypeAlias = tuple[Stated, Stated]
Partition: TypeAlias = Callable[[Stated], Hashable]
"""Parts a group: two tellings for which it gives the same cannot contradict each other."""


@dataclass(frozen=True)
class Group:
    """Pairs of tellings that may contradict each other by `rule`, all about what `name` names."""

    name: str
    rule: Callable[[Telling, Telling], Iterable[Conflict]]
    pairs: Iterator[Pair]


def groups(gathered: Gathered, stated: Sequence[Stated]) -> Iterator[Group]:
    """Yield all groups, and in each its pairs, in an order that is that of what is told."""
    yield from _of_the_same(gathered, stated)
    yield from _of_holders(gathered, stated)
    yield from _of_births(stated)


def _grouped(
    stated: Iterable[Stated], keys: Callable[[Stated], Iterable[Hashable]]
) -> Iterator[tuple[Hashable, list[Stated]]]:
    found: dict[Hashable, list[Stated]] = defaultdict(list)
    for each in stated:
        for key in keys(each):
            found[key].append(each)
    for key, members in found.items():
        if len(members) > 1:
            yield key, members


def _of_the_same(gathered: Gathered, stated: Sequence[Stated]) -> Iterator[Group]:
    for _, members in _grouped(stated, lambda each: (each.telling.fact,)):
        name = members[0].telling.fact.value
        # Only events with a name of their own are told in several ways.
        pairs = ((one, other) for i, other in enumerate(members) for one in members[:i])
        yield Group(name, of_the_same, pairs)
    for _, members in _grouped(stated, _same_keys):
        name = members[0].telling.fact.value
        yield Group(name, of_the_same, _alike(gathered, members))


def _same_keys(each: Stated) -> Iterator[Hashable]:
    """Yield what two tellings that say the same have in common."""
    said = each.telling.saying
    if not said.anchors:
        return
    same = (said.class_, frozenset(said.required.items()), said.parts, tuple(said.texts))
    if not said.texts:
        yield same
    for text in sorted(next(iter(said.texts.values()), ())):
        yield same, text


def _alike(gathered: Gathered, members: Sequence[Stated]) -> Iterator[Pair]:
    for one, other in _met(gathered, members, _period, lambda each: each.telling.saying.negated):
        if one.telling.saying.same(other.telling.saying):
            yield one, other


def _period(each: Stated) -> Hashable:
    said = each.telling.saying
    if said.negated:
        return None
    return kg.Event if said.class_ == kg.Event else (said.times.start, said.times.end)


def _of_holders(gathered: Gathered, stated: Sequence[Stated]) -> Iterator[Group]:
    single = gathered.single_holder()

    def offices(each: Stated) -> Iterable[str]:
        return sorted(single & each.telling.saying.required.get(kg.office, frozenset()))

    tenures = [each for each in stated if holds(each.telling)]
    for office, members in _grouped(tenures, offices):
        yield Group(str(office).strip("<>"), of_holders, _rivals(gathered, members))


def _rivals(gathered: Gathered, members: Sequence[Stated]) -> Iterator[Pair]:
    yield from _met(gathered, members, _person, _person)
    counted = [each for each in members if each.telling.series is not None]
    for _, alike in _grouped(counted, lambda each: (each.telling.series,)):
        yield from _across(alike, _person)


def _person(each: Stated) -> Hashable:
    return each.telling.saying.required.get(kg.person)


def _of_births(stated: Sequence[Stated]) -> Iterator[Group]:
    def keys(each: Stated) -> Iterator[Hashable]:
        for who in sorted(once_only(each.telling)):
            yield who, each.telling.saying.required.get(kg.kind)

    for key, members in _grouped(stated, keys):
        who = str(key[0]) if isinstance(key, tuple) else ""
        yield Group(who.strip("<>"), of_births, _apart(members))


def _met(
    gathered: Gathered, members: Sequence[Stated], of_periods: Partition, of_moments: Partition
) -> Iterator[Pair]:
    """Yield pairs whose certain stretches meet, and pairs that are current at one moment."""
    yield from _overlapping(members, of_periods)
    current = [each for each in members if each.telling.saying.times.current]

    def at(each: Stated) -> Iterable[str]:
        return sorted({at for statement in each.statements for at in gathered.moments(statement)})

    seen: set[Pair] = set()
    for _, alike in _grouped(current, at):
        for pair in _across(alike, of_moments):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _overlapping(members: Iterable[Stated], partition: Partition) -> Iterator[Pair]:
    dated = [
        (certain, each.order, each)
        for each in members
        if (certain := each.telling.saying.times.certain) is not None
    ]
    active: dict[Hashable, list[tuple[str, Stated]]] = {}
    for (since, until), _, each in sorted(dated, key=lambda member: member[:2]):
        mine = partition(each)
        for key in [key for key in active if key != mine]:
            active[key] = [other for other in active[key] if other[0] >= since]
            for _, other in active[key]:
                yield other, each
            if not active[key]:
                del active[key]
        active.setdefault(mine, []).append((until, each))


def _across(members: Iterable[Stated], partition: Partition) -> Iterator[Pair]:
    parts: dict[Hashable, list[Stated]] = {}
    for each in members:
        mine = partition(each)
        for key, others in parts.items():
            if key != mine:
                for other in others:
                    yield other, each
        parts.setdefault(mine, []).append(each)


def _apart(members: Iterable[Stated]) -> Iterator[Pair]:
    """Yield pairs of which the first is over before the second can have begun."""
    ordered = sorted(members, key=lambda each: (each.telling.saying.times.latest, each.order))
    ended = [each for each in ordered if each.telling.saying.times.latest]
    for each in ordered:
        for other in ended:
            if other.telling.saying.times.latest >= each.telling.saying.times.earliest:
                break
            yield other, each
