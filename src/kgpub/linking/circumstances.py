"""What speaks for and against an item besides its name.

There are no questions with circumstances to fit these on, so they are chosen by hand: each is the
logarithm of how much oftener one sees this where the item is the one meant than where it is
another of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.linking.entity import Held, Item, Mention, Type

YOUNGEST = 15
"""Years of age from which people do what newspapers tell of."""

_SAME_COUNTRY, _OTHER_COUNTRY = 1.5, -1.5
_ALIVE, _TOO_YOUNG, _DEAD = 0.5, -4.0, -1.5
_OFFICE_THEN, _OFFICE, _NO_SUCH_OFFICE = 3.0, 2.0, -0.5
_NEIGHBOUR, _MAX_NEIGHBOURS = 1.5, 2
_NO_TYPE, _OTHER_TYPE = -0.7, -6.0
_OTHER_KIND = -2.0
MOST_ODDS = _SAME_COUNTRY + _ALIVE + _OFFICE_THEN + _NEIGHBOUR * _MAX_NEIGHBOURS
"""What all circumstances together can speak for an item."""


@dataclass(frozen=True)
class Circumstance:
    """Something that speaks for an item, or against it where `odds` (log-odds) is negative."""

    odds: float
    sentence: str


def circumstances(mention: Mention, item: Item) -> list[Circumstance]:
    """Return what is known of `item` beside what is known of `mention`."""
    told = [
        *_of_type(mention, item),
        *_of_country(mention, item),
        *_of_life(mention, item),
        *_of_offices(mention, item),
        *_of_neighbours(mention, item),
    ]
    return [each for each in told if each is not None]


def _of_type(mention: Mention, item: Item) -> Iterator[Circumstance]:
    if mention.type is None:
        return
    if item.type is None:
        yield Circumstance(_NO_TYPE, "Its type is not known.")
    elif item.type is not mention.type:
        words = f"It is of type {item.type.value}, not {mention.type.value}."
        yield Circumstance(_OTHER_TYPE, words)
    elif mention.kind and item.kind and item.kind != mention.kind:
        yield Circumstance(_OTHER_KIND, f"It is a {item.kind}, not a {mention.kind}.")


def _of_country(mention: Mention, item: Item) -> Iterator[Circumstance]:
    if not mention.countries or not item.country:
        return
    if item.country in mention.countries:
        yield Circumstance(_SAME_COUNTRY, f"Its country, {item.country}, is the same.")
    else:
        theirs = ", ".join(sorted(mention.countries))
        yield Circumstance(_OTHER_COUNTRY, f"Its country is {item.country}, not {theirs}.")


def _of_life(mention: Mention, item: Item) -> Iterator[Circumstance]:
    born, died = year_of(item.born), year_of(item.died)
    if not mention.active or mention.type not in (Type.person, None):
        return
    first, last = min(mention.active), max(mention.active)
    if born is not None and last < born + YOUNGEST:
        yield Circumstance(_TOO_YOUNG, f"Born in {born}, and the facts end in {last}.")
    elif died is not None and first > died:
        yield Circumstance(_DEAD, f"Died in {died}, and the facts begin in {first}.")
    elif born is not None:
        life = f"Born in {born}" + (f", died in {died}" if died is not None else "")
        yield Circumstance(_ALIVE, f"{life}: lived when the facts were ({first} to {last}).")


def _of_offices(mention: Mention, item: Item) -> Iterator[Circumstance]:
    if not mention.held or not item.held:
        return
    shared = [
        (one, other) for one in mention.held for other in item.held if one.office == other.office
    ]
    if any(_meet(one, other) for one, other in shared):
        office = next(one.office for one, other in shared if _meet(one, other))
        yield Circumstance(_OFFICE_THEN, f"It held {office} at that time.")
    elif shared:
        yield Circumstance(_OFFICE, f"It held {shared[0][0].office}, at a time that is not known.")
    else:
        yield Circumstance(_NO_SUCH_OFFICE, "It is not known to have held the same offices.")


def _meet(one: Held, other: Held) -> bool:
    """Return whether two tenures are known to overlap, by the years."""
    starts = year_of(one.start), year_of(other.start)
    if starts[0] is None or starts[1] is None:
        return False
    ends = year_of(one.end) or 9999, year_of(other.end) or 9999
    return max(starts[0], starts[1]) <= min(ends)


def _of_neighbours(mention: Mention, item: Item) -> Iterator[Circumstance]:
    shared = sorted(item.related & mention.neighbours)
    if shared:
        odds = _NEIGHBOUR * min(len(shared), _MAX_NEIGHBOURS)
        some = ", ".join(shared[:5])
        yield Circumstance(odds, f"It has to do with {some}, of the same articles.")


def year_of(day: str) -> int | None:
    """Return the year of an ISO 8601 day, which may be negative; None where there is none."""
    sign = -1 if day.startswith("-") else 1
    digits = day.lstrip("+-").partition("-")[0]
    return sign * int(digits) if digits.isascii() and digits.isdecimal() else None
