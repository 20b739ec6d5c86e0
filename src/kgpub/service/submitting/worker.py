"""A process that checks one submission after another, beside what was built last.

It is started as `python -m kgpub.service.submitting.worker SOCKET FOLDER MEMORY` with one end of a
connection, and may be ended at any moment: it only reads. Where the system allows that it has no
network. MEMORY are bytes beyond those that it has once it is ready.
"""

from __future__ import annotations

import gc
import signal
import socket
import sys
from importlib import import_module

from kgpub.errors import KgpubError, StoreError
from kgpub.pipeline.workspace import Workspace
from kgpub.service.confinement import end_with_parent, leave_network, limit_memory
from kgpub.service.sparql.wire import Fault
from kgpub.service.submitting.task import (
    ANSWERED,
    LENGTH,
    READY,
    REFUSED,
    Kind,
    Task,
    message,
    unpacked,
)
from kgpub.submissions.checking import check
from kgpub.submissions.submission import Content

_NOWHERE = Content("", ".yaml", b"article: warm\n")
_THRESHOLDS = (20_000, 50, 100)
"""Of Python's collector: what one submission makes is gone before it is looked through."""


def main(connection: socket.socket, folder: str, memory: int) -> None:
    """Check what comes over `connection` until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its own
    end_with_parent()
    leave_network()  # before there are threads
    place = Workspace(folder)
    warm(place, Task(_NOWHERE))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    limit_memory(memory)
    with connection, connection.makefile("rb") as received:
        connection.sendall(message(READY))
        while head := received.read(LENGTH):
            name, task = unpacked(received.read(int.from_bytes(head, "big")))
            connection.sendall(message(_answer(place, name, task)))


def warm(place: Workspace, _: Task) -> bytes:
    """Open what was built last, so that whoever asks next need not wait for that."""
    # Loaded when something is compared, which this submission cannot be.
    import kgpub.pipeline.comparison
    import kgpub.pipeline.suggestions
    import kgpub.validation.report_graph  # noqa: F401

    check(place, _NOWHERE)
    return b""


def _answer(place: Workspace, name: str, task: Task) -> bytes:
    """Return what a kind makes of a task, or why it makes nothing of it.

    A MemoryError ends the process: nobody knows what is left undone.
    """
    try:
        return ANSWERED + _kind(name)(place, task)
    except StoreError as error:  # it may name paths of this machine
        told = "what is published cannot be read at the moment"
        fault = Fault(told, "Try again later.", status=503, detail=str(error))
    except KgpubError as error:
        fault = Fault(error.message, error.remedy, error.excerpt, status=422)
    return REFUSED + fault.to_bytes()


def _kind(name: str) -> Kind:
    module, _, function = name.partition(":")
    kind: Kind = getattr(import_module(module), function)
    return kind


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], int(sys.argv[3]))
