"""Has accepted submissions published: in a process of its own, one at a time among all servers."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kgpub.errors import StoreError
from kgpub.submissions.kept import Queue
from kgpub.submissions.publishing import Outcome, Publisher
from kgpub.submissions.submission import State

_LOG = logging.getLogger(__name__)
_PROCESS = "kgpub.service.reviewing.builder"
_LOOK_SECONDS = 1.0
"""Between two looks at whether something is accepted: by another server, or in a terminal."""
_LONGEST_SECONDS = 3_600.0
"""That a build may take. One that hangs would keep all that is accepted from being published."""
_AGAIN_SECONDS = 10.0
"""Before what could not be published is tried again, where nothing new is accepted."""


class Publication:
    """Publishes while it is entered; on start it goes on with what was accepted before.

    `root` is the folder of the workspace. Several servers may do so side by side: whoever comes
    first publishes.
    """

    def __init__(self, root: Path, queue: Queue, publisher: Publisher) -> None:
        self._root = root
        self._queue = queue
        self._publisher = publisher
        self._is_asked = asyncio.Event()
        self._held = ExitStack()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # On a disk that is full submissions can be shown all the same.
        with suppress(StoreError):
            self._held.enter_context(self._queue.held())
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        with suppress(StoreError):
            self._held.close()

    def ask(self) -> None:
        """Have it look at once: something has been accepted."""
        self._is_asked.set()

    async def _follow(self) -> None:
        pause, told = 0.0, ""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._is_asked.wait()
            self._is_asked.clear()
            pause = _LOOK_SECONDS
            try:
                if not await asyncio.to_thread(self._is_wanted):
                    continue
                outcome = await self._published()
            except (OSError, StoreError, ValueError) as error:
                outcome = Outcome(left=str(error))
            if outcome.refused:
                _LOG.warning("not published, and wait again: %s", ", ".join(outcome.refused))
            if outcome.left:
                pause = _AGAIN_SECONDS
            if outcome.left and outcome.left != told:  # not each time that it is tried again
                _LOG.error("accepted submissions are not published yet: %s", outcome.left)
            told = outcome.left

    def _is_wanted(self) -> bool:
        """Whether something is accepted that nobody publishes just now. Raises StoreError."""
        if not self._queue.listed([State.accepted], most=1):
            return False
        with self._publisher.alone() as is_alone:
            return is_alone

    async def _published(self) -> Outcome:
        """Publish in a process of its own. Raises OSError, ValueError where it is killed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _PROCESS, str(self._root)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server, which ends it
        )
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                told, _ = await process.communicate()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        read = json.loads(told)
        return Outcome(tuple(read["published"]), tuple(read["refused"]), read["left"])
