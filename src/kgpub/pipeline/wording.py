"""What a constraint asks for, with the words by which a message of the shape's own tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgpub.messages import Message

_IN_ENGLISH = {
    "1": ("one", "single", "once"),
    "EDTF": ("edtf",),
    "date": ("date", "day"),
    "integer": ("number",),
    "decimal": ("number",),
    "boolean": ("true",),
    "string": ("text",),
    "langString": ("text", "language"),
    "lessThan": ("before", "less", "earlier"),
    "lessThanOrEquals": ("before", "less", "earlier"),
    "uniqueLang": ("each", "language"),
    "IRI": ("iri", "address", "name"),
}


@dataclass(frozen=True)
class Expected:
    """What is expected, and what a text holds that says so: one word of each group.

    Without any group, no text is known to say it.
    """

    message: Message
    words: Sequence[Sequence[str]]

    def is_said_in(self, text: str) -> bool:
        """Return whether `text` says it, in English or by the names and values themselves."""
        said = all(any(_stands_in(text, each) for each in ways) for ways in self.words)
        return bool(self.words) and said


def ways_to_say(names: Iterable[str]) -> list[Sequence[str]]:
    """Return the words that stand for each of `names` of numbers, datatypes or parameters."""
    return [(name, *_IN_ENGLISH.get(name, ())) for name in names]


def _stands_in(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
