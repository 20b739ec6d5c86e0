"""Types of items by the classes that they are instances of (P31), as a dump has them.

A dump does not say that a city is a settlement unless the classes themselves are read too, so that
the commonest classes stand here. Of several, the first in the order of the table counts. An item of
none of them has no type: it is found by its name, and a little less sure.
"""

from __future__ import annotations

from collections.abc import Iterable

from kgpub.linking.entity import Type
from kgpub.linking.schema import COUNTRY

_TABLE: tuple[tuple[Type, str], ...] = (
    (Type.person, "Q5"),  # human
    (
        Type.office,
        # position, public office, political office, head of government, head of state, prime
        # minister, president, minister, member of parliament, governor, ambassador, mayor
        "Q4164871 Q294414 Q303618 Q2285706 Q48352 Q14212 Q30461 Q83307 Q486839 Q132050 Q121998"
        " Q30185",
    ),
    (
        Type.place,
        # country, sovereign state, city, capital, big city, million city, town, village, human
        # settlement, administrative territorial entity, province, governorate of Iraq, district,
        # municipality, region, autonomous region, neighbourhood, island, river, mountain, lake
        "Q6256 Q3624078 Q515 Q5119 Q1549591 Q1637706 Q3957 Q532 Q486972 Q56061 Q34876 Q841753"
        " Q149621 Q15284 Q82794 Q3685463 Q123705 Q23442 Q4022 Q8502 Q23397",
    ),
    (
        Type.organisation,
        # organization, political party, business, enterprise, company, bank, university,
        # newspaper, television channel, broadcaster, ministry, parliament, unicameral legislature,
        # government, government agency, intelligence agency, army, armed organization,
        # international organization, non-governmental organization, nonprofit, foundation,
        # football club, hospital, museum, airline
        "Q43229 Q7278 Q4830453 Q6881511 Q783794 Q22687 Q3918 Q11032 Q2001305 Q15265344 Q192350"
        " Q35749 Q37002670 Q7188 Q327333 Q47913 Q37726 Q17149090 Q484652 Q79913 Q163740 Q157031"
        " Q476028 Q16917 Q33506 Q46970",
    ),
    (
        Type.event,
        # event, occurrence, war, battle, election, presidential election, protest, terrorist
        # attack, conference, treaty signing, coup d'état, revolution, civil war, genocide
        "Q1656682 Q1190554 Q198 Q178561 Q40231 Q858439 Q273120 Q2223653 Q2020153 Q45382 Q10931"
        " Q8465 Q41397",
    ),
)
_TYPES = {qid: kind for kind, qids in _TABLE for qid in qids.split()}
_COUNTRIES = frozenset(("Q6256", "Q3624078"))


def type_of(classes: Iterable[str]) -> Type | None:
    """Return the type of an item that is an instance of `classes`, None where none is known."""
    held = set(classes)
    return next((kind for qid, kind in _TYPES.items() if qid in held), None)


def kind_of(classes: Iterable[str]) -> str:
    """Return `country` for a country, else ""."""
    return "" if _COUNTRIES.isdisjoint(classes) else COUNTRY
