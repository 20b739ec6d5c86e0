"""The documented forms of Wikidata's answers, checked before anything is made of them.

MediaWiki's API writes an empty map as an empty list: PHP does not know the difference.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from kgpub.wikidata.errors import Busy, WikidataError
from kgpub.wikidata.question import is_item

ENTITY = "http://www.wikidata.org/entity/"
MAX_DIGITS = 30
"""Digits of a number; the greatest that Wikidata's own answers have are of ten."""

_T = TypeVar("_T")
Row = Mapping[str, str]
"""A row of SPARQL results: the values of its variables; QIDs where the value is an entity."""

_BUSY = ("maxlag", "ratelimited", "cirrussearch-too-busy-error")
_MISSING = "no-such-entity"


class Terms(TypedDict):
    """An item's names and descriptions by language; `id` is another than asked for a redirect.

    `id` is empty where there is no such item.
    """

    id: str
    labels: dict[str, str]
    aliases: dict[str, list[str]]
    descriptions: dict[str, str]
    sitelinks: int


NO_SUCH_ITEM: Terms = {"id": "", "labels": {}, "aliases": {}, "descriptions": {}, "sitelinks": 0}


class NoSuchEntity(Exception):
    """The API refuses a whole batch for one QID, which the text is."""


def parsed(content: bytes) -> Any:
    """Return the JSON value (RFC 8259) in `content`. Raises WikidataError for anything else."""
    try:
        tree = json.loads(
            content.decode("utf-8"),
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
        # A lone surrogate passes the parser, and then nothing could be written.
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise unexpected("it is nested too deeply") from error
    except ValueError as error:
        raise unexpected("it is not JSON, or cut off") from error
    return tree


def checked(tree: Any) -> Any:
    """Return an answer of the API, if it is none that tells of an error (API:Errors).

    Raises Busy where it is to be asked later, NoSuchEntity, WikidataError.
    """
    if not isinstance(tree, dict) or "error" not in tree:
        return tree
    error = tree["error"]
    code, told = _member(error, "code", str), error.get("info", "")
    if code in _BUSY or code.startswith("internal_api_error"):
        lag = error.get("lag")
        reason = f"Wikidata asks for patience ({code[:80]})"
        raise Busy(reason, float(lag) if _is_number(lag) and lag >= 1 else None)
    qid = error.get("id")
    if code == _MISSING and isinstance(qid, str):
        raise NoSuchEntity(qid)
    raise WikidataError(f"Wikidata refuses the request: {code[:80]}: {str(told)[:200]}")


def search_results(tree: Any) -> list[str]:
    """Return the QIDs that `action=wbsearchentities` found."""
    return _items(_member(tree, "search", list), "id")


def page_titles(tree: Any) -> list[str]:
    """Return the QIDs of the pages that `action=query&list=search` found: their titles."""
    return _items(_member(_member(tree, "query", dict), "search", list), "title")


def entities(tree: Any, asked: Sequence[str]) -> dict[str, Terms]:
    """Return what `action=wbgetentities` tells of each QID that was `asked`."""
    found = _member(tree, "entities", dict)
    return {qid: _terms(_member(found, qid, dict)) for qid in asked}


def bindings(tree: Any) -> list[dict[str, str]]:
    """Return the rows of SPARQL 1.1 Query Results in JSON (W3C 2013).

    Blank nodes, and the addresses that stand for unknown values, are left out.
    """
    rows = []
    for row in _member(_member(tree, "results", dict), "bindings", list):
        if not isinstance(row, dict):
            raise unexpected("a row is no object")
        terms = ((name, _value(term)) for name, term in row.items())
        rows.append({name: value for name, value in terms if value is not None})
    return rows


def unexpected(why: str) -> WikidataError:
    """Return the error for an answer of another form."""
    return WikidataError(
        f"Wikidata answers with something else than its documentation says: {why}",
        "Try again later; check the address of the endpoint.",
    )


def _value(term: Any) -> str | None:
    kind, value = _member(term, "type", str), _member(term, "value", str)
    if kind == "uri":
        qid = value.removeprefix(ENTITY)
        return qid if is_item(qid) else None
    return value if kind in ("literal", "typed-literal") else None


def _terms(entity: dict[str, Any]) -> Terms:
    if "missing" in entity:
        return NO_SUCH_ITEM
    qid = _member(entity, "id", str)
    if not is_item(qid):
        raise unexpected(f"{qid[:40]} is no item")
    aliases = _map(entity, "aliases")
    return {
        "id": qid,
        "labels": {tag: _text(term) for tag, term in _map(entity, "labels").items()},
        "aliases": {tag: [_text(term) for term in _list(each)] for tag, each in aliases.items()},
        "descriptions": {tag: _text(term) for tag, term in _map(entity, "descriptions").items()},
        "sitelinks": len(_map(entity, "sitelinks")),
    }


def _items(hits: list[Any], key: str) -> list[str]:
    found = [_member(hit, key, str) for hit in hits]
    return [qid for qid in found if is_item(qid)]


def _text(term: Any) -> str:
    return _member(term, "value", str)


def _map(tree: dict[str, Any], key: str) -> dict[str, Any]:
    value = tree.get(key, {})
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise unexpected(f"{key} is no object")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise unexpected("aliases are no list")
    return value


def _member(tree: Any, key: str, kind: type[_T]) -> _T:
    value = tree.get(key) if isinstance(tree, dict) else None
    if not isinstance(value, kind):
        raise unexpected(f"{key[:40]} is missing, or no {kind.__name__}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number is too long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too great")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
