"""Published tellings that contradict a fact of a submission, found by the store's indexes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from kgpub.model.comparison import Reason
from kgpub.pipeline.comparison.contradictions import (
    Conflict,
    holds,
    of_births,
    of_holders,
    once_only,
)
from kgpub.pipeline.comparison.published import Version, text_of
from kgpub.pipeline.comparison.saying import Telling
from kgpub.pipeline.comparison.telling import Mine, Tellings
from kgpub.pipeline.comparison.times import overlap
from kgpub.vocabulary import terms as kg


@dataclass
class Opposed:
    """Published tellings that contradict a fact; `whole` where all there are were looked at."""

    found: list[tuple[Reason, Version]] = field(default_factory=list)
    whole: bool = True

    def add(
        self, conflicts: Iterable[Conflict], mine: Mine, version: Version, tellings: Tellings
    ) -> None:
        """Add the first of the conflicts that holds of the statements that tell the two."""
        for conflict in conflicts:
            if conflict.together:
                moment = tellings.same_moment(mine, version.fact)
                if moment is None:
                    continue
                version = replace(version, statement=moment[0], graph=moment[1])
            self.found.append((conflict.reason, version))
            return


def holders(mine: Mine, tellings: Tellings, opposed: Opposed) -> None:
    """Add other holders of an office that one person holds."""
    times, published = mine.saying.times, tellings.published
    if not holds(mine) or not (times.certain or times.current or mine.series):
        return
    for office in mine.described.get(kg.office, ()):
        offices = published.equivalents(office)
        if not any(map(tellings.single_holder, offices)):
            continue
        tenures, whole = published.candidates([(kg.office, offices)])
        opposed.whole &= whole
        rivals = [each for each in tenures if _may_rival(mine, each, tellings)]
        for version in published.all_versions(rivals):
            said = tellings.said(version)
            if said is not None:
                other = Telling(version.fact, version.described, said)
                opposed.add(of_holders(mine, other), mine, version, tellings)


def _may_rival(mine: Mine, tenure: NamedNode, tellings: Tellings) -> bool:
    """Whether a tenure may contradict one of these times: cheaper to see than to read it all."""
    look, times = tellings.published.values, mine.saying.times
    if times.certain is not None:
        since = next(map(text_of, look(tenure, kg.certainFrom)), "")
        until = next(map(text_of, look(tenure, kg.certainUntil)), "")
        if overlap(times.certain, (since, until)):
            return True
    if times.current and look(tenure, kg.current):
        return True
    return mine.series is not None and bool(look(tenure, kg.ordinal))


def births(mine: Mine, tellings: Tellings, opposed: Opposed) -> None:
    """Add other births, or deaths, of the same whose possible days do not meet with these."""
    said, published = mine.saying, tellings.published
    subjects = once_only(mine)
    kinds = mine.described.get(kg.kind, ())
    for predicate, node in said.anchors:
        if predicate != kg.participation or published.canonical(node) not in subjects:
            continue
        candidates, whole = published.candidates([(predicate, published.equivalents(node))])
        opposed.whole &= whole
        events = [each for each in candidates if published.has(each, kg.kind, kinds)]
        for version in published.all_versions(events):
            other = tellings.said(version)
            if other is not None:
                theirs = Telling(version.fact, version.described, other)
                opposed.add(of_births(mine, theirs), mine, version, tellings)
