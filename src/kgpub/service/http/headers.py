"""Headers that keep answers from doing harm in a browser, and from becoming stale."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kgpub.pages.policy import FRAMED, PAGE_POLICY

PAGE_TYPE = "text/html; charset=utf-8"
_PAGE_POLICY = f"{PAGE_POLICY}; {FRAMED}"
_DATA_POLICY = "default-src 'none'; sandbox"

FRESH = "public, max-age=0, must-revalidate"
"""Cache-Control of what bears an entity tag: kept by anyone, and asked for anew each time."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Cache-Control of what never changes under its address."""

_TYPED = {"X-Content-Type-Options": "nosniff"}
"""What is JSON is never read as anything else."""
ASKED_ANEW: Mapping[str, str] = MappingProxyType({**_TYPED, "Cache-Control": "no-cache"})
"""Of small answers that bear no tag."""
KEPT_NOWHERE: Mapping[str, str] = MappingProxyType({**_TYPED, "Cache-Control": "no-store"})
"""Of what is true at the moment only."""
DATA: Mapping[str, str] = MappingProxyType({**_TYPED, "Content-Security-Policy": _DATA_POLICY})
"""Of data, in which nothing runs and which loads nothing, whatever literals and IRIs hold."""


def headers_of(content_type: str, vary: str = "Accept-Encoding") -> dict[str, str]:
    """Return the headers of a page, or of a document beside pages.

    `vary` names the headers of requests that it depends on, "" for none.
    """
    return {
        "Content-Security-Policy": _PAGE_POLICY if content_type == PAGE_TYPE else _DATA_POLICY,
        **_TYPED,
        "Referrer-Policy": "same-origin",
        "Cache-Control": FRESH,
        **({"Vary": vary} if vary else {}),
    }
