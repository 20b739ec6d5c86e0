"""An answer on its way from a worker to a client, kept so that neither waits for the other."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator

from kgpub.service.sparql.wire import Fault

_IN_MEMORY = 2**20
_READ = 2**18


class Broken(Exception):
    """An answer ended before it was whole. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Spool:
    """Bytes that one task writes and another reads meanwhile; beyond a mebibyte they lie on disk.

    `version` tells of which build the answer is, once there is any of it.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  `close` does
        self._news = asyncio.Event()
        self._fault: Fault | None = None
        self.size = 0
        self.version = ""
        self.is_whole = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.is_whole or self._fault is not None

    def write(self, content: bytes) -> None:
        """Add `content`, unless nobody wants it any more."""
        if self._file.closed:
            return
        self._file.seek(self.size)
        self._file.write(content)
        self.size += len(content)
        self._news.set()

    def end(self, fault: Fault | None = None) -> None:
        """Say that nothing more comes: that is all, or there is a fault."""
        if not self.has_ended:
            self._fault, self.is_whole = fault, fault is None
        self._news.set()

    async def begun(self) -> None:
        """Wait for the first bytes, or the end. Raises Broken where there are none to come."""
        while not (self.size or self.is_whole):
            if self._fault is not None:
                raise Broken(self._fault)
            self._news.clear()
            await self._news.wait()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what is written, as it is; for one reader. Raises Broken."""
        at = 0
        while True:
            self._news.clear()
            if at < self.size:
                self._file.seek(at)
                content = self._file.read(min(_READ, self.size - at))
                at += len(content)
                yield content
            elif self._fault is not None:
                raise Broken(self._fault)
            elif self.is_whole:
                return
            else:
                await self._news.wait()

    def close(self) -> None:
        """Forget all."""
        self._file.close()
