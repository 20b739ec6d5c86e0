"""Gazetteers in JSON Lines: an item a line, its names by language.

Fields: `qid`, `type` (a Type, or `country`), `names` (a text or a list of texts by language tag);
and, where known, `country` (ISO 3166-1 code, or a name that an item before has), `born` or `birth`,
`died` or `death`, `population`, `sitelinks`, `held` (objects with `office`, `start`, `end`),
`related` (QIDs), `descriptions` (by language), `kind`, `source`. Other fields are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kgpub.linking.entity import Held, Item, Type
from kgpub.linking.json_text import Line, objects
from kgpub.linking.qids import qid_of
from kgpub.linking.schema import COUNTRY

_CODE = re.compile("[A-Z]{2}")
_DAY = re.compile(r"-?[0-9]{4,6}(?:-[0-9]{2}){0,2}")
_ASSIGNED = {"UK": "GB"}
"""What ISO 3166-1 only reserves, and files have in the place of the code of the country."""
_TYPES = {kind.value: kind for kind in Type} | {COUNTRY: Type.place}


def items(lines: Iterable[bytes], file: str) -> Iterator[Item]:
    """Yield the items of a file's lines. Raises DataError with the line that is wrong."""
    codes: dict[str, str] = {}
    for line in objects(lines, file):
        item = _item(line, codes)
        if item.kind == COUNTRY and item.country:
            codes |= {name: item.country for names in item.names.values() for name in names}
        yield item


def _item(line: Line, codes: Mapping[str, str]) -> Item:
    fields = line.fields
    written = fields.get("type")
    if written is not None and (not isinstance(written, str) or written not in _TYPES):
        raise line.error(f"the type {written!r} is none", f"Types: {', '.join(_TYPES)}.")
    country = _ASSIGNED.get(line.text("country"), line.text("country"))
    return Item(
        qid=required_qid(line, "qid"),
        type=_TYPES[written] if written is not None else None,
        names=names_of(line, fields.get("names")),
        country=country if _CODE.fullmatch(country) else codes.get(country, ""),
        born=_day(line, "born", "birth"),
        died=_day(line, "died", "death"),
        population=line.number_in("population"),
        sitelinks=line.number_in("sitelinks"),
        held=tuple(_held(line)),
        related=frozenset(q for each in line.list("related") if (q := qid_of(str(each)))),
        descriptions=MappingProxyType(
            {tag: those[0] for tag, those in names_of(line, fields.get("descriptions")).items()}
        ),
        source=line.text("source"),
        kind=COUNTRY if written == COUNTRY else line.text("kind"),
    )


def required_qid(line: Line, field: str) -> str:
    """Return the QID in a field. Raises DataError where it is none."""
    written = line.text(field)
    qid = qid_of(written)
    if qid is None:
        words = f"{written!r} is no QID" if written else f"there is no {field}"
        raise line.error(words, "A QID is Q and a number from 1 on, such as Q796.")
    return qid


def names_of(line: Line, written: Any) -> Mapping[str, tuple[str, ...]]:
    """Return texts by language, each once. Raises DataError where they are none."""
    if written is None:
        return MappingProxyType({})
    if not isinstance(written, dict):
        raise line.error("names are not by language", 'Write {"ar": ["…"], "en": ["…"]}.')
    names: dict[str, tuple[str, ...]] = {}
    for tag, those in written.items():
        texts = [those] if isinstance(those, str) else those
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise line.error(f"the names of {tag!r} are no texts", "Write a list of texts.")
        kept = tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if kept:
            names[tag] = kept
    return MappingProxyType(names)


def _day(line: Line, *fields: str) -> str:
    written = next((text for field in fields if (text := line.text(field))), "")
    return written if _DAY.fullmatch(written) else ""


def _held(line: Line) -> Iterator[Held]:
    for each in line.list("held"):
        if not isinstance(each, dict):
            raise line.error("an office held is no object", 'Write {"office": "Q…"}.')
        office = qid_of(str(each.get("office", "")))
        if office:
            days = (str(each.get(key) or "") for key in ("start", "end"))
            yield Held(office, *(day if _DAY.fullmatch(day) else "" for day in days))
