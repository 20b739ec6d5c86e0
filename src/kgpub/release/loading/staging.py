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
class _Staged:
    """A triple for a staged graph, as it stands there."""

    graph: NamedNode
    text: str


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
    left = islice(_all(plan, dump), sent, None)
    most = bounds.quads
    kept: list[_Staged] = []
    while batch := _batch(left, most, bounds.bytes, kept):
        taken = _put(target, plan, batch, sent)
        sent += len(batch)
        if taken < len(batch):
            most = taken
        progress(sent)


def begin(target: Target, plan: Plan, bounds: Bounds) -> None:
    """Write the plan; only what comes last makes it one. Raises StoreError."""
    left = plan.plan_triples()
    while some := list(islice(left, bounds.quads)):
        target.update(texts.insertion({plan.names.plan.value: [f"{each} ." for each in some]}))


def _all(plan: Plan, dump: Dump) -> Iterator[_Staged]:
    record = plan.staged[plan.names.record.value]
    for triple in plan.record_triples():
        yield _Staged(record, texts.disguised(triple))
    for name, triple in dump.quads():
        graph = plan.staged.get(name.value)
        if graph is not None:
            yield _Staged(graph, texts.disguised(triple))


def _batch(left: Iterator[_Staged], most: int, size: int, kept: list[_Staged]) -> list[_Staged]:
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


def _put(target: Target, plan: Plan, batch: Sequence[_Staged], sent: int) -> int:
    """Send a batch, in halves where it is refused; return the most triples that were taken."""
    graphs: dict[str, list[str]] = defaultdict(list)
    for each in batch:
        graphs[each.graph.value].append(each.text)
    graphs[plan.names.plan.value].append(texts.sent_mark(plan.names.plan, sent + len(batch)))
    try:
        target.update(texts.insertion(graphs))
        return len(batch)
    except Rejected as error:
        if len(batch) == 1:
            shown = batch[0].text.replace(texts.TERM, "")
            message = f"{error.message}\n    It does so for this triple alone: {shown[:500]}"
            remedy = "The store may not take its IRI, date or language tag: see docs/loading.md."
            raise DataError(message, remedy) from error
    middle = len(batch) // 2
    first = _put(target, plan, batch[:middle], sent)
    return max(first, _put(target, plan, batch[middle:], sent + middle))
