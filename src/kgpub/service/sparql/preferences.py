"""Which forms and codings of an answer a request prefers, and which answer it has already."""

from __future__ import annotations

from starlette.types import Scope

from kgpub.service.errors import RequestError
from kgpub.service.http.negotiation import MAX_PREFERENCES

_FIELDS = (b"accept", b"accept-encoding", b"if-none-match")
Preferences = tuple[str, str, str]
"""The values of Accept, Accept-Encoding and If-None-Match, "" for none."""


def preferences_of(scope: Scope) -> Preferences:
    """Return the values of Accept, Accept-Encoding and If-None-Match. Raises RequestError.

    Each may stand in several lines (RFC 9110, section 5.3). To read preferences takes time that
    grows faster than their length.
    """
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _FIELDS:
            before = f"{found[name]}, " if name in found else ""
            found[name] = before + value.decode("latin-1")
            if len(found[name]) > MAX_PREFERENCES:
                told = name.decode("ascii")
                message = f"{told} has more than {MAX_PREFERENCES:,} characters"
                raise RequestError(431, message)
    accept, encodings, known = (found.get(name, "") for name in _FIELDS)
    return accept, encodings, known
