"""What was mapped before, so that only files that changed are read again.

A SQLite file in the workspace. It holds nothing that the workspace's files do not give anew:
where it is missing or damaged, everything is read again and the result is the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgpub.errors import OutputError
from kgpub.model.submission import Mapped
from kgpub.vocabulary import resource

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mapped (
    file TEXT PRIMARY KEY, digest TEXT NOT NULL, quads BLOB NOT NULL, positions BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS published (file TEXT PRIMARY KEY, quads BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@lru_cache(maxsize=1)
def software_digest() -> str:
    """Return a digest of all that decides how files are mapped: kgpub's code and its resources."""
    package = Path(__file__).parents[1]
    files = [*package.rglob("*.py"), *resource("ontology").iterdir(), *resource("shapes").iterdir()]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class Cache:
    """The cache in `path`; used under the workspace's lock, by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._open()

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(self.path)
            self.connection.executescript(_SCHEMA)
        except (OSError, sqlite3.OperationalError) as error:
            remedy = "See that the folder may be written and the disk has room."
            raise OutputError(f"{self.path}: cannot be opened: {error}", remedy) from error
        (sound,) = self.connection.execute("PRAGMA quick_check").fetchone()
        if sound != "ok":
            raise sqlite3.DatabaseError(sound)

    def has(self, file: str, digest: str) -> bool:
        """Whether there is something for `file` under this digest."""
        query = "SELECT 1 FROM mapped WHERE file = ? AND digest = ?"
        return self.connection.execute(query, (file, digest)).fetchone() is not None

    def get(self, file: str, digest: str) -> Mapped | None:
        """Return what `file` was mapped to under the same digest; None too where it is damaged."""
        row = self.connection.execute(
            "SELECT quads, positions FROM mapped WHERE file = ? AND digest = ?", (file, digest)
        ).fetchone()
        if row is None:
            return None
        try:
            numbers = array("I", zlib.decompress(row[1]))
            positions = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            quads = _unpacked(row[0])
        except (zlib.error, SyntaxError, ValueError):
            return None
        return Mapped(quads, positions) if len(quads) == len(positions) else None

    def published(self, file: str) -> tuple[Quad, ...]:
        """Return the quads of `file` in the last build that was accepted."""
        row = self.connection.execute(
            "SELECT quads FROM published WHERE file = ?", (file,)
        ).fetchone()
        try:
            return _unpacked(row[0]) if row else ()
        except (zlib.error, SyntaxError):
            return ()

    def put(self, file: str, digest: str, mapped: Mapped) -> None:
        """Keep what `file` was mapped to; on disk with the next `commit`."""
        numbers = array("I", (number for position in mapped.positions for number in position))
        quads = serialize(mapped.quads, format=RdfFormat.N_QUADS) or b""
        row = (file, digest, zlib.compress(quads, 1), zlib.compress(numbers.tobytes(), 1))
        self._write("INSERT OR REPLACE INTO mapped VALUES (?, ?, ?, ?)", row)

    def keep_only(self, files: Iterable[str]) -> None:
        """Forget all files but these."""
        kept = set(files)
        for table in ("mapped", "published"):
            rows = self.connection.execute(f"SELECT file FROM {table}").fetchall()
            for row in rows:
                if row[0] not in kept:
                    self._write(f"DELETE FROM {table} WHERE file = ?", row)

    def publish(self, files: Iterable[str]) -> None:
        """Note what these files are mapped to as published."""
        for file in files:
            self._write(
                "INSERT OR REPLACE INTO published SELECT file, quads FROM mapped WHERE file = ?",
                (file,),
            )

    def state(self, name: str) -> str:
        """Return what was noted under `name`, or an empty string."""
        row = self.connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Note `value` under `name`."""
        self._write("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self.connection.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise OutputError(f"{self.path}: cannot be written: {error}") from error

    def commit(self) -> None:
        """Write what was put and noted. Raises OutputError where the disk does not take it."""
        try:
            self.connection.commit()
        except sqlite3.OperationalError as error:
            raise OutputError(f"{self.path}: cannot be written: {error}") from error

    def close(self) -> None:
        """Close the file; what was not committed is forgotten."""
        self.connection.close()


def _unpacked(packed: bytes) -> tuple[Quad, ...]:
    return tuple(parse(zlib.decompress(packed), format=RdfFormat.N_QUADS))
