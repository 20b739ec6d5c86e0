"""Why an item that seems to be meant is left to people: a wrong link is worse than none.

The score of `scoring` speaks of the names as a newspaper writes them. Here a standard form is
compared with another, and what speaks against an item stops it, however like the names are.
"""

from __future__ import annotations

from collections.abc import Iterable

from kgpub.linking.circumstances import circumstances
from kgpub.linking.entity import Item, Mention, Type
from kgpub.linking.scoring import of_items
from kgpub.names import Name, read
from kgpub.names.letters import fold
from kgpub.names.titles import title_length

LEAST_MATCH = 0.1
"""Probability from which two names may be spellings of one."""


def may_be_named(one: str, other: str) -> bool:
    """Whether two names may be of one entity, in whatever script and spelling."""
    mention = Mention({"": (one,)}, Type.person)
    item = Item("Q1", Type.person, {"": (other,)})
    return any(candidate.score >= LEAST_MATCH for candidate in of_items(mention, [item]))


def doubt(mention: Mention, item: Item) -> str:
    """Return why `item` is not to be linked without a person's look, or "".

    Only a name that is equal after normalising (`Name.bare`) is sure enough: سمير and سميرة, حسن
    and حسين, or Iran and Iraq in the name of an office, are as like as spellings are. Of a person
    it has two words or more.
    """
    against = [each.sentence for each in circumstances(mention, item) if each.odds < 0]
    if against:
        return against[0]
    equal = _equal(_all(mention.names.values()), _all(item.names.values()))
    if not equal:
        return "No name of it is written the same."
    if Type.person in (mention.type, item.type) and all(len(name.tokens) < 2 for name in equal):
        return "One word is no name to know a person by."
    if all(len(name.bare) < 2 for name in equal):
        return "One letter is no name."
    return _disagreement(mention, item)


def without_title(name: str) -> str:
    """Return a name without the titles before it; all of it where there are none."""
    words = name.split()
    return " ".join(words[title_length([fold(word) for word in words]) :]) if words else name


def _all(names: Iterable[Iterable[str]]) -> list[str]:
    return [name for those in names for name in those]


def _equal(ours: Iterable[str], theirs: Iterable[str]) -> list[Name]:
    """Return those of our names, without titles, that are equal to one of theirs."""
    bare = {read(without_title(name)).bare for name in theirs}
    names = [read(without_title(name)) for name in ours]
    return [name for name in names if name.bare and name.bare in bare]


def _disagreement(mention: Mention, item: Item) -> str:
    """Return in which language an item has only other names than a mention, or "".

    A name of one language may be that of another thing too; seldom are those of two.
    """
    for language, names in mention.names.items():
        theirs = item.names.get(language, ())
        if theirs and not any(may_be_named(one, other) for one in names for other in theirs):
            return f"In the language {language} it is “{theirs[0]}”, not “{names[0]}”."
    return ""
