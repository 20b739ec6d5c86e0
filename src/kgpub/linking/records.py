"""Items as the index keeps them: compact JSON, what is not known left out."""

from __future__ import annotations

import json
from types import MappingProxyType

from kgpub.linking.entity import Held, Item, Type


def record_of(item: Item) -> str:
    """Return an item as text."""
    fields = {
        "q": item.qid,
        "t": item.type.value if item.type else None,
        "n": {language: list(names) for language, names in item.names.items()},
        "c": item.country,
        "b": item.born,
        "d": item.died,
        "p": item.population,
        "l": item.sitelinks,
        "h": [[held.office, held.start, held.end] for held in item.held],
        "r": sorted(item.related),
        "x": dict(item.descriptions),
        "s": item.source,
        "k": item.kind,
    }
    known = {key: value for key, value in fields.items() if value}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"))


def item_of(record: str) -> Item:
    """Return the item that `record_of` has written."""
    fields = json.loads(record)
    kind = fields.get("t")
    return Item(
        qid=fields["q"],
        type=Type(kind) if kind else None,
        names={language: tuple(names) for language, names in fields.get("n", {}).items()},
        country=fields.get("c", ""),
        born=fields.get("b", ""),
        died=fields.get("d", ""),
        population=fields.get("p", 0),
        sitelinks=fields.get("l", 0),
        held=tuple(Held(*those) for those in fields.get("h", ())),
        related=frozenset(fields.get("r", ())),
        descriptions=MappingProxyType(fields.get("x", {})),
        source=fields.get("s", ""),
        kind=fields.get("k", ""),
    )
