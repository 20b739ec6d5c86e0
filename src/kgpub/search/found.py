"""What a search finds, as values: entities by their names, passages of texts by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from kgpub.search.excerpts import Excerpt
from kgpub.search.query import Query
from kgpub.search.ranking import Fit

Hit = TypeVar("Hit")


class Section(Enum):
    """What kind of thing is found."""

    entities = "entities"
    statements = "statements"
    articles = "articles"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its IRI and a name of it, with the name's language, "" where it has none."""

    iri: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class EntityHit:
    """An entity: its name to show, its kind, and the name that was found, with marks."""

    entity: Named
    kind: Named
    matched: Excerpt
    matched_language: str
    fit: Fit


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A statement, or an article's text: what of it to show, where it stands, and who says it."""

    iri: str
    excerpt: Excerpt
    language: str
    article: Named
    speakers: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits(Generic[Hit]):
    """What was found of a kind, from `first` on, counted from 0.

    `total` is how many there are, the least if `is_more`; `some_only` says that none has all that
    was looked for, and these have some.
    """

    hits: Sequence[Hit] = ()
    first: int = 0
    total: int = 0
    is_more: bool = False
    some_only: bool = False

    @property
    def next(self) -> int | None:
        """Where the next ones begin, or None."""
        after = self.first + len(self.hits)
        return after if self.hits and after < self.total else None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query. `build` tells which build it is of."""

    query: Query
    build: str
    entities: Hits[EntityHit]
    statements: Hits[PassageHit]
    articles: Hits[PassageHit]
