"""Items from the result of a query, in the SPARQL 1.1 Query Results JSON Format.

Variables: `item` is the IRI of the entity; then, where the query asks for them, `itemLabel` and
`label` and `alias` with languages, `type` (a class of Wikidata), `country` (ISO 3166-1 code),
`born`, `died`, `population`, `sitelinks`, `office` with `start` and `end`, `related`,
`description`. An item may have many rows; each says more about it. Of several countries none is
the one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kgpub.linking.classes import is_internal, place_kind, type_of
from kgpub.linking.entity import Held, Item, Type
from kgpub.linking.json_text import Line, error_at
from kgpub.linking.qids import qid_of

MAX_BYTES = 256 * 1024 * 1024
SOURCE = "SPARQL"
_BEGINS = re.compile(rb'\s*\{\s*"(?:head|results)"\s*:')
_DAY = re.compile(r"\+?(-?[0-9]{4})(?![0-9])(-[0-9]{2})?(-[0-9]{2})?")
_COUNTRY = re.compile("[A-Z]{2}")
_NAMES = ("itemLabel", "label", "alias")
_REMEDY = "Ask for JSON: Accept: application/sparql-results+json."


def begins_one(beginning: bytes) -> bool:
    """Return whether bytes begin a SPARQL result in JSON."""
    return bool(_BEGINS.match(beginning))


@dataclass
class _Gathered:
    """What the rows read so far say about an item."""

    names: dict[str, dict[str, None]] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    countries: set[str] = field(default_factory=set)
    held: dict[Held, None] = field(default_factory=dict)
    related: set[str] = field(default_factory=set)
    descriptions: dict[str, str] = field(default_factory=dict)


def items(content: bytes, file: str) -> Iterator[Item]:
    """Yield the items of a result, in the order of their first rows. Raises DataError."""
    try:
        result = json.loads(content)
    except UnicodeDecodeError as error:
        raise error_at(file, 1, "is not UTF-8", _REMEDY) from error
    except json.JSONDecodeError as error:
        message = f"is no JSON: {error.msg}"
        remedy = "The answer may have been cut off: ask again."
        raise error_at(file, error.lineno, message, remedy, error.colno) from error
    except ValueError as error:  # what `int` raises, against numbers that take long to read
        raise error_at(file, 1, "has a number that is too long", _REMEDY) from error
    except RecursionError as error:
        raise error_at(file, 1, "is nested too deep", _REMEDY) from error
    gathered: dict[str, _Gathered] = {}
    for number, row in enumerate(_rows(result, file), 1):
        line = Line(file, number, row)
        gathered.setdefault(_qid(line), _Gathered())
        _add(gathered[_qid(line)], row)
    for qid, its in gathered.items():
        if not is_internal(its.classes):
            yield _item(qid, its)


def _rows(result: Any, file: str) -> list[dict[str, Any]]:
    results = result.get("results") if isinstance(result, dict) else None
    rows = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise error_at(file, 1, "is no result of a SELECT query", _REMEDY)
    return rows


def _qid(line: Line) -> str:
    written = _value(line.fields, "item")
    qid = qid_of(written)
    if qid is None:
        message = f"row {line.number}: item is {written!r}, which is no item of Wikidata"
        raise error_at(line.file, 1, message, "?item must be the IRI of the entity.")
    return qid


def _value(row: dict[str, Any], variable: str) -> str:
    term = row.get(variable)
    value = term.get("value") if isinstance(term, dict) else None
    return value if isinstance(value, str) else ""


def _language(row: dict[str, Any], variable: str) -> str:
    language = row[variable].get("xml:lang", "")
    return language if isinstance(language, str) else ""


def _add(its: _Gathered, row: dict[str, Any]) -> None:
    for variable in _NAMES:
        if text := _value(row, variable).strip():
            its.names.setdefault(_language(row, variable), {})[text] = None
    if text := _value(row, "description"):
        its.descriptions.setdefault(_language(row, "description"), text)
    if class_ := qid_of(_value(row, "type")):
        its.classes[class_] = None
    if _COUNTRY.fullmatch(country := _value(row, "country")):
        its.countries.add(country)
    for variable in ("born", "died", "population", "sitelinks"):
        if value := _value(row, variable):
            its.values.setdefault(variable, value)
    if office := qid_of(_value(row, "office")):
        its.held[Held(office, day(_value(row, "start")), day(_value(row, "end")))] = None
    if related := qid_of(_value(row, "related")):
        its.related.add(related)


def _item(qid: str, its: _Gathered) -> Item:
    type_ = type_of(its.classes)
    return Item(
        qid=qid,
        type=type_,
        names=MappingProxyType({tag: tuple(texts) for tag, texts in its.names.items()}),
        country=next(iter(its.countries)) if len(its.countries) == 1 else "",
        born=day(its.values.get("born", "")),
        died=day(its.values.get("died", "")),
        population=_count(its.values.get("population", "")),
        sitelinks=_count(its.values.get("sitelinks", "")),
        held=tuple(its.held),
        related=frozenset(its.related),
        descriptions=MappingProxyType(its.descriptions),
        source=SOURCE,
        kind=place_kind(its.classes) if type_ is Type.place else "",
    )


def day(value: str) -> str:
    """Return the day of an xsd:dateTime as ISO 8601, "" where it is none."""
    match = _DAY.match(value)
    return "".join(part or "" for part in match.groups()) if match else ""


def _count(value: str) -> int:
    match = re.match(r"\+?([0-9]{1,11})(?![0-9])", value)
    return int(match[1]) if match else 0
