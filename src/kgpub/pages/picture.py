"""What a thing is related to, as a picture: it in the middle, its neighbours in columns beside it.

Names and relations stand in boxes, so that no label ever lies on another; lines only join boxes.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kgpub.pages.bounds import shares
from kgpub.pages.reading import types
from kgpub.pages.rendering import Frame, Reference, Text
from kgpub.pages.timeline import is_true
from kgpub.pages.view import View, isolated, shortened
from kgpub.pages.words import words
from kgpub.vocabulary import terms as kg

WIDTH = 800
BOX_WIDTH, BOX_HEIGHT = 250, 46
CENTRE_WIDTH = 170
ROW = 58
MAX_NEIGHBOURS = 12
MAX_LISTED = 100
"""Relations in the list beside the picture."""
MAX_NAME, MAX_RELATION, MAX_CENTRE = 30, 42, 20
"""Code points of a line in a box."""
_CENTRE_LINES = 3
_LINE = 20
_PADDING = 8
_SPREAD = 8
"""How far apart lines leave the centre."""

_PARTIES = (
    kg.person, kg.office, kg.organisation, kg.between, kg.subject, kg.object,
    kg.holder, kg.target, kg.resident, kg.place,
)  # fmt: skip
"""What joins a fact with entities."""
_DIRECT = (
    kg.office, kg.organisation, kg.jurisdiction, kg.place, kg.origin, kg.destination, kg.via,
)  # fmt: skip
"""What joins offices and events with entities, without a fact between them."""
_ENTITIES = frozenset(
    (kg.Person, kg.Organisation, kg.Office, kg.Place, kg.Group, kg.Topic, kg.Event)
)
_FROM = frozenset((kg.person, kg.subject, kg.holder, kg.resident))
_TO = frozenset((kg.object, kg.target, kg.office, kg.organisation, kg.place))
_MAX_FACTS, _MAX_PARTIES = 80, 20
"""Facts and events of one thing that are looked at, and parties of one of them."""
_REFERRING = tuple(dict.fromkeys((kg.participant, *_PARTIES, *_DIRECT)))
"""What joins a thing with what tells of its relations."""
_MAX_KINDS = 2
"""Relations that the box of a neighbour names."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A neighbour, and what joins it with the thing in the middle.

    `outward` is True where the relation leads to the neighbour, False where it leads from it, and
    None where it has no direction. `source` leads to the fact or event that tells of it, or is
    None where the two are joined directly.
    """

    iri: str
    neighbour: Reference
    kind: Text
    source: Reference | None = None
    outward: bool | None = None
    negated: bool = False
    is_event: bool = False

    @property
    def in_order(self) -> tuple[str, str, str]:
        """A sort key."""
        source = self.source.href or "" if self.source else ""
        return (self.neighbour.text.text, self.iri, f"{self.kind.text} {source}")


@dataclass(frozen=True, slots=True)
class Box:
    """A neighbour where it stands. The line that joins it leads from `start` to `end`.

    The heads of arrows are lists of points, as SVG writes them; "" where there is none.
    """

    neighbour: Reference
    name: str
    relations: str
    title: str
    x: int
    y: int
    line: str
    arrows: tuple[str, ...]
    negated: bool
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a thing's relations, and the list of them.

    `lines` are those of the centre's name with their heights; `left_out` counts the neighbours
    that are not drawn, `unlisted` the relations that are not in the list. Where the thing has more
    relations than are looked at, it is not `whole`.
    """

    centre: Text
    title: str
    lines: tuple[tuple[int, str], ...]
    centre_height: int
    height: int
    boxes: tuple[Box, ...]
    left_out: int
    relations: tuple[Relation, ...]
    unlisted: int
    whole: bool = True
    width: int = WIDTH
    centre_width: int = CENTRE_WIDTH


def picture(view: View, iri: str) -> Picture | None:
    """Return the picture of what an entity or event is related to, or None where to nothing."""
    found, whole = relations(view, iri)
    return replace(drawn(view.called(iri), found, view.frame), whole=whole) if found else None


def relations(view: View, iri: str) -> tuple[list[Relation], bool]:
    """Return what relates an entity or event to others, in order, and whether that is all.

    Of what refers to it by some property so much is looked at that others have their share.
    """
    found = [*_direct(view, iri), *_participants(view, iri)]
    read = [view.reading.subjects(each, iri, _MAX_FACTS + 1) for each in _REFERRING]
    given = shares([len(each) for each in read], _MAX_FACTS)
    for predicate, subjects, most in zip(_REFERRING, read, given, strict=True):
        for subject in subjects[:most]:
            if predicate == kg.participant:
                found += _events(view, subject)
            elif _ENTITIES.intersection(types(view.reading, subject)):
                if predicate in _DIRECT:
                    found.append(_joined(view, subject, predicate, outward=False))
            elif predicate in _PARTIES:
                found += _through(view, subject, predicate, iri)
    unique = {(each.iri, each.in_order): each for each in found if each.iri != iri}
    whole = all(len(subjects) <= most for subjects, most in zip(read, given, strict=True))
    return sorted(unique.values(), key=lambda each: each.in_order), whole


def _direct(view: View, iri: str) -> Iterator[Relation]:
    for predicate in _DIRECT:
        for other in view.iris(iri, predicate):
            yield _joined(view, other, predicate, outward=True)


def _joined(view: View, other: str, predicate: str, outward: bool) -> Relation:
    return Relation(
        other,
        view.reference(other),
        view.called(predicate),
        outward=outward,
        is_event=kg.Event in types(view.reading, other),
    )


def _participants(view: View, event: str) -> Iterator[Relation]:
    """Yield those who take part in an event, by their roles."""
    negated = is_true(view.value(event, kg.negated))
    for participation in view.iris(event, kg.participation)[:_MAX_FACTS]:
        for other in view.iris(participation, kg.participant):
            role = _role(view, participation)
            yield Relation(other, view.reference(other), role, outward=False, negated=negated)


def _events(view: View, participation: str) -> Iterator[Relation]:
    """Yield the event that somebody takes part in, by the role."""
    for event in view.reading.subjects(kg.participation, participation, _MAX_PARTIES):
        reference, negated = view.reference(event), is_true(view.value(event, kg.negated))
        role = _role(view, participation)
        yield Relation(event, reference, role, reference, True, negated, is_event=True)


def _role(view: View, participation: str) -> Text:
    roles = view.iris(participation, kg.role)
    return view.called(roles[0] if roles else kg.participant)


def _through(view: View, fact: str, predicate: str, iri: str) -> Iterator[Relation]:
    """Yield the other parties of a fact, in which the thing is party as `predicate`."""
    for theirs in _PARTIES:
        for other in view.iris(fact, theirs)[:_MAX_PARTIES]:
            if other == iri:
                continue
            yield Relation(
                other,
                view.reference(other),
                view.kind(fact),
                view.reference(fact),
                _outward(predicate, theirs),
                is_true(view.value(fact, kg.negated)),
                is_event=kg.Event in types(view.reading, other),
            )


def _outward(mine: str, theirs: str) -> bool | None:
    if mine in _FROM and theirs in _TO:
        return True
    return False if mine in _TO and theirs in _FROM else None


def drawn(centre: Text, found: Sequence[Relation], frame: Frame) -> Picture:
    """Return the picture of relations, of which there is one at least.

    Drawn are the neighbours with most relations, of equal ones entities before events.
    """
    by_neighbour: dict[str, list[Relation]] = {}
    for each in found:
        by_neighbour.setdefault(each.iri, []).append(each)
    groups = sorted(by_neighbour.values(), key=lambda each: (-len(each), each[0].is_event))
    shown = groups[:MAX_NEIGHBOURS]
    lines = textwrap.wrap(centre.text, MAX_CENTRE, max_lines=_CENTRE_LINES, placeholder="…")
    rows = (len(shown) + 1) // 2
    inner = _LINE * len(lines) + 2 * _PADDING
    height = max(ROW * rows, inner) + 2 * _PADDING
    # Letters stand on a line; their middle is some 5 units above it.
    top = height // 2 - _LINE * (len(lines) - 1) // 2 + 5
    return Picture(
        centre,
        words(frame.language)["picture-title"].format(name=isolated(centre.text)),
        tuple((top + _LINE * number, isolated(line)) for number, line in enumerate(lines)),
        inner,
        height,
        tuple(_box(each, number, len(shown), height, frame) for number, each in enumerate(shown)),
        len(groups) - len(shown),
        tuple(found[:MAX_LISTED]),
        max(0, len(found) - MAX_LISTED),
    )


def _box(group: Sequence[Relation], number: int, count: int, height: int, frame: Frame) -> Box:
    """Return where one of `count` neighbours stands: in turn after and before the centre."""
    after = number % 2 == 0
    in_column = (count + 1) // 2 if after else count // 2
    row = number // 2 - (in_column - 1) / 2
    right = after != (frame.direction == "rtl")
    x = WIDTH - BOX_WIDTH - _PADDING if right else _PADDING
    middle = round(height / 2 + row * ROW)
    begin = (WIDTH + CENTRE_WIDTH if right else WIDTH - CENTRE_WIDTH) // 2
    leave = round(height / 2 + row * _SPREAD)
    end = x if right else x + BOX_WIDTH
    forward = 1 if right else -1
    half = (begin + end) // 2
    kinds = _kinds(group, frame)
    arrows = []
    if any(each.outward for each in group):
        arrows.append(_head(end, middle, -forward))
    if any(each.outward is False for each in group):
        arrows.append(_head(begin, leave, forward))
    return Box(
        group[0].neighbour,
        isolated(_fitting(group[0].neighbour.text.text, MAX_NAME)),
        _fitting(kinds, MAX_RELATION),
        f"{isolated(group[0].neighbour.text.text)}: {kinds}",
        x,
        middle - BOX_HEIGHT // 2,
        f"M{begin} {leave}C{half} {leave} {half} {middle} {end} {middle}",
        tuple(arrows),
        all(each.negated for each in group),
    )


def _head(x: int, y: int, back: int) -> str:
    """Return the head of an arrow with its point at (x, y); `back` is 1 or -1."""
    return f"{x},{y} {x + 8 * back},{y - 4} {x + 8 * back},{y + 4}"


def _kinds(group: Sequence[Relation], frame: Frame) -> str:
    texts = words(frame.language)
    kinds = list(dict.fromkeys((each.kind.text, each.negated) for each in group))
    shown = [
        texts["picture-negated"].format(kind=isolated(kind)) if negated else isolated(kind)
        for kind, negated in kinds[:_MAX_KINDS]
    ]
    more = ["…"] if len(kinds) > _MAX_KINDS else []
    return texts["picture-comma"].join((*shown, *more))


def _fitting(text: str, limit: int) -> str:
    """Return as much of `text` as fits in a line of `limit` narrow characters."""
    wide = any(unicodedata.east_asian_width(each) in "WF" for each in text[:limit])
    return shortened(text, limit // 2 if wide else limit)
