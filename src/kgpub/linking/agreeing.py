"""Whether what a mention and an item are called agrees in every language that both have."""

from __future__ import annotations

from kgpub.linking.entity import Item, Mention, Type
from kgpub.linking.scoring import of_items

LEAST_MATCH = 0.1
"""Probability from which two names may be spellings of one."""


def may_be_named(one: str, other: str) -> bool:
    """Whether two names may be of one entity, in whatever script and spelling."""
    mention = Mention({"": (one,)}, Type.person)
    item = Item("Q1", Type.person, {"": (other,)})
    return any(candidate.score >= LEAST_MATCH for candidate in of_items(mention, [item]))


def disagreement(mention: Mention, item: Item) -> str:
    """Return in which language an item has only other names than a mention, or "".

    A name of one language may be near that of another thing (اوربا, Europe, and أروبا, Aruba);
    seldom are those of two.
    """
    for language, names in mention.names.items():
        theirs = item.names.get(language, ())
        if theirs and not any(may_be_named(one, other) for one in names for other in theirs):
            return f"In the language {language} it is “{theirs[0]}”, not “{names[0]}”."
    return ""
