"""A process from which workers are forked: to start each anew takes a hundred times as long.

It is started as `python -m kgpub.service.sparql.nursery SOCKET [FOLDER]`, does nothing but fork,
and ends with the server, as its workers do. With a folder it first holds the build there in memory,
of which all workers have a part, and tells `{"loaded": 0}`. From memory most is answered in half
the time. Orders and what is told of them are lines of JSON:
`{"start": NUMBER, "settings": …}`, with the worker's end of a connection beside it, is answered by
`{"started": NUMBER, "pid": …}`; `{"reap": PID}` by `{"reaped": PID}`, once that worker has ended.
Until then its number belongs to nobody else, so that no other process is ever sent a signal.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys

from pyoxigraph import NamedNode, RdfFormat, Store

from kgpub.service.confinement import end_with_parent
from kgpub.service.memory import take_from_one_arena
from kgpub.service.sparql import worker

_MAX_ORDER = 2**16
_LOW = 10
"""Added to the niceness of what reads a build."""


def main(orders: socket.socket, folder: str = "") -> None:
    """Fork a worker for each order to start one, until `orders` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its own
    end_with_parent()
    # Threads of stores would have arenas of 64 MiB of addresses each, for which limits leave room.
    take_from_one_arena()
    held = None
    if folder:
        held = _held(folder)
        orders.sendall(_line({"loaded": 0}))
    gc.collect()
    gc.freeze()  # so that workers do not copy what they share
    lines = b""
    descriptors: list[int] = []
    while True:
        block, passed, _, _ = socket.recv_fds(orders, _MAX_ORDER, 8)
        if not block:
            return
        descriptors += passed
        *whole, lines = (lines + block).split(b"\n")
        for line in whole:
            order = json.loads(line)
            if "reap" in order:
                os.waitpid(order["reap"], 0)
                orders.sendall(_line({"reaped": order["reap"]}))
                continue
            descriptor = descriptors.pop(0)
            pid = os.fork()
            if pid == 0:
                orders.close()
                _be_worker(descriptor, order["settings"], descriptors, held)
            os.close(descriptor)
            orders.sendall(_line({"started": order["start"], "pid": pid}))


def _held(folder: str) -> Store:
    """Return the build in `folder` in memory. Raises OSError, ValueError.

    It is read in a process of its own: a store on disk has threads, which no fork survives.
    """
    graphs, quads = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            end_with_parent()
            os.nice(_LOW)
            _dump(Store.read_only(folder), graphs[1], quads[1])
            os._exit(0)
        finally:
            os._exit(1)
    os.close(graphs[1])
    os.close(quads[1])
    held = Store()
    with os.fdopen(graphs[0], encoding="utf-8") as names:
        for name in names:
            held.add_graph(NamedNode(name.removesuffix("\n")))
    with os.fdopen(quads[0], "rb") as dumped:
        held.bulk_load(dumped, RdfFormat.N_QUADS)
    _, status = os.waitpid(pid, 0)
    if status:
        raise OSError("the build cannot be read")
    return held


def _dump(store: Store, graphs: int, quads: int) -> None:
    """Write the names of graphs, which may be empty, and then all quads."""
    named = (graph for graph in store.named_graphs() if isinstance(graph, NamedNode))
    with os.fdopen(graphs, "w", encoding="utf-8") as names:
        names.writelines(f"{graph.value}\n" for graph in named)
    with os.fdopen(quads, "wb") as dumped:
        store.dump(dumped, RdfFormat.N_QUADS)


def _be_worker(
    descriptor: int, settings: dict[str, object], others: list[int], held: Store | None
) -> None:
    """Be a worker in this process, to its end."""
    try:
        end_with_parent()
        for other in others:
            os.close(other)
        known = worker.Settings(**settings)  # type: ignore[arg-type]
        worker.main(socket.socket(fileno=descriptor), known, held)
    finally:
        os._exit(0)  # whatever it was; the server sees that it has ended


def _line(told: dict[str, int]) -> bytes:
    return json.dumps(told).encode() + b"\n"


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), *sys.argv[2:])
