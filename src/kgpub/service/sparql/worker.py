"""A process that evaluates one query after another, on one generation of the store.

It is forked by the nursery and ended by the server, at any moment: it only reads. Where the system
allows that it has no network.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Store

from kgpub.errors import QueryError, StoreError
from kgpub.service.confinement import leave_network, limit_memory
from kgpub.service.errors import RequestError
from kgpub.service.sparql.days import Days
from kgpub.service.sparql.formats import Form
from kgpub.service.sparql.wire import DATA, END, FAULT, FORM, MAX_FRAME, READY, Fault, Task, frame
from kgpub.service.sparql.writing import Sink, Unwritable, form_of, is_xml, write
from kgpub.store.queries import EmbeddedStore

_CHUNK = 2**16
"""Bytes that are sent at once, about."""


@dataclass(frozen=True)
class Settings:
    """What a worker works on, and with: `memory` is in bytes beyond those that it starts with.

    `services` are the endpoints that SERVICE may ask. With any, it does not leave the network.
    """

    folder: str
    base: str
    prefixes: Mapping[str, str]
    memory: int
    services: tuple[str, ...] = ()


class _Sent(Sink):
    """Sends what it has taken as frames, but for the last part.

    That waits for the frame that ends the answer, so that both arrive together.
    """

    def __init__(self, connection: socket.socket, form: Form) -> None:
        super().__init__(is_xml(form))
        self._connection = connection
        self._head = frame(FORM, form.name.encode("ascii"))
        self._gathered: list[bytes] = []
        self._size = 0

    def take(self, content: bytes) -> None:
        self._gathered.append(content)
        self._size += len(content)
        if self._size >= _CHUNK:
            self._connection.sendall(self.last())

    def last(self) -> bytes:
        """Return what has not been sent, as frames; it counts as sent."""
        content = b"".join(self._gathered)
        frames = [
            frame(DATA, content[at : at + MAX_FRAME]) for at in range(0, len(content), MAX_FRAME)
        ]
        sent = b"".join((self._head, *frames))
        self._head, self._gathered, self._size = b"", [], 0
        return sent


def main(connection: socket.socket, settings: Settings, held: Store | None = None) -> None:
    """Evaluate what comes over `connection` until it is closed; `held` is the build in memory."""
    if not settings.services:
        leave_network()
    opened = Store.read_only(settings.folder) if held is None else held
    today = EmbeddedStore(opened, settings.base, settings.services)
    days = Days(today, settings.folder, settings.memory)
    limit_memory(settings.memory)
    connection.sendall(frame(READY))
    with connection.makefile("rb") as tasks:
        for line in tasks:
            connection.sendall(_evaluated(days, Task.from_bytes(line), settings, connection))


def _evaluated(days: Days, task: Task, settings: Settings, connection: socket.socket) -> bytes:
    """Send the answer, and return what ends it."""
    try:
        answer = days.on(task.on).query(task.text, settings.prefixes, graphs=task.graphs)
        form = form_of(answer, task.forms)
        sent = _Sent(connection, form)
        write(answer, form, settings.prefixes, sent)
    except RequestError as error:
        fault = Fault(error.message, error.remedy, status=error.status)
    except QueryError as error:
        fault = Fault(error.message, error.remedy, error.excerpt)
    except Unwritable as error:
        fault = Fault(f"{error}, which XML cannot write", "Ask for another form.")
    except MemoryError:
        fault = Fault("the query needs more memory than it may have", status=503)
    except (StoreError, OSError, RuntimeError, ValueError) as error:  # from reading the store
        # What it says may name files of the server.
        message = "the query cannot be evaluated"
        fault = Fault(message, "Try again later.", status=503, detail=str(error))
    else:
        return sent.last() + frame(END)
    return frame(FAULT, fault.to_bytes())
