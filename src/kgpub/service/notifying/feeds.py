"""`/feeds/review.atom` for reviewers, `/feeds/published.atom` for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Site
from kgpub.pages.submission_feed import MEDIA_TYPE, Entry, Feed, atom
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.http.headers import headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import origin_of
from kgpub.service.http.tags import is_fresh, tag_of
from kgpub.service.tokens.token import Scope
from kgpub.service.work import Work
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Action, Event

REVIEW, PUBLISHED = "/feeds/review.atom", "/feeds/published.atom"
_MOST = 50
_TYPE = f"{MEDIA_TYPE}; charset=utf-8"


@dataclass(frozen=True)
class Feeds:
    """The feeds of a queue; `public` is scheme and host as clients see them, "" to take theirs."""

    site: Site
    queue: Queue
    accounts: Accounts
    work: Work
    public: str = ""

    def routes(self) -> list[Route]:
        return [Route(REVIEW, self.review), Route(PUBLISHED, self.published)]

    async def review(self, request: Request) -> Response:
        """Answer with all that happens, to reviewers. Raises RequestError, StoreError."""
        self.accounts.admitted_to_feed(request, Scope.review)
        feed = self._feed(request, "review", REVIEW)
        origin = self.public or origin_of(request)

        def entry(event: Event, slug: str) -> Entry:
            link = f"{origin}/review/{quote(event.submission)}"
            who = event.by.name or event.by.id
            return _entry(event, slug, link, who, event.reason)

        content = await self.work.run(
            lambda _: atom(feed, [entry(*each) for each in self._events(tuple(Action))])
        )
        # It is for one reader: nobody on the way keeps it, and no tag tells of it.
        private = {"Cache-Control": "no-store", "Vary": "Authorization, Cookie, Accept-Language"}
        return Response(content, headers={**headers_of(_TYPE), **private}, media_type=_TYPE)

    async def published(self, request: Request) -> Response:
        """Answer with what was published, and nothing of by whom. Raises RequestError."""
        feed = self._feed(request, "published", PUBLISHED)
        origin = self.public or origin_of(request)

        def entry(event: Event, slug: str) -> Entry:
            iri = f"{self.site.base}article/{slug}"
            page = self.site.addresses.page(iri, feed.language)
            return _entry(event, slug, f"{origin}/{page}" if page else iri)

        content = await self.work.run(
            lambda _: atom(feed, [entry(*each) for each in self._events((Action.published,))])
        )
        headers = headers_of(_TYPE, "Accept-Language, Accept-Encoding")
        headers["ETag"] = tag_of(content.decode())
        if is_fresh(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=_TYPE)

    def _events(self, actions: Sequence[Action]) -> list[tuple[Event, str]]:
        return self.queue.told(actions, _MOST)

    def _feed(self, request: Request, name: str, path: str) -> Feed:
        wanted = request.query_params.get("lang", "")
        language = wanted if wanted in LANGUAGES else language_of(request)
        origin = self.public or origin_of(request)
        return Feed(self.site, language, name, f"{origin}{path}?lang={language}")


def _entry(event: Event, slug: str, link: str, by: str = "", reason: str = "") -> Entry:
    at = event.at.isoformat(timespec="seconds")
    return Entry(event.number, event.submission, event.action.value, at, slug, link, by, reason)
