"""The access log: a line of JSON for each request, and nothing of what was asked in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from json import JSONEncoder
from urllib.parse import quote, unquote

from starlette.types import Scope

from kgpub.service.http.addresses import network
from kgpub.service.immediate import Seen
from kgpub.service.operations.exchange import route_of
from kgpub.service.operations.traffic import FAILED
from kgpub.service.tokens.token import without_tokens

_MOST_METHOD, _MOST_PATH, _MOST_AGENT, _MOST_CLIENT = 20, 300, 200, 50
"""Characters that are logged of what a client chooses."""
_SHORTENED = (24, 48)
_quoted = lru_cache(maxsize=4_096)(JSONEncoder().encode)
"""A text as JSON, in ASCII; of a whole line it takes twice the time."""


class AccessLog:
    """Logs requests by `write`, a line each without its end.

    Of the address it takes the path, never the query string. `addresses` is "shortened", "whole"
    or "none". `now` is the time.
    """

    def __init__(
        self, write: Callable[[str], object], addresses: str, now: Callable[[], float]
    ) -> None:
        self._write = write
        self._addresses = addresses
        self._now = now

    def log(self, scope: Scope, seen: Seen, seconds: float) -> None:
        """Log a request that was answered after `seconds`."""
        self._write(self._line(scope, seen, seconds))

    def _line(self, scope: Scope, seen: Seen, seconds: float) -> str:
        parts = [
            f'{{"time":"{_time(self._now())}","method":{_quoted(scope["method"][:_MOST_METHOD])}',
            f'"route":{_quoted(route_of(scope))},"path":{_quoted(_path(scope))}',
            f'"status":{seen.status or FAILED},"bytes":{seen.size}',
            f'"seconds":{seconds:.6f}',
        ]
        if not seen.is_whole:
            parts.append('"broken":true')
        client = self._client(scope)
        if client:
            parts.append(f'"client":{_quoted(client)}')
        agent = _agent(scope)
        if agent:
            parts.append(f'"agent":{_quoted(agent)}')
        # JSON leaves DEL as it is, which drives some terminals.
        return ",".join(parts).replace("\x7f", "\\u007f") + "}"

    def _client(self, scope: Scope) -> str:
        client = scope.get("client")
        if client is None or self._addresses == "none":
            return ""
        address: str = client[0]
        if self._addresses == "shortened":
            return network(address, *_SHORTENED)
        return without_tokens(address[:_MOST_CLIENT])


def _time(seconds: float) -> str:
    """Return a time by RFC 3339, in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.isoformat(timespec='milliseconds')[:-6]}Z"


def _path(scope: Scope) -> str:
    raw: bytes | None = scope.get("raw_path")
    path: str = scope["path"] if raw is None else raw.partition(b"?")[0].decode("latin-1")
    if "%" in path:
        meant = unquote(path)
        if (told := without_tokens(meant)) != meant:
            path = quote(told)
    return without_tokens(path)[:_MOST_PATH]


def _agent(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent: str = value.decode("latin-1")
            return without_tokens(agent)[:_MOST_AGENT]
    return ""
