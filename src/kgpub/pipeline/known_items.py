"""What is known of items that people or submissions name: where they lead to, and their countries.

It is asked of whatever is at hand, a gazetteer or what is kept of Wikidata's answers; nothing
depends on its being there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from kgpub.linking.countries import CODES
from kgpub.linking.entity import Item

Lookup = Callable[[str], Item | None]
"""Returns an item by its QID, None where it knows none; that of its target for a redirect."""

_REMEMBERED = 4096


class KnownItems:
    """Items by QID, from several lookups, the first of which that knows an item counts."""

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self._lookups = tuple(lookups)
        self.country = lru_cache(_REMEMBERED)(self._country)
        self.target = lru_cache(_REMEMBERED)(self._target)

    def item(self, qid: str) -> Item | None:
        """Return an item, or None where nobody knows it."""
        found = (lookup(qid) for lookup in self._lookups)
        return next((item for item in found if item is not None), None)

    def _target(self, qid: str) -> str:
        """Return the QID that a redirect leads to, else `qid` itself.

        A gazetteer that still has the item of before does not say that it is none.
        """
        found = (lookup(qid) for lookup in self._lookups)
        return next((item.qid for item in found if item is not None and item.qid != qid), qid)

    def _country(self, qid: str) -> str:
        """Return the code of the country that an item is, or lies in; "" where it is not known."""
        item = None if qid in CODES else self.item(qid)
        return CODES.get(qid) or (item.country if item else "")
