"""What speaks for and against an item besides its name.

There are no questions with circumstances to fit these on, so they are chosen by hand: each is the
logarithm of how much oftener one sees this where the item is the one meant than where it is
another of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.linking.entity import Held, Item, Mention, Type
from kgpub.linking.schema import COUNTRY

YOUNGEST = 15
"""Years of age from which people do what newspapers tell of."""

_SAME_COUNTRY, _OTHER_COUNTRY = 1.5, -1.5
_ALIVE, _TOO_YOUNG, _DEAD = 0.5, -4.0, -1.5
_OFFICE_THEN, _OFFICE, _OFFICE_NOT_THEN = 3.0, 2.0, -1.5
_NO_SUCH_OFFICE, _NO_ITEM_OF_OFFICE = -0.5, -0.1
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
    if not mention.countries or not item.country or item.kind == COUNTRY:
        return  # a country has its own code, and lies in no other
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
    then = [one.office for one, other in shared if _meet(one, other)]
    some_time = [one.office for one, other in shared if _meet(one, other) is None]
    if then:
        yield Circumstance(_OFFICE_THEN, f"It held {then[0]} at that time.")
    elif some_time:
        yield Circumstance(_OFFICE, f"It held {some_time[0]}, at a time that is not known.")
    elif shared:
        words = f"It held {shared[0][0].office} at another time."
        yield Circumstance(_OFFICE_NOT_THEN, words)
    elif any(held.office for held in mention.held):
        yield Circumstance(_NO_SUCH_OFFICE, "It is not known to have held the same offices.")
    else:
        words = "It held offices, and those of the entity have no item to compare them with."
        yield Circumstance(_NO_ITEM_OF_OFFICE, words)


def _meet(one: Held, other: Held) -> bool | None:
    """Return whether two tenures overlap, by the years; None where that is not known."""
    if _over_before(one, other) or _over_before(other, one):
        return False
    return True if one.start and other.start else None


def _over_before(one: Held, other: Held) -> bool:
    end, start = year_of(one.end), year_of(other.start)
    return end is not None and start is not None and end < start


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
