"""Items from Wikidata's JSON of entities, one a line, as its dumps have them.

Data model: https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON. Properties, lexemes,
redirects, and what is of use to the wikis only (disambiguation pages, categories) are passed over.
Of a statement that is deprecated nothing is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kgpub.linking.classes import is_internal, place_kind, type_of
from kgpub.linking.countries import CODES
from kgpub.linking.entity import Held, Item, Type
from kgpub.linking.json_lines import required_qid
from kgpub.linking.json_text import Line, objects
from kgpub.linking.qids import qid_of
from kgpub.linking.sparql_results import day

SOURCE = "Wikidata"
_BEGINS = re.compile(rb'\s*(?:\[\s*)?\{.{0,200}?"type"\s*:\s*"(?:item|property)"', re.DOTALL)
_INSTANCE_OF, _CODE = "P31", "P297"
_ISO = re.compile("[A-Z]{2}")
_COUNTRIES = ("P17", "P27", "P1001")
"""Country, citizenship, jurisdiction; where Wikidata is asked, the query has the same."""
_BORN, _DIED, _POSITION, _START, _END = "P569", "P570", "P39", "P580", "P582"
_POPULATION = "P1082"
_RELATED = ("P39", "P102", "P108", "P131", "P159", "P276", "P361", "P463", "P551", "P749", "P937")
"""Position, party, employer, located in, headquarters, location, part of, member of, residence,
parent organisation, work location."""
_CUT: Mapping[Any, int] = {11: 0, 10: 3, 9: 6}
"""How many characters of a day say too much, by the precision: day, month, year."""


def begins_one(beginning: bytes) -> bool:
    """Return whether bytes begin entities of Wikidata in JSON."""
    return bool(_BEGINS.match(beginning))


def items(lines: Iterable[bytes], file: str) -> Iterator[Item]:
    """Yield the items of a dump's lines. Raises DataError with the line that is wrong."""
    codes = dict(CODES)
    for line in objects(lines, file):
        if line.fields.get("type") == "item":
            item = _item(line, codes)
            if code := _code(line.fields):
                codes[item.qid] = code
            if not is_internal(_classes(line.fields)):
                yield item


def _item(line: Line, codes: dict[str, str]) -> Item:
    fields = line.fields
    classes = _classes(fields)
    type_ = type_of(classes)
    return Item(
        qid=required_qid(line, "id"),
        type=type_,
        names=MappingProxyType(_names(fields)),
        country=_code(fields) or _country(fields, codes),
        born=_day(_values(fields, _BORN)),
        died=_day(_values(fields, _DIED)),
        population=max((_amount(value) for value in _values(fields, _POPULATION)), default=0),
        sitelinks=len(_mapping(fields, "sitelinks")),
        held=tuple(_held(fields)),
        related=frozenset(_items(value for p in _RELATED for value in _values(fields, p))),
        descriptions=MappingProxyType(_texts(fields, "descriptions")),
        source=SOURCE,
        kind=place_kind(classes) if type_ is Type.place else "",
    )


def _classes(fields: dict[str, Any]) -> list[str]:
    return _items(_values(fields, _INSTANCE_OF))


def _mapping(fields: dict[str, Any], key: str) -> dict[str, Any]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}  # an empty object is an empty list in dumps


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(fields: dict[str, Any], key: str) -> dict[str, str]:
    return {
        tag: term["value"]
        for tag, term in _mapping(fields, key).items()
        if isinstance(term, dict) and isinstance(term.get("value"), str)
    }


def _names(fields: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    names = {tag: [label] for tag, label in _texts(fields, "labels").items()}
    for tag, terms in _mapping(fields, "aliases").items():
        aliases = [term.get("value") for term in _list(terms) if isinstance(term, dict)]
        names.setdefault(tag, []).extend(text for text in aliases if isinstance(text, str))
    return {tag: tuple(dict.fromkeys(texts)) for tag, texts in names.items() if texts}


def _statements(fields: dict[str, Any], prop: str) -> list[dict[str, Any]]:
    statements = _list(_mapping(fields, "claims").get(prop))
    sound = (each for each in statements if isinstance(each, dict))
    return [each for each in sound if each.get("rank") != "deprecated"]


def _values(fields: dict[str, Any], prop: str) -> list[Any]:
    """Return the values of a property, those of preferred rank first."""
    statements = _statements(fields, prop)
    statements.sort(key=lambda each: each.get("rank") != "preferred")
    return [value for each in statements if (value := _snak(each.get("mainsnak"))) is not None]


def _snak(snak: Any) -> Any:
    """Return the value of a snak, None where it has none (`somevalue`, `novalue`)."""
    value = snak.get("datavalue") if isinstance(snak, dict) else None
    return value.get("value") if isinstance(value, dict) else None


def _items(values: Iterable[Any]) -> list[str]:
    ids = (str(value.get("id", "")) for value in values if isinstance(value, dict))
    return [qid for each in ids if (qid := qid_of(each))]


def _code(fields: dict[str, Any]) -> str:
    """Return the code of a country that an item has itself, or ""."""
    codes = (value for value in _values(fields, _CODE) if isinstance(value, str))
    return next((code for code in codes if _ISO.fullmatch(code)), "")


def _country(fields: dict[str, Any], codes: Mapping[str, str]) -> str:
    """Return the code of the only country of an item; of several none is the one.

    As where Wikidata is asked, statements of preferred rank let no others count.
    """
    found: set[str] = set()
    for prop in _COUNTRIES:
        statements = _statements(fields, prop)
        preferred = [each for each in statements if each.get("rank") == "preferred"]
        snaks = (_snak(each.get("mainsnak")) for each in preferred or statements)
        found |= {codes[qid] for qid in _items(snaks) if qid in codes}
    return found.pop() if len(found) == 1 else ""


def _amount(value: Any) -> int:
    amount = str(value.get("amount", "")) if isinstance(value, dict) else ""
    match = re.match(r"\+?([0-9]{1,11})(?![0-9])", amount)
    return int(match[1]) if match else 0


def _day(values: Iterable[Any]) -> str:
    """Return the first time as ISO 8601, as far as its precision goes."""
    for value in values:
        if isinstance(value, dict):
            written = day(str(value.get("time", "")))
            precision = value.get("precision")
            length = _CUT.get(precision) if isinstance(precision, int) else None
            if written and length is not None:
                return written[: len(written) - length]
    return ""


def _held(fields: dict[str, Any]) -> Iterator[Held]:
    for statement in _statements(fields, _POSITION):
        office = _items([_snak(statement.get("mainsnak"))])
        if office:
            qualifiers = _mapping(statement, "qualifiers")
            start, end = (_day(map(_snak, _list(qualifiers.get(p)))) for p in (_START, _END))
            yield Held(office[0], start, end)
