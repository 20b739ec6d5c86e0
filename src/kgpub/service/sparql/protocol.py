"""What a request asks for (SPARQL 1.1 Protocol, section 2): read strictly, with nothing guessed."""

from __future__ import annotations

import re
from binascii import a2b_qp
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from kgpub.mapping.edtf import is_day
from kgpub.service.errors import RequestError
from kgpub.store.queries import Graphs

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_MAX_FIELDS = 200
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
_ONLY_QUERY = b"query="
"""What the most quick queries begin with, and have nothing besides."""
_ONCE = ("query", "update", "format", "on")
DAY_REMEDY = "Write year, month and day: on=2026-11-30."
_OF_UPDATES = ("using-graph-uri", "using-named-graph-uri")


class Operation(NamedTuple):
    """A query or an update, and the dataset that the request gives for it, if it gives one.

    `on` is the day on which a query is to be answered as it would have been, "" for today.
    """

    text: str
    is_update: bool
    graphs: Graphs | None
    form: str = ""
    on: str = ""


def operation(method: str, query_string: bytes, content_type: str, body: bytes) -> Operation | None:
    """Return what a request asks for; None for a GET without parameters.

    `content_type` is the header's value, "" for none. Raises RequestError.
    """
    if method != "POST" and query_string.startswith(_ONLY_QUERY) and b"&" not in query_string:
        text = _decoded(query_string[len(_ONLY_QUERY) :])
        if text:
            return Operation(text, False, None)
    fields = _fields(query_string)
    if method != "POST":
        if not fields:
            return None
        if "update" in fields:
            raise RequestError(400, "an update is sent by POST", "Send it by POST.")
        return _operation(fields)
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type == FORM:
        return _operation(_joined(fields, _fields(body)))
    if media_type not in (QUERY, UPDATE):
        raise RequestError(
            415,
            f"the body is {media_type or 'of no media type'}",
            f"Send the query as {QUERY}, or a form as {FORM}.",
        )
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise RequestError(415, "the body is not UTF-8", "Send it as UTF-8.")
    name = "query" if media_type == QUERY else "update"
    return _operation(_joined(fields, {name: [_text(body)]}))


def _operation(fields: dict[str, list[str]]) -> Operation:
    for name in _ONCE:
        if len(fields.get(name, ())) > 1:
            raise RequestError(400, f"{name} is given more than once", "Give it once.")
    query, update = (fields.get(name, [""])[0] for name in ("query", "update"))
    if bool(query) == bool(update):
        reason = "both query and update are given" if query else "there is no query"
        raise RequestError(400, reason, "Send one, as query=… or update=….")
    others = ("default-graph-uri", "named-graph-uri")
    names, wrong = (_OF_UPDATES, others) if update else (others, _OF_UPDATES)
    for name in wrong:
        if name in fields:
            kind = "an update" if update else "a query"
            raise RequestError(400, f"{name} is not for {kind}", f"Use {' and '.join(names)}.")
    default, named = (tuple(fields.get(name, ())) for name in names)
    for iri in (*default, *named):
        if not _IRI.fullmatch(iri):
            raise RequestError(400, "a graph is given by what is no absolute IRI")
    graphs = Graphs(default, named) if default or named else None
    form, on = (fields.get(name, [""])[0] for name in ("format", "on"))
    if on:
        if update:
            raise RequestError(400, "on is not for an update", "Send it without a day.")
        if not is_day(on):
            raise RequestError(400, "on is no day", DAY_REMEDY)
    return Operation(query or update, bool(update), graphs, form, on)


def _fields(content: bytes) -> dict[str, list[str]]:
    if content.count(b"&") >= _MAX_FIELDS:
        raise RequestError(400, f"there are more than {_MAX_FIELDS} parameters")
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(_text(content), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise _not_utf_8() from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _decoded(content: bytes) -> str:
    """Return the value of a field as `parse_qsl` does, which takes ten times as long."""
    content = content.replace(b"+", b" ")
    # Quoted-printable has these escapes behind another sign (RFC 2045, section 6.7), and Python
    # reads it in C. An escape is two bytes longer than what it stands for; where the length is
    # another, some are none. Line ends, which cannot be in a target, would mean something there.
    decoded = a2b_qp(content.replace(b"=", b"=3D").replace(b"%", b"="))
    is_read = len(decoded) == len(content) - 2 * content.count(b"%")
    if not is_read or b"\n" in content or b"\r" in content:
        decoded = unquote_to_bytes(content)
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf_8() from error


def _not_utf_8() -> RequestError:
    return RequestError(400, "the parameters are not UTF-8", "Send them as UTF-8.")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, "the request is not UTF-8", "Send it as UTF-8.") from error


def _joined(some: dict[str, list[str]], more: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: [*some.get(name, ()), *more.get(name, ())] for name in {**some, **more}}
