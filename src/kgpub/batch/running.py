"""Tasks on the processors of this machine, some ahead of the ones that are done."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from kgpub.batch.shard import Counts, Task, make
from kgpub.errors import CallError

Run = Callable[[Iterable[Task]], Iterator[Counts]]
"""Makes the shards of tasks; yields their counts in any order."""

_AHEAD = 2
"""Tasks for each worker that are read and wait, or are done."""
_MOST_DEATHS = 8
"""Deaths of workers on the same tasks, after which what kills them is not chance."""


_SPAWN = multiprocessing.get_context("spawn")


def _begin() -> None:
    """Make a worker ready: Ctrl-C is for the process that waits for it, not for each of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Mapping makes many nodes and few cycles; a fifth of its time would go into looking for them.
    gc.set_threshold(50_000, 20, 100)


def in_this_process(tasks: Iterable[Task]) -> Iterator[Counts]:
    """Make shards one after the other."""
    return map(make, tasks)


def in_processes(workers: int) -> Run:
    """Return what makes shards in so many processes, new ones in the place of those that die."""

    def run(tasks: Iterable[Task]) -> Iterator[Counts]:
        coming = iter(tasks)
        again: list[Task] = []
        deaths = 0
        while True:
            waiting: dict[Future[Counts], Task] = {}
            with ProcessPoolExecutor(workers, _SPAWN, _begin) as pool:
                try:
                    while _fill(waiting, pool, again, coming, workers * _AHEAD):
                        for counts in _done(waiting):
                            deaths = 0
                            yield counts
                    return
                except GeneratorExit:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
                except BrokenProcessPool:
                    # What was being made when one died is made again, and nothing of it is lost.
                    again += waiting.values()
                    deaths += 1
                    if deaths > _MOST_DEATHS:
                        raise CallError(
                            "the processes that map the records end before they are done",
                            "See that there is memory for them, or take fewer with --jobs.",
                        ) from None

    return run


def _fill(
    waiting: dict[Future[Counts], Task],
    pool: ProcessPoolExecutor,
    again: list[Task],
    coming: Iterator[Task],
    most: int,
) -> bool:
    """Submit tasks until `most` wait; return whether any does. Raises BrokenProcessPool."""
    while len(waiting) < most:
        if not again:
            again += islice(coming, 1)
        if not again:
            break
        future = pool.submit(make, again[-1])
        waiting[future] = again.pop()
    return bool(waiting)


def _done(waiting: dict[Future[Counts], Task]) -> Iterator[Counts]:
    """Wait until a task is done; take those that are from the ones that wait."""
    ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in ready:
        count = future.result()
        del waiting[future]
        yield count
