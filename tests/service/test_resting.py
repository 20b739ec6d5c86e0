"""Connections between two requests, of an application that answers without ASGI."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send
from tests.service.served import running

from kgpub.service.immediate import Asked

REQUEST = b"GET /known HTTP/1.1\r\nHost: x\r\n\r\n"
FIELDS, CONTENT = b"content-length: 5\r\n", b"known"
REST = 2


class Known:
    """Answers each request at once, and the very same one again without its being read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("there is nothing to begin or end")

    def takes(self, asked: Asked) -> bool:
        asked.again = lambda: (FIELDS, CONTENT)
        asked.answer(200, FIELDS, CONTENT)
        return True


def answered(connection: socket.socket) -> bool:
    """Ask, and return whether there is an answer, and not the end."""
    connection.sendall(REQUEST)
    got = b""
    while not got.endswith(CONTENT):
        if not (part := connection.recv(4096)):
            return False
        got += part
    return got.startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_open_as_long_as_something_is_asked_and_closed_soon_after() -> None:
    with running(Known(), rest=REST) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
            until = time.monotonic() + 2.5 * REST
            while time.monotonic() < until:
                assert answered(connection)
                time.sleep(0.2)
            last = time.monotonic()
            assert connection.recv(1) == b""
            assert time.monotonic() - last > REST / 2


def test_what_was_never_read_on_a_connection_rests_as_well() -> None:
    with running(Known(), rest=REST) as address:
        place = urlsplit(address)
        for _ in range(2):  # on the second one it is known
            with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
                assert answered(connection)
                assert connection.recv(1) == b""
