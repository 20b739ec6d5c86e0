"""What can be asked of Wikidata: each question has an answer of its own, kept by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kgpub.linking.qids import qid_of


class Kind(Enum):
    """What is asked, and what the answer is."""

    search = "search"
    """QIDs of items with a label or alias in a language that begins like the name."""
    words = "words"
    """QIDs of items in which all words of the name occur."""
    entity = "entity"
    """An item's `Terms`."""
    types = "types"
    """Rows with `class`: which of the known classes it is an instance of."""
    offices = "offices"
    """Rows with `office`, and `start` and `end` with their precisions, of offices held."""
    facts = "facts"
    """Rows with `about`, `value`, `precision`: born, died, country, population, related."""


STATEMENTS = (Kind.types, Kind.offices, Kind.facts)
"""What the SPARQL endpoint is asked about items."""


@dataclass(frozen=True)
class Question:
    """A question: `about` is a QID, or a name; `language` that in which a name is searched."""

    kind: Kind
    about: str
    language: str = ""


def is_item(qid: str) -> bool:
    """Whether `qid` is written as Wikidata writes an item's: Q and a number that it can have."""
    return qid_of(qid) == qid
