"""Submissions of a workspace on the web: what checks them, where they are kept, their routes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from starlette.routing import Route

from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.submitting.checks import Checks
from kgpub.service.submitting.limits import DEFAULT_SUBMISSION_LIMITS, SubmissionLimits
from kgpub.service.submitting.rates import Rates
from kgpub.service.submitting.submissions import Submissions
from kgpub.service.submitting.validating import Validating
from kgpub.submissions.kept import Queue


@dataclass(frozen=True)
class Taking:
    """What takes submissions. `checks` is to be entered before it answers."""

    checks: Checks
    queue: Queue
    routes: tuple[Route, ...]


def taking_submissions(
    place: Workspace,
    accounts: Accounts,
    limits: SubmissionLimits = DEFAULT_SUBMISSION_LIMITS,
    number: int = 1,
) -> Taking:
    """Return what takes submissions of a workspace, as one of so many serving processes."""
    own = limits.shared(number)
    checks = Checks(place.root, place.generations.fingerprint, own)
    queue = Queue(place.root / STATE, lambda: datetime.now(UTC), most=limits.queued)
    validating = Validating(checks, Rates(own.per_minute, monotonic), own)
    submissions = Submissions(queue, checks, accounts, own)
    return Taking(checks, queue, (*validating.routes(), *submissions.routes()))
