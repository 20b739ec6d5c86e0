"""A SQLite file of the workspace that several processes write to, for its owner alone."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kgpub.errors import StoreError

_WAIT_SECONDS = 10.0
_PRIVATE = 0o600


class Database:
    """The file at `path`, made by `statements` where there is none.

    What `changing` has written is on disk when its block has ended (mode WAL, `synchronous=FULL`;
    see SQLite's documentation of both). `version` tells files of other versions of kgpub apart.
    Methods raise StoreError where the file cannot be read or written.
    """

    def __init__(self, path: Path, version: int, statements: Sequence[str]) -> None:
        self.path = path
        self._version = version
        self._statements = statements

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
            try:
                yield connection
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path}: {error}", "See that the disk has room.") from error

    def _opened(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # For its owner alone from the first moment on.
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, _PRIVATE))
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
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
