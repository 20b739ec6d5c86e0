"""What a reconciliation service offers, whatever stands behind it: the interface, and its values.

The words are those of section 2 of the Reconciliation Service API 0.2: entities, types, properties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from kgpub.service.reconciliation.queries import Query

FULL_SCORE = 100.0


@dataclass(frozen=True)
class Thing:
    """An entity, a type or a property as it is named to people."""

    id: str
    name: str
    description: str = ""
    types: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Match:
    """An entity that a query may mean. `score` is from 0 to 100; `sure` where it can be taken.

    `features` are numbers and truth values that the score rests on.
    """

    thing: Thing
    score: float
    sure: bool
    features: Mapping[str, float | bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Property:
    """A property whose values can be fetched.

    `target` is the type of the entities that are its values, None where they are texts or numbers;
    `elsewhere` names the service that has these entities, "" for the property's own.
    """

    thing: Thing
    target: Thing | None = None
    elsewhere: str = ""


Value = str | int | Thing


@dataclass(frozen=True)
class Text:
    """A text, and the tag of its language, "" where that is not known."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Preview:
    """What a card shows of an entity: names, lines of a label and texts, addresses to follow."""

    title: Text
    type: str
    names: tuple[Text, ...]
    lines: tuple[tuple[str, tuple[Text, ...]], ...]
    links: tuple[str, ...]


class Reconciliation(Protocol):
    """A service as section 3 describes it; `language` is one of the interface.

    All but `slug` and the two spaces may be asked from several threads at once.
    """

    slug: str
    identifier_space: str
    schema_space: str

    def title(self, language: str) -> str:
        """Return the name of the service."""
        ...

    def types(self, language: str) -> Sequence[Thing]:
        """Return all types."""
        ...

    def matches(self, query: Query, language: str) -> Sequence[Match]:
        """Return what a query may mean, best first, no more than it has asked for."""
        ...

    def beginning(
        self, prefix: str, type_: str, language: str, skip: int, limit: int
    ) -> Sequence[Thing]:
        """Return entities that a name or identifier begins with `prefix`; of a type, if given."""
        ...

    def thing(self, id_: str, language: str) -> Thing | None:
        """Return the entity with an identifier, or None."""
        ...

    def properties(self, type_: str, language: str) -> Sequence[Property]:
        """Return the properties that entities of a type have; "" for those of any."""
        ...

    def values(self, id_: str, property_: str, language: str, limit: int) -> Sequence[Value]:
        """Return values of a property, none for an entity or a property that is not there."""
        ...

    def preview(self, id_: str, language: str) -> Preview | None:
        """Return what a card shows of an entity, or None where there is none."""
        ...

    def address(self, id_: str) -> str:
        """Return the web address of an entity, "" where there is none."""
        ...
