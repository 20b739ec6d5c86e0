"""Contradictions among what is submitted together: those that a build would mark."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kgpub.errors import Place
from kgpub.messages import Message
from kgpub.model.comparison import Comparison, Outcome, Reason, Told
from kgpub.model.sheets import place_of
from kgpub.model.submission import Placed, graph_of
from kgpub.pipeline.comparison.gathered import Gathered, Stated
from kgpub.pipeline.comparison.marking import MAX_MARKS, MAX_PAIRS, contradictory
from kgpub.pipeline.comparison.pairing import Group, groups
from kgpub.pipeline.comparison.published import TYPE, Node, Own, Published
from kgpub.pipeline.comparison.telling import Tellings
from kgpub.vocabulary import OWL
from kgpub.vocabulary import terms as kg

_SAME_AS = NamedNode(OWL + "sameAs")
_SINGLE_HOLDER = NamedNode(kg.singleHolder)

Places = Mapping[tuple[NamedNode, NamedNode], Place]
"""Where each statement's facts stand in the file that asserts them."""


Made = tuple[Reason, frozenset[int]]
"""Two tellings that have been told, by their order, and why they contradict each other."""


@dataclass(frozen=True)
class _Side:
    """One of two tellings that contradict each other."""

    place: Place
    told: Told


def within(
    parts: Sequence[Placed], articles: Iterable[Quad], store: Store | None, language: str
) -> tuple[Comparison, ...]:
    """Return each pair of tellings in `parts` that contradict each other, once, at the later one.

    `articles` are the quads of the parts' articles. Of `store`, where something is published, only
    that is asked which tells who is the same, and which offices one person holds.
    """
    quads = [*(quad for part in parts for quad in part.quads), *articles]
    own = Own(quads)
    graphs = {quad.graph_name for quad in quads}
    known = [] if store is None else list(_published(quads, own, graphs, store))
    gathered = Gathered([*quads, *known])
    tellings = Tellings(own, Published(store or Store(), _any_graph(parts), own), language)
    places = _places(parts)
    made: set[Made] = set()  # Two tellings may be in several groups: by what each is about.
    return tuple(
        each
        for group in groups(gathered, gathered.stated())
        for each in _of(group, gathered, tellings, places, made)
    )


def _any_graph(parts: Iterable[Placed]) -> NamedNode:
    named = (graph_of(part.quads[0]) for part in parts if part.quads)
    return NamedNode(next(named, "urn:kgpub:nothing"))


def _published(
    quads: Iterable[Quad], own: Own, graphs: Collection[object], store: Store
) -> Iterator[Quad]:
    """Yield what is published, not by these submissions, of the entities that they speak of."""
    nodes = dict.fromkeys(quad.object for quad in quads if isinstance(quad.object, NamedNode))
    for node in nodes:
        for quad in store.quads_for_pattern(node, _SINGLE_HOLDER, None, None):
            if quad.graph_name not in graphs and quad.graph_name != DefaultGraph():
                yield quad
        if not own.of(node).get(_SAME_AS.value):
            yield from store.quads_for_pattern(node, _SAME_AS, None, None)


def _places(parts: Iterable[Placed]) -> Places:
    found: dict[tuple[NamedNode, NamedNode], Place] = {}
    for part in parts:
        described: dict[Node, tuple[int, int]] = {}
        listed: dict[tuple[NamedNode, NamedNode], tuple[int, int]] = {}
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate.value == TYPE:
                described.setdefault(quad.subject, position)
            elif (
                quad.predicate.value == kg.asserts
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, NamedNode)
            ):
                listed.setdefault((quad.subject, quad.object), position)
        for (statement, fact), position in listed.items():
            place = place_of(part.file, *described.get(fact, position))
            found.setdefault((statement, fact), place)
    return found


def _of(
    group: Group, gathered: Gathered, tellings: Tellings, places: Places, made: set[Made]
) -> Iterator[Comparison]:
    """Yield the contradictions of a group that are not `made` yet, MAX_MARKS at most."""
    number = 0
    for one, other in islice(group.pairs, MAX_PAIRS):
        conflicts = tuple(group.rule(one.telling, other.telling))
        first: dict[Reason, tuple[NamedNode, NamedNode]] = {}
        for reason, statements in contradictory(conflicts, one, other, gathered):
            first.setdefault(reason, statements)
            if len(first) == len(conflicts):
                break
        for reason, (mine, theirs) in first.items():
            key = reason, frozenset((one.order, other.order))
            if key not in made:
                made.add(key)
                number += 1
                sides = (_side(one, mine, tellings, places), _side(other, theirs, tellings, places))
                cut = number == MAX_MARKS
                yield _comparison(reason, sides, (Message("more-together"),) if cut else ())
                if cut:
                    return


def _side(stated: Stated, statement: NamedNode, tellings: Tellings, places: Places) -> _Side:
    fact = stated.telling.fact
    told = tellings.told(fact, statement, stated.telling.described)
    return _Side(places[statement, fact], told)


def _comparison(
    reason: Reason, sides: tuple[_Side, _Side], notes: tuple[Message, ...]
) -> Comparison:
    theirs, mine = sorted(sides, key=lambda side: (side.place, side.told.fact))
    return Comparison(
        Outcome.contradicts,
        reason,
        mine.told.fact,
        mine.place,
        mine.told,
        theirs.told,
        Message(reason.value),
        (Message("other-at", place=str(theirs.place)), *notes),
        theirs.place,
    )
