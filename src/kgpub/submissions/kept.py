"""The queue: a SQLite file of the workspace, `.kgpub/submissions.sqlite`.

What a method has returned from is on disk (`synchronous=FULL` in the mode WAL; see SQLite's
documentation of both). Events are only ever added: triggers refuse to change or to remove them.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kgpub.errors import CallError, StoreError
from kgpub.submissions.database import Database
from kgpub.submissions.submission import Account, Action, Content, Event, State, Submission
from kgpub.submissions.tables import VERSION, event, moment, revision, statements, text
from kgpub.submissions.transitions import AFTER, FROM, OPEN

FILE = "submissions.sqlite"
_ID_BYTES = 10


class QueueFull(StoreError):
    """The disk has no room, or more submissions wait than may."""


class DiskFull(QueueFull):
    """The disk has no room."""


class Outdated(CallError):
    """A submission has changed since it was looked at, or is decided already."""


class Repeated(Outdated):
    """Another submission has this content already."""


@dataclass(frozen=True)
class Received:
    """What became of a submission that was sent: `is_new` unless it had been sent before."""

    submission: Submission
    is_new: bool


class Queue:
    """The submissions of the workspace whose state lies in `folder`.

    `now` is the time. Any number of processes may have it open. Methods raise StoreError where the
    file cannot be read or written, DiskFull where the disk is full.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], *, most: int = 10_000) -> None:
        self._database = Database(folder / FILE, VERSION, tuple(statements()), DiskFull)
        self._now = now
        self._most = most

    def receive(self, content: Content, article_digest: str, by: Account) -> Received:
        """Keep a submission; when this returns, it is on disk.

        One that is there already, whoever sent it, is returned as it stands. Raises QueueFull where
        more wait than may.
        """
        digest = content.digest
        with self._database.changing() as connection:
            found = connection.execute(
                "SELECT submission FROM revision WHERE digest = ?", (digest,)
            ).fetchone()
            if found is None:
                self._require_room(connection)
                id_ = base64.b32encode(bytes.fromhex(digest)[:_ID_BYTES]).decode().lower()
                row = (id_, State.waiting, 0, text(self._now()))
                connection.execute("INSERT INTO submission VALUES (?, ?, ?, ?)", row)
                self._add_revision(connection, id_, 1, content, article_digest, by)
                self._add_event(connection, id_, Action.received, by, 1)
            else:
                (id_,) = found
            connection.execute("INSERT OR IGNORE INTO submitter VALUES (?, ?)", (id_, by.id))
            return Received(self._found(connection, id_), found is None)

    def revise(
        self,
        id_: str,
        version: int,
        content: Content,
        article_digest: str,
        by: Account,
        action: Action = Action.revised,
    ) -> Submission:
        """Put other content in the place of the last; `action` is `revised` or `edited`.

        Raises Outdated, also where another submission has this content already.
        """
        with self._database.changing() as connection:
            found = self._require(connection, id_, version, action)
            if content.digest == found.revision.content.digest:
                return found
            number = found.revision.number + 1
            try:
                self._add_revision(connection, id_, number, content, article_digest, by)
            except sqlite3.IntegrityError as error:
                raise Repeated("this has been submitted before", "Change what is new.") from error
            self._add_event(connection, id_, action, by, number)
            return self._found(connection, id_)

    def note(
        self,
        id_: str,
        version: int,
        action: Action,
        by: Account,
        *,
        reason: str = "",
        shapes: str = "",
        file: str = "",
    ) -> Submission:
        """Note what was decided or done, of a submission that stands as `version` says.

        Raises Outdated where it does not, or where this cannot be done with it any more.
        """
        with self._database.changing() as connection:
            number = self._require(connection, id_, version, action).revision.number
            self._add_event(connection, id_, action, by, number, reason, shapes, file)
            return self._found(connection, id_)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the file open: what else reads it then needs no room on the disk.

        SQLite removes the files of the mode WAL with the last connection, and makes them for the
        next one.
        """
        with self._database.reading() as connection:
            connection.execute("SELECT count(*) FROM submission").fetchone()
            connection.execute("COMMIT")
            yield
            connection.execute("BEGIN")

    def get(self, id_: str) -> Submission:
        """Return a submission. Raises CallError where there is none."""
        with self._database.reading() as connection:
            return self._found(connection, id_)

    def listed(
        self,
        states: Sequence[State] = tuple(State),
        submitter: str = "",
        most: int = 1_000,
        after: str = "",
    ) -> list[Submission]:
        """Return submissions in these states, oldest first; of one account if it is named.

        With `after` those that come after the one with this identifier.
        """
        marks = ", ".join("?" * len(states))
        query = f"SELECT id FROM submission WHERE state IN ({marks})"
        values: list[object] = [*states]
        if submitter:
            query += " AND id IN (SELECT submission FROM submitter WHERE account = ?)"
            values.append(submitter)
        if after:
            query += " AND (received, id) > (SELECT received, id FROM submission WHERE id = ?)"
            values.append(after)
        query += " ORDER BY received, id LIMIT ?"
        with self._database.reading() as connection:
            rows = connection.execute(query, (*values, most)).fetchall()
            return [self._found(connection, id_) for (id_,) in rows]

    def events(self, after: int = 0, most: int = 1_000) -> list[Event]:
        """Return the events of all submissions after the one of that number, oldest first."""
        with self._database.reading() as connection:
            query = "SELECT * FROM event WHERE number > ? ORDER BY number LIMIT ?"
            return [event(row) for row in connection.execute(query, (after, most))]

    def latest(self, most: int) -> list[Event]:
        """Return the last so many events of all submissions, the newest first."""
        with self._database.reading() as connection:
            query = "SELECT * FROM event ORDER BY number DESC LIMIT ?"
            return [event(row) for row in connection.execute(query, (most,))]

    def told(self, actions: Sequence[Action], most: int) -> list[tuple[Event, str]]:
        """Return the last so many events of these kinds, the newest first.

        With each comes the slug of the article that the submission was about then.
        """
        marks = ", ".join("?" * len(actions))
        query = (
            "SELECT event.*, revision.slug FROM event JOIN revision"
            " ON revision.submission = event.submission AND revision.number = event.revision"
            f" WHERE action IN ({marks}) ORDER BY event.number DESC LIMIT ?"
        )
        with self._database.reading() as connection:
            rows = connection.execute(query, (*actions, most)).fetchall()
        return [(event(row[:-1]), str(row[-1])) for row in rows]

    def _require_room(self, connection: sqlite3.Connection) -> None:
        query = "SELECT count(*) FROM submission WHERE state IN (?, ?)"
        (number,) = connection.execute(query, tuple(OPEN)).fetchone()
        if number >= self._most:
            raise QueueFull(f"{number:,} submissions wait to be decided", "Try again later.")

    def _require(
        self, connection: sqlite3.Connection, id_: str, version: int, action: Action
    ) -> Submission:
        found = self._found(connection, id_)
        if found.state not in FROM[action]:
            raise Outdated(f"the submission is {found.state} by now", "Look at it again.")
        if found.version != version:
            raise Outdated("the submission has changed since you looked", "Look at it again.")
        return found

    def _add_revision(
        self,
        connection: sqlite3.Connection,
        id_: str,
        number: int,
        content: Content,
        article_digest: str,
        by: Account,
    ) -> None:
        article = content.article
        row = (
            *(id_, number, content.digest, content.slug, content.suffix, content.body),
            *((article.text, article.metadata) if article else (None, None)),
            *(article_digest, by.id, by.name, text(self._now())),
        )
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO revision VALUES ({marks})", row)

    def _add_event(
        self,
        connection: sqlite3.Connection,
        id_: str,
        action: Action,
        by: Account,
        revision: int,
        reason: str = "",
        shapes: str = "",
        file: str = "",
    ) -> None:
        row = (id_, action, text(self._now()), by.id, by.name, revision, reason, shapes, file)
        connection.execute("INSERT INTO event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        change = "UPDATE submission SET state = ?, version = version + 1 WHERE id = ?"
        connection.execute(change, (AFTER[action], id_))

    def _found(self, connection: sqlite3.Connection, id_: str) -> Submission:
        row = connection.execute("SELECT * FROM submission WHERE id = ?", (id_,)).fetchone()
        if row is None:
            raise CallError(f"there is no submission {id_[:40]}", "See: kgpub review --list")
        _, state, version, received = row
        accounts = connection.execute("SELECT account FROM submitter WHERE submission = ?", (id_,))
        revisions = connection.execute(
            "SELECT * FROM revision WHERE submission = ? ORDER BY number", (id_,)
        )
        events = connection.execute(
            "SELECT * FROM event WHERE submission = ? ORDER BY number", (id_,)
        )
        return Submission(
            id_,
            State(state),
            version,
            moment(received),
            frozenset(account for (account,) in accounts),
            tuple(map(revision, revisions)),
            tuple(map(event, events)),
        )
