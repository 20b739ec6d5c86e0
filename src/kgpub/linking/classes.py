"""Which classes of Wikidata are which of ours, and which kinds of place.

Of an item in a dump the classes that it is an instance of (P31) are known, and not what these are
subclasses of (P279): therefore the commonest stand here, not only the broadest. Wikidata itself is
asked for the subclasses too. Many items are of several classes: some countries are organisations,
some universities places. The first that fits in the order of the table is an item's type; all of
them are kept for checking. An item of none has no type: it is found by its name, and a little less
sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kgpub.linking.entity import Type
from kgpub.linking.schema import COUNTRY

DISAMBIGUATION = "Q4167410"
INTERNAL = "Q17442446"

_TABLE: tuple[tuple[Type | None, str, str], ...] = (
    (Type.person, "", "Q5"),  # human
    (
        Type.office,
        "",
        # position, public office, political office, head of government, head of state, prime
        # minister, president, minister, member of parliament, governor, ambassador, mayor
        "Q4164871 Q294414 Q303618 Q2285706 Q48352 Q14212 Q30461 Q83307 Q486839 Q132050 Q121998"
        " Q30185",
    ),
    (Type.place, COUNTRY, "Q6256 Q3624078"),  # country, sovereign state
    (Type.place, "governorate", "Q841753"),  # governorate of Iraq
    (Type.place, "city", "Q515 Q1549591 Q1637706"),  # city, big city, million city
    (Type.place, "town", "Q3957"),
    (Type.place, "village", "Q532"),
    (Type.place, "neighbourhood", "Q123705"),
    (Type.place, "continent", "Q5107"),
    (
        Type.place,
        "",
        # capital, human settlement, administrative territorial entity, province, district,
        # municipality, autonomous region, island
        "Q5119 Q486972 Q56061 Q34876 Q149621 Q15284 Q3685463 Q23442",
    ),
    (
        Type.organisation,
        "",
        # organization, political party, business, enterprise, company, bank, university,
        # broadcaster, ministry, parliament, unicameral legislature, government, government agency,
        # intelligence agency, army, armed organization, international organization,
        # non-governmental organization, nonprofit, foundation, football club, hospital, museum,
        # airline
        "Q43229 Q7278 Q4830453 Q6881511 Q783794 Q22687 Q3918 Q15265344 Q192350 Q35749 Q37002670"
        " Q7188 Q327333 Q47913 Q37726 Q17149090 Q484652 Q79913 Q163740 Q157031 Q476028 Q16917"
        " Q33506 Q46970",
    ),
    (
        # What is an organisation to newspapers, and to Wikidata a work, a building or a system too.
        Type.organisation,
        "",
        # news media, newspaper, news website, television channel, television station, radio station
        "Q1193236 Q11032 Q17232649 Q2001305 Q1616075 Q14350",
    ),
    (Type.place, "building", "Q41176"),
    (Type.place, "river", "Q4022 Q23397"),  # river, lake
    (Type.place, "mountain", "Q8502"),
    # region, geographic location, geographical feature
    (Type.place, "", "Q82794 Q2221906 Q618123"),
    (
        Type.event,
        "",
        # event, occurrence, war, battle, election, presidential election, protest, terrorist
        # attack, conference, treaty signing, coup d'état, revolution, civil war, genocide
        "Q1656682 Q1190554 Q198 Q178561 Q40231 Q858439 Q273120 Q2223653 Q2020153 Q45382 Q10931"
        " Q8465 Q41397",
    ),
    # A disambiguation page; an item that is of use to the wikis only: a list, category, template.
    (None, "", f"{DISAMBIGUATION} {INTERNAL}"),
)
CLASSES: Mapping[str, Type | None] = MappingProxyType(
    {qid: type_ for type_, _, qids in _TABLE for qid in qids.split()}
)
KINDS: Mapping[str, str] = MappingProxyType(
    {qid: kind for _, kind, qids in _TABLE for qid in qids.split() if kind}
)
"""Concepts of kind:PlaceKind that classes are."""


def types(classes: Iterable[str]) -> tuple[Type, ...]:
    """Return the types that items of these classes have, the weightiest first."""
    held = set(classes)
    fitting = (type_ for qid, type_ in CLASSES.items() if qid in held and type_ is not None)
    return tuple(dict.fromkeys(fitting))


def type_of(classes: Iterable[str]) -> Type | None:
    """Return the weightiest type of items of these classes, None where none is known."""
    return next(iter(types(classes)), None)


def place_kind(classes: Iterable[str]) -> str:
    """Return the kind of place that items of these classes are, "" for several or none.

    A country is one whatever else it is: Singapore is a city too.
    """
    kinds = {KINDS[qid] for qid in classes if qid in KINDS}
    if COUNTRY in kinds:
        return COUNTRY
    return kinds.pop() if len(kinds) == 1 else ""


def is_internal(classes: Iterable[str]) -> bool:
    """Return whether items of these classes are of use to the wikis only."""
    return not {DISAMBIGUATION, INTERNAL}.isdisjoint(classes)
