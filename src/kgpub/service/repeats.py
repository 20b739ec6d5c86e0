"""What has been asked lately, to the byte: to read a request takes longer than many an answer."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from starlette.types import Scope

from kgpub.service.immediate import Again, Alike, Asked, Seeing

MOST = 1_000
"""Requests that are known, and as many of which the query string may be another."""
LONGEST = 4_096
"""Bytes of a request, and of one of which the query string may be another without that."""
_LINE = re.compile(rb"(GET /[!\"$-&\'-;=@-~]*\?)([!-\"$-~]*)( HTTP/1\.1\r\n.*)", re.DOTALL)
"""What comes before a query string, that, and all that follows (RFC 9112, section 3)."""
_SECRET = frozenset({b"authorization", b"cookie", b"proxy-authorization"})
"""Fields that are not to stay here once a request is answered."""

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Answered(NamedTuple):
    """Fields and content of an answer; `seen` is to learn of it, with the scope of its request."""

    fields: bytes
    content: bytes
    scope: Scope
    seen: Seeing | None


class Repeats:
    """Answers requests that have been asked before, or differ from such in their query string."""

    def __init__(self) -> None:
        self._same: _Latest[bytes, tuple[Again, Scope, Seeing | None]] = _Latest()
        self._alike: _Latest[tuple[bytes, bytes], tuple[Alike, Scope, Seeing | None]] = _Latest()

    def keep(self, request: bytes, asked: Asked) -> None:
        """Keep what answers `request`, the bytes of one request and no more, another time."""
        scope, seen = asked.scope, asked.seen
        if any(name in _SECRET for name, _ in scope["headers"]):
            return
        if asked.again is not None and len(request) <= LONGEST:
            self._same.put(request, (asked.again, _logged(scope), seen))
        if asked.alike is not None:
            found = _LINE.fullmatch(request)
            if found is not None and len(found[1]) + len(found[3]) <= LONGEST:
                self._alike.put((found[1], found[3]), (asked.alike, _logged(scope), seen))

    def answer(self, request: bytes, longest: int) -> Answered | None:
        """Answer what is known; its target may have `longest` bytes."""
        same = self._same.get(request)
        if same is not None:
            again, scope, seen = same
            found = again()
            if found is not None:
                return Answered(*found, scope, seen)
            self._same.forget(request)
        line = _LINE.fullmatch(request)
        alike = None if line is None else self._alike.get((line[1], line[3]))
        if line is None or alike is None or len(line[1]) + len(line[2]) > longest:
            return None
        answering, scope, seen = alike
        found = answering(line[2])
        return None if found is None else Answered(*found, scope, seen)


class _Latest(Generic[Key, Kept]):
    """Keeps MOST; the one that was put in first goes first."""

    def __init__(self) -> None:
        self._kept: dict[Key, Kept] = {}

    def put(self, key: Key, kept: Kept) -> None:
        self._kept.pop(key, None)
        self._kept[key] = kept
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def get(self, key: Key) -> Kept | None:
        return self._kept.get(key)

    def forget(self, key: Key) -> None:
        self._kept.pop(key, None)


def _logged(scope: Scope) -> Scope:
    """Return of a request what is logged: no secrets, and nothing of its connection."""
    kept = {name: scope[name] for name in ("method", "path", "raw_path", "route") if name in scope}
    agent = [(name, value) for name, value in scope["headers"] if name == b"user-agent"]
    return {**kept, "headers": agent}
