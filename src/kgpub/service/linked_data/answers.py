"""Answers with their headers: whole, not modified, elsewhere, refused."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http import refusals
from kgpub.service.http.codings import shortened
from kgpub.service.http.headers import FRESH, headers_of

_URI = "!#$%&'()*+,/:;=?@[]~"


def not_modified(tag: str, content_type: str) -> Response:
    """Return the answer to who has it already."""
    return Response(status_code=304, headers={**headers_of(content_type), "ETag": tag})


@dataclass(frozen=True)
class Sent:
    """An answer as it is sent: with its header Link, and in the content coding `coding`, or ""."""

    content: bytes
    content_type: str
    tag: str
    links: str
    coding: str

    @classmethod
    def coded(cls, content: bytes, content_type: str, tag: str, links: str, name: str) -> Sent:
        """Return an answer, in the content coding `name` if that is worth it."""
        content, coding = shortened(content, name)
        return cls(content, content_type, tag, links, coding)

    def response(self) -> Response:
        """Return it as a response."""
        headers = {**headers_of(self.content_type), "ETag": self.tag}
        if self.links:
            headers["Link"] = self.links
        if self.coding:
            headers["Content-Encoding"] = self.coding
        return Response(self.content, headers=headers, media_type=self.content_type)


def elsewhere(location: str, vary: str, links: str = "") -> Response:
    """Return the answer that what is asked for is described elsewhere (RFC 9110, 15.4.4).

    `location` is relative: it begins with a dot, so that no other host can be meant.
    """
    if not location.startswith("."):
        raise ValueError(location)
    headers = {"Location": location, "Cache-Control": FRESH, "Vary": vary, "Link": links}
    return Response(status_code=303, headers={name: text for name, text in headers.items() if text})


def refused(error: RequestError) -> Response:
    """Return what is wrong with a request, as text."""
    again = RETRY if error.status == 503 else {}
    return refusals.in_text(error, {**headers_of("text/plain", ""), **again})


def uri(iri: str) -> str:
    """Return an IRI as a URI (RFC 3987, section 3.1), for a header."""
    return quote(iri, safe=_URI)
