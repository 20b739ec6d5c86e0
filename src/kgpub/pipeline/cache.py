"""What was mapped before, so that only files that changed are read again.

A SQLite file in the workspace. Where it is missing, damaged or of another version, everything is
read again and the result is the same; what was published last is then kept if it can be read.
"""

from __future__ import annotations

import hashlib
import sqlite3
import weakref
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgpub.errors import OutputError
from kgpub.model.submission import Mapped
from kgpub.store.durable import is_regular, remove
from kgpub.vocabulary import resource

_TABLES = (
    "CREATE TABLE mapped (file TEXT PRIMARY KEY, digest TEXT NOT NULL, quads BLOB NOT NULL, "
    "positions BLOB NOT NULL, history BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE published (file TEXT PRIMARY KEY, graph TEXT NOT NULL, digest TEXT NOT NULL, "
    "quads BLOB NOT NULL) WITHOUT ROWID",
    "CREATE INDEX published_by_graph ON published (graph)",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE verdicts (focus TEXT NOT NULL, root TEXT NOT NULL, target TEXT NOT NULL, "
    "results TEXT NOT NULL, PRIMARY KEY (focus, root, target)) WITHOUT ROWID",
    "CREATE INDEX verdicts_by_target ON verdicts (target, root)",
)
_FORMAT = 4
"""Of what the tables hold; a cache with another in its user_version is made anew."""
_FORM = (_FORMAT, *_TABLES)
VERDICTS = "verdicts"
"""The name under which it is noted what the verdicts are valid for."""
# What the workspace's files do not give again: where passages stood in the last build, and which
# list of checksums kgpub wrote.
_PUBLISHED = (
    "SELECT file, '', '', quads FROM published",
    "INSERT OR IGNORE INTO published VALUES (?, ?, ?, ?)",
)
_OUTPUT = (
    "SELECT name, value FROM state WHERE name = 'output'",
    "INSERT OR IGNORE INTO state VALUES (?, ?)",
)


@lru_cache(maxsize=1)
def software_digest() -> str:
    """Return a digest of all that decides how files are mapped: kgpub's code and its resources."""
    package = Path(__file__).parents[1]
    files = [*package.rglob("*.py"), *resource("ontology").iterdir(), *resource("shapes").iterdir()]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class CannotTell(Exception):
    """What is kept of the last build does not tell what a change does; the text says why."""


class CacheReader:
    """What is kept, to be read as it was first seen; other processes may write it meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # Text that is not UTF-8 is damage like any other: it is like nothing that is looked for.
        connection.text_factory = lambda content: content.decode("utf-8", "replace")

    @classmethod
    def open(cls, path: Path) -> CacheReader | None:
        """Open the cache in `path`, or return None where it is missing or of another version.

        Whether it is damaged is not looked at: methods may raise sqlite3.DatabaseError.
        """
        try:
            reader = cls(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))
            weakref.finalize(reader, reader.connection.close)
            reader.connection.execute("BEGIN")
            return reader if reader._form() == _FORM else None
        except sqlite3.DatabaseError:
            return None

    def _form(self) -> tuple[object, ...]:
        made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        return (version, *(row[0] for row in self.connection.execute(made)))

    def has(self, file: str, digest: str) -> bool:
        """Whether there is something for `file` under this digest."""
        query = "SELECT 1 FROM mapped WHERE file = ? AND digest = ?"
        return self._row(query, file, digest) is not None

    def get(self, file: str, digest: str) -> Mapped | None:
        """Return what `file` was mapped to under the same digest; None too where it is damaged."""
        query = "SELECT quads, positions, history FROM mapped WHERE file = ? AND digest = ?"
        row = self._row(query, file, digest)
        return None if row is None else _mapped(row)

    def described_in(self, graph: str) -> tuple[str, str, Mapped] | None:
        """Return the file that a published graph is the own graph of, its digest, and its content.

        None where it is not kept with its places, or where that is damaged.
        """
        query = (
            "SELECT quads, positions, history, file, digest FROM mapped "
            "JOIN (SELECT file, digest FROM published WHERE graph = ?) USING (file, digest)"
        )
        row = self._row(query, graph)
        mapped = None if row is None else _mapped(row)
        return None if row is None or mapped is None else (str(row[3]), str(row[4]), mapped)

    def published(self, file: str) -> tuple[Quad, ...]:
        """Return the quads of `file` in the last build that was accepted."""
        row = self._row("SELECT quads FROM published WHERE file = ?", file)
        try:
            return _unpacked(row[0]) if row else ()
        except (zlib.error, SyntaxError, ValueError):
            return ()

    def published_digests(self) -> Mapping[str, str]:
        """Return the digest of each file in the last build that was accepted.

        Raises sqlite3.DatabaseError, as `verdicts` does.
        """
        return dict(self.connection.execute("SELECT file, digest FROM published"))

    def published_digest(self, file: str) -> str | None:
        """Return the digest of a file in the last build that was accepted, None where it had none.

        Raises sqlite3.DatabaseError, as `verdicts` does.
        """
        query = "SELECT digest FROM published WHERE file = ?"
        row = self.connection.execute(query, (file,)).fetchone()
        return None if row is None else str(row[0])

    def published_file(self, graph: str) -> str | None:
        """Return the file that a published graph is the own graph of, or None.

        Raises sqlite3.DatabaseError: what could not be read would be taken for another's.
        """
        query = "SELECT file FROM published WHERE graph = ?"
        row = self.connection.execute(query, (graph,)).fetchone()
        return str(row[0]) if row else None

    def state(self, name: str) -> str:
        """Return what was noted under `name`, or an empty string."""
        row = self._row("SELECT value FROM state WHERE name = ?", name)
        return str(row[0]) if row else ""

    def required(self, name: str) -> str:
        """Return what was noted under `name`, which may be empty.

        Raises CannotTell where nothing was, sqlite3.DatabaseError where it cannot be read.
        """
        query = "SELECT value FROM state WHERE name = ?"
        row = self.connection.execute(query, (name,)).fetchone()
        if row is None:
            raise CannotTell(f"nothing is kept of {name}")
        return str(row[0])

    def _row(self, query: str, *values: str) -> tuple[object, ...] | None:
        """Return the first row; what cannot be read is as if it were not there."""
        try:
            row = self.connection.execute(query, values).fetchone()
        except sqlite3.DatabaseError:
            return None
        return tuple(row) if row is not None else None

    def verdicts(self, focuses: Iterable[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """Yield root, target and results as they were kept: all, or those with one of `focuses`."""
        query = "SELECT root, target, results FROM verdicts"
        if focuses is None:
            yield from self.connection.execute(query)
            return
        for focus in focuses:
            yield from self.connection.execute(f"{query} WHERE focus = ?", (focus,))

    def close(self) -> None:
        """Close the file; what was not committed is forgotten."""
        self.connection.close()


class Cache(CacheReader):
    """The cache in `path`; used under the workspace's lock, by one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            for each in (path, *self._beside()):
                if not is_regular(each):
                    remove(each)
            super().__init__(sqlite3.connect(path))
            if not self._sound():
                self._make_anew(_PUBLISHED, _OUTPUT)
        except (OSError, sqlite3.OperationalError) as error:
            raise self._unopened(error) from error

    def _let_readers_be(self) -> None:
        """Have readers see what was committed when they began, however long a build takes."""
        self.connection.execute("PRAGMA journal_mode = WAL")

    def _beside(self) -> Iterator[Path]:
        """Yield the files that SQLite keeps beside the cache."""
        for ending in ("-journal", "-wal", "-shm"):
            yield self.path.with_name(self.path.name + ending)

    def forget(self) -> None:
        """Forget all but how the output was left, which tells kgpub's files there from others'."""
        try:
            self._make_anew(_OUTPUT)
        except (OSError, sqlite3.OperationalError) as error:
            raise self._unopened(error) from error

    def _unopened(self, error: Exception) -> OutputError:
        remedy = "See that the folder may be written and the disk has room."
        return OutputError(f"{self.path}: cannot be opened: {error}", remedy)

    def _sound(self) -> bool:
        """Whether the file has this schema and format, and is not damaged."""
        try:
            self._let_readers_be()
            form = self._form()
            (verdict,) = self.connection.execute("PRAGMA quick_check").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:
                raise  # It is locked, or the disk is full: nothing that its content could mend.
            return False
        except sqlite3.DatabaseError:
            return False
        return form == _FORM and verdict == "ok"

    def _make_anew(self, *kept: tuple[str, str]) -> None:
        """Make the file from nothing, and take over what can still be read of what is `kept`."""
        rows = [(insert, self._read(select)) for select, insert in kept]
        self.connection.close()
        for path in (self.path, *self._beside()):
            remove(path)
        super().__init__(sqlite3.connect(self.path))
        self._let_readers_be()
        self.connection.executescript(f"{';'.join(_TABLES)}; PRAGMA user_version = {_FORMAT};")
        for insert, values in rows:
            self.connection.executemany(insert, values)
        self.connection.commit()

    def _read(self, select: str) -> list[tuple[object, ...]]:
        try:
            rows = self.connection.execute(select).fetchall()
        except sqlite3.DatabaseError:
            return []
        return [row for row in rows if None not in row]

    def put(self, file: str, digest: str, mapped: Mapped) -> None:
        """Keep what `file` was mapped to; on disk with the next `commit`."""
        numbers = array("I", (number for position in mapped.positions for number in position))
        positions = zlib.compress(numbers.tobytes(), 1)
        row = (file, digest, _packed(mapped.quads), positions, _packed(mapped.history))
        self._write("INSERT OR REPLACE INTO mapped VALUES (?, ?, ?, ?, ?)", row)

    def keep_only(self, files: Iterable[str]) -> None:
        """Forget what files other than these are mapped to."""
        self._keep_only("mapped", files)

    def _keep_only(self, table: str, files: Iterable[str]) -> None:
        kept = set(files)
        for row in self.connection.execute(f"SELECT file FROM {table}").fetchall():
            if row[0] not in kept:
                self._write(f"DELETE FROM {table} WHERE file = ?", row)

    def publish(self, graphs: Mapping[str, str]) -> None:
        """Note what files are mapped to, with a graph of its own each, as all that is published."""
        self._keep_only("published", graphs)
        for file, graph in graphs.items():
            self._write(
                "INSERT OR REPLACE INTO published "
                "SELECT file, ?, digest, quads FROM mapped WHERE file = ?",
                (graph, file),
            )

    def note(self, name: str, value: str) -> None:
        """Note `value` under `name`."""
        self._write("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def forget_verdicts(self) -> None:
        """Forget all verdicts, and what they were valid for."""
        self._write("DELETE FROM verdicts", ())
        self.note(VERDICTS, "")

    def forget_verdict(self, root: str, target: str) -> None:
        """Forget the results that belong to `target` as a target of `root`."""
        self._write("DELETE FROM verdicts WHERE root = ? AND target = ?", (root, target))

    def keep_verdict(self, focus: str, root: str, target: str, results: str) -> None:
        """Keep results on the node `focus` that belong to `target` as a target of `root`."""
        row = (focus, root, target, results)
        self._write("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)", row)

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


def _mapped(row: Sequence[object]) -> Mapped | None:
    """Return what quads and positions, as they were put, are of; None where they are damaged."""
    try:
        numbers = array("I", _bytes(row[1]))
        positions = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        quads, history = _unpacked(row[0]), _unpacked(row[2])
    except (zlib.error, SyntaxError, ValueError):
        return None
    return Mapped(quads, positions, (), history) if len(quads) == len(positions) else None


def _packed(quads: Sequence[Quad]) -> bytes:
    return zlib.compress(serialize(quads, format=RdfFormat.N_QUADS) or b"", 1)


def _unpacked(packed: object) -> tuple[Quad, ...]:
    return tuple(parse(_bytes(packed), format=RdfFormat.N_QUADS))


def _bytes(packed: object) -> bytes:
    """Decompress what a column holds. Raises ValueError, zlib.error for what was not put there."""
    if not isinstance(packed, bytes):
        raise ValueError("not what was put there")
    return zlib.decompress(packed)
