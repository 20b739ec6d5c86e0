"""The processes in which submissions are checked: warm, bounded, and replaced when they end."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from kgpub.errors import StoreError
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.sparql.wire import Fault
from kgpub.service.submitting.limits import DEFAULT_SUBMISSION_LIMITS, SubmissionLimits
from kgpub.service.submitting.process import Lost, Process
from kgpub.service.submitting.task import ANSWERED, Kind, Task, packed
from kgpub.service.submitting.worker import warm
from kgpub.submissions.submission import Content

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
"""Between two looks at whether there is a new build."""
_AGAIN_SECONDS = 1.0
_NOTHING = Content("", ".yaml", b"")
_LATER = "Try again later."


class Checks:
    """Processes that check submissions in the workspace in `folder`; an asynchronous context.

    `version` tells which build is the current one. Nothing waits for processes to be ready but what
    asks them.
    """

    def __init__(
        self,
        folder: Path,
        version: Callable[[], str],
        limits: SubmissionLimits = DEFAULT_SUBMISSION_LIMITS,
    ) -> None:
        self._folder = folder
        self._version = version
        self._limits = limits
        self._pending = 0
        self._idle: deque[Process] = deque()
        self._turns: deque[asyncio.Future[Process]] = deque()
        self._later: deque[asyncio.Future[Process]] = deque()
        self._opened: dict[Process, str] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._is_closing = False

    async def __aenter__(self) -> Self:
        for _ in range(self._limits.processes):
            self._keep(self._start())
        self._keep(self._follow())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_closing = True
        for task in self._background:
            task.cancel()
        if self._background:
            await asyncio.wait(self._background)
        for process in list(self._opened):
            await self._end(process)

    @property
    def processes(self) -> frozenset[int]:
        """The numbers of the processes that are ready or at work."""
        return frozenset(process.pid for process in self._opened)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is checked at the moment."""
        return self._pending == 0

    async def run(
        self,
        kind: Kind,
        content: Content,
        language: str = "en",
        *,
        name: str = "",
        stem: str = "",
        charge: Callable[[float], object] | None = None,
    ) -> bytes:
        """Return what `kind` makes of a submission, see Task. Raises RequestError.

        What is charged to somebody, by how many seconds it took without waiting, waits until all
        others have had their turn, and has half of the places to wait in.
        """
        places = self._limits.waiting if charge is None else -(-self._limits.waiting // 2)
        if self._pending >= self._limits.processes + places:
            raise RequestError(503, "too many submissions at once", _LATER, headers=RETRY)
        message = packed(kind, Task(content, language, name, stem))
        self._pending += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                process = await self._taken(charge is None)
                begun = monotonic()
                try:
                    answer = await self._asked(process, message)
                finally:
                    if charge is not None:
                        charge(monotonic() - begun)
        except TimeoutError as error:
            told = f"the check took longer than {self._limits.seconds:g} seconds"
            raise RequestError(
                503, told, "Send less, or try again later.", headers=RETRY
            ) from error
        except Lost as error:
            told = "the check needed more than it may have, or was ended in another way"
            raise RequestError(
                503, told, "Send less, or try again later.", headers=RETRY
            ) from error
        finally:
            self._pending -= 1
        if answer[:1] == ANSWERED:
            return answer[1:]
        fault = Fault.from_bytes(answer[1:])
        if fault.detail:
            _LOG.error("a submission cannot be checked: %s", fault.detail)
        headers = RETRY if fault.status == 503 else {}
        raise RequestError(fault.status, fault.message, fault.remedy, fault.excerpt, headers)

    async def _taken(self, is_first: bool) -> Process:
        """Return a process that nobody else asks."""
        if self._idle:
            return self._idle.popleft()
        turn: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        turns = self._turns if is_first else self._later
        turns.append(turn)
        try:
            return await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._give(turn.result())
            raise

    async def _asked(self, process: Process, message: bytes) -> bytes:
        """Return an answer; a process that gives none is ended, and another started."""
        try:
            answer = await process.ask(message)
        except BaseException:
            self._replace(process)
            raise
        self._give(process)
        return answer

    def _give(self, process: Process) -> None:
        """Let the next one ask a process."""
        while turns := self._turns or self._later:
            turn = turns.popleft()
            if not turn.done():
                turn.set_result(process)
                return
        self._idle.append(process)

    def _replace(self, process: Process) -> None:
        if not self._is_closing:
            _LOG.warning("a process that checks submissions is replaced by another")
            self._keep(self._end(process))
            self._keep(self._start())

    async def _end(self, process: Process) -> None:
        self._opened.pop(process, None)
        await process.end()

    async def _start(self) -> None:
        """Have one process more, as soon as that can be."""
        while True:
            try:
                version = self._version()
                async with asyncio.timeout(self._limits.start_seconds):
                    process = await Process.start(self._folder, self._limits.memory)
            except (OSError, StoreError, Lost) as error:  # a TimeoutError is an OSError
                _LOG.error("a process that checks submissions did not start: %s", error)
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            self._opened[process] = version
            self._give(process)
            return

    async def _follow(self) -> None:
        """Have each process open a new build before somebody asks it."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                version = self._version()
            except (OSError, StoreError):  # whoever asks is told
                continue
            for process in [each for each in self._idle if self._opened[each] != version]:
                with suppress(ValueError, Lost, TimeoutError):
                    self._idle.remove(process)  # ValueError where somebody asks it meanwhile
                    async with asyncio.timeout(self._limits.start_seconds):
                        await self._asked(process, packed(warm, Task(_NOTHING)))
                    self._opened[process] = version

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Start `work`, and hold it until it is done."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
