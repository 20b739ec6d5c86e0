"""JSON that stays the same while the server runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kgpub.service.http.codings import CODERS, coding_of, whole
from kgpub.service.http.headers import DATA, FRESH
from kgpub.service.http.tags import is_fresh, tag_of

HEADERS = {**DATA, "Vary": "Accept-Encoding", "Cache-Control": FRESH}


@dataclass(frozen=True)
class Document:
    """A document by the names of its content codings, "" for none, and its entity tag."""

    contents: Mapping[str, bytes]
    tag: str

    @classmethod
    def of(cls, value: object) -> Document:
        """Write `value` as JSON."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        content = text.encode()
        coded = {name: whole(content, name) for name in CODERS}
        return cls({"": content, **coded}, tag_of(text))

    def answer(self, request: Request) -> Response:
        """Answer a GET or HEAD."""
        headers = {**HEADERS, "ETag": self.tag}
        if is_fresh(request, self.tag):
            return Response(status_code=304, headers=headers)
        name = coding_of(request)
        if name:
            headers["Content-Encoding"] = name
        return Response(self.contents[name], headers=headers, media_type="application/json")
