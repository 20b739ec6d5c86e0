"""What a gazetteer or Wikidata tells of an item, and what the data tell of an entity to be linked.

Both are values: where they come from, and how they are kept, is nothing to the decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Protocol

Names = Mapping[str, tuple[str, ...]]
"""Names as written, by language tag; the first of each language is its label."""

_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Type(Enum):
    """What an entity is: the classes that have a Wikidata item."""

    person = "person"
    organisation = "organisation"
    office = "office"
    place = "place"
    event = "event"


@dataclass(frozen=True)
class Held:
    """An office that a person has held: the item's QID, and from when until when.

    The days are ISO 8601 (`2016`, `2016-06`, `2016-06-07`), "" where they are not known.
    """

    office: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Item:
    """A Wikidata item. `qid` is Q and a number, `type` None where it fits no class.

    `country` is an ISO 3166-1 code of two letters, or ""; `born` and `died` are ISO 8601, or "".
    `sitelinks` counts the wikis that have an article about it; `related` are QIDs of other items
    that its statements name. `source` says where this comes from. `kind` is the local name of a
    concept of kind:PlaceKind, or "": what sort of place it is.
    """

    qid: str
    type: Type | None
    names: Names
    country: str = ""
    born: str = ""
    died: str = ""
    population: int = 0
    sitelinks: int = 0
    held: tuple[Held, ...] = ()
    related: frozenset[str] = frozenset()
    descriptions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Mention:
    """An entity that is to be linked, as the data have it.

    `names` are by language, "" where that is not known. What else there is, is evidence: `active`
    are the years that facts about it are dated with; `neighbours` are QIDs of entities of the same
    articles that are linked already; `held` are the offices it holds, as QIDs. `kind` is the local
    name of a concept of kind:PlaceKind, or "".
    """

    names: Names
    type: Type | None = None
    countries: frozenset[str] = frozenset()
    active: frozenset[int] = frozenset()
    neighbours: frozenset[str] = frozenset()
    held: tuple[Held, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """An item that a mention may stand for.

    `score` is the estimated probability, from 0 to 1, that it does; `evidence` are sentences, the
    weightiest first, of why and why not.
    """

    item: Item
    score: float
    evidence: tuple[str, ...]


class Outcome(Enum):
    """What is decided about a mention."""

    linked = "linked"
    review = "review"
    nil = "nil"


@dataclass(frozen=True)
class Decision:
    """What is decided about a mention: the first of `candidates`, best first, if it is linked.

    `method` names how the candidates were found (a concept of kind:LinkMethod), `version` the
    gazetteer or the day of the lookup.
    """

    outcome: Outcome
    candidates: Sequence[Candidate]
    method: str
    version: str


class Source(Protocol):
    """Where candidates come from: a gazetteer on disk, or Wikidata itself.

    `method` is a concept of kind:LinkMethod; `version` tells what was asked: the gazetteer's own
    version, or the day of the lookup.
    """

    method: str
    version: str

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        """Return what `mention` may stand for, best first, no more than `limit`."""
        ...

    def item(self, qid: str) -> Item | None:
        """Return an item by its QID, or None where the source has none of it."""
        ...
