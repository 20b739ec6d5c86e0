"""The stream of records as tasks of much the same size, in which each article is once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from kgpub.batch.record import Origin, Record, Unread
from kgpub.batch.reports import report
from kgpub.batch.shard import Rules, Task
from kgpub.errors import OutputError, Place, Problem
from kgpub.messages import Message
from kgpub.store.durable import remove

RECORDS = 256
BYTES = 8 * 1024 * 1024
"""Of one task at most, though a single record may have more."""


_ARTICLES = "articles.sqlite"


def origins(folder: Path) -> Callable[[str], Origin]:
    """Return what tells where the article of a slug was read, once all were taken in `folder`."""

    def of(slug: str) -> Origin:
        query = "SELECT source, line FROM articles WHERE slug = ?"
        with closing(sqlite3.connect(folder / _ARTICLES)) as known:
            row = known.execute(query, (slug,)).fetchone()
        return Origin(*row) if row else Origin(slug)

    return of


class Taking:
    """Takes records as they come; `tasks` is drawn once."""

    def __init__(self, folder: Path, rules: Rules, refuse: Callable[[bytes], None]) -> None:
        """Files of its own lie in `folder`; `refuse` takes the reports on what is no record."""
        self._folder = folder
        self._rules = rules
        self._refuse = refuse
        self.taken = 0
        self.refused = 0
        self.names: list[str] = []
        """The shards of the tasks, in order."""

    def tasks(self, read: Iterable[Record | Unread]) -> Iterator[Task]:
        """Yield the tasks. Raises OutputError where the disk does not take which articles were."""
        path = self._folder / _ARTICLES
        remove(path)
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as known:
                # It is made anew each time: what a crash leaves of it is of no use.
                known.execute("PRAGMA synchronous = OFF")
                known.execute("PRAGMA journal_mode = OFF")
                known.execute(
                    "CREATE TABLE articles (slug TEXT PRIMARY KEY, source TEXT, line INT) "
                    "WITHOUT ROWID"
                )
                for some in self._portions(self._each_once(read, known)):
                    task = Task(tuple(some), self._rules, self._folder)
                    self.names.append(task.name)
                    yield task
        except sqlite3.OperationalError as error:
            raise OutputError(f"{path}: cannot be written: {error}") from error

    def _each_once(
        self, read: Iterable[Record | Unread], known: sqlite3.Connection
    ) -> Iterator[Record]:
        for each in read:
            self.taken += 1
            if isinstance(each, Unread):
                self._set_aside(each.origin, each.slug, each.problems)
                continue
            row = (each.slug, each.origin.source, each.origin.line)
            try:
                known.execute("INSERT INTO articles VALUES (?, ?, ?)", row)
                yield each
            except sqlite3.IntegrityError:
                query = "SELECT source, line FROM articles WHERE slug = ?"
                first = Origin(*known.execute(query, (each.slug,)).fetchone())
                message = Message("article-again", article=each.slug, place=str(first))
                place = Place(f"articles/{each.slug}")
                told = Problem(place, message, Message("article-again-remedy"))
                self._set_aside(each.origin, each.slug, (told,))

    def _set_aside(self, origin: Origin, slug: str, problems: tuple[Problem, ...]) -> None:
        self.refused += 1
        self._refuse(report(origin, slug, problems, None))

    @staticmethod
    def _portions(records: Iterable[Record]) -> Iterator[list[Record]]:
        some: list[Record] = []
        size = 0
        for each in records:
            if some and size + each.size > BYTES:
                yield some
                some, size = [], 0
            some.append(each)
            size += each.size
            if len(some) == RECORDS:
                yield some
                some, size = [], 0
        if some:
            yield some
