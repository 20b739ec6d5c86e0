"""The reconciliation service over Wikidata items, from a gazetteer or from Wikidata itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from threading import Lock

from kgpub.linking.caution import doubt
from kgpub.linking.entity import Candidate, Held, Item, Mention, Outcome, Source, Type
from kgpub.service.reconciliation.item_columns import COLUMNS, column_thing, value_of
from kgpub.service.reconciliation.labels import type_of, type_thing
from kgpub.service.reconciliation.offered import (
    FULL_SCORE,
    Match,
    Preview,
    Property,
    Text,
    Thing,
    Value,
)
from kgpub.service.reconciliation.queries import Query
from kgpub.service.reconciliation.scoring import judged
from kgpub.vocabulary import KG, QID, WIKIDATA

ITEMS = "wikidata"
Decide = Callable[[Sequence[Candidate]], Outcome]
_MAX_NAMES = 12
_MIN_CANDIDATES = 10
_YEAR = re.compile(r"(\d{4})\b")


class Items:
    """Items of a source, by their QIDs. The source is asked by one thread at a time."""

    slug = ITEMS
    identifier_space = WIKIDATA
    schema_space = KG

    def __init__(self, source: Source, decide: Decide) -> None:
        self._source = source
        self._decide = decide
        self._lock = Lock()

    def title(self, language: str) -> str:
        return f"Wikidata ({self._source.version})"

    def types(self, language: str) -> Sequence[Thing]:
        return [type_thing(type_, language) for type_ in Type]

    def matches(self, query: Query, language: str) -> Sequence[Match]:
        types = frozenset(map(type_of, query.types))
        item = self._item(query.text)
        if item is not None:
            found = [(Match(_thing(item, language), FULL_SCORE, True), item.type, ())]
            return judged(found, types, query)
        if not query.text:
            return []
        only = next(iter(types)) if len(types) == 1 else None
        mention = _mention(query, only)
        candidates = self._candidates(mention, max(query.limit, _MIN_CANDIDATES))
        # OpenRefine links what matches without a person's look.
        linked = (
            bool(candidates)
            and self._decide(candidates) is Outcome.linked
            and not doubt(mention, candidates[0].item)
        )
        return judged(
            [
                (
                    Match(_thing(each.item, language), each.score * FULL_SCORE, linked and not n),
                    each.item.type,
                    (),
                )
                for n, each in enumerate(candidates)
            ],
            types,
            query,
        )

    def beginning(
        self, prefix: str, type_: str, language: str, skip: int, limit: int
    ) -> Sequence[Thing]:
        item = self._item(prefix)
        if item is not None:
            return [_thing(item, language)][skip:]
        wanted = type_of(type_) if type_ else None
        mention = Mention({"": (prefix,)}, wanted)
        found = self._candidates(mention, skip + limit) if prefix else ()
        return [_thing(each.item, language) for each in found][skip : skip + limit]

    def thing(self, id_: str, language: str) -> Thing | None:
        item = self._item(id_)
        return _thing(item, language) if item else None

    def properties(self, type_: str, language: str) -> Sequence[Property]:
        wanted = type_of(type_) if type_ else None
        return [
            Property(
                column_thing(column, language),
                type_thing(column.target, language) if column.target else None,
            )
            for column in COLUMNS
            if not type_ or wanted in column.types
        ]

    def values(self, id_: str, property_: str, language: str, limit: int) -> Sequence[Value]:
        item = self._item(id_)
        column = next((each for each in COLUMNS if each.id == property_), None)
        if item is None or column is None:
            return []
        values = value_of(item, column, language)[:limit]
        return [self._named(value, language) if column.target else value for value in values]

    def preview(self, id_: str, language: str) -> Preview | None:
        item = self._item(id_)
        if item is None:
            return None
        names = [Text(those[0], tag) for tag, those in item.names.items() if those]
        type_ = type_thing(item.type, language).name if item.type else ""
        lines = []
        for column in COLUMNS:
            values = value_of(item, column, language)[:5] if column.shown else []
            texts = [self._named(v, language).name if column.target else str(v) for v in values]
            if texts:
                label = column_thing(column, language).name
                lines.append((label, tuple(Text(text) for text in texts)))
        title = _label(item, language)
        return Preview(
            title, type_, tuple(names[:_MAX_NAMES]), tuple(lines), (WIKIDATA + item.qid,)
        )

    def address(self, id_: str) -> str:
        item = self._item(id_)
        return WIKIDATA + item.qid if item else ""

    def _item(self, name: str) -> Item | None:
        qid = name.removeprefix(WIKIDATA).upper()
        if not re.fullmatch(QID, qid):
            return None
        with self._lock:
            return self._source.item(qid)

    def _candidates(self, mention: Mention, limit: int) -> Sequence[Candidate]:
        with self._lock:
            return self._source.candidates(mention, limit)

    def _named(self, value: Value, language: str) -> Thing:
        """Return the item with a QID that is a value, nameless where the source has not got it."""
        item = self._item(str(value))
        return Thing(str(value), _label(item, language).text if item else str(value))


def _mention(query: Query, type_: Type | None) -> Mention:
    """Return a query as a mention: its conditions are evidence."""
    wanted = {condition.property: condition.values for condition in query.conditions}
    qids = {
        name: [qid for value in wanted.get(name, ()) if re.fullmatch(QID, qid := value.upper())]
        for name in ("office", "related")
    }
    years = [_YEAR.match(value) for value in wanted.get("active", ())]
    return Mention(
        {"": (query.text,)},
        type_,
        countries=frozenset(value.upper() for value in wanted.get("country", ())),
        active=frozenset(int(year[1]) for year in years if year),
        neighbours=frozenset(qids["related"]),
        held=tuple(Held(qid) for qid in qids["office"]),
    )


def _label(item: Item, language: str) -> Text:
    for tag in (language, "en", *item.names):
        if item.names.get(tag):
            return Text(item.names[tag][0], tag)
    return Text(item.qid)


def _thing(item: Item, language: str) -> Thing:
    descriptions = item.descriptions
    told = descriptions.get(language) or descriptions.get("en") or ""
    types = (type_thing(item.type, language),) if item.type else ()
    return Thing(item.qid, _label(item, language).text, told, types)
