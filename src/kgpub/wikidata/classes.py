"""Which classes of Wikidata are which of ours.

An item is of a class if it is an instance of it (P31) or of one of its subclasses (P279, however
far). Many are of several: some countries are organisations too, some universities places. The
first that fits in the order of `CLASSES` is an item's type; all of them are kept for checking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kgpub.linking.entity import Type

CLASSES: Mapping[str, Type | None] = MappingProxyType(
    {
        "Q5": Type.person,  # human
        "Q4164871": Type.office,  # position
        "Q294414": Type.office,  # public office
        "Q6256": Type.place,  # country
        "Q3624078": Type.place,  # sovereign state
        "Q841753": Type.place,  # governorate of Iraq
        "Q56061": Type.place,  # administrative territorial entity
        "Q515": Type.place,  # city
        "Q3957": Type.place,  # town
        "Q532": Type.place,  # village
        "Q123705": Type.place,  # neighborhood
        "Q486972": Type.place,  # human settlement
        "Q5107": Type.place,  # continent
        "Q43229": Type.organisation,  # organization
        # What is an organisation to newspapers, and to Wikidata a work, a building or a system too.
        "Q1193236": Type.organisation,  # news media
        "Q11032": Type.organisation,  # newspaper
        "Q17232649": Type.organisation,  # news website
        "Q2001305": Type.organisation,  # television channel
        "Q1616075": Type.organisation,  # television station
        "Q14350": Type.organisation,  # radio station
        "Q7188": Type.organisation,  # government
        "Q3918": Type.organisation,  # university
        "Q16917": Type.organisation,  # hospital
        "Q33506": Type.organisation,  # museum
        "Q41176": Type.place,  # building
        "Q4022": Type.place,  # river
        "Q23397": Type.place,  # lake
        "Q8502": Type.place,  # mountain
        "Q2221906": Type.place,  # geographic location
        "Q618123": Type.place,  # geographical feature
        "Q1656682": Type.event,  # event
        "Q1190554": Type.event,  # occurrence
        "Q4167410": None,  # Wikimedia disambiguation page
        "Q17442446": None,  # Wikimedia internal item: a list, category, template
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "Q6256": "country",
        "Q3624078": "country",
        "Q841753": "governorate",
        "Q515": "city",
        "Q3957": "town",
        "Q532": "village",
        "Q123705": "neighbourhood",
        "Q5107": "continent",
        "Q41176": "building",
        "Q4022": "river",
        "Q23397": "river",
        "Q8502": "mountain",
    }
)
"""Concepts of kind:PlaceKind that classes are."""
DISAMBIGUATION = "Q4167410"
INTERNAL = "Q17442446"


def types(classes: Iterable[str]) -> tuple[Type, ...]:
    """Return the types that items of these classes have, the weightiest first."""
    held = set(classes)
    fitting = (type_ for qid, type_ in CLASSES.items() if qid in held and type_ is not None)
    return tuple(dict.fromkeys(fitting))


def place_kind(classes: Iterable[str]) -> str:
    """Return the kind of place that items of these classes are, "" for several or none."""
    kinds = {KINDS[qid] for qid in classes if qid in KINDS}
    return kinds.pop() if len(kinds) == 1 else ""
