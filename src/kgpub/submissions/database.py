"""A SQLite file of the workspace that several processes write to, for its owner alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kgpub.errors import StoreError

_WAIT_SECONDS = 10.0
_PRIVATE = 0o600
_ROOM = 65_536
"""Bytes, which SQLite needs beside the file."""
_NO_ROOM = frozenset({28, 122})
"""ENOSPC and EDQUOT."""


class Database:
    """The file at `path`, made by `statements` where there is none.

    What `changing` has written is on disk when its block has ended (mode WAL, `synchronous=FULL`;
    see SQLite's documentation of both). `version` tells files of other versions of kgpub apart.
    Methods raise StoreError where the file cannot be read or written, `full` where the disk is.
    """

    def __init__(
        self,
        path: Path,
        version: int,
        statements: Sequence[str],
        full: type[StoreError] = StoreError,
    ) -> None:
        self.path = path
        self._version = version
        self._statements = statements
        self._full = full

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that writes in one transaction; none of it where the block raises."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._opened()
        except (sqlite3.Error, OSError) as error:
            raise self._fault(error) from error
        try:
            yield connection
        except sqlite3.Error as error:
            raise self._fault(error) from error
        finally:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # For its owner alone from the first moment on.
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            os.close(os.open(self.path, flags, _PRIVATE))
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != self._version:
                self._make(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, self._version):
            raise StoreError(f"{self.path}: is of another version of kgpub", "Move it elsewhere.")
        if version == 0:
            for statement in self._statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {self._version}")
        connection.execute("COMMIT")

    def _fault(self, error: sqlite3.Error | OSError) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0)
        is_full = code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in _NO_ROOM
        # Of the files beside it SQLite only says that they cannot be written.
        if is_full or (code & 0xFF == sqlite3.SQLITE_IOERR and self._has_no_room()):
            return self._full(f"{self.path}: the disk is full", "Make room on it.")
        return StoreError(f"{self.path}: {error}", "See that it is as kgpub left it.")

    def _has_no_room(self) -> bool:
        try:
            return shutil.disk_usage(self.path.parent).free < _ROOM
        except OSError:
            return False
