"""A message sent by POST to an address that somebody has set: where to, and for how long, is bound.

It connects to the very address that was looked at: to look a name up twice would let whoever
answers for it give another address the second time.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from kgpub.submissions.open_internet import is_open

_HEAD = 16_384
"""Bytes of an answer that are read: of its body nothing matters."""
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r\n")
_CLOSE_SECONDS = 2.0
_RETRY_AFTER = re.compile(rb"\r\nretry-after:[ \t]*(\d{1,6})[ \t]*\r\n", re.IGNORECASE)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host. Raises OSError."""


class NotSent(Exception):
    """A message could not be sent, or was not answered; its text says why."""


@dataclass(frozen=True)
class Answered:
    """The status of an answer (0 for none), and after how many seconds to try again."""

    status: int
    retry_after: int = 0

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system knows of a host. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Posting:
    """Sends messages, each for `seconds` at most.

    `internal` are the hosts that may have addresses of one's own network, and need no TLS.
    """

    internal: Collection[str] = ()
    seconds: float = 15.0
    resolve: Resolve = resolved
    tls: ssl.SSLContext | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send `body` and return how it was answered. Follows no redirect. Raises NotSent."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._post(url, body, headers)
        except TimeoutError as error:
            raise NotSent(f"it took longer than {self.seconds:g} seconds") from error
        except (OSError, ssl.SSLError, UnicodeError, asyncio.LimitOverrunError) as error:
            raise NotSent(str(error) or type(error).__name__) from error

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_tls = parts.scheme == "https"
        is_internal = host in self.internal
        if not (is_tls or is_internal):
            raise NotSent("it is not sent without TLS")
        port = parts.port or (443 if is_tls else 80)
        addresses = await self.resolve(host, port)
        if not is_internal and not (addresses and all(map(is_open, addresses))):
            raise NotSent(f"{host} has an address that is not of the open internet")
        tls = (self.tls or ssl.create_default_context()) if is_tls else None
        reader, writer = await _connected(addresses, port, host, tls)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            fields = {
                "Host": parts.netloc,
                "User-Agent": "kgpub",
                **headers,
                "Content-Length": str(len(body)),
                "Connection": "close",
            }
            head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body)
            await writer.drain()
            return await _answered(reader)
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await writer.wait_closed()


async def _connected(
    addresses: Sequence[str], port: int, host: str, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first of the addresses that answers. Raises OSError."""
    failure: OSError = OSError("the host has no address")
    name = host if tls is not None else None
    for address in addresses:
        try:
            return await asyncio.open_connection(
                address, port, ssl=tls, server_hostname=name, limit=_HEAD
            )
        except OSError as error:
            failure = error
    raise failure


async def _answered(reader: asyncio.StreamReader) -> Answered:
    """Return the status of an answer; interim ones are not it (RFC 9110, section 15.2)."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            raise NotSent("the connection ended without an answer") from error
        match = _STATUS.match(head)
        if match is None:
            raise NotSent("the answer is not HTTP")
        status = int(match[1])
        if status >= 200:
            later = _RETRY_AFTER.search(head)
            return Answered(status, int(later[1]) if later else 0)
