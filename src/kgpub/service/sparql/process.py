"""One worker as the server sees it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress

from kgpub.service.sparql.spool import Spool
from kgpub.service.sparql.wire import DATA, END, FAULT, HEAD, Fault, Task
from kgpub.service.sparql.worker import Settings

_MODULE = "kgpub.service.sparql.worker"
_LOW = 10
"""Added to the niceness of what takes long: with it the scheduler of Linux gives it a tenth."""
_ENDED = Fault(
    "the query needed more memory than it may have, or ended its process in another way",
    "Ask for less.",
    is_query=False,
)
_TOO_LONG = Fault(
    "the answer is larger than what is sent", "Ask for less, by LIMIT.", is_query=False
)


class Process:
    """A process that evaluates one task at a time. Made by `start`."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        generation: str,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self.generation = generation

    @classmethod
    async def start(cls, settings: Settings, generation: str) -> Process:
        """Start a worker; see `ready`. Raises OSError where none can be started."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", _MODULE, str(theirs.fileno()), settings.to_text()),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,  # where Rust tells how a process ended
            )
        return cls(process, *await asyncio.open_connection(sock=ours), generation)

    async def ready(self) -> None:
        """Wait until it can take tasks. Raises OSError where it ends instead."""
        try:
            await self._frame()
        except asyncio.IncompleteReadError as error:
            raise OSError("a worker ended before it was ready") from error

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended, as far as is known."""
        return self._reader.at_eof()

    async def evaluate(self, task: Task, spool: Spool, most: int) -> bool:
        """Put the answer to `task` into `spool`, up to `most` bytes, and end that.

        Returns whether the process can take another task.
        """
        try:
            self._writer.write(task.to_bytes())
            await self._writer.drain()
            while True:
                kind, content = await self._frame()
                if kind == DATA and spool.size + len(content) > most:
                    spool.end(_TOO_LONG)
                    return False
                if kind == DATA:
                    spool.write(content)
                elif kind == END:
                    spool.end()
                    return True
                elif kind == FAULT:
                    fault = Fault.from_bytes(content)
                    spool.end(fault)
                    return fault.is_query
        except (asyncio.IncompleteReadError, OSError):
            spool.end(_ENDED)
            return False

    def slow_down(self) -> None:
        """Have the process leave the processor to others from now on."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW)

    def pause(self) -> None:
        """Have the process stand still until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Have the process go on after `pause`."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process."""
        self._signal(signal.SIGKILL)
        self._writer.close()

    async def ended(self) -> None:
        """Wait until the process has ended."""
        await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _frame(self) -> tuple[bytes, bytes]:
        head = await self._reader.readexactly(HEAD)
        return head[:1], await self._reader.readexactly(int.from_bytes(head[1:], "big"))
