"""One request over HTTP and its answer, bounded in bytes and seconds. No redirect is followed."""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from ipaddress import ip_address
from typing import cast
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from kgpub.wikidata.errors import Busy, WikidataError

_PART = 64 * 1024
_GZIP = 31
"""zlib's number for a gzip stream with the largest window."""
_LASTING = (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError)
"""Failures that waiting does not mend."""


@dataclass(frozen=True)
class Limits:
    """What an answer may take: `bytes` once unpacked, and `seconds` from request to last byte.

    The query service gives up on a query after 60 seconds by itself.
    """

    bytes: int = 16 * 1024 * 1024
    seconds: float = 70.0


@dataclass(frozen=True)
class Reply:
    """A server's reply; `retry_after` and `location` are the headers, or empty."""

    status: int
    reason: str
    content: bytes
    retry_after: str = ""
    location: str = ""


class Exchange:
    """Sends requests; `elapsed` gives the seconds since any fixed moment."""

    def __init__(self, limits: Limits, elapsed: Callable[[], float]) -> None:
        self.limits = limits
        self._elapsed = elapsed

    def send(self, request: Request) -> Reply:
        """Return the reply, whatever its status.

        Raises Busy where trying again may help, WikidataError where it does not.
        """
        address = request.full_url
        check_address(address)
        # Wikimedia's etiquette asks clients to take compressed answers.
        request.add_header("Accept-Encoding", "gzip")
        end = self._elapsed() + self.limits.seconds
        try:
            with self._opened(request) as response:
                content = self._read(response, end)
                header = response.headers.get
                return Reply(
                    response.status,
                    _printable(response.reason),
                    self._unpacked(content, header("Content-Encoding", "identity")),
                    header("Retry-After", ""),
                    header("Location", ""),
                )
        except (OSError, HTTPException) as error:
            raise _failure(address, error) from error

    def _opened(self, request: Request) -> HTTPResponse:
        # Without the handlers of errors and redirects every reply comes back as it is.
        opener = OpenerDirector()
        handlers = [HTTPHandler(), HTTPSHandler()]
        for handler in handlers if is_loopback(request.full_url) else [ProxyHandler(), *handlers]:
            opener.add_handler(handler)
        return cast(HTTPResponse, opener.open(request, timeout=self.limits.seconds))

    def _read(self, response: HTTPResponse, end: float) -> bytes:
        parts, size = [], 0
        while part := response.read1(_PART):
            size += len(part)
            if size > self.limits.bytes:
                raise self._too_large()
            if self._elapsed() > end:
                raise Busy(f"no whole answer within {self.limits.seconds:g} seconds")
            parts.append(part)
        if response.length:  # read1 does not mind that bytes are missing
            raise IncompleteRead(b"", response.length)
        return b"".join(parts)

    def _unpacked(self, content: bytes, encoding: str) -> bytes:
        if encoding.strip().lower() == "identity":
            return content
        unpacker = zlib.decompressobj(_GZIP)
        try:
            plain = unpacker.decompress(content, self.limits.bytes + 1)
        except zlib.error as error:
            message = f"an answer that is not gzip, though its header says {_printable(encoding)}"
            raise WikidataError(message, "Check the address of the endpoint.") from error
        if len(plain) > self.limits.bytes:
            raise self._too_large()
        if not unpacker.eof:
            raise Busy("the answer is cut off")
        return plain

    def _too_large(self) -> WikidataError:
        message = f"an answer of more than {self.limits.bytes:,} bytes"
        return WikidataError(message, "Check the address of the endpoint.")


def check_address(address: str) -> None:
    """Raise WikidataError unless `address` is https, or http on this machine, and no more."""
    remedy = "Give an address that begins with https:// and the name of a host."
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError for one that is no number
    except ValueError as error:
        raise WikidataError(f"{_printable(address)}: is no address", remedy) from error
    if not address.isascii() or not address.isprintable() or " " in address:
        raise WikidataError(f"{_printable(address)}: is no address", remedy)
    if not parts.hostname or "@" in parts.netloc:
        raise WikidataError(f"{address}: names no host, or a user", remedy)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(address)):
        raise WikidataError(f"{address}: is not https", remedy)


def is_loopback(address: str) -> bool:
    """Whether `address` is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(address: str, error: OSError | HTTPException) -> Busy | WikidataError:
    host = urlsplit(address).netloc
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return Busy(f"{host} does not answer in time")
    if isinstance(reason, IncompleteRead):
        return Busy(f"the answer of {host} is cut off")
    if isinstance(reason, ConnectionError) and not isinstance(reason, _LASTING):
        return Busy(f"{host} breaks the connection off")
    text = _printable(str(reason)) or type(reason).__name__
    remedy = "Check that this machine is online, or work from what is kept, without --live."
    return WikidataError(f"{host} cannot be reached: {text}", remedy)


def _printable(text: str) -> str:
    """Return what another side has written, for a message: on one line, not too long."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text[:200])
