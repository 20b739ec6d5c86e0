"""Entity tags, and whether a client has what bears one (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib

from starlette.requests import Request


def tag_of(*parts: str) -> str:
    """Return an entity tag for all that an answer depends on. It is weak: codings share it."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    return f'W/"{digest.hexdigest()[:32]}"'


def matches(header: str, tag: str) -> bool:
    """Whether the value of a header If-None-Match has `tag`, by the weak comparison.

    For "*" it would have to be known whether there is an answer.
    """
    opaque = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") == opaque for each in header.split(","))


def is_fresh(request: Request, tag: str) -> bool:
    """Whether the client has what bears the tag."""
    return matches(",".join(request.headers.getlist("if-none-match")), tag)
