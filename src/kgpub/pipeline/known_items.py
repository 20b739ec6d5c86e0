"""What is known of items that people or submissions name: where they lead to, and their countries.

It is asked of whatever is at hand, a gazetteer or what is kept of Wikidata's answers; nothing
depends on its being there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from kgpub.linking.countries import CODES
from kgpub.linking.entity import Item
from kgpub.linking.schema import COUNTRY
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.question import Kind, Question

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

    def is_country(self, qid: str) -> bool:
        """Whether an item is known to be a country, and does not only lie in one."""
        item = None if qid in CODES else self.item(qid)
        return qid in CODES or (item is not None and item.kind == COUNTRY)

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


@contextmanager
def items_now(answers: Path) -> Iterator[Callable[[str], str]]:
    """Yield what returns the QID that an item has now, "" where Wikidata has it no longer.

    That is told by Wikidata's last answers, however old, which are kept in the file `answers`; what
    they do not tell of, as all where there is no such file, is taken to be as it was.
    """
    cache = None
    if answers.is_file():
        with suppress(WikidataError):  # they only tell more
            cache = Cache(answers, lambda: datetime.now(UTC))
    if cache is None:
        yield str
        return
    with closing(cache) as kept:

        def now(qid: str) -> str:
            terms = kept.latest(Question(Kind.entity, qid))
            return qid if terms is None else str(terms["id"])

        yield now
