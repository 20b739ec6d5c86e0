"""The two files of links to Wikidata, row by row: what people decided, and what kgpub found.

`links.csv` is people's. `links-found.csv` is written by `kgpub link` and by nothing else. Both have
one line for each pair of entity and item, so that version control can merge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from kgpub.model.tree import Scalar

REVIEWED_FILE = "links.csv"
FOUND_FILE = "links-found.csv"

Row = Mapping[str, Scalar]
"""The cells of a row by column."""


class Decided(Enum):
    """What a person has decided: about a pair, or that none of the candidates is the entity."""

    accepted = "accepted"
    rejected = "rejected"
    none = "none"


class Found(Enum):
    """What kgpub has found: the item, one that a person should look at, or none."""

    linked = "linked"
    candidate = "candidate"
    nil = "nil"


@dataclass(frozen=True)
class ReviewedLink:
    """A row of `links.csv`. `entity` is a folder and a slug (`person/kanan-makiya`), `item` a QID.

    `item` is "" where the decision is `none`. `day` is an ISO date or "", `by` and `note` are free
    text in a line or "".
    """

    entity: str
    item: str
    decision: Decided
    day: str = ""
    by: str = ""
    note: str = ""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns of the file."""
        return ("entity", "item", "decision", "day", "by", "note")

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is written."""
        return (self.entity, self.item, self.decision.value, self.day, self.by, self.note)


@dataclass(frozen=True)
class FoundLink:
    """A row of `links-found.csv`.

    `method` is a concept of kind:LinkMethod, `score` a decimal number from 0 to 1 with two places,
    `evidence` a sentence or more; `looked_up_in` says where, and in which version of it, something
    was looked for. The others are "" where nothing was found.
    """

    entity: str
    item: str
    outcome: Found
    method: str = ""
    score: str = ""
    evidence: str = ""
    looked_up_in: str = ""
    day: str = ""

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns of the file."""
        return ("entity", "item", "outcome", "method", "score", "evidence", "looked-up-in", "day")

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is written."""
        found = (self.entity, self.item, self.outcome.value, self.method, self.score)
        return (*found, self.evidence, self.looked_up_in, self.day)


LinkRow = TypeVar("LinkRow", ReviewedLink, FoundLink)


@dataclass(frozen=True)
class Decisions:
    """What people have decided, by entity."""

    accepted: Mapping[str, str]
    rejected: frozenset[tuple[str, str]]
    unlinked: frozenset[str]

    def leave(self, found: FoundLink) -> bool:
        """Whether what was found stands: people's decisions always win."""
        decided = found.entity in self.accepted or found.entity in self.unlinked
        return not decided and (found.entity, found.item) not in self.rejected
