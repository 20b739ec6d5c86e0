"""Answers kept on disk, each with the day it came; those that are too old are as if not there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.question import Question

DAYS = 14
"""Days for which an answer holds: items are corrected, and people take office."""

_FORMAT = 2
"""Of what the table holds; a file with another is set aside. It counts up where a query changes,
or the classes or languages that are asked for: answers to the old ones are none to the new."""
_TABLE = (
    "CREATE TABLE answers (kind TEXT NOT NULL, about TEXT NOT NULL, language TEXT NOT NULL,"
    " source TEXT NOT NULL, came REAL NOT NULL, answer TEXT NOT NULL,"
    " PRIMARY KEY (kind, about, language, source)) WITHOUT ROWID"
)
_KEY = "kind = ? AND about = ? AND language = ? AND source = ?"


class Cache:
    """Answers in one file. `set_aside` is where a damaged one was moved, None if it was sound."""

    def __init__(self, path: Path, now: Callable[[], datetime], days: float = DAYS) -> None:
        """Open the file at `path`, or make it. Raises WikidataError where that cannot be done."""
        self.path = path
        self.set_aside: Path | None = None
        self._now = now
        self._days = timedelta(days=days)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = _opened(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self.set_aside = path.with_name(f"{path.name}.damaged")
                path.replace(self.set_aside)
                self._connection = _opened(path)
        except (OSError, sqlite3.Error) as error:
            remedy = "See that the folder may be written, or remove the file: it is only a cache."
            raise WikidataError(f"{path}: cannot be opened: {error}", remedy) from error

    def get(self, question: Question, source: str) -> Any | None:
        """Return the answer that came from the address `source`, None if it is to be asked."""
        now = self._now()
        query = f"SELECT answer FROM answers WHERE {_KEY} AND came BETWEEN ? AND ?"
        oldest = (now - self._days).timestamp()
        values = (*_key(question, source), oldest, now.timestamp())
        try:
            row = self._connection.execute(query, values).fetchone()
            return None if row is None else json.loads(row[0])
        except (sqlite3.DatabaseError, ValueError):
            return None  # what cannot be read is asked again

    def latest(self, question: Question) -> Any | None:
        """Return the last answer that came, however old, from whatever address; else None."""
        query = (
            "SELECT answer FROM answers WHERE kind = ? AND about = ? AND language = ?"
            " ORDER BY came DESC LIMIT 1"
        )
        try:
            row = self._connection.execute(query, _key(question, "")[:3]).fetchone()
            return None if row is None else json.loads(row[0])
        except (sqlite3.DatabaseError, ValueError):
            return None

    def put(self, answers: Mapping[tuple[Question, str], Any]) -> None:
        """Keep answers, which came now, by question and address: all of them, or none.

        Raises WikidataError where the disk does not take them.
        """
        came = self._now().timestamp()
        rows = [
            (*_key(question, source), came, json.dumps(answer, ensure_ascii=False))
            for (question, source), answer in answers.items()
        ]
        self._write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget_old(self) -> None:
        """Remove what is too old to be used. Raises WikidataError as `put` does."""
        oldest = (self._now() - self._days).timestamp()
        self._write("DELETE FROM answers WHERE came < ?", [(oldest,)])

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            remedy = "See that the disk has room, or remove the file: it is only a cache."
            raise WikidataError(f"{self.path}: cannot be written: {error}", remedy) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    """Return a connection to a sound file with the table; it is made where there is none.

    Raises sqlite3.DatabaseError where the content is damaged or of another form.
    """
    connection = sqlite3.connect(path)
    try:
        (format_,) = connection.execute("PRAGMA user_version").fetchone()
        made = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master")]
        if not made and format_ == 0:
            with connection:
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
            return connection
        with closing(connection.execute("PRAGMA quick_check")) as check:
            verdict = check.fetchone()[0]
        if (format_, made, verdict) != (_FORMAT, [_TABLE], "ok"):
            raise sqlite3.DatabaseError("it is damaged, or of another version")
    except BaseException:
        connection.close()
        raise
    return connection


def _key(question: Question, source: str) -> tuple[str, str, str, str]:
    return question.kind.value, question.about, question.language, source
