"""Requests that are answered without ASGI between: that takes longer than many an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import NamedTuple, Protocol, runtime_checkable

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


class Seen(NamedTuple):
    """An answer: its status, 0 where there was none; bytes of its body; whether it was whole."""

    status: int
    size: int
    is_whole: bool


Again = Callable[[], tuple[bytes, bytes] | None]
"""Returns fields and content of an answer with status 200, None where it is not known any more."""
Alike = Callable[[bytes], tuple[bytes, bytes] | None]
"""Returns the same for a query string, None where that is to be asked in the ordinary way."""
Seeing = Callable[[Scope, Seen, float], None]
"""Learns of a request and its answer, which took so many seconds."""


def message(
    status: int, common: Iterable[tuple[bytes, bytes]], fields: bytes, content: bytes
) -> bytes:
    """Return an answer as it is sent; `fields` are lines of its head besides the `common` ones."""
    parts = [_STATUS_LINES[status]]
    for name, value in common:
        parts += (name, b": ", value, b"\r\n")
    parts += (fields, b"\r\n", content)
    return b"".join(parts)


class Asked:
    """A request on a connection, to be answered whole, or to be passed on to ASGI, once.

    `scope` is ASGI's. `begin` passes it on, `end` is called when it has been answered. Whoever sets
    `left` is told when the client leaves before; whoever sets `over` learns of the answer, or by
    None that it is passed on. Where `again` is set, it answers the very same request another time;
    where `alike` is, it answers requests that have another query string and are the same but for
    that. `seen` learns of both.
    """

    __slots__ = ("_begin", "_cycle", "_end", "again", "alike", "left", "over", "scope", "seen")

    def __init__(
        self, cycle: RequestResponseCycle, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        self.scope: Scope = cycle.scope  # type: ignore[assignment]  # uvicorn's type of the same
        self._cycle = cycle
        self._begin = begin
        self._end = end
        self.left: Callable[[], None] | None = None
        self.over: Callable[[Seen | None], None] | None = None
        self.again: Again | None = None
        self.alike: Alike | None = None
        self.seen: Seeing | None = None

    def answer(self, status: int, fields: bytes, content: bytes) -> None:
        """Send an answer; `fields` are lines of its head, each with its end.

        They are to give the length, but where there can be no content.
        """
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            fields += b"connection: close\r\n"
        cycle.transport.write(message(status, cycle.default_headers, fields, content))
        self._tell(Seen(status, len(content), is_whole=True))
        if not cycle.keep_alive:
            cycle.transport.close()
        self._end()

    def pass_on(self) -> None:
        """Have it answered by ASGI."""
        self._tell(None)
        self._begin()

    def leave(self) -> None:
        """Take note that the client has left."""
        if not self._cycle.response_complete:
            left, self.left = self.left, None
            if left is not None:
                left()
                self._tell(Seen(0, 0, is_whole=False))

    def _tell(self, seen: Seen | None) -> None:
        self.left = None
        over, self.over = self.over, None
        if over is not None:
            over(seen)


Taking = Callable[[Asked], bool]
"""Answers a request now or later, and returns True; or does nothing, and returns False."""


@runtime_checkable
class Immediate(Protocol):
    """An ASGI application that may also answer without ASGI."""

    def takes(self, asked: Asked) -> bool:
        """See Taking."""
        ...


def _takes_none(asked: Asked) -> bool:
    return False


def taking(app: object) -> Taking:
    """Return what answers without ASGI for an application.

    It is to be kept: to look takes long.
    """
    return app.takes if isinstance(app, Immediate) else _takes_none
