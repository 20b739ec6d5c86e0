"""The server that an application runs in."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kgpub.errors import CallError
from kgpub.service.connections import ConnectionLimits, Connections
from kgpub.service.http.addresses import PEER
from kgpub.service.immediate import Asked, taking
from kgpub.service.siblings import Siblings

_FILES_BESIDE = 200
"""Files that are open besides those of connections and of answers that lie on disk."""
_GRACE_SECONDS = 10
_TELLING_SECONDS = 2
"""Of these, to tell clients that there will be no answer."""
_OF_CLIENTS = ("Invalid HTTP request", "Unsupported upgrade", "No supported WebSocket")
"""How lines begin that uvicorn logs of what a client has sent."""


class Forwarded:
    """An application that believes certain proxies where requests come from, and by what scheme.

    Only of requests that tell of it: to look at addresses takes longer than most of what is done.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._takes = taking(app)
        self._believing = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as an ASGI application."""
        if not _is_forwarded(scope):
            await self._app(scope, receive, send)
            return
        scope[PEER] = scope.get("client")
        await self._believing(scope, receive, send)  # type: ignore[arg-type]

    def takes(self, asked: Asked) -> bool:
        """See Immediate."""
        return not _is_forwarded(asked.scope) and self._takes(asked)


def _is_forwarded(scope: Scope) -> bool:
    return any(name.startswith(b"x-forwarded-") for name, _ in scope.get("headers", ()))


def server(
    application: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 0,
    limits: ConnectionLimits | None = None,
    proxies: Sequence[str] = (),
    close: Callable[[], None] = lambda: None,
    siblings: Siblings | None = None,
) -> uvicorn.Server:
    """Return a server for `application`, which bounds what connections may take.

    `proxies` are addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. It ends at
    SIGTERM and SIGINT when what is being answered is, or some seconds later: then `close` is called
    first, and is to end what takes long. With `siblings` connections come from there.
    """
    limits = limits or ConnectionLimits()
    siblings = siblings or Siblings()
    _allow_files(2 * limits.connections + _FILES_BESIDE)
    config = uvicorn.Config(
        Forwarded(application, proxies),
        host=host,
        port=port,
        http=Connections(limits, siblings.tell_closed).protocol,  # type: ignore[arg-type]  # it is called, as a class is
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    logging.getLogger("uvicorn.error").addFilter(_of_the_server)
    found = _Server(config, close, siblings)
    logging.getLogger("uvicorn.error").addFilter(found.is_told)
    return found


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; requests wait from now on. Raises CallError."""
    config = uvicorn.Config("", host=host, port=port, log_level="critical")
    try:
        found = config.bind_socket()
    except SystemExit as error:  # uvicorn's way to say so
        message = f"{host}:{port}: cannot be listened on"
        raise CallError(message, "Choose another --host or --port.") from error
    found.listen(config.backlog)
    return found


def _of_the_server(record: logging.LogRecord) -> bool:
    """Whether a line tells of the server, not of what anyone can send: no HTTP, or an upgrade."""
    return not str(record.msg).startswith(_OF_CLIENTS)


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, close: Callable[[], None], siblings: Siblings
    ) -> None:
        super().__init__(config)
        self._close = close
        self._siblings = siblings
        self._is_starting = False
        self._connecting: set[asyncio.Task[None]] = set()

    def is_told(self, record: logging.LogRecord) -> bool:
        """Whether a line is for the log: not why it did not start once it has been told to end."""
        return not (self._is_starting and self.should_exit)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        self._is_starting = True
        try:
            await super().startup(sockets)
        finally:
            self._is_starting = False
        if self.started:
            self._siblings.listen(self._connected)

    async def on_tick(self, counter: int) -> bool:
        """See uvicorn.Server: ten times a second."""
        if counter % 10 == 0:
            self._siblings.beat()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        self._siblings.leave()
        seconds = _GRACE_SECONDS - _TELLING_SECONDS
        asyncio.get_running_loop().call_later(seconds, self._close)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See uvicorn.Server.

        One of several is told to end more than once: by the terminal or systemd, which tell all,
        and by the one that it comes from. That kills it where it does not end.
        """
        if self._siblings.number == 1:
            super().handle_exit(sig, frame)
        else:
            self.should_exit = True

    def _connected(self, connection: socket.socket) -> None:
        """Serve a connection that was accepted elsewhere."""
        task = asyncio.get_running_loop().create_task(self._serve_on(connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _serve_on(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection.setblocking(False)
            await loop.connect_accepted_socket(self._protocol, connection)
        except OSError:  # it has ended already
            connection.close()
            self._siblings.tell_closed()

    def _protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def _allow_files(number: int) -> None:
    """Let this process open so many files, as far as its hard limit goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
