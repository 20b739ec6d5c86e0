"""What a submission says, beside what is published already: the outcomes of comparing the two."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kgpub.errors import Place
from kgpub.messages import Message


class Outcome(StrEnum):
    """How a fact or event of a submission stands to what is published."""

    new = "new"
    known = "known"
    refines = "refines"
    contradicts = "contradicts"


class Reason(StrEnum):
    """Why the outcome is what it is, for programs; the code of the message that says so."""

    nothing_like_it = "nothing-like-it"
    said_again = "said-again"
    other_time = "other-time"
    same_statement = "same-statement"
    same_fact = "same-fact"
    known_more_exactly = "known-more-exactly"
    more_exact = "more-exact"
    two_holders = "two-holders"
    two_current_holders = "two-current-holders"
    same_ordinal = "same-ordinal"
    once_only = "once-only"
    other_dates = "other-dates"
    denied = "denied"


@dataclass(frozen=True)
class Told:
    """A fact or event as one statement of one article tells it.

    `article`, `statement`, `passage` and `fact` are IRIs, that of the passage with the characters
    of its words in the article, from 0 and with the end left out (RFC 5147). `title`, `publisher`
    and `speakers` are names where names are known, else IRIs, and empty where nothing is known.
    `published` is EDTF. `times` has property and value: ("start", "2019"). All texts are as
    submitted and may hold any character.
    """

    fact: str
    statement: str
    article: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    words: str = ""
    passage: str = ""
    speakers: tuple[str, ...] = ()
    times: tuple[tuple[str, str], ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Comparison:
    """One fact or event of a submission, and what of the published, or submitted with it, it meets.

    `theirs` is None only where nothing like it is published, or no more. `their_place` is where it
    is submitted, and None where it is published. `notes` say where not all of what is published was
    looked at or is told. In which language they are told is for the report.
    """

    outcome: Outcome
    reason: Reason
    fact: str
    place: Place
    mine: Told
    theirs: Told | None
    explanation: Message
    notes: tuple[Message, ...] = ()
    their_place: Place | None = None
