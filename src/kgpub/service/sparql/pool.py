"""The workers of one server: quick queries in one lane, those that take long in another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kgpub.errors import StoreError
from kgpub.service.errors import RequestError
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.process import Process
from kgpub.service.sparql.spool import Spool
from kgpub.service.sparql.wire import Fault, Task
from kgpub.service.sparql.worker import Settings

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
"""Between two looks at whether there is a new build."""
_AGAIN_SECONDS = 1.0
_BUSY = Fault("too many long queries at once", "Try again in some seconds.", is_query=False)


@dataclass(frozen=True)
class Generation:
    """A build: what tells it from others, and how workers open it."""

    version: str
    settings: Settings


@dataclass(frozen=True)
class Running:
    """A query that is evaluated: its answer, and how to give it up."""

    spool: Spool
    _work: asyncio.Task[None]

    def give_up(self) -> None:
        """End the evaluation, if it still goes on, and forget the answer."""
        if not self.spool.has_ended:
            self._work.cancel()
        self.spool.close()


class Pool:
    """Worker processes on the current build; an asynchronous context, in which they run.

    `look` returns the current build. Raises StoreError where there is none.
    """

    def __init__(self, look: Callable[[], Generation], limits: QueryLimits) -> None:
        self._look = look
        self._limits = limits
        self._current: Generation | None = None
        self._idle: asyncio.LifoQueue[Process] = asyncio.LifoQueue()
        self._slow = asyncio.Semaphore(limits.slow)
        self._parked = 0
        self._waiting: set[Spool] = set()
        self._closing = asyncio.Event()
        self._evaluations: set[asyncio.Task[None]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._alive: set[Process] = set()

    async def __aenter__(self) -> Self:
        self._current = self._look()
        await self._fill(self._current)
        _kept(self._background, self._follow())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._current = None  # so that what is starting is not kept
        self._closing.set()
        for task in self._evaluations:
            task.cancel()
        while self._evaluations or self._background:
            await asyncio.wait({*self._evaluations, *self._background})
        for process in self._alive:
            process.kill()
        await asyncio.gather(*(process.ended() for process in self._alive))

    @property
    def version(self) -> str:
        """Which build is served."""
        assert self._current is not None, "the pool is entered"
        return self._current.version

    def submit(self, task: Task) -> Running:
        """Start to evaluate a query. Raises RequestError where too many wait."""
        if len(self._waiting) >= self._limits.waiting:
            raise RequestError(503, "too many queries at once", "Try again in some seconds.")
        spool = Spool()
        self._waiting.add(spool)
        work = _kept(self._evaluations, self._in_time(task, spool))
        work.add_done_callback(lambda _: self._waiting.discard(spool))  # if it never came to start
        return Running(spool, work)

    async def _in_time(self, task: Task, spool: Spool) -> None:
        seconds = self._limits.seconds
        try:
            async with asyncio.timeout(seconds):
                process = await self._taken()
                self._waiting.discard(spool)
                await self._evaluate(process, task, spool)
        except TimeoutError:
            message = f"the query took longer than {seconds:g} seconds"
            spool.end(Fault(message, "Ask for less, or in several queries.", is_query=False))
        finally:
            spool.end(Fault("the query was given up", is_query=False))

    async def _taken(self) -> Process:
        while (process := await self._idle.get()).has_ended:
            self._end(process)
            self._replace()
        return process

    async def _evaluate(self, process: Process, task: Task, spool: Spool) -> None:
        spool.version = process.generation
        work = asyncio.ensure_future(process.evaluate(task, spool, self._limits.answer))
        is_reusable = is_slow = False
        try:
            await asyncio.wait({work}, timeout=self._limits.quick_seconds)
            if not work.done():
                is_slow = True
                self._replace()
                process.slow_down()
                await self._slowly(process, work, spool)
            else:
                is_reusable = work.result()
        finally:
            work.cancel()
            is_current = self._current is not None and process.generation == self._current.version
            if is_reusable and is_current:
                self._idle.put_nowait(process)
            else:
                self._end(process)
                if is_current and not is_slow:
                    self._replace()

    async def _slowly(self, process: Process, work: asyncio.Future[bool], spool: Spool) -> None:
        if self._slow.locked():
            if self._parked >= self._limits.parked:
                spool.end(_BUSY)
                return
            process.pause()
        self._parked += 1
        try:
            await self._slow.acquire()
        finally:
            self._parked -= 1
        try:
            process.go_on()
            await work
        finally:
            self._slow.release()

    def _replace(self) -> None:
        _kept(self._background, self._start_one(self._current))

    async def _start_one(self, generation: Generation | None) -> None:
        while generation is not None and generation is self._current:
            try:
                process = await self._started(generation)
            except OSError as error:
                _LOG.error("%s", error)
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            if generation is self._current:
                self._idle.put_nowait(process)
            else:
                self._end(process)
            return

    async def _follow(self) -> None:
        """Serve each new build once workers have opened it."""
        while not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _LOOK_SECONDS)
                return
            try:
                fresh = self._look()
                if fresh.version != self.version:
                    await self._fill(fresh)
            except (StoreError, OSError) as error:
                _LOG.error("the new build is not served: %s", error)

    async def _fill(self, generation: Generation) -> None:
        """Have idle workers on `generation`, and none on another."""
        starting = (self._started(generation) for _ in range(self._limits.quick))
        outcomes = await asyncio.gather(*starting, return_exceptions=True)
        started = [each for each in outcomes if isinstance(each, Process)]
        if len(started) < len(outcomes):
            for process in started:
                self._end(process)
            raise OSError("workers did not start")
        self._current = generation
        while not self._idle.empty():
            self._end(self._idle.get_nowait())
        for process in started:
            self._idle.put_nowait(process)

    async def _started(self, generation: Generation) -> Process:
        process = await Process.start(generation.settings, generation.version)
        self._alive.add(process)
        try:
            await process.ready()
        except OSError:
            self._end(process)
            raise
        return process

    def _end(self, process: Process) -> None:
        process.kill()
        _kept(self._background, self._reap(process))

    async def _reap(self, process: Process) -> None:
        await process.ended()
        self._alive.discard(process)


def _kept(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start `work` as one of `tasks`, where it stays until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
