"""What Wikidata answers about a QID, as an item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kgpub.linking.classes import DISAMBIGUATION, is_internal, place_kind, types
from kgpub.linking.entity import Held, Item, Names, Type
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.forms import Row, Terms
from kgpub.wikidata.question import STATEMENTS, Kind, Question, is_item

SOURCE = "Wikidata"

_DATE = re.compile(r"\+?(-?[0-9]{4})-([0-9]{2})-([0-9]{2})T")
_DAY, _MONTH, _YEAR = "11", "10", "9"
"""wikibase:timePrecision; lower numbers are decades, centuries and more."""
_COUNTRY = re.compile(r"[A-Z]{2}")
_COUNT = re.compile(r"\+?([0-9]{1,11})(?:\.[0-9]*)?")


@dataclass(frozen=True)
class Record:
    """What Wikidata has under a QID that was `asked` for.

    `item` is None where it has nothing: it was deleted, or never was. Its QID is another than
    `asked` where that is a redirect. `types` are all that its classes allow; `page` is true for a
    disambiguation page, `internal` for it and anything else that is only of use to the wikis.
    """

    asked: str
    item: Item | None = None
    types: tuple[Type, ...] = ()
    page: bool = False
    internal: bool = False

    @property
    def redirect(self) -> str:
        """The QID that `asked` leads to, or an empty string."""
        return self.item.qid if self.item and self.item.qid != self.asked else ""


def record(
    asked: str,
    terms: Terms,
    classes: Sequence[Row] = (),
    offices: Sequence[Row] = (),
    facts: Sequence[Row] = (),
) -> Record:
    """Return the record of a QID from the answers to the questions about it."""
    if not terms["id"]:
        return Record(asked)
    instance_of = {row["class"] for row in classes if "class" in row}
    fitting = types(instance_of)
    tenures = held_offices(offices)
    related = {each.office for each in tenures} | set(_values(facts, "related"))
    item = Item(
        qid=terms["id"],
        type=fitting[0] if fitting else None,
        names=names(terms),
        country=_first(_COUNTRY, facts, "country"),
        born=_date_of(facts, "born"),
        died=_date_of(facts, "died"),
        population=_population(facts),
        sitelinks=terms["sitelinks"],
        held=tenures,
        related=frozenset(each for each in related if is_item(each)),
        descriptions=MappingProxyType(dict(terms["descriptions"])),
        source=SOURCE,
        kind=place_kind(instance_of) if fitting[:1] == (Type.place,) else "",
    )
    page = DISAMBIGUATION in instance_of
    return Record(asked, item, fitting, page, is_internal(instance_of))


def remembered(qid: str, cache: Cache) -> Item | None:
    """Return an item as its last answers have it, however old, from whatever address they came.

    What is known of it may be less than all; None where its names are not known.
    """
    terms = cache.latest(Question(Kind.entity, qid))
    if not terms or not terms["id"]:
        return None
    rows = (cache.latest(Question(kind, terms["id"])) or () for kind in STATEMENTS)
    return record(qid, terms, *rows).item


def names(terms: Terms) -> Names:
    """Return label and aliases by language, each name once."""
    tags = dict.fromkeys([*terms["labels"], *terms["aliases"]])
    gathered = {
        tag: [
            *([terms["labels"][tag]] if tag in terms["labels"] else []),
            *terms["aliases"].get(tag, ()),
        ]
        for tag in tags
    }
    return MappingProxyType({tag: tuple(dict.fromkeys(each)) for tag, each in gathered.items()})


def held_offices(rows: Iterable[Row]) -> tuple[Held, ...]:
    """Return the offices held, each time of one by itself, the earliest first."""
    held = {
        Held(
            row["office"],
            date(row.get("start", ""), row.get("start_precision", "")),
            date(row.get("end", ""), row.get("end_precision", "")),
        )
        for row in rows
        if is_item(row.get("office", ""))
    }
    return tuple(sorted(held, key=lambda each: (each.start, each.end, each.office)))


def date(value: str, precision: str) -> str:
    """Return an xsd:dateTime as ISO 8601, as far as its precision goes; "" for decades and more."""
    match = _DATE.match(value)
    if match is None:
        return ""
    year, month, day = match.groups()
    written = {_DAY: f"{year}-{month}-{day}", _MONTH: f"{year}-{month}", _YEAR: year}
    return written.get(precision, "")


def _date_of(facts: Sequence[Row], about: str) -> str:
    """Return the only date, or what several that differ have in common: the year, or nothing."""
    rows = (row for row in facts if row.get("about") == about)
    dates = {date(row.get("value", ""), row.get("precision", "")) for row in rows} - {""}
    for length in (None, len("2016-06"), len("2016")):
        shortened = {each[:length] for each in dates}
        if len(shortened) == 1:
            return shortened.pop()
    return ""


def _population(facts: Sequence[Row]) -> int:
    counts = (_COUNT.fullmatch(each) for each in _values(facts, "population"))
    return max((int(each[1]) for each in counts if each), default=0)


def _first(form: re.Pattern[str], facts: Sequence[Row], about: str) -> str:
    """Return the only value of this form; of several none is the one."""
    fitting = {each for each in _values(facts, about) if form.fullmatch(each)}
    return fitting.pop() if len(fitting) == 1 else ""


def _values(facts: Sequence[Row], about: str) -> list[str]:
    return [row["value"] for row in facts if row.get("about") == about and "value" in row]
