"""One request to a service and its answer, bounded in bytes and seconds; no redirect is followed.

So a token is sent to the host that it is meant for, and to no other.
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import cast
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from kgpub.client.errors import ServiceError

MAX_BYTES = 64 * 2**20
"""Of an answer, packed and unpacked."""
_PART = 64 * 1024
_GZIP = 31
"""zlib's number for a gzip stream with the largest window."""
_ONLINE = "Check the address, and that the service runs."


@dataclass(frozen=True)
class Reply:
    """A service's answer: `headers` by their names in small letters."""

    status: int
    content: bytes
    headers: Mapping[str, str]


def checked_address(address: str, *, is_secret: bool) -> str:
    """Return the address of a service without what ends in /. Raises ServiceError.

    What `is_secret` is sent by https only, or on this machine.
    """
    remedy = "Give an address such as https://facts.example.org"
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError for one that is no number
    except ValueError as error:
        raise ServiceError(f"{_printable(address)}: is no address", remedy) from error
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if not is_plain or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ServiceError(f"{_printable(address)}: is no address of the web", remedy)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ServiceError(f"{parts.hostname}: the address has more than host and path", remedy)
    if is_secret and parts.scheme != "https" and not _is_loopback(parts.hostname):
        message = f"{parts.hostname}: a token would be sent for all on the way to read"
        raise ServiceError(message, "Give an address that begins with https://")
    return address.rstrip("/")


def send(request: Request, seconds: float) -> Reply:
    """Return the answer to a request, whatever its status. Raises ServiceError."""
    request.add_header("Accept-Encoding", "gzip")
    try:
        with _opened(request, seconds) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            content = response.read(MAX_BYTES + 1)
            status = response.status
    except (OSError, HTTPException) as error:
        raise _failure(request, error) from error
    if len(content) > MAX_BYTES:
        raise ServiceError(f"{request.host}: answers with more than {MAX_BYTES:,} bytes", _ONLINE)
    if headers.get("content-encoding", "") == "gzip":
        content = _unpacked(content, request.host)
    return Reply(status, content, headers)


def _opened(request: Request, seconds: float) -> HTTPResponse:
    # Without the handlers of errors and redirects every answer comes back as it is.
    opener = OpenerDirector()
    handlers = [HTTPHandler(), HTTPSHandler()]
    is_here = _is_loopback(urlsplit(request.full_url).hostname or "")
    for handler in handlers if is_here else [ProxyHandler(), *handlers]:
        opener.add_handler(handler)
    return cast(HTTPResponse, opener.open(request, timeout=seconds))


def _unpacked(content: bytes, host: str) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        plain = unpacking.decompress(content, MAX_BYTES + 1)
    except zlib.error as error:
        raise ServiceError(f"{host}: answers with gzip that is none", _ONLINE) from error
    if len(plain) > MAX_BYTES or not unpacking.eof:
        raise ServiceError(f"{host}: answers with too much, or with a part", _ONLINE)
    return plain


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _failure(request: Request, error: OSError | HTTPException) -> ServiceError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return ServiceError(f"{request.host}: does not answer in time", "Try again later.")
    if isinstance(reason, socket.gaierror):
        return ServiceError(f"{request.host}: there is no such host", _ONLINE)
    text = _printable(str(reason)) or type(reason).__name__
    return ServiceError(f"{request.host}: cannot be reached: {text}", _ONLINE)


def _printable(text: str) -> str:
    """Return what another side has written, for a message: on one line, not too long."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text[:200])
