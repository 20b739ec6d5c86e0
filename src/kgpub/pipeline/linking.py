"""Links to Wikidata for the entities of a workspace: found, or left to people, or none.

What is found goes into `links-found.csv`, which the next build reads. People's decisions, in
`links.csv`, and what submissions declare, always win: nothing is looked up for an entity of which
that is known, and a pair that was rejected is no candidate again. Items are compared by what they
lead to: a redirect is the item that it was merged into.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kgpub.linking.caution import doubt
from kgpub.linking.entity import Candidate, Held, Mention, Outcome, Source, Type
from kgpub.model.links import Decisions, Found, FoundLink
from kgpub.names import read
from kgpub.pipeline.known_items import KnownItems
from kgpub.pipeline.mentions import Named

MAX_CANDIDATES = 5
"""Candidates for review that are kept of each entity."""
LEAST_SCORE = 0.05
"""Score from which a candidate other than the first is worth a look."""

Decide = Callable[[Sequence[Candidate]], Outcome]


@dataclass(frozen=True)
class Linked:
    """What was found for an entity: candidates, best first, and the rows of the file.

    `mention` is what the entity was looked up as, with the evidence that others' items give.
    """

    named: Named
    mention: Mention
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
    known: KnownItems | None = None,
) -> list[Linked]:
    """Look up all of `named` that have no item yet; `day` is today, as an ISO date.

    Places come first and people last: what is linked is evidence for those after it. An item that
    another entity has, or that two would be linked to, is left to people, for one item is one
    entity; and so is one that `kgpub.linking.caution` has a doubt about. `known` tells of items
    that are named already, else `source` does.
    """
    looking = _Looking(source, decide, decided, known or KnownItems((source.item,)), list(named))
    told: dict[str, Linked] = {}
    for stage in (_is_place, _is_no_place_or_person, _is_person):
        for linked in looking.stage(stage, progress):
            told[linked.named.entity] = replace(linked, rows=tuple(_rows(linked, source, day)))
    return [told[each.entity] for each in looking.everything if each.entity in told]


def merged(found: Iterable[Linked], before: Iterable[FoundLink]) -> list[FoundLink]:
    """Return the rows of the file: what was found again as before keeps its day."""
    days = {replace(row, day=""): row.day for row in before}
    rows = [row for each in found for row in each.rows]
    return [replace(row, day=days.get(replace(row, day=""), row.day)) for row in rows]


class _Looking:
    """One run: `_items` has the item of each entity, as far as that is known by now."""

    def __init__(
        self,
        source: Source,
        decide: Decide,
        decided: Decisions,
        known: KnownItems,
        everything: Sequence[Named],
    ) -> None:
        self.everything = everything
        self._source = source
        self._decide = decide
        self._known = known
        items = {each.entity: each.item for each in everything if each.item}
        items.update(decided.accepted)
        self._items = {entity: known.target(item) for entity, item in items.items()}
        self._unlinked = decided.unlinked
        self._rejected: dict[str, set[str]] = defaultdict(set)
        for entity, item in decided.rejected:
            self._rejected[entity].add(known.target(item))
        self._mentions = {each.entity: each.mention for each in everything}
        self._members: dict[str, list[str]] = defaultdict(list)
        for each in everything:
            for article in each.articles:
                self._members[article].append(each.entity)

    def stage(
        self, chosen: Callable[[Named], bool], progress: Callable[[str], None]
    ) -> list[Linked]:
        """Look up the chosen ones of the entities without an item, and keep what is linked."""
        found: list[Linked] = []
        for each in self.everything:
            if chosen(each) and not self._is_settled(each.entity):
                progress(each.entity)
                found.append(self._looked_up(each))
        taken = {item: entity for entity, item in self._items.items()}
        wanted = Counter(self._first(each) for each in found if _is_linked(each))
        told = [self._cautious(each, taken, wanted) for each in found]
        self._items |= {each.named.entity: self._first(each) for each in told if _is_linked(each)}
        return told

    def _is_settled(self, entity: str) -> bool:
        return entity in self._items or entity in self._unlinked

    def _looked_up(self, named: Named) -> Linked:
        mention = self._with_evidence(named)
        rejected = self._rejected.get(named.entity, set())
        found = self._source.candidates(mention, MAX_CANDIDATES + len(rejected))
        candidates = [each for each in found if self._known.target(each.item.qid) not in rejected]
        likely = [each for each in candidates[1:MAX_CANDIDATES] if each.score >= LEAST_SCORE]
        return Linked(named, mention, self._decide(candidates), (*candidates[:1], *likely))

    def _with_evidence(self, named: Named) -> Mention:
        """Return the mention with what the items of other entities tell of it.

        Nothing has a country in the data, but is mostly of one of those that its articles tell of;
        an office has the country in which it has its power, or that of the place there, if its name
        has that place in it: the region of a country has a prime minister of its own.
        """
        mention = named.mention
        beside = {other for article in named.articles for other in self._members[article]}
        linked = {
            other: self._items[other] for other in beside - {named.entity} if other in self._items
        }
        within = [item for other, item in linked.items() if other.startswith("place/")]
        if mention.type is Type.office:
            within = [self._items[place] for place in named.within if self._is_named(place, named)]
        countries = {self._known.country(item) for item in within}
        return replace(
            mention,
            countries=frozenset(countries - {""}),
            neighbours=frozenset(linked.values()),
            held=tuple(
                Held(self._items.get(office, ""), start, end)
                for office, start, end in named.offices
            ),
        )

    def _is_named(self, place: str, office: Named) -> bool:
        """Whether a place of power has an item: that of a country, or the office is named so."""
        item = self._items.get(place)
        if item is None or self._known.is_country(item):
            return item is not None
        names = _bare_names(self._mentions[place]) if place in self._mentions else ()
        return any(name in its for name in names for its in _bare_names(office.mention))

    def _first(self, found: Linked) -> str:
        return self._known.target(found.candidates[0].item.qid)

    def _cautious(
        self, found: Linked, taken: Mapping[str, str], wanted: Mapping[str, int]
    ) -> Linked:
        reason = self._doubt(found, taken, wanted) if _is_linked(found) else ""
        return _left_to_people(found, reason) if reason else found

    def _doubt(self, found: Linked, taken: Mapping[str, str], wanted: Mapping[str, int]) -> str:
        """Return why an item that seems to be an entity may be another one, or ""."""
        qid = self._first(found)
        if qid in taken:
            return f"{qid} is linked to {taken[qid]} already."
        if wanted[qid] > 1:
            return f"{qid} fits {wanted[qid]} entities."
        return doubt(found.mention, found.candidates[0].item)


def _bare_names(mention: Mention) -> set[str]:
    return {read(name).bare for those in mention.names.values() for name in those} - {""}


def _is_place(named: Named) -> bool:
    return named.mention.type is Type.place


def _is_person(named: Named) -> bool:
    return named.mention.type is Type.person


def _is_no_place_or_person(named: Named) -> bool:
    return not _is_place(named) and not _is_person(named)


def _is_linked(found: Linked) -> bool:
    return found.outcome is Outcome.linked


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
