"""What is wrong with a request about submissions, for programs and people (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from kgpub.errors import CallError, KgpubError, StoreError
from kgpub.service.api.problems import HEADERS, MEDIA_TYPE
from kgpub.service.errors import RETRY, RequestError
from kgpub.submissions.kept import DiskFull, Outdated, QueueFull

_TYPE = "about:blank"
"""The status says what kind of problem it is (section 4.2.1)."""


def problem(error: KgpubError, more: Mapping[str, Any] | None = None) -> Response:
    """Return the answer to what went wrong, with `more` members; no paths of this machine."""
    told = _as_request(error)
    members: dict[str, Any] = {
        "type": _TYPE,
        "title": HTTPStatus(told.status).phrase,
        "status": told.status,
        "detail": told.message,
    }
    if told.remedy:
        members["remedy"] = told.remedy
    content = json.dumps({**members, **(more or {})}, ensure_ascii=False).encode()
    return Response(content, told.status, {**HEADERS, **told.headers}, MEDIA_TYPE)


def _as_request(error: KgpubError) -> RequestError:
    if isinstance(error, RequestError):
        return error
    if isinstance(error, DiskFull):
        return RequestError(507, "the disk of the server is full", "Send it again later.")
    if isinstance(error, QueueFull):
        message = "too many submissions wait to be decided"
        return RequestError(503, message, "Send it again later.", headers=RETRY)
    if isinstance(error, StoreError):
        message = "submissions cannot be kept at the moment"
        return RequestError(503, message, "Try again later.", headers=RETRY)
    if isinstance(error, Outdated):
        return RequestError(409, error.message, error.remedy)
    status = 404 if isinstance(error, CallError) else 422
    return RequestError(status, error.message, error.remedy)
