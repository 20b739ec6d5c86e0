"""A process that checks submissions, as the server sees it."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from pathlib import Path

from kgpub.service.submitting.task import LENGTH, READY

_WORKER = "kgpub.service.submitting.worker"
_MOST = 64 * 2**20
"""Bytes of an answer."""


class Lost(Exception):
    """A process has ended, or does what it should not."""


class Process:
    """A process that has been started; `start` makes it, `end` must follow."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, folder: Path, memory: int) -> Process:
        """Start one on the workspace in `folder`. Raises OSError, Lost."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", _WORKER),
                    *(str(theirs.fileno()), str(folder), str(memory)),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,  # where Rust tells how a process ended
                    start_new_session=True,  # Ctrl-C is for the server, which ends it
                )
            except BaseException:
                ours.close()
                raise
        reader, writer = await asyncio.open_connection(sock=ours)
        found = cls(process, reader, writer)
        try:
            if await found._received() != READY:
                raise Lost("it is not what was started")
        except BaseException:
            await found.end()
            raise
        return found

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    async def ask(self, message: bytes) -> bytes:
        """Return the answer to a message; while one is waited for there is no other. Raises Lost.

        What is interrupted leaves the process of no use.
        """
        try:
            self._writer.write(message)
            await self._writer.drain()
        except OSError as error:
            raise Lost("it has ended") from error
        return await self._received()

    async def end(self) -> None:
        """End it, whatever it does, and wait until it has."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._writer.transport.abort()
        await self._process.wait()

    async def _received(self) -> bytes:
        try:
            size = int.from_bytes(await self._reader.readexactly(LENGTH), "big")
            if size > _MOST:
                raise Lost("its answer is too long")
            return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise Lost("it has ended") from error
