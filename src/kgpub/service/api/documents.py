"""JSON that stays the same while the server runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kgpub.service.sparql.encoding import CODERS, coding

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Vary": "Accept-Encoding",
    "Cache-Control": "public, max-age=0, must-revalidate",
}
_MAX_PREFERENCES = 4_000


@dataclass(frozen=True)
class Document:
    """A document by the names of its content codings, "" for none, and its entity tag.

    The tag is weak: the codings share it.
    """

    contents: Mapping[str, bytes]
    tag: str

    @classmethod
    def of(cls, value: object) -> Document:
        """Write `value` as JSON."""
        content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        contents = {"": content}
        for name, make in CODERS.items():
            coder = make()
            contents[name] = coder.code(content) + coder.end()
        return cls(contents, f'W/"{hashlib.sha256(content).hexdigest()[:32]}"')

    def answer(self, request: Request) -> Response:
        """Answer a GET or HEAD."""
        headers = {**HEADERS, "ETag": self.tag}
        known = ",".join(request.headers.getlist("if-none-match")).split(",")
        if any(each.strip() in (self.tag, self.tag.removeprefix("W/")) for each in known):
            return Response(status_code=304, headers=headers)
        accepted = ",".join(request.headers.getlist("accept-encoding"))
        # To read preferences takes time that grows faster than their length.
        name = coding(accepted) if len(accepted) <= _MAX_PREFERENCES else ""
        if name:
            headers["Content-Encoding"] = name
        return Response(self.contents[name], headers=headers, media_type="application/json")
