"""Connections of clients, with bounds on what they may send and how slowly (RFC 9112)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from kgpub.service.http.heads import fault_of_head
from kgpub.service.immediate import Asked, Seen, Taking, message, taking
from kgpub.service.repeats import Repeats
from kgpub.service.resting import Resting

_ABORT = "kgpub.abort"


@dataclass(frozen=True)
class ConnectionLimits:
    """Bounds: bytes of a request's target and of all its header fields, seconds, connections.

    `head_seconds` is how long the head of a request may take to come, `stalled_seconds` how long
    what is sent may wait for a client that does not read.
    """

    target: int = 16 * 1024
    fields: int = 32 * 1024
    head_seconds: float = 10.0
    stalled_seconds: float = 60.0
    connections: int = 2_000

    def shared(self, number: int) -> ConnectionLimits:
        """Return the bounds for each of so many processes."""
        return replace(self, connections=-(-self.connections // number))


@dataclass(eq=False)
class Connections:
    """All connections of a server. `waiting` are those whose client is waited for, oldest first.

    `closed` is called when one has ended.
    """

    limits: ConnectionLimits
    closed: Callable[[], None] = lambda: None
    open: set[Connection] = field(default_factory=set)
    waiting: dict[Connection, None] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)
    _taking: Taking | None = None

    def protocol(self, *arguments: Any, **named: Any) -> Connection:
        """Return the protocol of a new connection; `arguments` are as uvicorn gives them."""
        return Connection(self, *arguments, **named)

    def taking(self, app: object) -> Taking:
        """Return what answers without ASGI for the application of all connections."""
        if self._taking is None:
            self._taking = taking(app)
        return self._taking

    def admit(self, connection: Connection) -> None:
        """Have one more; where that is too many, the one goes that has been waited for longest.

        Whether it is idle, slow to send or slow to read: what costs an attacker nothing does not
        keep others out.
        """
        self.open.add(connection)
        if len(self.open) > self.limits.connections:
            next(iter(self.waiting), connection).give_up()


class Connection(Resting):
    """uvicorn's, which bounds neither what comes before a body nor the time that it takes."""

    def __init__(self, connections: Connections, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._all = connections
        self._limits = connections.limits
        self._head_timer: asyncio.TimerHandle | None = None
        self._stalled_timer: asyncio.TimerHandle | None = None
        self._untold = 0
        """Bytes since the parser told of anything; it keeps a field until that ends."""
        self._fields_size = 0
        self._is_refused = False
        self._answered: RequestResponseCycle | None = None
        self._asked: Asked | None = None
        self._begun = 0
        """How many requests have begun."""
        self._is_between = True
        """Whether all that has come is of requests that have ended."""
        self._has_taken = False
        """Whether one of the requests that came together has been answered without ASGI."""
        self._takes = connections.taking(self.app)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._await_head()
        self._all.admit(self)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._head_has_come()
        self._is_read()
        self._all.open.discard(self)
        self._all.closed()
        self._go_on()
        # uvicorn tells the request that came last, which others may be answered before.
        self.pipeline.clear()
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()
        if self._asked is not None:
            self._asked.leave()
        super().connection_lost(exc)
        # uvicorn leaves it where the client has reset the connection, which would be kept so long.
        self._unset_keepalive_if_required()
        # They refer to each other, and would be kept until Python looks for such circles.
        self.scope = self.cycle = self._answered = self._asked = None  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._is_refused or self._has_repeated(data):
            return
        if not self._is_under_way():
            self._await_head()
        self._untold += len(data)
        begun, asked, was_between = self._begun, self._asked, self._is_between
        self._has_taken = False
        super().data_received(data)
        is_one = was_between and self._is_between and self._begun == begun + 1
        if is_one and self._asked is not asked:
            self._keep(data)
        if self._untold > self._limits.target + self._limits.fields:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """See httptools."""
        self._untold = 0
        self._fields_size = 0
        self._begun += 1
        self._is_between = False
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """See httptools."""
        self._untold = 0
        super().on_url(url)
        if len(self.url) > self._limits.target:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools; fields may also follow a body."""
        self._untold = 0
        self._fields_size += len(name) + len(value)
        if self._fields_size > self._limits.fields:
            self._refuse(431)
        else:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._untold = 0
        self._head_has_come()
        fault = fault_of_head(self.headers, self.parser.get_http_version())
        if fault:
            self._refuse(fault)
        if not self._is_refused:
            self.scope["extensions"] = {_ABORT: {"abort": self.give_up}}
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        self._untold = 0
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._untold = 0
        self._is_between = True
        if self._is_under_way():  # else it has been answered, and the next one is waited for
            self._go_on()
        if not self._is_refused:
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        self._asked = None
        # Of requests that come together only one, so that others have their turn.
        if not (self._has_taken or cycle.flow.write_paused):
            begin = partial(super()._start_asgi_task, cycle, app)
            asked = Asked(cycle, begin, self.on_response_complete)
            self._asked, self._has_taken = asked, True
            if self._takes(asked):
                return
            self._asked = None
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """See HttpToolsProtocol: the next request is waited for."""
        super().on_response_complete()
        if not self._is_under_way():
            self._wait()

    def pause_writing(self) -> None:
        """See asyncio.Protocol: the client reads more slowly than it is sent to."""
        super().pause_writing()
        self._wait()
        if self._stalled_timer is None:
            seconds = self._limits.stalled_seconds
            self._stalled_timer = self.loop.call_later(seconds, self.give_up)

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self._is_read()
        if self._is_under_way():
            self._go_on()
        super().resume_writing()

    def end_rest(self) -> None:
        """See Resting."""
        super().end_rest()
        self._be_closed()

    def shutdown(self) -> None:
        """See HttpToolsProtocol."""
        super().shutdown()
        if self.transport.is_closing():
            self._be_closed()

    def give_up(self) -> None:
        """End the connection at once, whatever is still to be sent."""
        self._is_refused = True
        self._all.open.discard(self)
        self._go_on()
        self.transport.abort()

    def _has_repeated(self, data: bytes) -> bool:
        """Answer what was answered before, or is like that, if that is all that was sent."""
        if not self._is_between or self._is_under_way():
            return False
        if self.flow.write_paused or self.transport.is_closing():
            return False
        begun = time.perf_counter()
        found = self._all.repeats.answer(data, self._limits.target)
        if found is None:
            return False
        self._head_has_come()
        self._go_on()
        common = self.server_state.default_headers
        self.transport.write(message(200, common, found.fields, found.content))
        if found.seen is not None:
            scope = {**found.scope, "client": self.client}
            seen = Seen(200, len(found.content), is_whole=True)
            found.seen(scope, seen, time.perf_counter() - begun)
        self.rest()
        self._wait()
        return True

    def _keep(self, data: bytes) -> None:
        """Keep how a request was answered that is all of `data`, if it was so at once."""
        asked, cycle = self._asked, self._answered
        if asked is not None and cycle is not None and cycle.response_complete and cycle.keep_alive:
            self._all.repeats.keep(data, asked)

    def _is_under_way(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        self._all.waiting[self] = None

    def _go_on(self) -> None:
        self._all.waiting.pop(self, None)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._limits.head_seconds, self.give_up)

    def _head_has_come(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _is_read(self) -> None:
        if self._stalled_timer is not None:
            self._stalled_timer.cancel()
            self._stalled_timer = None

    def _be_closed(self) -> None:
        """Give a client that is being closed so long to read what it was sent."""
        if self._stalled_timer is None:
            seconds = self._limits.stalled_seconds
            self._stalled_timer = self.loop.call_later(seconds, self.give_up)

    def _refuse(self, status: int) -> None:
        """Answer what is not even read to its end, and close the connection."""
        if self._is_refused:
            return
        if self._is_under_way():
            self.give_up()  # an answer to what came before is being sent
            return
        self._is_refused = True
        told = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
        self.transport.write(f"{told}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        self.transport.close()
        self._be_closed()


async def left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def done_before_leaving(receive: Receive, work: Coroutine[Any, Any, None]) -> bool:
    """Do `work` as long as the client is there; return whether it was done. Raises as `work` does.

    A server does not tell who sends that nobody is there.
    """
    doing = asyncio.create_task(work)
    leaving = asyncio.create_task(left(receive))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
        return doing.done()
    finally:
        leaving.cancel()
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})  # what it reads from may be closed then
        del doing  # what it has raised refers to this frame, and so to what has raised it


def abort(scope: Scope) -> None:
    """End the connection of a request at once, whatever was sent on it and not taken."""
    extension = scope.get("extensions", {}).get(_ABORT)
    if extension is not None:
        extension["abort"]()
