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
_encoded = JSONEncoder().encode


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
        asked = _asked(scope["method"][:_MOST_METHOD], route_of(scope), _path(scope))
        answered = f'"status":{seen.status or FAILED},"bytes":{seen.size},"seconds":{seconds:.6f}'
        broken = "" if seen.is_whole else ',"broken":true'
        by = _by(self._client(scope), _agent(scope))
        return f'{{"time":"{_time(self._now())}",{asked},{answered}{broken}{by}}}'

    def _client(self, scope: Scope) -> str:
        client = scope.get("client")
        if client is None or self._addresses == "none":
            return ""
        address: str = client[0]
        if self._addresses == "shortened":
            return network(address, *_SHORTENED)
        return without_tokens(address[:_MOST_CLIENT])


@lru_cache(maxsize=4_096)
def _asked(method: str, route: str, path: str) -> str:
    """Return what is logged of what was asked for, as much of a line as is the same again."""
    return f'"method":{_quoted(method)},"route":{_quoted(route)},"path":{_quoted(path)}'


@lru_cache(maxsize=4_096)
def _by(client: str, agent: str) -> str:
    """Return what is logged of who asked, "" for nothing."""
    told = f',"client":{_quoted(client)}' if client else ""
    return f'{told},"agent":{_quoted(agent)}' if agent else told


def _quoted(text: str) -> str:
    """Return a text as JSON, in ASCII. JSON leaves DEL as it is, which drives some terminals."""
    return _encoded(text).replace("\x7f", "\\u007f")


def _time(seconds: float) -> str:
    """Return a time by RFC 3339, in UTC, to the millisecond."""
    second, thousandths = divmod(int(seconds * 1_000), 1_000)
    return f"{_to_the_second(second)}.{thousandths:03}Z"


@lru_cache(maxsize=8)
def _to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:-6]


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
