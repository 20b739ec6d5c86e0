"""What was built last, as the service reads it: the store, and its entities in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from kgpub.linking.entity import Type
from kgpub.messages import LANGUAGES
from kgpub.pipeline.workspace import Workspace
from kgpub.service.latest import Latest
from kgpub.service.reconciliation import columns
from kgpub.service.reconciliation.labels import type_of, type_thing
from kgpub.service.reconciliation.register import Entity, Register
from kgpub.store import Binding, Queryable
from kgpub.vocabulary import WIKIDATA

Texts = Mapping[str, Mapping[str, str]]
"""By IRI and language, a text."""
_MAX_PARTICIPANTS = 3
_COMMA = {"ar": "، ", "ckb": "، "}


@dataclass(frozen=True)
class Snapshot:
    """One build. `others` are names of what is no entity of the service: groups and topics."""

    base: str
    store: Queryable
    prefixes: Mapping[str, str]
    register: Register
    kinds: Texts
    others: Texts

    def rows(self, sparql: str, **bindings: Binding) -> list[QuerySolution]:
        """Return the rows of a SELECT query. Raises QueryError, StoreError.

        Rows may be handed from thread to thread, and freed by any; what they are read from may not.
        """
        return list(cast(QuerySolutions, self.store.query(sparql, self.prefixes, bindings)))

    def entity(self, name: str) -> Entity | None:
        """Return the entity with an identifier, an IRI or a QID, or None."""
        found = self.register.by_id.get(name.removeprefix(self.base))
        return found or self.register.by_item.get(name.removeprefix(WIKIDATA).upper())

    def iri(self, entity: Entity) -> NamedNode:
        """Return the IRI of an entity."""
        return NamedNode(self.base + entity.id)

    def kind(self, iri: str, language: str) -> str:
        """Return what a kind is called; its local name where it is not called anything."""
        labels = self.kinds.get(iri, {})
        return labels.get(language) or next(iter(labels.values()), iri.rpartition("#")[2])

    def time(self, row: QuerySolution) -> str:
        """Return the time in a row as it is shown: `2016 – 2020`, as EDTF has each."""
        start, end, time = (_value(row, name) for name in ("start", "end", "time"))
        return f"{start} – {end}".strip() if start or end else time


class Published:
    """Keeps the snapshot of the last build, see `Latest`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._latest = Latest(workspace.generations, lambda _: _read(workspace))

    def snapshot(self) -> Snapshot:
        """Return the last build. Raises StoreError where there is none to read."""
        return self._latest.get()


def _read(workspace: Workspace) -> Snapshot:
    base = workspace.settings.base
    bare = Snapshot(base, workspace.store(), workspace.prefixes, Register(()), {}, {})
    kinds = _by_language(bare.rows(columns.KIND_LABELS), "kind", "label")
    others = _by_language(bare.rows(columns.GROUP_NAMES), "entity", "name")
    entities = list(_entities(bare, kinds, others))
    return Snapshot(base, bare.store, bare.prefixes, Register(entities), kinds, others)


def _entities(snapshot: Snapshot, kinds: Texts, others: Texts) -> Iterator[Entity]:
    kind_of = {_value(row, "entity"): _value(row, "kind") for row in snapshot.rows(columns.KINDS)}
    items: dict[str, str] = {}
    for row in snapshot.rows(columns.ITEMS):
        if _value(row, "item").startswith(WIKIDATA):
            items.setdefault(_value(row, "entity"), _value(row, "item").removeprefix(WIKIDATA))
    names: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    types: dict[str, Type] = {}
    for row in snapshot.rows(columns.ENTITIES):
        iri, type_, name = _value(row, "entity"), type_of(_value(row, "class")), row["name"]
        if type_ is not None and iri.startswith(snapshot.base):
            types[iri] = type_
            if isinstance(name, Literal):
                names[iri][name.language or ""][name.value] = None
    for iri, type_ in types.items():
        of_entity = {language: tuple(those) for language, those in names[iri].items()}
        yield Entity(
            iri.removeprefix(snapshot.base),
            type_,
            of_entity,
            kind_of.get(iri, ""),
            items.get(iri, ""),
        )
    labels = dict(others)
    labels |= {iri: {tag: next(iter(t)) for tag, t in of.items()} for iri, of in names.items()}
    taking_part: dict[str, list[str]] = defaultdict(list)
    for row in snapshot.rows(columns.PARTICIPANTS):
        taking_part[_value(row, "entity")].append(_value(row, "participant"))
    times = {_value(row, "entity"): _value(row, "time") for row in snapshot.rows(columns.EVENTS)}
    for iri, time in times.items():
        if iri.startswith(snapshot.base):
            kind = kind_of.get(iri, "")
            called = {
                language: (
                    _event_name(kinds.get(kind, {}), taking_part[iri], labels, time, language),
                )
                for language in LANGUAGES
            }
            yield Entity(
                iri.removeprefix(snapshot.base), Type.event, called, kind, items.get(iri, "")
            )


def _event_name(
    kind: Mapping[str, str],
    participants: list[str],
    labels: Texts,
    time: str,
    language: str,
) -> str:
    """Return what an event is shown as, since events have no names: kind, who, and when."""
    who = [
        labels[each].get(language) or next(iter(labels[each].values()))
        for each in participants
        if labels.get(each)
    ]
    what = kind.get(language) or type_thing(Type.event, language).name
    told = _COMMA.get(language, ", ").join(who[:_MAX_PARTICIPANTS])
    text = f"{what}: {told}" if told else what
    return f"{text} ({time})" if time else text


def _by_language(rows: Iterable[QuerySolution], key: str, text: str) -> Texts:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        value = row[text]
        if isinstance(value, Literal):
            found[_value(row, key)].setdefault(value.language or "", value.value)
    return found


def _value(row: QuerySolution, name: str) -> str:
    term = row[name]
    return term.value if isinstance(term, NamedNode | Literal) else ""
