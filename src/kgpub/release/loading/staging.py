"""Quads sent to their staged graphs, in batches that the store takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode

from kgpub.errors import DataError
from kgpub.release.loading import texts
from kgpub.release.loading.dump import Dump
from kgpub.release.loading.plan import Plan
from kgpub.release.loading.target import Target
from kgpub.store.endpoint import Rejected


@dataclass(frozen=True)
class Bounds:
    """What one request has at most: quads, and bytes of text unless a single quad has more.

    Virtuoso's compiler takes between 2,000 and 5,000 quads; many proxies take a megabyte.
    """

    quads: int = 1_000
    bytes: int = 512 * 1024


@dataclass(frozen=True)
class _Piece:
    """A triple for a graph of ours, as it stands there."""

    graph: NamedNode
    text: str


_Mark = Callable[[int], list[_Piece]]
"""What goes with a batch, from the number of triples that are sent when it is."""


def stage(
    target: Target,
    plan: Plan,
    dump: Dump,
    bounds: Bounds,
    sent: int,
    progress: Callable[[int], None],
) -> None:
    """Send what the plan stages after the first `sent` quads; `progress` hears how many were sent.

    With each batch goes the mark how far it is, so that they are kept or lost together. Raises
    DataError for a triple that the store refuses by itself, StoreError.
    """

    def mark(sent: int) -> list[_Piece]:
        return [_Piece(plan.names.plan, texts.sent_mark(plan.names.plan, sent))]

    _send(target, islice(_all(plan, dump), sent, None), bounds, sent, mark, progress)


def begin(target: Target, plan: Plan, bounds: Bounds) -> None:
    """Write the plan; its run, without which it is none, goes last, and alone in its request.

    So it does not matter where the rest is parted, or broken off. Raises DataError, StoreError.
    """
    pieces = (_Piece(plan.names.plan, f"{each} .") for each in plan.plan_triples())
    _send(target, pieces, bounds, 0, lambda sent: [], lambda sent: None)
    _insert(target, [_Piece(plan.names.plan, f"{plan.run_triple} .")])


def _all(plan: Plan, dump: Dump) -> Iterator[_Piece]:
    record = plan.staged[plan.names.record.value]
    for triple in plan.record_triples():
        yield _Piece(record, texts.disguised(triple))
    for name, triple in dump.quads():
        graph = plan.staged.get(name.value)
        if graph is not None:
            yield _Piece(graph, texts.disguised(triple))


def _send(
    target: Target,
    left: Iterator[_Piece],
    bounds: Bounds,
    sent: int,
    mark: _Mark,
    progress: Callable[[int], None],
) -> None:
    most = bounds.quads
    kept: list[_Piece] = []
    while batch := _batch(left, most, bounds.bytes, kept):
        taken = _put(target, batch, sent, mark)
        sent += len(batch)
        if taken < len(batch):
            most = taken
        progress(sent)


def _batch(left: Iterator[_Piece], most: int, size: int, kept: list[_Piece]) -> list[_Piece]:
    """Return the next triples; one that is too many goes to `kept`, and comes first next time."""
    batch, total = [*kept], sum(len(each.text.encode()) for each in kept)
    kept.clear()
    while len(batch) < most and (each := next(left, None)) is not None:
        total += len(each.text.encode())
        if batch and total > size:
            kept.append(each)
            break
        batch.append(each)
    return batch


def _put(target: Target, batch: Sequence[_Piece], sent: int, mark: _Mark) -> int:
    """Send a batch, in halves where it is refused; return the most triples that were taken."""
    try:
        _insert(target, [*batch, *mark(sent + len(batch))])
        return len(batch)
    except Rejected as error:
        if len(batch) == 1:
            shown = batch[0].text.replace(texts.TERM, "")
            message = f"{error.message}\n    It does so for this triple alone: {shown[:500]}"
            remedy = "The store may not take its IRI, date or language tag: see docs/loading.md."
            raise DataError(message, remedy) from error
    middle = len(batch) // 2
    first = _put(target, batch[:middle], sent, mark)
    return max(first, _put(target, batch[middle:], sent + middle, mark))


def _insert(target: Target, pieces: Sequence[_Piece]) -> None:
    graphs: dict[str, list[str]] = defaultdict(list)
    for each in pieces:
        graphs[each.graph.value].append(each.text)
    target.update(texts.insertion(graphs))
