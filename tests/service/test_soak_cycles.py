"""What a server is done with is freed at once, not when Python looks for unreachable cycles.

That is seldom in a process that serves: what a closed connection or a page that was made refers to,
a whole build at last, would be kept so long.
"""

from __future__ import annotations

import gc
import socket
import struct
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from starlette.types import Receive, Scope, Send
from tests.service.served import make_workspace, running

from kgpub.serialisation import turtle
from kgpub.service.connections import Connection
from kgpub.service.linked_data.builds import Builds

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
CLOSE = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
RESET = struct.pack("ii", 1, 0)


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer each request."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(autouse=True)
def nothing_is_collected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def connections() -> int:
    """How many there are, unreachable ones included."""
    return sum(isinstance(each, Connection) for each in gc.get_objects())


@pytest.mark.parametrize("sent", [b"", GET, CLOSE, GET * 5, GET[:20], b"\0\r\n\r\n"], ids=repr)
@pytest.mark.parametrize("is_reset", [False, True])
def test_a_connection_is_freed_when_it_is_closed(sent: bytes, is_reset: bool) -> None:
    with running(greet) as origin:
        before, port = connections(), urlsplit(origin).port or 0
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(sent)
                if sent.endswith(b"\r\n\r\n"):
                    assert client.recv(1_000)
                if is_reset:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        until = time.monotonic() + 2  # less than connections are kept alive
        while connections() > before:
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_page_and_a_document_leave_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = make_workspace(tmp_path_factory.mktemp("w"))
    build = Builds(workspace).current()
    paths = ("person/layla-hasan", "office/mayor-of-al-waha", "article/example", "")
    for path in paths:
        for language in ("ar", "en", "ckb"):
            gc.collect()
            build.pages.html(build.site.base + path, language)
            assert gc.collect() == 0, path


def test_turtle_leaves_nothing() -> None:
    person, name = NamedNode("https://example.org/person"), NamedNode("https://example.org/name")
    assert list(turtle([Triple(person, name, Literal("Layla"))], {}))
    assert gc.collect() == 0
