"""The workers of one server, on the build that is served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kgpub.errors import StoreError
from kgpub.service.sparql.lanes import Lanes, Outcome, Running
from kgpub.service.sparql.limits import QueryLimits
from kgpub.service.sparql.lookups import Lookups
from kgpub.service.sparql.process import Home, Nursery, Process
from kgpub.service.sparql.spool import Storage
from kgpub.service.sparql.wire import Task
from kgpub.service.sparql.worker import Settings

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
"""Between two looks at whether there is a new build."""
_AGAIN_SECONDS = 1.0
_SETTLED_SECONDS = 5.0
"""After which a build is held in memory: what changes all the time is not read all the time."""


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
        self._home: Home | None = None
        self._lookups: Lookups | None = None
        self._closing = asyncio.Event()
        self._switching = asyncio.Lock()
        self._nursing = asyncio.Lock()
        self._nursery: Nursery | None = None
        self._loading: set[Nursery] = set()
        self._holding: set[Nursery] = set()
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
        self._current = self._home = None  # so that what is starting is not kept
        self._closing.set()
        self.lanes.close()
        for process in list(self._alive):
            self._end(process)
        for nursery in (*self._loading, *self._holding):
            await nursery.close()
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
    def is_held(self) -> bool:
        """Whether the build that is served is held in memory."""
        return self._home is not None and self._home.nursery in self._holding

    @property
    def workers(self) -> int:
        """How many worker processes there are."""
        return len(self._alive)

    def look_up(self, task: Task) -> tuple[bytes, str] | None:
        """See Lookups."""
        if self._lookups is None:
            return None
        found = self._lookups.answer(task)
        if found is not None:
            self.lanes.outcomes[Outcome.ANSWERED] += 1
        return found

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
        settings, is_first = generation.settings, self._current is None
        is_small = _size(settings.folder) <= self._limits.in_memory
        lookups = await _opened(settings)
        nursery = await self._working_nursery()
        await self._move(Home(generation.version, settings, nursery))
        self._lookups, self._current = lookups, generation
        if is_small and not settings.services:
            self._keep(self._hold(generation, 0.0 if is_first else _SETTLED_SECONDS))

    async def _move(self, home: Home) -> None:
        """Have idle workers from `home`, and none from another. Raises OSError."""
        wanted = self._limits.quick + self._limits.spare
        starting = (self._started(home) for _ in range(wanted))
        outcomes = await asyncio.gather(*starting, return_exceptions=True)
        started = [each for each in outcomes if isinstance(each, Process)]
        failed = [each for each in outcomes if isinstance(each, BaseException)]
        if failed or self._closing.is_set():
            for process in started:
                self._end(process)
            raise next(iter(failed), OSError("the server is being shut down"))
        self._home = home
        self.lanes.serve(started, home)

    async def _hold(self, generation: Generation, seconds: float) -> None:
        """Have workers that hold a build in memory, if it is the current one still in `seconds`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        if self._current is not generation:
            return
        try:
            nursery = Nursery.start(generation.settings.folder)
        except OSError as error:
            _LOG.error("the build is not held in memory: %s", error)
            return
        self._loading.add(nursery)
        try:
            if self._closing.is_set():
                await nursery.close()
            await nursery.loaded()
            async with self._switching:
                if self._current is generation:
                    await self._move(Home(generation.version, generation.settings, nursery))
        except OSError as error:
            if not self._closing.is_set():
                _LOG.error("the build is not held in memory: %s", error)
        finally:
            self._loading.discard(nursery)
            self._holding.add(nursery)
        await self._release()

    async def _release(self) -> None:
        """End what holds builds that nobody asks any more."""
        needed = {process.home.nursery for process in self._alive}
        if self._home is not None:
            needed.add(self._home.nursery)
        for nursery in self._holding - needed:
            self._holding.discard(nursery)
            await nursery.close()

    def _start_missing(self) -> None:
        """Start what is lacking, one after the other: queries need the processor too."""
        if self._starting is None or self._starting.done():
            self._starting = self._keep(self._start())

    async def _start(self) -> None:
        while (home := self._home) is not None and self.lanes.lacking > 0:
            try:
                if home.nursery.has_ended:
                    await self._move_from(home)
                else:
                    self.lanes.add(await self._started(home))
            except OSError as error:
                if home is self._home:
                    _LOG.error("a worker did not start: %s", error)
                    await asyncio.sleep(_AGAIN_SECONDS)

    async def _move_from(self, home: Home) -> None:
        """Have workers from elsewhere where a nursery was ended by others. Raises OSError."""
        async with self._switching:
            if self._home is home:
                nursery = await self._working_nursery()
                await self._move(Home(home.version, home.settings, nursery))

    async def _started(self, home: Home) -> Process:
        async with asyncio.timeout(self._limits.start_seconds):  # a TimeoutError is an OSError
            process = await Process.start(home, self.lanes.lose)
        self._alive.add(process)
        return process

    async def _working_nursery(self) -> Nursery:
        async with self._nursing:
            if self._nursery is None or self._nursery.has_ended:
                if self._nursery is not None:
                    await self._nursery.close()
                self._nursery = Nursery.start()
            return self._nursery

    def _end(self, process: Process) -> None:
        process.kill()
        self._keep(self._reap(process))

    async def _reap(self, process: Process) -> None:
        await process.end()
        self._alive.discard(process)
        await self._release()

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start `work`, and hold it until it is done."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task


async def _opened(settings: Settings) -> Lookups | None:
    """Open a build for lookups. Raises OSError."""
    if settings.services:  # a query may be one for others
        return None
    return await asyncio.to_thread(Lookups, Path(settings.folder), settings.base, settings.prefixes)


def _size(folder: str) -> int:
    """Return how many bytes a build takes on disk."""
    return sum(each.stat().st_size for each in Path(folder).iterdir())
