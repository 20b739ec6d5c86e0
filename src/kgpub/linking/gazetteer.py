"""A gazetteer: items of Wikidata with their names, in an index on disk."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Self

from kgpub.errors import OutputError, StoreError
from kgpub.linking.building import write_index
from kgpub.linking.comparing import Compared, beside_others, is_arabic, likeliest
from kgpub.linking.entity import Candidate, Item, Mention
from kgpub.linking.qids import qid_of
from kgpub.linking.records import item_of
from kgpub.linking.retrieval import equal, marks, near
from kgpub.linking.schema import FORMAT, letters_of
from kgpub.linking.scoring import promising, ranked, readings_of
from kgpub.names.sounds import outline

_REMEDY = "Remove it: `kgpub link` makes it again from its files."
_NONE: Mapping[str, str] = MappingProxyType({})
_VERSION_LENGTH = 12
_STATEMENTS = 512
"""Statements that stay prepared: there is one for each number of values that is asked for."""


class Gazetteer:
    """The source of candidates that reads an index; it is opened for reading only.

    `version` is a digest of the items, `sources` are digests of the files that they come from.
    Several threads may ask it.
    """

    method = "gazetteer"

    def __init__(self, connection: sqlite3.Connection, about: Mapping[str, str]) -> None:
        self.version = about["version"]
        self.items = int(about["items"])
        self.names = int(about["names"])
        self.sources: Mapping[str, str] = MappingProxyType(json.loads(about["sources"]))
        self._letters = about["letters"]
        self._connection = connection

    @classmethod
    def build(cls, path: Path, items: Iterable[Item], sources: Mapping[str, str] = _NONE) -> Self:
        """Write the index of `items` to `path`, in place of what is there, and open it.

        Of items with one QID the first counts. Errors in reading `items` pass through and leave
        what was there. Raises OutputError where `path` cannot be written.
        """
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
        try:
            unfinished.unlink(missing_ok=True)
            _write(unfinished, items, sources)
            unfinished.replace(path)
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            message = f"{path}: cannot be written: {reason}"
            raise OutputError(message, "See that you may write there.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an index. Raises StoreError where there is none, or one that cannot be read."""
        if not path.is_file():
            raise StoreError(f"{path}: there is no gazetteer", "Build it from a file of items.")
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(
                uri, uri=True, check_same_thread=False, cached_statements=_STATEMENTS
            )
            about = dict(connection.execute("SELECT key, value FROM about"))
            connection.execute("PRAGMA mmap_size = 268435456")
            connection.execute("PRAGMA cache_size = -16384")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: is no gazetteer: {error}", _REMEDY) from error
        if about.get("format") != FORMAT:
            connection.close()
            raise StoreError(f"{path}: is a gazetteer of another version of kgpub", _REMEDY)
        try:
            return cls(connection, about)
        except (KeyError, ValueError, AttributeError) as error:
            connection.close()
            raise StoreError(f"{path}: the gazetteer is damaged: {error!r}", _REMEDY) from error

    def candidates(self, mention: Mention, limit: int = 10) -> Sequence[Candidate]:
        """Return what `mention` may stand for, best first, no more than `limit`.

        Raises StoreError where the index is damaged.
        """
        with self._damage_told():
            compared, records = self._asked(mention)
            items = [
                (item_of(records[each.found.item]), each) for each in promising(mention, compared)
            ]
        return ranked(mention, items)[:limit]

    def compared(self, mention: Mention) -> list[Compared]:
        """Return the items found for `mention`, by the name of each that is most like its own."""
        return self._asked(mention)[0]

    def _asked(self, mention: Mention) -> tuple[list[Compared], dict[int, str]]:
        """Return the items found for `mention`, and their records by their numbers."""
        types = "".join(letter for letter in letters_of(mention) if letter in self._letters)
        read = readings_of(mention)
        founds = equal(self._connection, read, types) or near(self._connection, read, types)
        best = likeliest(founds)
        rows = self._connection.execute(
            f"SELECT id, record, arabic, latin FROM entity WHERE id IN ({marks(best)})",
            [each.found.item for each in best],
        ).fetchall()
        arabic = {each.found.item for each in best if is_arabic(each.found.key)}
        others = {
            number: sounds.split("\n")
            for number, _, *sounds_of in rows
            if (sounds := sounds_of[number in arabic])
        }
        return beside_others(best, others), {row[0]: row[1] for row in rows}

    def qids(self, compared: Sequence[Compared]) -> list[str]:
        """Return the QIDs of items that were found."""
        query = "SELECT qid FROM entity WHERE id = ?"
        numbers = [each.found.item for each in compared]
        return [self._connection.execute(query, (each,)).fetchone()[0] for each in numbers]

    def item(self, qid: str) -> Item | None:
        """Return an item by its QID, written in any way, or None where there is none of it.

        Raises StoreError where the index is damaged.
        """
        plain = qid_of(qid)
        query = "SELECT record FROM entity WHERE qid = ?"
        with self._damage_told():
            row = self._connection.execute(query, (plain or "",)).fetchone()
            return item_of(row[0]) if row else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, LookupError) as error:
            raise StoreError(f"the gazetteer is damaged: {error}", _REMEDY) from error


def _write(path: Path, items: Iterable[Item], sources: Mapping[str, str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # What is half written is thrown away: neither journal nor waiting for the disk is needed.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.create_function("outline", 1, outline, deterministic=True)
        connection.create_function("arabic", 1, is_arabic, deterministic=True)
        written = write_index(connection, items)
        about = {
            "format": FORMAT,
            "version": written.digest[:_VERSION_LENGTH],
            "items": str(written.items),
            "names": str(written.names),
            "letters": written.letters,
            "sources": json.dumps(dict(sources), sort_keys=True),
        }
        connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
