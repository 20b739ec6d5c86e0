"""Requests to a SPARQL 1.1 endpoint, made by SPARQLWrapper and sent here.

SPARQLWrapper itself would follow a redirect to any host, credentials and all, and would keep the
password of digest for the whole process.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead
from ipaddress import ip_address
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPDigestAuthHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from SPARQLWrapper import BASIC, INSERT, JSON, N3, POST, POSTDIRECTLY, SPARQLWrapper

from kgpub.errors import StoreError
from kgpub.patience import Passing, asked_pause
from kgpub.store.credentials import Credentials, Scheme

MAX_ANSWER_BYTES = 1024 * 1024 * 1024
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
_MAX_UPDATE_ANSWER = 1024 * 1024
_MAX_TOLD = 300
_PART = 64 * 1024
_AGENT = "kgpub (SPARQLWrapper)"
_PARTIAL = 206
_REJECTED = (400, 413, 414, 422)
_ABSENT = (404, 405, 406, 410, 415, 501)
_PASSING = (408, 425, 429, 500, 502, 503, 504, 507)
_LASTING = (socket.gaierror, ssl.SSLCertVerificationError)
"""Failures that waiting does not mend."""
_LET_IN = (
    "Set KGPUB_STORE_USER and KGPUB_STORE_PASSWORD (and KGPUB_STORE_SCHEME=digest where that is "
    "asked for), or KGPUB_STORE_TOKEN, or name a file that has them with --credentials."
)


class Busy(StoreError, Passing):
    """The same request may succeed later; `retry_after` is the header of that name, or empty."""

    def __init__(self, message: str, remedy: str = "", retry_after: str = "") -> None:
        super().__init__(message, remedy)
        self.retry_after = retry_after

    def asked(self, now: datetime) -> float | None:
        return asked_pause(self.retry_after, now) if self.retry_after else None


class Rejected(StoreError):
    """The endpoint finds fault with the request: it is malformed to it, or too large."""


@dataclass(frozen=True)
class _Answer:
    status: int
    content: bytes
    is_page: bool
    location: str = ""
    retry_after: str = ""
    schemes: str = ""


class Endpoint:
    """The query or update service at `address`; without an answer for `timeout` seconds it is Busy.

    `elapsed` gives the seconds since any fixed moment. Raises StoreError where the address is none.
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials | None = None,
        timeout: float = 60.0,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        _check(address)
        self.address = address
        # What follows may be a key.
        self.shown = address.partition("?")[0]
        self.timeout = timeout
        self._credentials = credentials
        self._elapsed = elapsed
        self._opener = _opener(address, credentials)

    @property
    def is_exposed(self) -> bool:
        """Whether a secret goes over the network so that who listens can read it."""
        given = self._credentials
        clear = given is not None and given.scheme is not Scheme.digest
        return clear and urlsplit(self.address).scheme == "http" and not _is_loopback(self.address)

    def ask(self, sparql: str, form: str) -> bytes:
        """Return the answer to a query of the `form`: Turtle for a graph, otherwise SPARQL JSON.

        Raises Busy, Rejected, StoreError.
        """
        request = self._request(sparql)
        request.queryType = form
        request.setReturnFormat(N3 if form in GRAPH_FORMS else JSON)
        answer = self._sent(request.request(), MAX_ANSWER_BYTES)
        if answer.status == _PARTIAL:  # as Virtuoso does when its time for a query is over
            message = f"{self.shown} answers with a part of the results only"
            raise StoreError(message, "Raise the server's limits of time, or ask for less.")
        return answer.content

    def update(self, sparql: str) -> None:
        """Have an update executed. Raises Busy, Rejected, StoreError."""
        request = self._request(sparql)
        request.queryType = INSERT
        # As a form, each byte of Arabic would take three.
        request.setRequestMethod(POSTDIRECTLY)
        self._sent(request.request(), _MAX_UPDATE_ANSWER)

    def redacted(self, text: str) -> str:
        """Return what another side has written, for a message: short, on a line, no secret in it.

        An error page for developers may show what it was sent.
        """
        given = self._credentials
        for secret in given.written if given is not None else ():
            text = text.replace(secret, "***")
        return _printable(" ".join(text.split()))

    def _request(self, sparql: str) -> _Request:
        request = _Request(self.address, agent=_AGENT)
        request.setMethod(POST)
        # setQuery would guess the type, and send what it takes for an update as one.
        request.queryString = sparql
        given = self._credentials
        if given is not None and given.scheme is Scheme.basic:
            request.setHTTPAuth(BASIC)
            request.setCredentials(given.user, given.secret)
        elif given is not None and given.scheme is Scheme.bearer:
            request.addCustomHttpHeader("Authorization", f"Bearer {given.secret}")
        return request

    def _sent(self, request: Request, most: int) -> _Answer:
        """Return the answer with a status of success, of `most` bytes, that is in time."""
        end = self._elapsed() + self.timeout
        try:
            response = cast(HTTPResponse, self._opener.open(request, timeout=self.timeout))
            with response:
                return self._read(response, most, end)
        except HTTPError as error:
            with error:
                raise self._failure(self._refusal(error, end)) from error
        except IndexError as error:  # of urllib's, at a value that is missing
            message = f"{self.shown} asks for credentials in a way that makes no sense"
            raise StoreError(message) from error
        except (URLError, OSError, HTTPException, ValueError) as error:
            raise self._unreached(error) from error

    def _refusal(self, error: HTTPError, end: float) -> _Answer:
        try:
            return self._read(cast(HTTPResponse, error), _MAX_UPDATE_ANSWER, end)
        except (OSError, HTTPException, ValueError, StoreError):
            return _Answer(error.code, b"", False)

    def _read(self, response: HTTPResponse, most: int, end: float) -> _Answer:
        parts, size = [], 0
        # Known beforehand: read1 counts it down in some versions of Python.
        length: int | None = getattr(response, "length", None)
        left = _PART
        # read would wait until all of a part is there, each byte with the whole time; an error of
        # digest's own has nothing to read.
        read: Callable[[int], bytes] = getattr(response, "read1", response.read)
        while left and (part := read(left)):
            parts.append(part)
            size += len(part)
            if size > most:
                message = f"{self.shown} answers with more than {most:,} bytes"
                raise StoreError(message, "Add a LIMIT to the query.")
            if self._elapsed() > end:
                raise TimeoutError
            left = _PART if length is None else min(_PART, length - size)
        if length is not None and size < length:
            raise IncompleteRead(b"", length - size)
        header = response.headers.get
        schemes = response.headers.get_all("WWW-Authenticate", [])
        return _Answer(
            response.status,
            b"".join(parts),
            "html" in header("Content-Type", "").lower(),
            header("Location", ""),
            header("Retry-After", ""),
            " ".join(scheme.partition(" ")[0] for scheme in schemes),
        )

    def _failure(self, answer: _Answer) -> StoreError:
        status, told = answer.status, self._told(answer)
        if status in _REJECTED:
            return Rejected(f"{self.shown} refuses the request ({status}): {told}")
        if 300 <= status < 400:
            place = answer.location.partition("?")[0]
            message = f"{self.shown}: is redirected to {self.redacted(place)}"
            remedy = "No redirect is followed: give that address if you trust it."
            return StoreError(message, remedy)
        if status in (401, 403):
            return self._shut_out(answer)
        if status in _ABSENT:
            message = f"{self.shown}: no service of this kind is there ({status}): {told}"
            remedy = "Check the address; many stores have two, to ask and to update."
            return StoreError(message, remedy)
        if status in _PASSING:
            remedy = "Look at the server's log, its memory and the space on its disk."
            message = f"{self.shown} cannot do it now ({status}): {told}"
            return Busy(message, remedy, answer.retry_after)
        return StoreError(f"{self.shown} answers with status {status}: {told}")

    def _shut_out(self, answer: _Answer) -> StoreError:
        given = self._credentials
        asked = f" It asks for {self.redacted(answer.schemes)}." if answer.schemes else ""
        if given is None:
            return StoreError(f"{self.shown} lets in nobody without credentials", _LET_IN + asked)
        whom = f"the user {given.user}" if given.user else "this token"
        if answer.status == 403:
            return StoreError(f"{self.shown} does not allow this to {whom}: {self._told(answer)}")
        message = f"{self.shown} refuses the credentials, {given.scheme} of {whom}"
        return StoreError(message, f"Check them, and that this is the scheme.{asked}")

    def _told(self, answer: _Answer) -> str:
        if answer.is_page:
            return "the answer is a web page"
        return self.redacted(answer.content.decode("utf-8", "replace")) or "it says no more"

    def _unreached(self, error: Exception) -> StoreError:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            message = f"{self.shown} does not answer within {self.timeout:g} seconds"
            return Busy(message, "Give it more time, or less to do.")
        message = f"{self.shown} cannot be reached: {self.redacted(str(reason))}"
        if isinstance(reason, (ValueError, *_LASTING)):
            return StoreError(message)
        return Busy(message, "Check that the server runs, and that the address is right.")


class _Request(SPARQLWrapper):
    """What SPARQLWrapper makes of a query or update."""

    def request(self) -> Request:
        request: Request = self._createRequest()
        # An address that has parameters of its own would get a second question mark.
        request.full_url = self.endpoint
        return request


def _check(address: str) -> None:
    """Raise StoreError unless `address` is one of HTTP, without a user."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError for one that is no number
    except ValueError as error:
        message = f"{_printable(address)}: is no address of an endpoint"
        raise StoreError(message, "It begins with https:// or http://.") from error
    if "@" in parts.netloc:
        raise StoreError("the address of the endpoint names a user", _LET_IN)
    plain = address.isascii() and address.isprintable() and " " not in address
    if not plain or parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment:
        message = f"{_printable(address)}: is no address of an endpoint"
        raise StoreError(message, "It begins with https:// or http://, and has no # or space.")


def _opener(address: str, credentials: Credentials | None) -> OpenerDirector:
    """Return what sends requests, and follows no redirect."""
    handlers: list[BaseHandler] = [
        *(HTTPHandler(), HTTPSHandler()),
        *(HTTPErrorProcessor(), HTTPDefaultErrorHandler()),
    ]
    if not _is_loopback(address):
        handlers.append(ProxyHandler())
    if credentials is not None and credentials.scheme is Scheme.digest:
        known = HTTPPasswordMgrWithDefaultRealm()
        known.add_password(None, address, credentials.user, credentials.secret)
        handlers.append(HTTPDigestAuthHandler(known))
    opener = OpenerDirector()
    for handler in handlers:
        opener.add_handler(handler)
    return opener


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _printable(text: str) -> str:
    """Return what another side has written, for a message: on one line, not too long."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text[:_MAX_TOLD])
