"""How much one request may ask for, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds that are settings.

    `body` are bytes that are read of a request's body, `discarded` bytes of a longer one that are
    taken and forgotten, so that the client gets to read why it is refused; `upload_seconds` is how
    long a body may take to come, `seconds` how long its answer may. `text` are code points of a
    query, a prefix, an identifier. `threads` is how many requests are worked on at once, `waiting`
    how many more are kept.
    """

    body: int = MEBIBYTE
    discarded: int = 16 * MEBIBYTE
    upload_seconds: float = 10.0
    seconds: float = 20.0
    fields: int = 20
    queries: int = 100
    candidates: int = 50
    conditions: int = 10
    ids: int = 200
    properties: int = 20
    values: int = 50
    suggestions: int = 20
    text: int = 1_000
    threads: int = 4
    waiting: int = 64


DEFAULT_LIMITS = Limits()
