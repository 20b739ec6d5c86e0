"""The workers of one server, on the build that is served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kgpub.errors import StoreError
from kgpub.service.sparql.lanes import Lanes, Running
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.process import Nursery, Process
from kgpub.service.sparql.spool import Storage
from kgpub.service.sparql.wire import Task
from kgpub.service.sparql.worker import Settings

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
"""Between two looks at whether there is a new build."""
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Generation:
    """A build: what tells it from others, how workers open it, and when it was made.

    `built` is in seconds since 1970, None where nobody knows.
    """

    version: str
    settings: Settings
    built: float | None = None


class Pool:
    """Worker processes on the current build; an asynchronous context, in which they run.

    `look` returns the current build. Raises StoreError where there is none. `storage` is where
    answers are kept, one of the pool's own if it is None.
    """

    def __init__(
        self, look: Callable[[], Generation], limits: QueryLimits, storage: Storage | None = None
    ) -> None:
        self._look = look
        self._limits = limits
        self._current: Generation | None = None
        self._closing = asyncio.Event()
        self._switching = asyncio.Lock()
        self._nursing = asyncio.Lock()
        self._nursery: Nursery | None = None
        self._starting: asyncio.Task[None] | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._alive: set[Process] = set()
        storage = storage or Storage(limits.kept)
        self.lanes = Lanes(limits, storage, self._end, self._start_missing)

    async def __aenter__(self) -> Self:
        await self._serve(self._look())
        self._keep(self._follow())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._current = None  # so that what is starting is not kept
        self._closing.set()
        self.lanes.close()
        for process in list(self._alive):
            self._end(process)
        while self._background:
            await asyncio.wait(self._background)
        if self._nursery is not None:
            await self._nursery.close()

    @property
    def version(self) -> str:
        """Which build is served."""
        assert self._current is not None, "the pool is entered"
        return self._current.version

    @property
    def built(self) -> float | None:
        """When the build was made that is served, in seconds since 1970."""
        return None if self._current is None else self._current.built

    @property
    def workers(self) -> int:
        """How many worker processes there are."""
        return len(self._alive)

    def submit(self, task: Task) -> Running:
        """Start to evaluate a query. Raises RequestError where too many wait."""
        return self.lanes.begin(task)

    async def refresh(self) -> None:
        """Serve the current build, if it is not the one that is served. Raises as `look`, OSError.

        What is asked from then on is answered from that build or a later one.
        """
        async with self._switching:
            fresh = self._look()
            if fresh.version != self.version:
                await self._serve(fresh)

    async def _follow(self) -> None:
        """Serve each new build once workers have opened it."""
        told = ""
        while not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _LOOK_SECONDS)
                return
            try:
                await self.refresh()
                told = ""
            except (StoreError, OSError) as error:
                if str(error) != told:  # which may be so for long
                    told = str(error)
                    _LOG.error("the build before is served still: %s", told)

    async def _serve(self, generation: Generation) -> None:
        """Have idle workers on `generation`, and none on another."""
        wanted = self._limits.quick + self._limits.spare
        starting = (self._started(generation) for _ in range(wanted))
        outcomes = await asyncio.gather(*starting, return_exceptions=True)
        started = [each for each in outcomes if isinstance(each, Process)]
        failed = [each for each in outcomes if isinstance(each, BaseException)]
        if failed or self._closing.is_set():
            for process in started:
                self._end(process)
            raise next(iter(failed), OSError("the server is being shut down"))
        self._current = generation
        self.lanes.serve(started, generation.version)

    def _start_missing(self) -> None:
        """Start what is lacking, one after the other: queries need the processor too."""
        if self._starting is None or self._starting.done():
            self._starting = self._keep(self._start())

    async def _start(self) -> None:
        while (generation := self._current) is not None and self.lanes.lacking > 0:
            try:
                process = await self._started(generation)
            except OSError as error:
                _LOG.error("a worker did not start: %s", error)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                self.lanes.add(process)

    async def _started(self, generation: Generation) -> Process:
        async with asyncio.timeout(self._limits.start_seconds):  # a TimeoutError is an OSError
            nursery = await self._working_nursery()
            settings, version = generation.settings, generation.version
            process = await Process.start(nursery, settings, version, self.lanes.lose)
        self._alive.add(process)
        return process

    async def _working_nursery(self) -> Nursery:
        async with self._nursing:
            if self._nursery is None or self._nursery.has_ended:
                if self._nursery is not None:
                    await self._nursery.close()
                self._nursery = await Nursery.start()
            return self._nursery

    def _end(self, process: Process) -> None:
        process.kill()
        self._keep(self._reap(process))

    async def _reap(self, process: Process) -> None:
        await process.end()
        self._alive.discard(process)

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start `work`, and hold it until it is done."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task
