"""What there is to tell of retractions: of days yet to come, of what is said elsewhere still.

Also where that was retracted which something refers to still.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, Store

from kgpub.errors import Place, Problem
from kgpub.messages import Lines, Message
from kgpub.model.sheets import place_of
from kgpub.model.submission import Placed, graph_of
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ASSERTED_TYPES, STATEMENT_TYPES, TYPE

MAX_PLACES = 3
"""Files, in which it is said still, that are told of one retraction."""
_RETRACTS, _RETRACTED_ON = NamedNode(kg.retracts), NamedNode(kg.retractedOn)
_CLASSES = frozenset(NamedNode(KG + name) for name in (*ASSERTED_TYPES, *STATEMENT_TYPES))
_FOLDERS = ("fact", "event")


@dataclass
class _Retraction:
    """A record: where it stands, since when, with the place of that, and what it retracts."""

    place: Place
    day: str = ""
    since: Place | None = None
    retracted: list[NamedNode] = field(default_factory=list)

    @property
    def sayings(self) -> list[NamedNode]:
        """What would be said still where it is told elsewhere: facts and events.

        Without any it is the statement. One with facts may be given others: that corrects them.
        """
        facts = [each for each in self.retracted if _folder(each) in _FOLDERS]
        return facts or [each for each in self.retracted if _folder(each) == "statement"][:1]


def problems_of_retractions(
    asked: Iterable[Placed],
    saying: Callable[[Set[NamedNode]], Iterable[Placed]],
    today: date | None = None,
) -> tuple[Problem, ...]:
    """Return what is to be told of the retractions in the files `asked` about, in no order.

    One since a day after `today`, where that is told, is an error: a build, which looks at no
    clock, would carry it out at once. A remark says where what is retracted is said still;
    `saying` returns the files that may describe some of what it is given.
    """
    found = [each for part in asked for each in _retractions(part)]
    problems = []
    if today is not None:
        latest = today.isoformat()
        problems += [_to_come(each, latest) for each in found if each.day > latest]
    wanted = {saying for each in found for saying in each.sayings}
    said = _places(saying(wanted), wanted) if wanted else {}
    for each in found:
        places: dict[str, Place] = {}
        for retracted in each.sayings:
            for place in said.get(retracted, ()):
                places.setdefault(place.file, place)
        if places:
            problems.append(_said_still(each, sorted(places.values())))
    return tuple(problems)


def retracted_at(parts: Iterable[Placed], iris: Container[str]) -> Mapping[str, Place]:
    """Return where the retractions of things stand, of those of `iris` that are retracted."""
    found: dict[str, Place] = {}
    for part in parts:
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate != _RETRACTS or not isinstance(quad.object, NamedNode):
                continue
            if quad.object.value in iris:
                found.setdefault(quad.object.value, place_of(part.file, *position))
    return found


def described_in(store: Store, wanted: Iterable[NamedNode]) -> set[str]:
    """Return the IRIs of the named graphs of a store that describe any of what is `wanted`."""
    return {
        graph
        for each in wanted
        for quad in store.quads_for_pattern(each, TYPE, None, None)
        if (graph := graph_of(quad))
    }


def _retractions(part: Placed) -> Iterator[_Retraction]:
    found: dict[object, _Retraction] = {}
    for quad, position in zip(part.quads, part.positions, strict=True):
        predicate = quad.predicate
        if predicate != _RETRACTS and predicate != _RETRACTED_ON:
            continue
        if quad.subject not in found:
            found[quad.subject] = _Retraction(place_of(part.file, *position))
        its = found[quad.subject]
        if predicate == _RETRACTS and isinstance(quad.object, NamedNode):
            its.retracted.append(quad.object)
        elif isinstance(quad.object, Literal):
            its.day, its.since = quad.object.value, place_of(part.file, *position)
    yield from found.values()


def _places(parts: Iterable[Placed], wanted: Set[NamedNode]) -> Mapping[NamedNode, list[Place]]:
    """Return where each of what is `wanted` is said, once in each file."""
    found: dict[NamedNode, dict[str, Place]] = {}
    for part in parts:
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate == TYPE and quad.subject in wanted and quad.object in _CLASSES:
                assert isinstance(quad.subject, NamedNode)
                its = found.setdefault(quad.subject, {})
                its.setdefault(part.file, place_of(part.file, *position))
    return {each: list(its.values()) for each, its in found.items()}


def _to_come(retraction: _Retraction, today: str) -> Problem:
    message = Message("retracted-in-future", day=retraction.day)
    remedy = Message("retract-when-come", today=today)
    return Problem(retraction.since or retraction.place, message, remedy)


def _said_still(retraction: _Retraction, places: list[Place]) -> Problem:
    shown = [str(each) for each in places[:MAX_PLACES]]
    rest = len(places) - len(shown)
    more = [Message("and-more", number=f"{rest:,}")] if rest else []
    listed = Lines([*shown, *more], Message("comma"))
    message = Message("retracted-said-still", places=listed)
    remedy = Message("retract-there-too")
    return Problem(retraction.place, message, remedy, "info", tuple(places))


def _folder(iri: NamedNode) -> str:
    return iri.value.rpartition("/")[0].rpartition("/")[2]
