"""The tables of the queue, and their rows as what they stand for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from kgpub.submissions.submission import Account, Action, Article, Content, Event, Revision

VERSION = 1
_TABLES = """
CREATE TABLE submission (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL, received TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX submission_by_state ON submission (state, received);
CREATE TABLE submitter (
  submission TEXT NOT NULL REFERENCES submission, account TEXT NOT NULL,
  PRIMARY KEY (submission, account)
) WITHOUT ROWID;
CREATE INDEX submitter_by_account ON submitter (account);
CREATE TABLE revision (
  submission TEXT NOT NULL REFERENCES submission, number INTEGER NOT NULL,
  digest TEXT NOT NULL UNIQUE, slug TEXT NOT NULL, suffix TEXT NOT NULL, body BLOB NOT NULL,
  text BLOB, metadata BLOB, article TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY (submission, number)
);
CREATE TABLE event (
  number INTEGER PRIMARY KEY AUTOINCREMENT, submission TEXT NOT NULL REFERENCES submission,
  action TEXT NOT NULL, at TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
  revision INTEGER NOT NULL, reason TEXT NOT NULL, shapes TEXT NOT NULL, file TEXT NOT NULL
);
CREATE INDEX event_by_submission ON event (submission);
CREATE TRIGGER event_stays BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, 'events are not changed'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, 'events are not removed'); END;
"""


def statements() -> Iterator[str]:
    """Yield what makes the tables; `executescript` would end the transaction."""
    statement = ""
    for line in _TABLES.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def text(at: datetime) -> str:
    """Return a moment as it is kept."""
    return at.isoformat(timespec="microseconds")


def moment(kept: str) -> datetime:
    """Return the moment that `text` wrote."""
    return datetime.fromisoformat(kept)


def revision(row: tuple[object, ...]) -> Revision:
    """Return a row of the table `revision`."""
    _, number, _, slug, suffix, body, words, metadata, article, account, name, at = row
    assert isinstance(body, bytes) and isinstance(number, int)
    own = None
    if isinstance(words, bytes) and isinstance(metadata, bytes):
        own = Article(words, metadata)
    content = Content(str(slug), str(suffix), body, own)
    return Revision(
        number, content, str(article), Account(str(account), str(name)), moment(str(at))
    )


def event(row: tuple[object, ...]) -> Event:
    """Return a row of the table `event`."""
    number, submission, action, at, account, name, revision, reason, shapes, file = row
    assert isinstance(number, int) and isinstance(revision, int)
    by = Account(str(account), str(name))
    words = str(reason), str(shapes), str(file)
    return Event(
        number, str(submission), Action(str(action)), moment(str(at)), by, revision, *words
    )
