"""The page on which facts are written, of a workspace that the command itself serves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.service.review_served import token
from tests.service.served import make_workspace
from tests.service.whole_served import whole

ARTICLE = "example"
FACTS = """\
article: example
# Who has been elected.
people:
  layla-hasan: {name: {ar: ليلى حسن, en: Layla Hasan}}
offices:
  mayor-of-al-waha: {name: {ar: رئيس بلدية الواحة, en: Mayor of Al-Waha}}
statements:
  - words: المهندسة ليلى حسن رئيسة للبلدية
    asserts:
      - {type: Tenure, person: layla-hasan, office: mayor-of-al-waha}
"""
"""About the example that comes with kgpub."""


@dataclass(frozen=True)
class Place:
    """A server that takes submissions, and who may submit."""

    origin: str
    root: Path
    token: str

    def queued(self) -> list[tuple[str, str, str, str | None]]:
        """What is in the queue, read by SQLite alone: state, article, facts, text of the article.

        Of what was revised it is the last.

        Each in the order in which it came.
        """
        path = self.root / ".kgpub/submissions.sqlite"
        if not path.exists():
            return []
        query = (
            "SELECT state, slug, body, text FROM submission JOIN revision"
            " ON revision.submission = submission.id WHERE number ="
            " (SELECT max(number) FROM revision WHERE submission = submission.id)"
            " ORDER BY received"
        )
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            rows = connection.execute(query).fetchall()
        finally:
            connection.close()
        return [
            (state, slug, body.decode(), None if text is None else text.decode())
            for state, slug, body, text in rows
        ]


@contextmanager
def place(root: Path, **settings: str) -> Iterator[Place]:
    """Serve a workspace of its own below `root`."""
    made = make_workspace(root / "workspace")
    submitter = token(made.root, "Sami", "submit")
    bounds = {"submissions": "true", "submission_limits_per_minute": "100000"}
    with whole(made.root, **{**bounds, **settings}) as served:
        yield Place(served.origin, made.root, submitter)
