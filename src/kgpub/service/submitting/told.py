"""A submission of the queue as programs are told of it."""

from __future__ import annotations

from typing import Any

from kgpub.service.accounts.accounts import Holder
from kgpub.service.tokens.token import Scope
from kgpub.submissions.submission import Event, Submission

PATH = "/api/submissions"

Json = dict[str, Any]


def tag_of(submission: Submission) -> str:
    """Return the entity tag of a submission as it stands."""
    return f'"{submission.version}"'


def is_author(submission: Submission, holder: Holder) -> bool:
    """Whether it was this account that sent the submission first.

    Others who have sent the same are among the submitters, and do not decide what becomes of it.
    """
    return submission.revisions[0].by.id == holder.account.id


def may_see(submission: Submission, holder: Holder) -> bool:
    """Whether an account may know that there is this submission."""
    return holder.account.id in submission.submitters or Scope.review in holder.scopes


def may_read(submission: Submission, holder: Holder) -> bool:
    """Whether an account may read what has become of the content, and why."""
    return is_author(submission, holder) or Scope.review in holder.scopes


def described(submission: Submission, holder: Holder) -> Json:
    """Describe a submission to an account that may see it."""
    address = f"{PATH}/{submission.id}"
    content = submission.revision.content
    told: Json = {
        "id": submission.id,
        "state": submission.state.value,
        "version": submission.version,
        "received": submission.received.isoformat(),
        "article": content.slug,
        "url": address,
    }
    if not may_read(submission, holder):
        return told
    names = Scope.review in holder.scopes
    return {
        **told,
        "revision": submission.revision.number,
        "hasArticle": content.article is not None,
        "reportUrl": f"{address}/report",
        "contentUrl": f"{address}/content",
        "events": [_event(each, names) for each in submission.events],
    }


def _event(event: Event, names: bool) -> Json:
    """Describe what was done; by whom only those are told who decide themselves."""
    told: Json = {
        "action": event.action.value,
        "at": event.at.isoformat(),
        "revision": event.revision,
    }
    more = {"reason": event.reason, "shapes": event.shapes, "file": event.file}
    told |= {key: value for key, value in more.items() if value}
    return {**told, "by": event.by.name} if names else told
