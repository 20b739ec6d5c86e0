"""Files sent as they are read, whole or in part (RFC 9110, section 14)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kgpub.documents.dumps import SUMS
from kgpub.service.connections import done_before_leaving
from kgpub.service.http.headers import headers_of
from kgpub.service.http.tags import is_fresh

_CHUNK = 2**18
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


@dataclass(frozen=True)
class Opened:
    """A file that is open: its size in bytes, and its checksum, in hexadecimal."""

    stream: BinaryIO
    size: int
    checksum: str

    @classmethod
    def at(cls, path: Path, checksum: str) -> Opened:
        """Open the file at `path`, whose checksum is known. Raises OSError."""
        stream = path.open("rb")
        return cls(stream, os.fstat(stream.fileno()).st_size, checksum)


def checksum_in(listing: bytes, name: str) -> str | None:
    """Return what a list as of sha256sum says of a file, or of itself; None for nothing."""
    if name == SUMS:
        return hashlib.sha256(listing).hexdigest()
    found = re.search(rb"^([0-9a-f]{64})  %b$" % re.escape(name.encode()), listing, re.MULTILINE)
    return None if found is None else found[1].decode()


def sent(request: Request, opened: Opened, content_type: str) -> Response:
    """Return the file as an answer, or the part of it that is asked for. Closes it in the end."""
    tag = f'"{opened.checksum}"'
    headers = headers_of(content_type, "") | {"ETag": tag, "Accept-Ranges": "bytes"}
    if is_fresh(request, tag):
        opened.stream.close()
        return Response(status_code=304, headers=headers)
    first, last = 0, opened.size - 1
    if request.method == "GET":  # RFC 9110, section 14.2: of no other method
        first, last = _part(request, opened.size, tag)
    if first > last and opened.size:
        opened.stream.close()
        headers["Content-Range"] = f"bytes */{opened.size}"
        return Response(status_code=416, headers=headers)
    return _Streamed(opened, first, last, content_type, headers)


def _part(request: Request, size: int, tag: str) -> tuple[int, int]:
    """Return the first and the last byte that are asked for (RFC 9110, section 14.2).

    All where no part is asked for, more than one is, or it is one of another version. The first
    is behind the last where there is no such part.
    """
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or not (asked["first"] or asked["last"]):
        return 0, size - 1
    if request.headers.get("if-range", tag) != tag:
        return 0, size - 1
    if not asked["first"]:
        length = int(asked["last"])
        return (max(0, size - length), size - 1) if length else (size, size - 1)
    first, last = int(asked["first"]), int(asked["last"] or size - 1)
    if asked["last"] and last < first:
        return 0, size - 1  # such a range is invalid, and passed over
    return first, min(last, size - 1)


class _Streamed(Response):
    """A part of a file that is sent as it is read."""

    def __init__(
        self, opened: Opened, first: int, last: int, content_type: str, headers: dict[str, str]
    ) -> None:
        whole = last - first + 1 == opened.size
        super().__init__(None, 200 if whole else 206, headers, content_type)
        self.headers["Content-Length"] = str(last - first + 1)
        if not whole:
            self.headers["Content-Range"] = f"bytes {first}-{last}/{opened.size}"
        self._opened, self._first, self._last = opened, first, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await done_before_leaving(receive, self._send(scope, send))
        finally:
            self._opened.stream.close()

    async def _send(self, scope: Scope, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            async for chunk in self._chunks():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunks(self) -> AsyncIterator[bytes]:
        stream, left = self._opened.stream, self._last - self._first + 1
        await to_thread.run_sync(stream.seek, self._first)
        while left > 0:
            chunk = await to_thread.run_sync(stream.read, min(left, _CHUNK))
            if not chunk:
                return  # it was cut short: the server closes the connection
            left -= len(chunk)
            yield chunk
