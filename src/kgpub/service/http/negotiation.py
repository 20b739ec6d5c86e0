"""The preferences that a request tells (RFC 9110, section 12.5); of forms see `forms`."""

from __future__ import annotations

from starlette.requests import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from kgpub.messages import LANGUAGES
from kgpub.service.errors import RequestError

MAX_PREFERENCES = 4_000
"""Characters of a header. To read its preferences takes time that grows faster than it."""
_KURDISH = {"ku": "ckb"}
"""Kurdish without more is a macrolanguage (ISO 639-3); what we have of it is Sorani."""
_LATIN = "latn"


def language_of(request: Request) -> str:
    """Return the language of the interface that a client prefers (RFC 4647, section 3.4).

    Raises RequestError.
    """
    accepted = parse_accept_header(value_of(request, "accept-language"), LanguageAccept)
    for tag, quality in accepted:  # the preferred first
        primary, *others = tag.lower().split("-")
        language = _KURDISH.get(primary, primary) if _LATIN not in others else primary
        if quality > 0 and language in LANGUAGES:
            return language
    return LANGUAGES[0]


def value_of(request: Request, name: str) -> str:
    """Return a header that may come in several lines (RFC 9110, section 5.3).

    Raises RequestError where it is too long to read preferences from.
    """
    value = ", ".join(request.headers.getlist(name))
    if len(value) > MAX_PREFERENCES:
        raise RequestError(431, f"{name} has more than {MAX_PREFERENCES:,} characters")
    return value
