"""What is wrong with a request, for programs and people (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.responses import Response

from kgpub.errors import KgpubError
from kgpub.service.errors import RequestError
from kgpub.service.http.headers import DATA

MEDIA_TYPE = "application/problem+json"
HEADERS = {**DATA, "Cache-Control": "no-store"}


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the name of its response in the description, what is the same of all."""

    name: str
    title: str


KINDS: Mapping[int, Kind] = {
    400: Kind("BadRequest", "The request cannot be understood"),
    404: Kind("NotFound", "There is no such query"),
    406: Kind("NotAcceptable", "The answer has no form that is accepted"),
    422: Kind("Unprocessable", "A value is not what its parameter takes"),
    431: Kind("TooLong", "A header is too long"),
    503: Kind("Unavailable", "The query cannot be answered at the moment"),
}
"""By HTTP status code."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one parameter, and what would mend it."""

    parameter: str
    detail: str
    remedy: str


class ParametersError(RequestError):
    """Parameters are wrong: 400 for which there are, 422 for what they say."""

    def __init__(self, status: int, faults: Sequence[Fault]) -> None:
        first, *others = faults
        more = f" ({len(others)} more in errors)" if others else ""
        super().__init__(status, first.detail + more, first.remedy)
        self.faults = tuple(faults)


def problem(error: KgpubError, description: str) -> Response:
    """Return the answer to what went wrong; `description` is the address of the OpenAPI one."""
    status = error.status if isinstance(error, RequestError) else 400
    kind = KINDS.get(status) or KINDS[400 if status < 500 else 503]
    members: dict[str, Any] = {
        "type": f"{description}#/components/responses/{kind.name}",
        "title": kind.title,
        "status": status,
        "detail": error.message,
    }
    if error.remedy:
        members["remedy"] = error.remedy
    if isinstance(error, ParametersError):
        members["errors"] = [asdict(fault) for fault in error.faults]
    headers = {**HEADERS, **(error.headers if isinstance(error, RequestError) else {})}
    content = json.dumps(members, ensure_ascii=False).encode()
    return Response(content, status, headers, MEDIA_TYPE)
