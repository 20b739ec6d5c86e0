"""What a client asks for: batches of reconciliation queries, and data extension queries.

Both as in sections 4 and 7 of the Reconciliation Service API 0.2. A query has the members that the
specification gives it and no others; those of a property are open (clients send `p` beside `pid`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from kgpub.model.slug import quoted
from kgpub.service.errors import RequestError
from kgpub.service.http.reading import json_value, text_value
from kgpub.service.limits import Limits

DEFAULT_CANDIDATES = 10
_MEMBERS = ("query", "type", "limit", "properties", "type_strict")
_KNOWN = f"Members: {', '.join(_MEMBERS)}."


class Strictness(Enum):
    """What types of a query mean: any one is enough, all are needed, or better one than none."""

    any = "any"
    all = "all"
    should = "should"


@dataclass(frozen=True)
class Condition:
    """A property, and values of which one should be there; an entity is given by its identifier."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One reconciliation query; `text` is "" where only conditions are given.

    An empty cell of a table has neither: that is a query, to which nothing is the answer.
    """

    text: str
    types: tuple[str, ...] = ()
    limit: int = DEFAULT_CANDIDATES
    conditions: tuple[Condition, ...] = ()
    strictness: Strictness = Strictness.any


@dataclass(frozen=True)
class Extension:
    """A data extension query; `properties` have the most values per entity, 0 for no such wish."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, int], ...]


def query_batch(text: str, limits: Limits) -> Mapping[str, Query]:
    """Read the parameter `queries`. Raises RequestError."""
    batch = _object(json_value(text, "queries"), "queries")
    if len(batch) > limits.queries:
        raise RequestError(
            413, f"queries: more than {limits.queries} at once", "Send them in several batches."
        )
    return {
        text_value(key, "queries: a key", limits): _query(each, f"queries/{key[:80]}", limits)
        for key, each in batch.items()
    }


def _query(value: object, name: str, limits: Limits) -> Query:
    fields = _object(value, name)
    unknown = [key for key in fields if key not in _MEMBERS]
    if unknown:
        raise RequestError(400, f"{name}: {quoted(unknown[0])} is no member of a query", _KNOWN)
    text = text_value(fields.get("query") or "", f"{name}/query", limits).strip()
    conditions = [
        _condition(each, f"{name}/properties/{number}", limits)
        for number, each in _items(fields.get("properties"), f"{name}/properties", limits)
    ]
    if fields.get("query") is None and not conditions:
        raise RequestError(400, f"{name}: has neither query nor properties")
    types = fields.get("type")
    named = [(0, types)] if isinstance(types, str) else _items(types, f"{name}/type", limits)
    strictness = fields.get("type_strict") or "any"
    if strictness not in [each.value for each in Strictness]:
        raise RequestError(400, f"{name}/type_strict: is none of any, all, should")
    return Query(
        text,
        tuple(filter(None, (text_value(each, f"{name}/type", limits) for _, each in named))),
        _limit(fields.get("limit"), f"{name}/limit", limits),
        tuple(each for each in conditions if each.values),
        Strictness(strictness),
    )


def _limit(value: object, name: str, limits: Limits) -> int:
    if value is None:
        return min(DEFAULT_CANDIDATES, limits.candidates)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 1:
        raise RequestError(400, f"{name}: is no number from 1 up")
    return int(min(value, limits.candidates))


def _condition(value: object, name: str, limits: Limits) -> Condition:
    fields = _object(value, name)
    wanted = fields.get("v")
    values = _items(wanted, f"{name}/v", limits) if isinstance(wanted, list) else [(0, wanted)]
    return Condition(
        text_value(fields.get("pid"), f"{name}/pid", limits),
        tuple(filter(None, (_wanted(each, f"{name}/v", limits) for _, each in values))),
    )


def _wanted(value: object, name: str, limits: Limits) -> str:
    """Return a property value as text; of an entity, its identifier."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return text_value(str(value), name, limits)
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, dict):
        return text_value(value.get("id"), f"{name}/id", limits)
    return text_value(value, name, limits).strip()


def extension(text: str, limits: Limits) -> Extension:
    """Read the parameter `extend`. Raises RequestError."""
    fields = _object(json_value(text, "extend"), "extend")
    ids, properties = fields.get("ids"), fields.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise RequestError(400, "extend: ids and properties must both be arrays")
    for name, those, most in (
        ("ids", ids, limits.ids),
        ("properties", properties, limits.properties),
    ):
        if len(those) > most:
            raise RequestError(413, f"extend/{name}: more than {most} at once", "Ask for fewer.")
    wanted = []
    for number, each in enumerate(properties):
        name = f"extend/properties/{number}"
        one = _object(each, name)
        settings = one.get("settings")
        wanted.append((text_value(one.get("id"), f"{name}/id", limits), _most(settings)))
    return Extension(
        tuple(dict.fromkeys(text_value(each, "extend/ids", limits) for each in ids)), tuple(wanted)
    )


def _most(settings: object) -> int:
    """Return the setting `limit`, 0 where it is none; clients send numbers as texts."""
    value = settings.get("limit") if isinstance(settings, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and value > 0 else 0


def _object(value: object, name: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise RequestError(400, f"{name}: is no JSON object")
    return value


def _items(value: object, name: str, limits: Limits) -> Iterator[tuple[int, object]]:
    """Return the members of an array that may be missing, numbered."""
    if value is None:
        return iter(())
    if not isinstance(value, list):
        raise RequestError(400, f"{name}: is no JSON array")
    if len(value) > limits.conditions:
        raise RequestError(413, f"{name}: more than {limits.conditions} members")
    return enumerate(value)
