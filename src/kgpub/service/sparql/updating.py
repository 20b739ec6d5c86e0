"""A process that carries out one update: on a copy of the store, which it then publishes.

It is started as `python -m kgpub.service.sparql.updating`, reads an order, and writes what it did
or why not. It may be killed at any moment: what is published is the store before it or after it.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kgpub.errors import KgpubError, OutputError, QueryError, StoreLocked
from kgpub.service.confinement import (
    end_with_parent,
    leave_network,
    limit_memory,
    nothing_opened,
)
from kgpub.service.sparql.wire import Fault
from kgpub.store.embedded import Generations
from kgpub.store.locking import locked
from kgpub.store.own_graphs import TooLarge
from kgpub.store.queries import Graphs
from kgpub.store.updates.evaluation import (
    UNNAMED,
    ChangeLimits,
    Changes,
    Evaluation,
    OfBuild,
    TooMuch,
    protected,
)
from kgpub.store.updates.operations import Reader, Update

_LATER = "Try again later."
_REPORTED = 100


@dataclass(frozen=True)
class Order:
    """An update to carry out: `text`, on the store in the folder `store`.

    `lock` is the folder of the lock, which is waited for `lock_seconds`. `mark` tells this update
    from all others. `memory` are bytes beyond those that the process begins with, `stored` those
    that the graphs of all updates may have.
    """

    text: str
    graphs: Graphs | None
    store: str
    lock: str
    base: str
    prefixes: dict[str, str]
    mark: str
    changes: ChangeLimits
    stored: int
    memory: int
    lock_seconds: float

    def to_bytes(self) -> bytes:
        """Return the order as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Order:
        """Read what `to_bytes` wrote."""
        read: dict[str, Any] = json.loads(content)
        graphs = read.pop("graphs")
        dataset = graphs and Graphs(tuple(graphs["default"]), tuple(graphs["named"]))
        return cls(graphs=dataset, **{**read, "changes": ChangeLimits(**read["changes"])})


@dataclass(frozen=True)
class Report:
    """What became of an update: a fault, or how it changed graphs.

    `graphs` has, of some that it has changed, how many quads were added and how many removed;
    `more` is how many others there are.
    """

    fault: Fault | None
    graphs: dict[str, tuple[int, int]]
    more: int

    @classmethod
    def of(cls, changes: Changes) -> Report:
        """Return what changed."""
        names = sorted({*changes.added, *changes.removed})
        counts = {
            name: (changes.added.get(name, 0), changes.removed.get(name, 0))
            for name in names[:_REPORTED]
        }
        return cls(None, counts, len(names) - len(counts))

    def to_bytes(self) -> bytes:
        """Return the report as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Report:
        """Read what `to_bytes` wrote. Raises ValueError where it is not whole."""
        read: dict[str, Any] = json.loads(content)
        graphs = {name: (added, removed) for name, (added, removed) in read["graphs"].items()}
        return cls(read["fault"] and Fault(**read["fault"]), graphs, read["more"])


def main() -> None:
    """Carry out the order on standard input, and report on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its own
    end_with_parent()
    leave_network()
    order = Order.from_bytes(sys.stdin.buffer.read())
    limit_memory(order.memory)
    try:
        report = Report.of(carried_out(order))
    except (KgpubError, TooLarge, MemoryError, OSError, RuntimeError, ValueError) as error:
        report = Report(_fault(error, order), {}, 0)
    sys.stdout.buffer.write(report.to_bytes())


def carried_out(order: Order) -> Changes:
    """Publish a generation that the update has changed, if it changes anything.

    Raises QueryError, StoreError, OutputError, WorkspaceError, TooLarge.
    """
    reader = Reader(order.prefixes, order.base, order.base + UNNAMED, order.mark, order.graphs)
    with nothing_opened():
        updates = reader.read(order.text)
    done = Changes(order.changes)

    def evaluate(store: Store, built: Set[str]) -> bool:
        nonlocal done
        done = _evaluated(store, built, order, reader, updates)
        return bool(done.added or done.removed)

    generations = Generations(Path(order.store))
    with locked(Path(order.lock), order.lock_seconds):
        target = generations.prepare_update(evaluate, order.mark, order.stored)
        if target is not None:
            try:
                generations.publish(target)
            except OutputError:
                generations.discard(target)
                raise
    return done


def _evaluated(
    store: Store, built: Set[str], order: Order, reader: Reader, updates: list[Update]
) -> Changes:
    is_protected = protected(built, order.base)
    return Evaluation(store, reader, is_protected, order.changes).evaluate(updates)


def _fault(error: Exception, order: Order) -> Fault:
    """Return why an update was not carried out; paths of this machine are for the log only."""
    if isinstance(error, OfBuild):
        return Fault(error.message, error.remedy, status=403)
    if isinstance(error, TooMuch):
        return Fault(error.message, error.remedy, status=413)
    if isinstance(error, QueryError):
        return Fault(error.message, error.remedy, error.excerpt)
    if isinstance(error, TooLarge):
        message = f"the graphs of updates would have more than {order.stored:,} bytes"
        return Fault(message, "Drop what is not needed any more.", status=507)
    if isinstance(error, StoreLocked):
        return Fault("the workspace is being built", _LATER, status=503, is_passing=True)
    if isinstance(error, MemoryError):
        message = "the update needs more memory than it may have"
        return Fault(message, "Change less at once.", status=503)
    message = "the update cannot be carried out"
    return Fault(message, _LATER, status=503, is_passing=True, detail=str(error))


if __name__ == "__main__":
    main()
