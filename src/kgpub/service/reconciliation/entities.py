"""The reconciliation service over what a workspace has published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolution

from kgpub.linking.entity import Type
from kgpub.pipeline.workspace import Workspace
from kgpub.service.reconciliation import columns
from kgpub.service.reconciliation.columns import COLUMNS, Column
from kgpub.service.reconciliation.conditions import Wanted, column_of, having, terms
from kgpub.service.reconciliation.labels import term, type_of, type_thing
from kgpub.service.reconciliation.offered import (
    FULL_SCORE,
    Match,
    Preview,
    Property,
    Text,
    Thing,
    Value,
)
from kgpub.service.reconciliation.queries import Query, Strictness
from kgpub.service.reconciliation.register import ALL_TYPES, Entity, Scored
from kgpub.service.reconciliation.scoring import judged
from kgpub.service.reconciliation.snapshot import Published, Snapshot
from kgpub.vocabulary import KG, WIKIDATA

ENTITIES = "entities"
ELSEWHERE = "wikidata"
"""The slug of the service that has the items of Wikidata."""
_MAX_EXAMINED = 100
"""Entities whose properties are compared with the conditions of a query."""
_SHOWN_WORDS = 3
_SHOWN_VALUES = 5
_SEPARATOR = " · "
_LINE_COLUMNS = (
    columns.KIND_COLUMN,
    columns.TENURE_COLUMN,
    "organisation",
    "jurisdiction",
    "time",
)


class Entities:
    """People, organisations, offices, places and events; identifiers are IRIs without the base."""

    slug = ENTITIES
    schema_space = KG

    def __init__(self, workspace: Workspace) -> None:
        self._published = Published(workspace)
        self._settings = workspace.settings
        self.identifier_space = workspace.settings.base

    def title(self, language: str) -> str:
        return self._settings.titled(language)

    def types(self, language: str) -> Sequence[Thing]:
        return [type_thing(type_, language) for type_ in Type]

    def matches(self, query: Query, language: str) -> Sequence[Match]:
        snapshot = self._published.snapshot()
        scored = _candidates(snapshot, query)[:_MAX_EXAMINED]
        types = frozenset(map(type_of, query.types))
        wanted = [Wanted.of(snapshot, condition) for condition in query.conditions]
        found = []
        for each in scored:
            fits = [condition.fit(snapshot, each.entity) for condition in wanted]
            match = Match(_thing(snapshot, each.entity, language), each.score, each.equal)
            found.append((match, each.entity.type, fits))
        return judged(found, types, query)

    def beginning(
        self, prefix: str, type_: str, language: str, skip: int, limit: int
    ) -> Sequence[Thing]:
        snapshot = self._published.snapshot()
        wanted = type_of(type_) if type_ else None
        named = snapshot.entity(prefix)
        found = dict.fromkeys([*([named] if named else []), *snapshot.register.beginning(prefix)])
        fitting = (each for each in found if not type_ or each.type is wanted)
        return [_thing(snapshot, each, language) for each in islice(fitting, skip, skip + limit)]

    def thing(self, id_: str, language: str) -> Thing | None:
        snapshot = self._published.snapshot()
        entity = snapshot.entity(id_)
        return _thing(snapshot, entity, language) if entity else None

    def properties(self, type_: str, language: str) -> Sequence[Property]:
        wanted = type_of(type_) if type_ else None
        return [
            _property(column, language) for column in COLUMNS if not type_ or wanted in column.types
        ]

    def values(self, id_: str, property_: str, language: str, limit: int) -> Sequence[Value]:
        snapshot = self._published.snapshot()
        entity = snapshot.entity(id_)
        column = column_of(property_)
        if entity is None or column is None:
            return []
        return list(islice(_values(snapshot, entity, column, language), limit))

    def preview(self, id_: str, language: str) -> Preview | None:
        snapshot = self._published.snapshot()
        entity = snapshot.entity(id_)
        if entity is None:
            return None
        names = tuple(Text(t, tag) for tag, those in entity.names.items() for t in those)
        links = [snapshot.base + entity.id]
        if entity.item:
            links.append(WIKIDATA + entity.item)
        lines = _lines(snapshot, entity, language)
        type_ = type_thing(entity.type, language).name
        return Preview(entity.label(language), type_, names, tuple(lines), tuple(links))

    def address(self, id_: str) -> str:
        snapshot = self._published.snapshot()
        entity = snapshot.entity(id_)
        return snapshot.iri(entity).value if entity else ""


def _candidates(snapshot: Snapshot, query: Query) -> list[Scored]:
    if not query.text:
        found = dict.fromkeys(
            entity
            for condition in query.conditions
            for entity in islice(having(snapshot, condition), _MAX_EXAMINED)
        )
        return [Scored(entity, FULL_SCORE, False) for entity in found]
    named = snapshot.entity(query.text)
    if named is not None:
        return [Scored(named, FULL_SCORE, True)]
    types = frozenset(filter(None, map(type_of, query.types)))
    demanded = query.strictness is not Strictness.should and types
    return snapshot.register.search(query.text, demanded or ALL_TYPES)


def _values(snapshot: Snapshot, entity: Entity, column: Column, language: str) -> Iterator[Value]:
    for row in terms(snapshot, entity, column):
        value = row["value"]
        if isinstance(value, Literal):
            yield value.value
        elif isinstance(value, NamedNode):
            yield from _named_value(snapshot, value.value, row, column, language)


def _named_value(
    snapshot: Snapshot, iri: str, row: QuerySolution, column: Column, language: str
) -> Iterator[Value]:
    entity = snapshot.register.by_id.get(iri.removeprefix(snapshot.base))
    if column.id == columns.TENURE_COLUMN:
        name, time = entity.label(language).text if entity else iri, snapshot.time(row)
        yield f"{name} ({time})" if time else name
    elif column.id == columns.WIKIDATA_COLUMN:
        if iri.startswith(WIKIDATA):
            yield Thing(iri.removeprefix(WIKIDATA), iri.removeprefix(WIKIDATA))
    elif column.id == columns.KIND_COLUMN:
        yield snapshot.kind(iri, language)
    elif entity is not None:
        yield replace(_thing(snapshot, entity, language), types=())
    else:
        names = snapshot.others.get(iri, {})
        yield names.get(language) or next(iter(names.values()), iri)


def _property(column: Column, language: str) -> Property:
    named = term(column.term, language)
    name = f"{named.name} ({column.language})" if column.language else named.name
    return Property(
        Thing(column.id, name, named.description),
        type_thing(column.target, language) if column.target else None,
        ELSEWHERE if column.id == columns.WIKIDATA_COLUMN else "",
    )


def _thing(snapshot: Snapshot, entity: Entity, language: str) -> Thing:
    label = entity.label(language)
    told = [snapshot.kind(entity.kind, language)] if entity.kind else []
    told += [those[0] for tag, those in entity.names.items() if tag != label.language]
    type_ = type_thing(entity.type, language)
    return Thing(entity.id, label.text, _SEPARATOR.join(told), (type_,))


def _lines(
    snapshot: Snapshot, entity: Entity, language: str
) -> Iterator[tuple[str, tuple[Text, ...]]]:
    """Yield what a card tells besides names: kind, offices with their times, some words."""
    for column in COLUMNS:
        if entity.type in column.types and column.id in _LINE_COLUMNS:
            shown = islice(_values(snapshot, entity, column, language), _SHOWN_VALUES)
            texts = tuple(Text(v.name if isinstance(v, Thing) else str(v)) for v in shown)
            if texts:
                yield term(column.term, language).name, texts
        elif column.id == columns.WORDS_COLUMN:
            rows = islice(terms(snapshot, entity, column), _SHOWN_WORDS)
            values = [row["value"] for row in rows]
            words = tuple(Text(t.value, t.language or "") for t in values if isinstance(t, Literal))
            if words:
                yield term(column.term, language).name, words
