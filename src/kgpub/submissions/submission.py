"""What is submitted, by whom, and what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a submission stands.

    Those that are accepted become files and are built; what cannot be built waits again.
    """

    waiting = "waiting"
    changes_asked = "changes-asked"
    accepted = "accepted"
    published = "published"
    rejected = "rejected"
    withdrawn = "withdrawn"


class Action(StrEnum):
    """What somebody does with a submission, or the server (`published`, `refused`)."""

    received = "received"
    revised = "revised"
    asked_changes = "asked-changes"
    edited = "edited"
    accepted = "accepted"
    rejected = "rejected"
    withdrawn = "withdrawn"
    published = "published"
    refused = "refused"


@dataclass(frozen=True)
class Account:
    """Who does something: `id` tells them from all others, `name` is shown."""

    id: str
    name: str


SERVER = Account("server", "kgpub")
"""Who publishes what was accepted."""


@dataclass(frozen=True)
class Article:
    """An article that is submitted with its facts: its text as UTF-8, and `article.yaml`."""

    text: bytes
    metadata: bytes


@dataclass(frozen=True)
class Content:
    """A submission as it was sent: `body` is the content of a file.

    `suffix` tells its format: `.yaml`, `.json`, `.jsonld`; of CSV what its rows are as well:
    `people.csv`. `slug` is that of the article which it is about; `article` is None for one that
    the workspace has.
    """

    slug: str
    suffix: str
    body: bytes
    article: Article | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of all of it, in hexadecimal: what is sent twice is the same submission."""
        parts = [self.slug.encode(), self.suffix.encode(), self.body]
        if self.article is not None:
            parts += [self.article.text, self.article.metadata]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


@dataclass(frozen=True)
class Revision:
    """One state of a submission's content; `number` counts from 1.

    `article_digest` is the SHA-256, in hexadecimal, of the article's text that it was written for.
    """

    number: int
    content: Content
    article_digest: str
    by: Account
    at: datetime


@dataclass(frozen=True)
class Event:
    """What was done with a submission; `number` counts those of all submissions.

    `revision` is the number of the revision that it was done with, `shapes` the digest of the
    shapes that this was validated with, "" where that does not apply. `reason` is in the words
    of whoever did it. `file` is where it was published, relative to the workspace.
    """

    number: int
    submission: str
    action: Action
    at: datetime
    by: Account
    revision: int
    reason: str = ""
    shapes: str = ""
    file: str = ""


@dataclass(frozen=True)
class Submission:
    """A submission in the queue.

    `version` grows with each change: whoever decides says which one they have seen.
    `submitters` are the identifiers of accounts that have sent it.
    """

    id: str
    state: State
    version: int
    received: datetime
    submitters: frozenset[str]
    revisions: Sequence[Revision]
    events: Sequence[Event]

    @property
    def revision(self) -> Revision:
        """The last one."""
        return self.revisions[-1]
