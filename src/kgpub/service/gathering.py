"""Writes that are sent together."""

from __future__ import annotations

import asyncio
from typing import Any

_GATHERED = 2**16
"""Bytes that are written together at most."""


class Gathering:
    """A transport that sends together what is written together: the head and body of an answer.

    To send is what an answer takes longest for.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes] = []
        self._size = 0

    def write(self, content: bytes) -> None:
        """Send `content` before the loop waits again."""
        if not self._gathered:
            self._loop.call_soon(self._send)
        self._gathered.append(content)
        self._size += len(content)
        if self._size > _GATHERED:
            self._send()

    def close(self) -> None:
        """Close the connection once all is sent."""
        self._send()
        self._transport.close()

    def abort(self) -> None:
        """Close the connection at once, whatever is still to be sent."""
        self._gathered.clear()
        self._transport.abort()

    def _send(self) -> None:
        if self._gathered:
            content = b"".join(self._gathered)
            self._gathered.clear()
            self._size = 0
            if not self._transport.is_closing():
                self._transport.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
