"""Reads what a request carries: its parameters, and JSON in them. All of it is untrusted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

import anyio
from pyoxigraph import RdfFormat
from starlette.requests import ClientDisconnect, HTTPConnection, Request

from kgpub.errors import Place
from kgpub.service.errors import RequestError
from kgpub.service.limits import Limits
from kgpub.sources.nesting import MAX_NESTING, too_deep_at

FORM = "application/x-www-form-urlencoded"
_SURROGATE = re.compile("[\ud800-\udfff]")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


def origin_of(request: HTTPConnection) -> str:
    """Return scheme and host as the client addressed them. Raises RequestError."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise RequestError(400, "the Host header names no host")
    return f"{request.url.scheme}://{host}"


async def parameters(request: Request, limits: Limits) -> Mapping[str, str]:
    """Return the parameters of the address and, of a POST, of its form. Raises RequestError."""
    found = fields_in(request.scope["query_string"], limits)
    if request.method == "POST":
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != FORM:
            raise RequestError(415, f"the body is not {FORM}", f"Send a form as {FORM}.")
        found |= fields_in(await body(request, limits), limits)
    return found


async def body(request: Request, limits: Limits) -> bytes:
    """Return the body. Raises RequestError.

    One that is too long is read on and forgotten before it is refused: a connection that is closed
    with bytes unread is reset, and the client never sees the answer.
    """
    content = bytearray()
    size = 0
    try:
        with anyio.fail_after(limits.upload_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limits.body:
                    content += chunk
                elif size > limits.discarded:
                    break
    except TimeoutError as error:
        raise RequestError(408, "the body came too slowly") from error
    except ClientDisconnect as error:
        raise RequestError(400, "the body ended too early") from error
    if size > limits.body:
        raise RequestError(
            413, f"the body has more than {limits.body:,} bytes", "Send less at once."
        )
    return bytes(content)


def fields_in(content: bytes, limits: Limits) -> dict[str, str]:
    """Return the parameters of an address or of a form. Raises RequestError."""
    if content.count(b"&") >= limits.fields:
        raise RequestError(400, f"there are more than {limits.fields} parameters")
    try:
        pairs = parse_qsl(content.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestError(400, "the parameters are not UTF-8", "Send them as UTF-8.") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise RequestError(400, "a parameter is given twice", "Give each once.")
    return fields


def json_value(text: str, name: str) -> object:
    """Return the JSON (RFC 8259) in the parameter `name`. Raises RequestError with the place."""
    offset = too_deep_at(content := text.encode(), RdfFormat.JSON_LD)
    if offset is not None:
        place = Place.at(name, text, len(content[:offset].decode("utf-8", "ignore")))
        raise RequestError(400, f"{place}: more than {MAX_NESTING} levels inside each other")
    try:
        value: object = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno)
        raise RequestError(400, f"{place}: not JSON: {error.msg}", "Send valid JSON.") from error
    except ValueError as error:  # what `int` raises, against numbers that take long to read
        raise RequestError(400, f"{name}: a number that cannot be read") from error
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def text_value(value: object, name: str, limits: Limits) -> str:
    """Return `value`, which must be a text of Unicode characters and not too long.

    Raises RequestError. `name` says where it stands.
    """
    if not isinstance(value, str):
        raise RequestError(400, f"{name}: is no text", "Write it in quotes.")
    if len(value) > limits.text:
        raise RequestError(400, f"{name}: has more than {limits.text:,} characters")
    if _SURROGATE.search(value):
        raise RequestError(
            400, f"{name}: holds half of a surrogate pair", "Write the character itself."
        )
    return value


def whole_number(text: str, name: str, most: int) -> int:
    """Return the whole number from 0 to `most` in a parameter. Raises RequestError."""
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII):
        raise RequestError(400, f"{name}: is no whole number", "Give a number such as 10.")
    return min(int(text), most)
