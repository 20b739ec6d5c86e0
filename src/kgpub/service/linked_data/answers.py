"""Answers with their headers: whole, not modified, elsewhere, refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kgpub.service.errors import RETRY, RequestError
from kgpub.service.sparql.encoding import CODERS, coding

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""What pages may load and do (Content Security Policy Level 3): no inline script, nobody else's."""
FRESH = "public, max-age=0, must-revalidate"
PAGE_TYPE = "text/html; charset=utf-8"
_DATA_POLICY = "default-src 'none'; sandbox"
_WORTH_CODING = 1_000
_MAX_CODINGS = 1_000
_URI = "!#$%&'()*+,/:;=?@[]~"


def headers_of(content_type: str, vary: str = "Accept-Encoding") -> dict[str, str]:
    """Return the headers that keep an answer of a media type from doing harm or becoming stale.

    `vary` names the headers of requests that it depends on, "" for none.
    """
    return {
        "Content-Security-Policy": PAGE_POLICY if content_type == PAGE_TYPE else _DATA_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": FRESH,
        **({"Vary": vary} if vary else {}),
    }


def tag_of(*parts: str) -> str:
    """Return an entity tag. It is weak: codings of one answer share it."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    return f'W/"{digest.hexdigest()[:32]}"'


def is_fresh(request: Request, tag: str) -> bool:
    """Whether the client has what bears the tag (RFC 9110, section 13.1.2)."""
    opaque = tag.removeprefix("W/")
    known = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(each.strip().removeprefix("W/") == opaque for each in known)


def not_modified(tag: str, content_type: str) -> Response:
    """Return the answer to who has it already."""
    return Response(status_code=304, headers={**headers_of(content_type), "ETag": tag})


def coding_of(request: Request) -> str:
    """Return the content coding that a client takes, "" for none."""
    accepted = ", ".join(request.headers.getlist("accept-encoding"))
    return coding(accepted) if len(accepted) <= _MAX_CODINGS else ""


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
        if not name or len(content) < _WORTH_CODING:
            return cls(content, content_type, tag, links, "")
        coder = CODERS[name]()
        return cls(coder.code(content) + coder.end(), content_type, tag, links, name)

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
    headers = headers_of("text/plain", "") | {"Cache-Control": "no-store"}
    if error.status == 503:
        headers["Retry-After"] = RETRY["Retry-After"]
    return PlainTextResponse(f"{error}\n", error.status, headers)


def uri(iri: str) -> str:
    """Return an IRI as a URI (RFC 3987, section 3.1), for a header."""
    return quote(iri, safe=_URI)
