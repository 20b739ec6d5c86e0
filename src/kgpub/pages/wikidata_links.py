"""The items of Wikidata that an entity is matched with, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.pages.addresses import outward
from kgpub.pages.rendering import Reference, Text, out
from kgpub.pages.view import View, local_name
from kgpub.vocabulary import OWL, WIKIDATA
from kgpub.vocabulary import terms as kg

_MAX_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Match:
    """A record of a match: `accepted` where the data say that both are the same.

    `score` is from 0 to 1 as the data write it, `decided` a day; "" where not told.
    """

    item: Reference
    accepted: bool
    method: Text | None
    score: str
    decided: str
    looked_up_in: list[Text]
    evidence: list[Text]
    record: str | None


def matches(view: View, entity: str) -> list[Match]:
    """Return the matches of an entity, accepted ones first."""
    same = set(view.iris(entity, OWL + "sameAs"))
    records = view.reading.subjects(kg.linkedEntity, entity, _MAX_RECORDS)
    found = [_match(view, record, same) for record in records]
    recorded = {item for record in records for item in view.iris(record, kg.linkedItem)}
    found += [
        Match(_item(item), True, None, "", "", [], [], None) for item in sorted(same - recorded)
    ]
    return sorted(found, key=lambda each: (not each.accepted, each.item.text.text))


def _match(view: View, record: str, same: set[str]) -> Match:
    items = view.iris(record, kg.linkedItem)
    methods = view.iris(record, kg.method)
    return Match(
        item=_item(items[0]) if items else Reference(Text("")),
        accepted=bool(same.intersection(items)),
        method=view.called(methods[0]) if methods else None,
        score=view.value(record, kg.score) or "",
        decided=view.value(record, kg.decided) or "",
        looked_up_in=view.texts(record, kg.lookedUpIn),
        evidence=view.texts(record, kg.evidence),
        record=view.frame.page_of(record),
    )


def _item(iri: str) -> Reference:
    """Return a reference to an item: to the page that people read, where it is Wikidata's."""
    name = Text(local_name(iri))
    if iri.startswith(WIKIDATA) and outward(iri):
        return Reference(name, "https://www.wikidata.org/wiki/" + name.text, outward=True)
    return out(name, iri)
