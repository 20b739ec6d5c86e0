"""Keeps an index for the current build: made once for each, in a process of its own.

A build that follows is searched once its index is whole; until then the one before answers. The
files lie in a folder of the workspace's state. One that is missing or damaged is made again. Of
several servers one makes it, and the others wait for that.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import queue
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from kgpub.errors import StoreError
from kgpub.index.filling import site_text
from kgpub.index.schema import open_to_read
from kgpub.pages.rendering import Site
from kgpub.pipeline.cache import software_digest
from kgpub.service.work import Clock, Deadline
from kgpub.store.durable import is_regular, remove, sync_folder

_LOG = logging.getLogger(__name__)
_MODULE = "kgpub.index.filling"
_LOOK_SECONDS = 0.5
"""Between two looks at whether there is a new build."""
_OTHERS_SECONDS = 2.0
"""In which other servers leave the index of the build before, and open no more files of it."""
_AGAIN_SECONDS = 30.0
"""Before an index that could not be made is tried again."""
_FORGOTTEN_SECONDS = 86_400.0
"""After which an unfinished file is nobody's any more."""
_UNFINISHED = ".new"
_LOCK = ".lock"
"""Of the file beside the folder that whoever makes an index has locked."""
_STEPS = 20_000
"""Of SQLite's virtual machine between two looks at the clock: about a millisecond."""
_MAX_TOLD = 2_000

Look = Callable[[], tuple[Path, str] | None]
"""Returns the folder of the current generation of the store and its fingerprint."""


class Index:
    """The index of one build. Threads may read from it side by side."""

    def __init__(self, path: Path, build: str) -> None:
        self.path = path
        self.build = build
        self.is_damaged = False
        self._closed = False
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        with self.reading():
            pass

    @contextmanager
    def reading(self, deadline: Deadline | None = None) -> Iterator[sqlite3.Connection]:
        """Lend a connection. Raises StoreError where the file cannot be read.

        Raises RequestError where the deadline passes meanwhile.
        """
        connection = None
        try:
            connection = self._taken()
            if deadline is not None:
                connection.set_progress_handler(lambda: deadline.clock() > deadline.end, _STEPS)
            yield connection
        except sqlite3.Error as error:
            if deadline is not None:
                deadline.check()
            self.is_damaged = True
            raise StoreError(f"{self.path}: the search index cannot be read: {error}") from error
        finally:
            if connection is not None:
                self._give_back(connection)

    def close(self) -> None:
        """Close the file once nobody reads from it."""
        self._closed = True
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _taken(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            connection = open_to_read(self.path)
            try:
                connection.execute("SELECT 1 FROM word LIMIT 1").fetchone()
            except sqlite3.Error:
                connection.close()
                raise
            return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(None, 0)
        if self._closed or self.is_damaged:
            connection.close()
        else:
            self._idle.put_nowait(connection)
            if self._closed:
                self.close()


class Indexes:
    """The index of the current build; an asynchronous context, in which builds are followed."""

    def __init__(self, look: Look, folder: Path, site: Site, clock: Clock = time.monotonic) -> None:
        """`folder` is made where it is missing, and holds nothing else."""
        self.site = site
        self._look = look
        self._folder = folder
        self._clock = clock
        self._index: Index | None = None
        self._failed: tuple[str, float] | None = None
        self._closing = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self._filling: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._following = asyncio.create_task(self._follow())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        if self._filling is not None:
            with suppress(ProcessLookupError):
                self._filling.kill()
        if self._following is not None:
            await self._following
        if self._index is not None:
            self._index.close()

    @property
    def current(self) -> Index | None:
        """The index that is searched, None where none is ready yet."""
        return self._index

    async def _follow(self) -> None:
        while not self._closing.is_set():
            try:
                await self._keep_up()
            except (StoreError, OSError) as error:
                if not self._closing.is_set():
                    _LOG.error("the search does not know the new build: %s", error)
            await self._pause(_LOOK_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def _keep_up(self) -> None:
        found = self._look()
        if found is None:
            return
        store, build = found
        index = self._index
        if index is not None and index.build == build and not index.is_damaged:
            return
        failed = self._failed
        if failed is not None and failed[0] == build and self._clock() < failed[1]:
            return
        try:
            made = await self._made(store, build)
        except (StoreError, OSError):
            self._failed = build, self._clock() + _AGAIN_SECONDS
            raise
        if made is None:
            return
        self._index, self._failed = made, None
        if index is not None:
            index.close()
            await self._pause(_OTHERS_SECONDS)
        if not self._closing.is_set():
            self._remove_others(made.path)

    async def _made(self, store: Path, build: str) -> Index | None:
        """Return the index of a build, made where it is not there; None while others make it.

        Raises StoreError, OSError.
        """
        # Of another kgpub the words may be folded and taken apart in another way.
        made_of = hashlib.sha256(f"{software_digest()} {build}".encode()).hexdigest()
        path = self._folder / f"{made_of[:32]}.sqlite"
        found = self._found(path, build)
        if found is not None:
            return found
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}{_UNFINISHED}")
        lock = FileLock(self._folder.with_suffix(_LOCK))
        try:
            with lock.acquire(blocking=False):
                found = self._found(path, build)
                if found is not None:  # others have just made it
                    return found
                remove(path)
                remove(fresh)
                await self._fill(store, fresh)
                fresh.replace(path)
                sync_folder(self._folder)
        except Timeout:
            return None
        finally:
            remove(fresh)
        return Index(path, build)

    def _found(self, path: Path, build: str) -> Index | None:
        """Return an index that is there, and is not the one that is damaged."""
        if is_regular(path) and (self._index is None or self._index.path != path):
            with suppress(StoreError):
                return Index(path, build)
        return None

    async def _fill(self, store: Path, target: Path) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", _MODULE, str(store), str(target), site_text(self.site)),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._filling = process
        try:
            _, told = await process.communicate()
        finally:
            self._filling = None
        if process.returncode:
            last = told[-_MAX_TOLD:].decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise OSError(f"the search index cannot be made: {last}")

    def _remove_others(self, kept: Path) -> None:
        """Remove indexes of earlier builds, and files that were never finished."""
        for path in self._folder.iterdir():
            with suppress(OSError):
                age = time.time() - path.lstat().st_mtime
                if path != kept and (path.suffix != _UNFINISHED or age > _FORGOTTEN_SECONDS):
                    remove(path)
