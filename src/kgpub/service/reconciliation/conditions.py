"""The conditions of a query over a workspace's entities: who has a value, and does this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolution

from kgpub.names import read, readings
from kgpub.service.reconciliation.columns import COLUMNS, WIKIDATA_COLUMN, Column
from kgpub.service.reconciliation.queries import Condition
from kgpub.service.reconciliation.register import Entity
from kgpub.service.reconciliation.scoring import Fit
from kgpub.service.reconciliation.snapshot import Snapshot
from kgpub.vocabulary import WIKIDATA
from kgpub.vocabulary import terms as kg

_MAX_COMPARED = 50
"""Values of a property that are compared."""
_BY_NAME = (kg.name, kg.alternativeName)


@dataclass(frozen=True)
class Wanted:
    """A condition made ready: what a value may be equal to, names folded; no column if unknown."""

    property: str
    column: Column | None
    keys: frozenset[str]

    @classmethod
    def of(cls, snapshot: Snapshot, condition: Condition) -> Wanted:
        """Return a condition made ready for the entities of a snapshot."""
        keys = frozenset(key for text in condition.values for key in _meant(snapshot, text))
        return cls(condition.property, column_of(condition.property), keys)

    def fit(self, snapshot: Snapshot, entity: Entity) -> Fit:
        """Return how an entity stands to it; silence of the data is neither yes nor no."""
        if self.column is None:
            return Fit(self.property, None)
        rows = islice(terms(snapshot, entity, self.column), _MAX_COMPARED)
        held = {key for row in rows for key in _equals(snapshot, row["value"])}
        return Fit(self.property, not held.isdisjoint(self.keys) if held else None)


def having(snapshot: Snapshot, condition: Condition) -> Iterator[Entity]:
    """Yield the entities that have a value of a condition; none where that is not looked for."""
    column = column_of(condition.property)
    if column is None:
        return
    for text in condition.values:
        one = snapshot.entity(text)
        named = [one] if one else []
        if column.id == WIKIDATA_COLUMN:
            yield from named
            continue
        meant = named or [each.entity for each in snapshot.register.search(text) if each.equal]
        if column.term in _BY_NAME:
            yield from meant
        elif column.found_by:
            for value in meant:
                yield from _found(snapshot, column, value)


def _found(snapshot: Snapshot, column: Column, value: Entity) -> Iterator[Entity]:
    for row in snapshot.rows(column.found_by, value=snapshot.iri(value)):
        found = row["found"]
        entity = snapshot.entity(found.value) if isinstance(found, NamedNode) else None
        if entity is not None:
            yield entity


def column_of(property_: str) -> Column | None:
    """Return the column with an identifier, or None."""
    return next((each for each in COLUMNS if each.id == property_), None)


def terms(snapshot: Snapshot, entity: Entity, column: Column) -> list[QuerySolution]:
    """Return the rows with the values of a property of an entity, as the store has them."""
    bindings: dict[str, NamedNode | Literal] = {"entity": snapshot.iri(entity)}
    if column.language:
        bindings["language"] = Literal(column.language)
    return snapshot.rows(column.sparql, **bindings)


def _equals(snapshot: Snapshot, value: object) -> Iterator[str]:
    """Yield what a value of the data is equal to: its identifier, and its names folded."""
    if isinstance(value, NamedNode):
        yield value.value
        entity = snapshot.entity(value.value)
        texts = [text for those in entity.names.values() for text in those] if entity else []
        yield from (label.casefold() for label in snapshot.kinds.get(value.value, {}).values())
    else:
        texts = [value.value] if isinstance(value, Literal) else []
        yield from texts
    yield from filter(None, (read(text).key for text in texts))


def _meant(snapshot: Snapshot, text: str) -> Iterator[str]:
    """Yield what a wanted value may be equal to."""
    yield from (text, text.casefold(), WIKIDATA + text.upper())
    entity = snapshot.entity(text)
    if entity is not None:
        yield snapshot.base + entity.id
    yield from (name.key for name in readings(text, running=False))
