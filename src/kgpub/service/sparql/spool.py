"""An answer on its way from a worker to a client, kept so that neither waits for the other."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from typing import IO

from kgpub.service.sparql.wire import Fault

IN_MEMORY = 2**18
"""Bytes of an answer that are kept in memory; beyond them it lies on disk."""
_UNREAD_SECONDS = 2.0
"""After which an answer may have to give way."""
_READ = 2**16
"""Bytes at once: while they are coded, nothing else is done."""
_TOO_MUCH = Fault(
    "answers that clients have not fetched take all the room there is",
    "Try again in some seconds.",
    status=503,
    is_passing=True,
)
_NO_ROOM = Fault("the answer cannot be kept", "Try again later, or ask for less.", status=503)


class Broken(Exception):
    """An answer ended before it was whole. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Storage:
    """The room on disk for all answers together, in bytes.

    Where there is no more, the answers go that have not been read on for longest: whoever stops to
    read does not keep others from theirs.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0
        self._spools: dict[Spool, None] = {}

    def takes(self, spool: Spool, size: int) -> bool:
        """Have `size` bytes more of an answer, if there is room or can be made."""
        unread_since = asyncio.get_running_loop().time() - _UNREAD_SECONDS
        while self.used + size > self.most:
            others = (each for each in self._spools if each is not spool)
            oldest = min(others, key=lambda each: each.read_at, default=None)
            if oldest is None or oldest.read_at > unread_since:
                return False
            oldest.break_off()
        self._spools[spool] = None
        self.used += size
        return True

    def forget(self, spool: Spool, size: int) -> None:
        """Have an answer no more, of which `size` bytes lay on disk."""
        self._spools.pop(spool, None)
        self.used -= size


class Spool:
    """Bytes that are written while one reader reads them.

    `version` tells of which build the answer is, and `form` names its form, once there is any of
    it.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._on_disk = 0
        self.read_at = asyncio.get_running_loop().time()
        self.size = 0
        self.version = ""
        self.form = ""
        self.fault: Fault | None = None
        self.is_whole = False
        self.is_closed = False

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.is_whole or self.fault is not None

    def write(self, content: bytes) -> Fault | None:
        """Add `content`, unless nobody wants it any more; return why that cannot be done."""
        if self.is_closed:
            return None
        if self._file is None and self.size + len(content) <= IN_MEMORY:
            self._parts.append(content)
        else:
            size = self.size + len(content) - self._on_disk
            if not self._storage.takes(self, size):
                return _TOO_MUCH
            self._on_disk += size
            try:
                self._to_disk(content)
            except OSError:
                return _NO_ROOM
        self.size += len(content)
        self.wake()
        return None

    def _to_disk(self, content: bytes) -> None:
        if self._file is None:
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  `close` does
            try:
                _put(file, 0, b"".join(self._parts))
            except OSError:
                file.close()
                raise
            self._file, self._parts = file, []
        _put(self._file, self.size, content)

    def end(self, fault: Fault | None = None) -> None:
        """Say that nothing more comes: that is all, or there is a fault."""
        if not self.has_ended:
            self.fault, self.is_whole = fault, fault is None
            self.wake()

    def wake(self) -> None:
        """Have the reader look again; who waits long is woken once before there is any news."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def news(self) -> asyncio.Future[None]:
        """Return what is done at the next change, or at once where nothing more comes.

        It may be done without one, see `wake`.
        """
        self._waiting = asyncio.get_running_loop().create_future()
        if self.has_ended:
            self._waiting.set_result(None)
        return self._waiting

    def content(self) -> bytes:
        """Return an answer that is whole and in memory."""
        assert self.is_whole and self._file is None
        return b"".join(self._parts)

    async def ended(self) -> None:
        """Wait for the end. Raises Broken where the answer is not whole."""
        while not self.has_ended:
            await self.news()
        if self.fault is not None:
            raise Broken(self.fault)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what is written, as it is. Raises Broken."""
        at = part = 0
        while True:
            self.read_at = asyncio.get_running_loop().time()
            if self.is_closed:
                raise Broken(self.fault or _TOO_MUCH)
            if at < self.size:
                if self._file is not None:
                    self._file.seek(at)
                    content = self._file.read(min(_READ, self.size - at))
                else:
                    content = self._parts[part]
                    part += 1
                if not content:  # somebody has cut the file
                    raise Broken(_NO_ROOM)
                at += len(content)
                yield content
            elif self.fault is not None:
                raise Broken(self.fault)
            elif self.is_whole:
                return
            else:
                await self.news()

    def break_off(self) -> None:
        """Forget an answer that is wanted still."""
        self.close()
        self.is_whole, self.fault = False, _TOO_MUCH
        self.wake()

    def close(self) -> None:
        """Forget all."""
        if self.is_closed:
            return
        self.is_closed = True
        self._storage.forget(self, self._on_disk)
        self._parts = []
        if self._file is not None:
            self._file.close()


def _put(file: IO[bytes], at: int, content: bytes) -> None:
    file.seek(at)
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
