"""What is wrong with a request, as an answer."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response

from kgpub.errors import KgpubError
from kgpub.service.errors import RequestError
from kgpub.service.http.headers import ASKED_ANEW


def in_text(error: KgpubError, headers: Mapping[str, str]) -> Response:
    """Return an error as text that a person reads in a terminal, with `headers` and its own."""
    status = error.status if isinstance(error, RequestError) else 400
    own = error.headers if isinstance(error, RequestError) else {}
    return PlainTextResponse(f"{error}\n", status, {**headers, "Cache-Control": "no-store", **own})


def in_json(
    status: int, message: str, remedy: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error as JSON, without what is ""."""
    content = {"status": "error", "code": status, "message": message, "remedy": remedy}
    told = {key: value for key, value in content.items() if value}
    return JSONResponse(told, status, {**ASKED_ANEW, **(headers or {})})
