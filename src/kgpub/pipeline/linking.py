"""Links to Wikidata for the entities of a workspace: found, or left to people, or none.

What is found goes into `links-found.csv`, which the next build reads. People's decisions, in
`links.csv`, and what submissions declare, always win: nothing is looked up for an entity of which
that is known, and a pair that was rejected is no candidate again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kgpub.linking.caution import doubt
from kgpub.linking.entity import Candidate, Outcome, Source
from kgpub.model.links import Decisions, Found, FoundLink
from kgpub.pipeline.mentions import Named

MAX_CANDIDATES = 5
"""Candidates for review that are kept of each entity."""
LEAST_SCORE = 0.05
"""Score from which a candidate other than the first is worth a look."""

Decide = Callable[[Sequence[Candidate]], Outcome]


@dataclass(frozen=True)
class Linked:
    """What was found for an entity: candidates, best first, and the rows of the file."""

    named: Named
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    rows: tuple[FoundLink, ...] = ()


def find_links(
    named: Iterable[Named],
    source: Source,
    decide: Decide,
    decided: Decisions,
    day: str,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Linked]:
    """Look up all of `named` that have no item yet; `day` is today, as an ISO date.

    An item that another entity has, or that two would be linked to, is left to people, for one
    item is one entity; and so is one that `kgpub.linking.caution` has a doubt about.
    """
    everything = list(named)
    taken = {each.item: each.entity for each in everything if each.item}
    taken |= {item: entity for entity, item in decided.accepted.items()}
    known = {*decided.accepted, *decided.unlinked}
    found: list[Linked] = []
    for each in everything:
        if not each.item and each.entity not in known:
            progress(each.entity)
            found.append(_looked_up(each, source, decide, decided))
    wanted = Counter(each.candidates[0].item.qid for each in found if _is_linked(each))
    told: list[Linked] = []
    for linked in found:
        reason = _doubt(linked, taken, wanted) if _is_linked(linked) else ""
        sure = _left_to_people(linked, reason) if reason else linked
        told.append(replace(sure, rows=tuple(_rows(sure, source, day))))
    return told


def merged(found: Iterable[Linked], before: Iterable[FoundLink]) -> list[FoundLink]:
    """Return the rows of the file: what was found again as before keeps its day."""
    days = {replace(row, day=""): row.day for row in before}
    rows = [row for each in found for row in each.rows]
    return [replace(row, day=days.get(replace(row, day=""), row.day)) for row in rows]


def _doubt(linked: Linked, taken: Mapping[str, str], wanted: Mapping[str, int]) -> str:
    """Return why an item that seems to be an entity may be another one, or ""."""
    item = linked.candidates[0].item
    if item.qid in taken:
        return f"{item.qid} is linked to {taken[item.qid]} already."
    if wanted[item.qid] > 1:
        return f"{item.qid} fits {wanted[item.qid]} entities."
    return doubt(linked.named.mention, item)


def _is_linked(found: Linked) -> bool:
    return found.outcome is Outcome.linked


def _looked_up(named: Named, source: Source, decide: Decide, decided: Decisions) -> Linked:
    rejected = {item for entity, item in decided.rejected if entity == named.entity}
    limit = MAX_CANDIDATES + len(rejected)
    found = source.candidates(named.mention, limit)
    candidates = [each for each in found if each.item.qid not in rejected]
    likely = [each for each in candidates[1:MAX_CANDIDATES] if each.score >= LEAST_SCORE]
    return Linked(named, decide(candidates), (*candidates[:1], *likely))


def _left_to_people(found: Linked, reason: str) -> Linked:
    first, *others = found.candidates
    told = replace(first, evidence=(reason, *first.evidence))
    return replace(found, outcome=Outcome.review, candidates=(told, *others))


def _rows(found: Linked, source: Source, day: str) -> Iterator[FoundLink]:
    entity = found.named.entity
    if found.outcome is Outcome.nil:
        yield FoundLink(entity, "", Found.nil, looked_up_in=source.version, day=day)
        return
    outcome = Found.linked if _is_linked(found) else Found.candidate
    for each in found.candidates[: 1 if _is_linked(found) else MAX_CANDIDATES]:
        score = f"{each.score:.2f}"
        evidence = " ".join(each.evidence)
        at = source.version
        yield FoundLink(entity, each.item.qid, outcome, source.method, score, evidence, at, day)
