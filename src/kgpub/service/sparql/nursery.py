"""A process from which workers are forked: to start each anew takes a hundred times as long.

It is started as `python -m kgpub.service.sparql.nursery SOCKET`, does nothing but fork, and ends
with the server, as its workers do. Orders and what is told of them are lines of JSON:
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

from kgpub.service.sparql import worker
from kgpub.service.sparql.confinement import end_with_parent

_MAX_ORDER = 2**16


def main(orders: socket.socket) -> None:
    """Fork a worker for each order to start one, until `orders` is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its own
    end_with_parent()
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
                _be_worker(descriptor, order["settings"], descriptors)
            os.close(descriptor)
            orders.sendall(_line({"started": order["start"], "pid": pid}))


def _be_worker(descriptor: int, settings: dict[str, object], others: list[int]) -> None:
    """Be a worker in this process, to its end."""
    try:
        end_with_parent()
        for other in others:
            os.close(other)
        worker.main(socket.socket(fileno=descriptor), worker.Settings(**settings))  # type: ignore[arg-type]
    finally:
        os._exit(0)  # whatever it was; the server sees that it has ended


def _line(told: dict[str, int]) -> bytes:
    return json.dumps(told).encode() + b"\n"


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
