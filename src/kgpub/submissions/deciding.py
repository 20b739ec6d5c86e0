"""Decisions about submissions, of those who have seen what they decide.

Whoever decides says which version of the submission they have seen, and which text of its article.
Where either is another by now, or the submission has become invalid since, nothing is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kgpub.errors import CallError
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Action, Content, Submission

MAX_REASON = 4_000
"""Characters of a reason."""


class Decision(StrEnum):
    """What whoever decides can say of a submission that waits."""

    accept = "accept"
    reject = "reject"
    ask_changes = "ask-changes"


_ACTIONS = {
    Decision.accept: Action.accepted,
    Decision.reject: Action.rejected,
    Decision.ask_changes: Action.asked_changes,
}


class ReasonMissing(CallError):
    """A decision needs a reason, which was not given."""


class Invalid(CallError):
    """What is to be accepted is not valid, or not any more."""


class ArticleChanged(CallError):
    """The text of the article is not the one that was seen."""


@dataclass(frozen=True)
class Found:
    """What checking a submission has found just now; see kgpub.submissions.checking.Checked."""

    accepted: bool
    article_digest: str
    shapes: str


@dataclass(frozen=True)
class Seen:
    """What whoever decides has seen: the version of the submission, the digest of the article.

    An `article` of "" stands for the text that the submission was written for.
    """

    version: int
    article: str = ""


def decide(
    queue: Queue,
    submission: Submission,
    seen: Seen,
    decision: Decision,
    by: Account,
    reason: str = "",
    found: Found | None = None,
) -> Submission:
    """Note a decision; when this returns, it is on disk. `found` is of this very submission.

    Contradictions prevent nothing. Raises ReasonMissing, Invalid, ArticleChanged, Outdated,
    StoreError; CallError for a reason that is too long, or to accept without `found`.
    """
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise CallError(f"the reason has more than {MAX_REASON:,} characters", "Say it shorter.")
    if decision is not Decision.accept:
        if not reason:
            raise ReasonMissing("a reason is needed", "Say why: the submitter reads it.")
        return queue.note(submission.id, seen.version, _ACTIONS[decision], by, reason=reason)
    shapes = _acceptable(submission, seen, found)
    return queue.note(
        submission.id, seen.version, Action.accepted, by, reason=reason, shapes=shapes
    )


def edit(
    queue: Queue, submission: Submission, seen: Seen, content: Content, by: Account, found: Found
) -> Submission:
    """Put what an editor has made of a submission in its place; it waits still.

    `found` is of `content`. Raises as `decide` does.
    """
    _acceptable(submission, seen, found)
    digest = found.article_digest
    return queue.revise(submission.id, seen.version, content, digest, by, Action.edited)


def _acceptable(submission: Submission, seen: Seen, found: Found | None) -> str:
    """Return the digest of the shapes. Raises Invalid, ArticleChanged."""
    if found is None:
        raise CallError("nothing is accepted that has not been checked")
    if not found.accepted:
        raise Invalid("the submission is not valid, or not any more", "Look at its report.")
    if found.article_digest != (seen.article or submission.revision.article_digest):
        message = "the text of the article has changed since you, or the submitter, looked"
        raise ArticleChanged(message, "Look at the words in it, and accept again.")
    return found.shapes
