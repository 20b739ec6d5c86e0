"""Content codings of answers (RFC 9110, section 8.4): what clients take, and the coding."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from typing import Protocol

import zstandard
from starlette.requests import Request
from werkzeug.http import parse_accept_header

from kgpub.service.http.negotiation import MAX_PREFERENCES

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 3
"""Of both: more would take longer than it saves, while all others wait."""
_WORTH_CODING = 1_000
"""Bytes of an answer from which on a coding makes it shorter for sure."""


class Coder(Protocol):
    """Codes an answer block by block."""

    def code(self, content: bytes) -> bytes:
        """Return `content` coded, so that all of it can be decoded at once."""
        ...

    def end(self) -> bytes:
        """Return what ends the coded answer."""
        ...


class _Gzip:
    def __init__(self) -> None:
        self._coder = zlib.compressobj(_LEVEL, wbits=_GZIP)

    def code(self, content: bytes) -> bytes:
        return self._coder.compress(content) + self._coder.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._coder.flush()


class _Zstandard:
    def __init__(self) -> None:
        self._coder = zstandard.ZstdCompressor(level=_LEVEL).compressobj()

    def code(self, content: bytes) -> bytes:
        return self._coder.compress(content) + self._coder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        return self._coder.flush()


CODERS: dict[str, Callable[[], Coder]] = {"zstd": _Zstandard, "gzip": _Gzip}
"""By their names, the preferred first."""


@lru_cache(maxsize=1_000)
def coding(accept: str) -> str:
    """Return the coding for a header Accept-Encoding, "" for none."""
    accepted = parse_accept_header(accept)
    qualities = {name: accepted.quality(name) for name in CODERS}
    best = max(qualities, key=lambda name: qualities[name])
    return best if qualities[best] > 0 else ""


def coding_of(request: Request) -> str:
    """Return the coding that a client takes, "" for none; nothing of a header that is too long."""
    return coding(_accepted(request))


def takes(request: Request, name: str) -> bool:
    """Whether a client takes the coding `name`."""
    return parse_accept_header(_accepted(request)).quality(name) > 0


def whole(content: bytes, name: str) -> bytes:
    """Return a whole answer in the coding `name`."""
    coder = CODERS[name]()
    return coder.code(content) + coder.end()


def shortened(content: bytes, name: str) -> tuple[bytes, str]:
    """Return a whole answer and the coding that it is in: `name` if that is worth it, else ""."""
    if not name or len(content) < _WORTH_CODING:
        return content, ""
    return whole(content, name), name


async def coded(chunks: AsyncIterator[bytes], name: str) -> AsyncIterator[bytes]:
    """Yield an answer in the coding `name`."""
    coder = CODERS[name]()
    async for chunk in chunks:
        yield coder.code(chunk)
    yield coder.end()


def _accepted(request: Request) -> str:
    accepted = ", ".join(request.headers.getlist("accept-encoding"))
    return accepted if len(accepted) <= MAX_PREFERENCES else ""
