"""Sends answers: whole ones at once, others as they are evaluated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import Receive, Scope, Send

from kgpub.service.connections import abort, done_before_leaving, left
from kgpub.service.http.codings import coded, shortened
from kgpub.service.http.headers import DATA, FRESH
from kgpub.service.sparql.cache import Kept
from kgpub.service.sparql.formats import BY_NAME
from kgpub.service.sparql.spool import Broken, Spool

Headers = list[tuple[bytes, bytes]]

HEADERS = {
    **DATA,
    "Vary": "Accept, Accept-Encoding",
    # Anyone may read, from any page; nobody is known here, so no credentials are allowed.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
}
_COMMON: Headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_KEPT_NOWHERE: Headers = [*_COMMON, (b"cache-control", b"no-store")]
_KEPT: Headers = [*_COMMON, (b"cache-control", FRESH.encode())]


def code(content: bytes, form: str, coding: str) -> Kept:
    """Return a whole answer in a coding, where that makes it shorter."""
    content, coding = shortened(content, coding)
    return Kept(content, form, coding)


@dataclass(frozen=True)
class Sender:
    """Sends to one client."""

    scope: Scope
    receive: Receive
    send: Send

    async def not_modified(self, tag: str) -> None:
        """Say that the client has the answer already."""
        await self._start(304, _headers("", tag))

    async def whole(self, kept: Kept, tag: str) -> None:
        """Send a whole answer; `tag` is "" where it may be another the next time."""
        headers = _headers(kept.form, tag, kept.coding)
        headers.append((b"content-length", str(len(kept.content)).encode()))
        await self._start(200, headers)
        await self.send({"type": "http.response.body", "body": kept.content})

    async def streamed(self, spool: Spool, tag: str, coding: str, most: int) -> bytes | None:
        """Send an answer as it comes; return it where it has `most` bytes at most.

        Where it breaks, the connection is aborted, so that no client takes half an answer for a
        whole one.
        """
        if self.scope["http_version"] == "1.0":  # has no way to tell where an answer breaks off
            await spool.ended()
            coding = ""
        headers = _headers(spool.form, tag, coding)
        if spool.is_whole and not coding:
            headers.append((b"content-length", str(spool.size).encode()))
        seen = _Seen(spool.chunks(), most)
        try:
            sending = self._send(headers, seen.chunks(), coding)
            if not await done_before_leaving(self.receive, sending):
                return None
        except Broken:
            abort(self.scope)
            await left(self.receive)
            return None
        was_read = spool.is_whole and self.scope["method"] != "HEAD"
        return seen.content if was_read else None

    async def _send(self, headers: Headers, chunks: AsyncIterator[bytes], coding: str) -> None:
        await self._start(200, headers)
        if self.scope["method"] != "HEAD":
            async for chunk in coded(chunks, coding) if coding else chunks:
                await self.send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, status: int, headers: Headers) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        if status == 304:
            await self.send({"type": "http.response.body", "body": b""})


class _Seen:
    """Passes an answer on, and keeps it as long as it has `most` bytes at most."""

    def __init__(self, chunks: AsyncIterator[bytes], most: int) -> None:
        self._chunks = chunks
        self._most = most
        self.content: bytes | None = b""

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            if self.content is not None:
                fits = len(self.content) + len(chunk) <= self._most
                self.content = self.content + chunk if fits else None
            yield chunk


def fields(kept: Kept, tag: str) -> bytes:
    """Return the lines of the head that come with a whole answer; see Sender.whole for `tag`."""
    told = b"etag: %s\r\n" % tag.encode() if tag else b""
    length = b"content-length: %d\r\n" % len(kept.content)
    return _lines(kept.form, bool(tag), kept.coding) + told + length


@lru_cache(maxsize=1_000)
def _lines(form: str, is_constant: bool, coding: str) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in _common(form, is_constant, coding))


def _headers(form: str, tag: str, coding: str = "") -> Headers:
    headers = _common(form, bool(tag), coding)
    if tag:
        headers.append((b"etag", tag.encode()))
    return headers


def _common(form: str, is_constant: bool, coding: str) -> Headers:
    """Return what heads have in common."""
    headers = list(_KEPT if is_constant else _KEPT_NOWHERE)
    if form:
        headers.append((b"content-type", BY_NAME[form].content_type.encode()))
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    return headers
