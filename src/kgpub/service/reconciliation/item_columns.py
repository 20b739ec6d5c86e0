"""The properties of Wikidata items that a source tells, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kgpub.linking.entity import Item, Type
from kgpub.service.reconciliation.labels import term
from kgpub.service.reconciliation.offered import Thing
from kgpub.vocabulary import terms as kg

_PERSON = frozenset((Type.person,))
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "description": {"en": "description", "ar": "الوصف", "ckb": "وەسف"},
    "country": {"en": "country", "ar": "البلد", "ckb": "وڵات"},
    "born": {"en": "born", "ar": "الميلاد", "ckb": "لەدایکبوون"},
    "died": {"en": "died", "ar": "الوفاة", "ckb": "مردن"},
    "population": {"en": "population", "ar": "عدد السكان", "ckb": "ژمارەی دانیشتووان"},
    "sitelinks": {"en": "articles in wikis", "ar": "مقالات الويكي", "ckb": "وتارەکانی ویکی"},
}


@dataclass(frozen=True)
class ItemColumn:
    """A property of items; `term` names it, "" where the ontology has no word for it.

    `language` narrows names, `target` is the type of the items that are its values, and `shown` are
    those that a card shows.
    """

    id: str
    term: str = ""
    types: frozenset[Type] = frozenset(Type)
    target: Type | None = None
    language: str = ""
    shown: bool = False


COLUMNS = (
    ItemColumn("name", kg.name),
    ItemColumn("name-en", kg.name, language="en"),
    ItemColumn("name-ar", kg.name, language="ar"),
    ItemColumn("name-ckb", kg.name, language="ckb"),
    ItemColumn("description", shown=True),
    ItemColumn("country", shown=True),
    ItemColumn("born", types=_PERSON, shown=True),
    ItemColumn("died", types=_PERSON, shown=True),
    ItemColumn("population", types=frozenset((Type.place,)), shown=True),
    ItemColumn("sitelinks"),
    ItemColumn("office", kg.office, _PERSON, Type.office, shown=True),
)


def column_thing(column: ItemColumn, language: str) -> Thing:
    """Return a property as it is named to people."""
    if not column.term:
        return Thing(column.id, _TEXTS[column.id][language])
    named = term(column.term, language)
    name = f"{named.name} ({column.language})" if column.language else named.name
    return Thing(column.id, name, named.description)


def value_of(item: Item, column: ItemColumn, language: str) -> list[str | int]:
    """Return the values of a property of an item; of offices, their QIDs."""
    if column.term == kg.name:
        tags = [column.language] if column.language else list(item.names)
        return list(dict.fromkeys(name for tag in tags for name in item.names.get(tag, ())))
    told: Mapping[str, list[str | int]] = {
        "description": [item.descriptions.get(language) or item.descriptions.get("en") or ""],
        "country": [item.country],
        "born": [item.born],
        "died": [item.died],
        "population": [item.population],
        "sitelinks": [item.sitelinks],
        "office": list(dict.fromkeys(held.office for held in item.held)),
    }
    return [value for value in told[column.id] if value]
