"""Why an item that seems to be meant is left to people: a wrong link is worse than none.

The score of `scoring` speaks of the names as a newspaper writes them. Here a standard form is
compared with another, and what speaks against an item stops it, however like the names are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from kgpub.linking.circumstances import circumstances
from kgpub.linking.common_words import BODIES, EVENTS, GIVEN
from kgpub.linking.countries import CODES
from kgpub.linking.entity import Item, Mention, Type
from kgpub.linking.schema import COUNTRY
from kgpub.linking.scoring import of_items
from kgpub.names import Name, read
from kgpub.names.letters import fold
from kgpub.names.titles import title_length

Names = Sequence[Name]

MAX_NAMES = 4_000
"""Names of an item that are read, in all languages: a hostile gazetteer has millions."""
MAX_COMPARED = 100
"""Names of an item in one language that are compared in earnest, which is dearer."""
LEAST_MATCH = 0.1
"""Probability from which two names may be spellings of one."""

_ARTICLES = frozenset(("ال", "al", "el", "ul", "ud", "ad", "ed", "as", "ar", "la", "le"))
_BEFORE = frozenset(
    (
        *("عبد", "عبيد", "abd", "abdul", "abdel", "abdal", "abdol"),
        *("ابو", "ابي", "ابا", "ام", "abu", "abou", "abi", "umm", "um", "oum"),
        *("ابن", "بن", "بنت", "ibn", "bin", "ben", "bint", "aal"),
        *("de", "del", "di", "da", "du", "van", "von", "der", "den", "ter", "saint", "st"),
    )
)
"""What makes one name with the word behind it: عبد الله, أبو مازن, de Gaulle."""
_RANKS = frozenset(
    (
        *("ملا", "الملا", "باشا", "بيك", "بك", "اغا", "الاغا", "القايد", "الشهيد", "شهيد"),
        *("pasha", "pacha", "bey", "beg", "agha", "aga"),
    )
)
"""Ranks that stand behind names, or between other titles and them; as `fold` writes them."""
_AROUND = frozenset((COUNTRY, "governorate", "district"))
"""Kinds of place that often bear the name of their capital."""
_SETTLEMENTS = frozenset(("city", "town", "village"))
"""Kinds of place that items mostly are. Governorates, districts, rivers bear the names of these."""
_AFTER = frozenset(
    ("الله", "allah", "ullah", "ollah", "الدين", "دين", "din", "deen", "eddin", "uddin")
)
"""What makes one name with the word before it: نصر الله, صلاح الدين."""


def may_be_named(one: str, other: str) -> bool:
    """Whether two names may be of one entity, in whatever script and spelling."""
    mention = Mention({"": (one,)}, Type.person)
    item = Item("Q1", Type.person, {"": (other,)})
    return any(candidate.score >= LEAST_MATCH for candidate in of_items(mention, [item]))


def doubt(mention: Mention, item: Item) -> str:
    """Return why `item` is not to be linked without a person's look, or "".

    Only a name that is equal after normalising (`Name.bare`) is sure enough: سمير and سميرة, حسن
    and حسين, or Iran and Iraq in the name of an office, are as like as spellings are. Of a person
    it has two names or more, for there is more than one Abdullah, and more than one Abu Ali.
    """
    against = [each.sentence for each in circumstances(mention, item) if each.odds < 0]
    if against:
        return against[0]
    type_ = mention.type or item.type
    equal = _equal(mention, item, titles=type_ in (Type.person, None))
    if not equal:
        return "No name of it is written the same."
    too_little = _TOO_LITTLE[type_](mention, item, equal)
    if not too_little and all(len(name.bare) < 2 for name in equal):
        too_little = "One letter is no name."
    return too_little or _disagreement(mention, item)


def _of_person(mention: Mention, item: Item, equal: Names) -> str:
    if all(_parts(name) < 2 for name in equal):
        return "One word is no name to know a person by."
    if all(_is_general(name, GIVEN | _ARTICLES | _BEFORE) for name in equal):
        return "" if _are_tied(mention, item) else "There are many people of that name."
    return ""


def _is_general(name: Name, words: frozenset[str]) -> bool:
    return words.issuperset(name.tokens)


def _are_tied(mention: Mention, item: Item) -> bool:
    """Whether more than name, life and country speaks for an item: an office, an item beside."""
    offices = {held.office for held in mention.held} & {held.office for held in item.held}
    return bool(offices or (item.related & mention.neighbours).difference(CODES))


def _of_office(mention: Mention, item: Item, _: Names) -> str:
    """Each country has a prime minister, and so has Wikidata an item of the office in general."""
    same = item.country in mention.countries
    return "" if same else "Whether it is an office of the same country is not known."


def _of_organisation(mention: Mention, item: Item, equal: Names) -> str:
    general = all(_is_general(name, BODIES) for name in equal)
    if general and item.country not in mention.countries:
        return "Other countries have one of that name too."
    keys = {read(name).key for name in _all(item.names.values())[:MAX_NAMES]}
    if all(_is_one_word(name) and name.key not in keys for name in equal):
        return "A word with the article is another name than the word alone."
    return ""


def _is_one_word(name: Name) -> bool:
    """Whether a name is one word, beside which an article may stand."""
    return sum(token not in _ARTICLES for token in name.tokens) == 1


def _of_place(mention: Mention, item: Item, _: Names) -> str:
    if item.kind in _AROUND and mention.kind != item.kind:
        return f"Whether the {item.kind} is meant, or a place of its name, is not known."
    if mention.kind and mention.kind not in _SETTLEMENTS and not item.kind:
        return f"Whether it is a {mention.kind}, or a place of its name, is not known."
    return ""


def _of_event(mention: Mention, item: Item, equal: Names) -> str:
    dated = [name for name in equal if any(token.isdecimal() for token in name.tokens)]
    if not dated:
        return "There is more than one event of a name without a year or number."
    general = all(all(t in EVENTS or t.isdecimal() for t in name.tokens) for name in dated)
    if general and item.country not in mention.countries:
        return "Other countries had one of that name too."
    return ""


_TOO_LITTLE: Mapping[Type | None, Callable[[Mention, Item, Names], str]] = MappingProxyType(
    {
        Type.person: _of_person,
        Type.office: _of_office,
        Type.organisation: _of_organisation,
        Type.place: _of_place,
        Type.event: _of_event,
        None: _of_person,
    }
)
"""Why an equal name of what is of each type is too little, or ""."""


def without_title(name: str) -> str:
    """Return a name without the titles before it; all of it where there are none."""
    words = name.split()
    return " ".join(words[title_length([fold(word) for word in words]) :]) if words else name


def _all(names: Iterable[Iterable[str]]) -> list[str]:
    return [name for those in names for name in those]


def _equal(mention: Mention, item: Item, *, titles: bool) -> list[Name]:
    """Return those names of a mention that are equal to one of the item.

    Of people `titles` are left out: in the name of an office, a place, a body it is part of it.
    """
    ours, theirs = (
        [read(without_title(name) if titles else name) for name in _all(names.values())[:MAX_NAMES]]
        for names in (mention.names, item.names)
    )
    bare = {name.bare for name in theirs}
    return [name for name in ours if name.bare and name.bare in bare]


def _parts(name: Name) -> int:
    """Return how many names a person's name is made of; neither initials nor numbers are any."""
    count, begun = 0, False
    for token in name.tokens:
        if token in _BEFORE:
            begun = True
        elif token not in _ARTICLES | _RANKS and (begun or not count or token not in _AFTER):
            count += len(token) > 1 and token.isalpha()
            begun = False
    return count


def _disagreement(mention: Mention, item: Item) -> str:
    """Return in which language an item has only other names than a mention, or "".

    A name of one language may be that of another thing too; seldom are those of two.
    """
    for language, names in mention.names.items():
        theirs = item.names.get(language, ())[:MAX_COMPARED]
        if theirs and not any(may_be_named(one, other) for one in names for other in theirs):
            return f"In the language {language} it is “{theirs[0]}”, not “{names[0]}”."
    return ""
