"""What a server needs so that submissions are reviewed and published."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.routing import Route

from kgpub.pages.rendering import Site
from kgpub.pipeline.workspace import Workspace
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.reviewing.decisions import Decisions
from kgpub.service.reviewing.publication import Publication
from kgpub.service.reviewing.reviews import Reviews
from kgpub.service.reviewing.routes import Reviewing
from kgpub.service.submitting.checks import Checks
from kgpub.service.work import Work
from kgpub.submissions.kept import Queue
from kgpub.submissions.publishing import Publisher


@dataclass(frozen=True)
class Reviewed:
    """What shows and decides. `publication` is to be entered while it answers."""

    publication: Publication
    routes: tuple[Route, ...]


def reviewing_submissions(
    place: Workspace,
    site: Site,
    queue: Queue,
    checks: Checks,
    accounts: Accounts,
    work: Work,
) -> Reviewed:
    """Return what reviews and publishes the submissions in `queue`; `work` renders pages."""
    publication = Publication(place.root, queue, Publisher(place, queue))
    reviews = Reviews(queue, checks, publication)
    pages, programs = Reviewing(site, reviews, accounts, work), Decisions(reviews, accounts)
    return Reviewed(publication, (*programs.routes(), *pages.routes()))
