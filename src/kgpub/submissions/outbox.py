"""What is still to be told of: `.kgpub/notifications.sqlite`.

Each reader of the queue's events (a webhook, the audit log) goes through all of them in turn; how
far it has come is on disk with what it has taken from there, in one transaction. So a message that
is due survives a crash, and is sent again where nobody can know whether it has arrived.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kgpub.submissions.database import Database
from kgpub.submissions.tables import moment, text

FILE = "notifications.sqlite"
_VERSION = 1
_TABLES = (
    "CREATE TABLE reader (name TEXT PRIMARY KEY, event INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE message (reader TEXT NOT NULL, event INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, due TEXT NOT NULL, PRIMARY KEY (reader, event)) WITHOUT ROWID",
    "CREATE INDEX message_by_due ON message (reader, due, event)",
    "CREATE TABLE identity (id TEXT NOT NULL)",
)


@dataclass(frozen=True)
class Message:
    """That `reader` is to be told of the event of this number, has been tried `attempts` times."""

    reader: str
    event: int
    attempts: int
    due: datetime


class Outbox:
    """The messages of the workspace whose state lies in `folder`; `now` is the time.

    Methods raise StoreError.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._database = Database(folder / FILE, _VERSION, _TABLES)
        self._now = now

    @property
    def identity(self) -> str:
        """What tells messages of this workspace from all others."""
        with self._database.changing() as connection:
            connection.execute(
                "INSERT INTO identity SELECT ? WHERE NOT EXISTS (SELECT * FROM identity)",
                (secrets.token_hex(6),),
            )
            (found,) = connection.execute("SELECT id FROM identity").fetchone()
        return str(found)

    def position(self, reader: str, begin: int) -> int:
        """Return the number of the last event that a reader has taken; a new one is at `begin`."""
        query = "SELECT event FROM reader WHERE name = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (reader,)).fetchone()
        if row is None:
            with self._database.changing() as connection:
                connection.execute("INSERT OR IGNORE INTO reader VALUES (?, ?)", (reader, begin))
                row = connection.execute(query, (reader,)).fetchone()
        return int(row[0])

    def take(self, reader: str, last: int, events: Iterable[int] = ()) -> None:
        """Note that a reader has come to the event `last`, and is to be told of these."""
        due = text(self._now())
        with self._database.changing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO message VALUES (?, ?, 0, ?)",
                ((reader, event, due) for event in events),
            )
            connection.execute("UPDATE reader SET event = ? WHERE name = ?", (last, reader))

    def due(self, reader: str, most: int) -> list[Message]:
        """Return so many messages that are due, the first event first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM message WHERE reader = ? AND due <= ? ORDER BY event LIMIT ?",
                (reader, text(self._now()), most),
            ).fetchall()
        return [Message(name, event, tried, moment(at)) for name, event, tried, at in rows]

    def over(self, message: Message) -> None:
        """Forget a message: it has arrived, or is given up."""
        with self._database.changing() as connection:
            key = (message.reader, message.event)
            connection.execute("DELETE FROM message WHERE reader = ? AND event = ?", key)

    def again(self, message: Message, due: datetime) -> None:
        """Have a message tried again at `due`."""
        with self._database.changing() as connection:
            connection.execute(
                "UPDATE message SET attempts = attempts + 1, due = ?"
                " WHERE reader = ? AND event = ?",
                (text(due), message.reader, message.event),
            )

    def keep_only(self, readers: Sequence[str]) -> None:
        """Forget the readers that are not among these, and what they were to be told."""
        marks = ", ".join("?" * len(readers))
        with self._database.changing() as connection:
            for table, column in (("message", "reader"), ("reader", "name")):
                query = f"DELETE FROM {table} WHERE {column} NOT IN ({marks})"
                connection.execute(query, tuple(readers))
