"""The server that an application runs in."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kgpub.service.connections import ConnectionLimits, Connections
from kgpub.service.immediate import Asked, taking

_FILES_BESIDE = 200
"""Files that are open besides those of connections and of answers that lie on disk."""
_GRACE_SECONDS = 10
_TELLING_SECONDS = 2
"""Of these, to tell clients that there will be no answer."""


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
        app = self._believing if _is_forwarded(scope) else self._app
        await app(scope, receive, send)  # type: ignore[arg-type]

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
) -> uvicorn.Server:
    """Return a server for `application`, which bounds what connections may take.

    `proxies` are addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. It ends at
    SIGTERM and SIGINT when what is being answered is, or some seconds later: then `close` is called
    first, and is to end what takes long.
    """
    limits = limits or ConnectionLimits()
    _allow_files(2 * limits.connections + _FILES_BESIDE)
    config = uvicorn.Config(
        Forwarded(application, proxies),
        host=host,
        port=port,
        http=Connections(limits).protocol,  # type: ignore[arg-type]  # it is called, as a class is
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    logging.getLogger("uvicorn.error").addFilter(_of_the_server)
    return _Server(config, close)


def _of_the_server(record: logging.LogRecord) -> bool:
    """Whether a line tells of the server, not of bytes that are no HTTP: anyone can send those."""
    return record.msg != "Invalid HTTP request received."


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self._close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        seconds = _GRACE_SECONDS - _TELLING_SECONDS
        asyncio.get_running_loop().call_later(seconds, self._close)
        await super().shutdown(sockets)


def _allow_files(number: int) -> None:
    """Let this process open so many files, as far as its hard limit goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
