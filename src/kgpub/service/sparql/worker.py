"""A process that evaluates one query after another, on one generation of the store.

It is forked by the nursery and ended by the server, at any moment: it only reads. Where the system
allows that it has no network.
"""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from kgpub.errors import QueryError, StoreError
from kgpub.service.errors import RequestError
from kgpub.service.sparql.confinement import leave_network, limit_memory
from kgpub.service.sparql.formats import (
    BOOLEANS,
    BY_NAME,
    GRAPHS,
    SOLUTIONS,
    Form,
    not_acceptable,
)
from kgpub.service.sparql.wire import (
    DATA,
    END,
    FAULT,
    FORM,
    MAX_FRAME,
    READY,
    Fault,
    Forms,
    Task,
    frame,
)
from kgpub.store import Answer
from kgpub.store.queries import EmbeddedStore

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_CHUNK = 2**16
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 cannot have, section 2.2, in UTF-8."""
_WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.TRIG)


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


class _Sent(io.RawIOBase):
    """Writes each block as a frame; of XML it looks at what that may not hold.

    The last block, which is shorter than the others, waits for the frame that ends the answer, so
    that both arrive together.
    """

    def __init__(self, connection: socket.socket, form: str, is_xml: bool) -> None:
        self._connection = connection
        self._is_xml = is_xml
        self._before = b""
        self.last = frame(FORM, form.encode("ascii"))

    def writable(self) -> bool:
        return True

    def write(self, block: Buffer, /) -> int:
        content = bytes(memoryview(block)[:MAX_FRAME])
        found = _NOT_XML.search(self._before + content) if self._is_xml else None
        if found is not None:
            raise _Unwritable(f"the answer holds U+{ord(found[0].decode()):04X}")
        self._before = content[-2:]
        self.last += frame(DATA, content)
        if len(self.last) >= _CHUNK // 2:
            self._connection.sendall(self.last)
            self.last = b""
        return len(content)


class _Unwritable(Exception):
    pass


def main(connection: socket.socket, settings: Settings) -> None:
    """Evaluate what comes over `connection` until it is closed."""
    if not settings.services:
        leave_network()
    store = EmbeddedStore(Store.read_only(settings.folder), settings.base, settings.services)
    limit_memory(settings.memory)
    connection.sendall(frame(READY))
    with connection.makefile("rb") as tasks:
        for line in tasks:
            connection.sendall(_evaluated(store, Task.from_bytes(line), settings, connection))


def _evaluated(
    store: EmbeddedStore, task: Task, settings: Settings, connection: socket.socket
) -> bytes:
    """Send the answer, and return what ends it."""
    try:
        answer = store.query(task.text, settings.prefixes, graphs=task.graphs)
        last = _write(answer, task.forms, settings.prefixes, connection)
    except RequestError as error:
        fault = Fault(error.message, error.remedy, status=error.status)
    except QueryError as error:
        fault = Fault(error.message, error.remedy, error.excerpt)
    except _Unwritable as error:
        fault = Fault(f"{error}, which XML cannot write", "Ask for another form.")
    except MemoryError:
        fault = Fault("the query needs more memory than it may have", status=503)
    except (StoreError, OSError, RuntimeError, ValueError) as error:  # from reading the store
        # What it says may name files of the server.
        message = "the query cannot be evaluated"
        fault = Fault(message, "Try again later.", status=503, detail=str(error))
    else:
        return last + frame(END)
    return frame(FAULT, fault.to_bytes())


def _write(
    answer: Answer, forms: Forms, prefixes: Mapping[str, str], connection: socket.socket
) -> bytes:
    """Send an answer but for its last block, which is returned."""
    chosen = _form(answer, forms)
    form = chosen.written_by
    sent = _Sent(connection, chosen.name, form in (QueryResultsFormat.XML, RdfFormat.RDF_XML))
    with io.BufferedWriter(sent, _CHUNK) as output:
        if isinstance(answer, QueryTriples):
            assert isinstance(form, RdfFormat)
            known = dict(prefixes) if form in _WITH_PREFIXES else None
            serialize(answer, output, form, prefixes=known)
        else:
            assert isinstance(form, QueryResultsFormat)
            answer.serialize(output, form)
    return sent.last


def _form(answer: Answer, forms: Forms) -> Form:
    """Return the form for an answer. Raises RequestError where none is acceptable."""
    offered: tuple[Form, ...] = SOLUTIONS
    name = forms.solutions
    if isinstance(answer, QueryTriples):
        name, offered = forms.graph, GRAPHS
    elif isinstance(answer, QueryBoolean):
        name, offered = forms.boolean, BOOLEANS
    if not name:
        raise not_acceptable(offered)
    return BY_NAME[name]
