"""Which IRI a request asks for. Its path is untrusted; nothing of it is sent back as it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote_to_bytes

from starlette.requests import Request

from kgpub.service.errors import RequestError

MAX_PATH = 4_096
"""Bytes of a path."""
_ESCAPES = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
"""Runs of what stands for bytes that are not ASCII."""
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def address_of(request: Request) -> str:
    """Return the path as it was sent, without the slash that it begins with, in ASCII.

    Raises RequestError, with status 414 where it is too long.
    """
    scope = request.scope
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    raw = raw.removeprefix(str(scope.get("root_path", "")).encode())
    if len(raw) > MAX_PATH:
        raise RequestError(414, f"the path has more than {MAX_PATH:,} bytes")
    return quote(raw, safe=_ASCII).removeprefix("/")


def aligned(address: str, root: str) -> str:
    """Return an address whose first part is written like `root`, if it is the same (RFC 3986, 6.2).

    Escapes are the same in upper and lower case.
    """
    first = _ESCAPES.sub(lambda found: found[0].upper(), address[: len(root)])
    return first + address[len(root) :] if first == root else address


def requested(
    base: str, root: str, address: str, query: str, is_known: Callable[[str], bool]
) -> str | None:
    """Return the IRI under `base` that stands behind an address, or None where none is known.

    `root` is the address of the base. Of IRIs that are sent alike, because clients write what is
    not ASCII as escapes (RFC 3987, section 3.1), the one that is written like the address is first.
    """
    if not address.startswith(root):
        return None
    path = address.removeprefix(root)
    for sent in (f"{path}?{query}", path) if query else (path,):
        for reading in _readings(sent):
            try:
                if is_known(base + reading):
                    return base + reading
            except ValueError:
                continue  # it is no IRI
    return None


def _readings(path: str) -> Iterator[str]:
    yield path
    seen = {path}
    for reading in (_ESCAPES.sub(_characters, path), _text(unquote_to_bytes(path))):
        if reading is not None and reading not in seen:
            seen.add(reading)
            yield reading


def _characters(escapes: re.Match[str]) -> str:
    text = _text(unquote_to_bytes(escapes[0]))
    return escapes[0] if text is None else text


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
