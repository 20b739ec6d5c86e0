"""Items of several gazetteers as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

from kgpub.linking.entity import Item, Names

_FIELDS = ("type", "country", "born", "died")
"""What two gazetteers may not say differently about one QID."""


def merged(gazetteers: Iterable[Iterable[Item]], tell: Callable[[str], None]) -> Iterator[Item]:
    """Yield the items of several gazetteers, each QID once.

    Those that agree have the names of both. Where two disagree about type, country, birth or death,
    the first counts, and `tell` is given a sentence. All items are kept in memory.
    """
    items: dict[str, Item] = {}
    for gazetteer in gazetteers:
        for item in gazetteer:
            first = items.get(item.qid)
            if first is None:
                items[item.qid] = item
                continue
            reason = _disagreement(first, item)
            if reason:
                tell(reason)
            else:
                items[item.qid] = _united(first, item)
    yield from items.values()


def _disagreement(first: Item, second: Item) -> str:
    for field in _FIELDS:
        one, other = getattr(first, field), getattr(second, field)
        if one and other and not _agree(one, other):
            said, denied = (getattr(each, "value", each) for each in (one, other))
            return (
                f"{first.qid}: {field} is {said} in {first.source or 'the first'}, "
                f"{denied} in {second.source or 'the second'}: the first counts."
            )
    return ""


def _agree(one: object, other: object) -> bool:
    """Return whether two values are equal, or one is a year and the other a day in it."""
    if isinstance(one, str) and isinstance(other, str):
        return one.startswith(other) or other.startswith(one)
    return one == other


def _united(first: Item, second: Item) -> Item:
    return replace(
        first,
        type=first.type or second.type,
        names=_names(first.names, second.names),
        country=first.country or second.country,
        born=max(first.born, second.born, key=len),
        died=max(first.died, second.died, key=len),
        population=first.population or second.population,
        sitelinks=max(first.sitelinks, second.sitelinks),
        held=tuple(dict.fromkeys((*first.held, *second.held))),
        related=first.related | second.related,
        descriptions=MappingProxyType({**second.descriptions, **first.descriptions}),
        kind=first.kind or second.kind,
    )


def _names(first: Names, second: Names) -> Names:
    tags = dict.fromkeys((*first, *second))
    return MappingProxyType(
        {tag: tuple(dict.fromkeys((*first.get(tag, ()), *second.get(tag, ())))) for tag in tags}
    )
