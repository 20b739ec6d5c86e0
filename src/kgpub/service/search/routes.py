"""The routes of the search: a page at `/search`, and the same as JSON at `/api/search`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.errors import StoreError
from kgpub.messages import LANGUAGES
from kgpub.pipeline.cache import software_digest
from kgpub.search.found import Found, Section
from kgpub.search.query import parsed
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http.codings import coding_of, shortened
from kgpub.service.http.headers import PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import origin_of, parameters, whole_number
from kgpub.service.http.tags import is_fresh, tag_of
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.search.answers import Pages, answer
from kgpub.service.search.builds import Index, Indexes
from kgpub.service.search.searching import Asked, search
from kgpub.service.search.showing import shown
from kgpub.service.work import Clock, Deadline, Work

PATH, API = "/search", "/api/search"
JSON = "application/json"
COUNTS: Mapping[Section, int] = {
    Section.entities: 8,
    Section.statements: 8,
    Section.articles: 4,
}
"""How much of each section stands on the page of all."""
PER_PAGE = 20
MAX_PER_PAGE = 50
MAX_FIRST = 1_000
"""How far into what was found one may look."""
_KNOWN = frozenset(("q", "lang", "in", "from", "limit"))


def search_routes(
    indexes: Indexes,
    public: str = "",
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
) -> list[Route]:
    """Return the routes; `indexes` is to be entered before they answer.

    `public` is scheme and host as clients see them, "" for what requests say.
    """
    routes = _Routes(indexes, Work(limits, clock), public, limits)
    return [Route(PATH, routes.page), Route(API, routes.api)]


@dataclass(frozen=True)
class _Wanted:
    """What a request asks for. `section` is None for all of them, `limit` is per section."""

    text: str
    language: str
    section: Section | None
    first: int
    limit: int

    def asked(self) -> Asked:
        """Return it as a search takes it."""
        if self.section is None:
            counts = {each: min(count, self.limit) for each, count in COUNTS.items()}
            return Asked(parsed(self.text), self.language, counts)
        counts = {self.section: self.limit}
        return Asked(parsed(self.text), self.language, counts, self.first)

    @property
    def parts(self) -> tuple[str, ...]:
        """All that an answer depends on."""
        section = "" if self.section is None else self.section.value
        return (self.text, self.language, section, str(self.first), str(self.limit))


@dataclass(frozen=True)
class _Routes:
    indexes: Indexes
    work: Work
    public: str
    limits: Limits

    async def page(self, request: Request) -> Response:
        """Answer with a page. Parameters that make no sense count as not given."""
        given = await parameters(request, self.limits)
        named = given.get("lang", "")
        language = named if named in LANGUAGES else language_of(request)
        section = next((each for each in Section if each.value == given.get("in")), None)
        text = given.get("from", "")
        is_number = text.isascii() and text.isdecimal() and len(text) < 10
        first = whole_number(text, "from", MAX_FIRST) if is_number else 0
        wanted = _Wanted(given.get("q", ""), language, section, first, PER_PAGE)
        headers = headers_of(PAGE_TYPE, "Accept-Language, Accept-Encoding")

        def told(found: Found | None) -> str:
            site = self.indexes.site
            return shown(site, language, wanted.text, found, wanted.section, PER_PAGE)

        return await self._answered(request, wanted, told, PAGE_TYPE, headers)

    async def api(self, request: Request) -> Response:
        """Answer in JSON. Raises RequestError."""
        given = await parameters(request, self.limits)
        unknown = sorted(given.keys() - _KNOWN)
        if unknown:
            raise RequestError(
                400, "there is an unknown parameter", f"Parameters: {', '.join(sorted(_KNOWN))}."
            )
        wanted = _wanted(given)
        base = (self.public or origin_of(request)) + "/"
        headers = headers_of(JSON, "Accept-Encoding")

        def told(found: Found | None) -> str:
            if found is None:
                raise RequestError(
                    503, "the search is being prepared", "Try again in some seconds."
                )
            pages = Pages(self.indexes.site.addresses, wanted.language, base)
            return json.dumps(answer(found, pages), ensure_ascii=False)

        return await self._answered(request, wanted, told, JSON, headers, base)

    async def _answered(
        self,
        request: Request,
        wanted: _Wanted,
        told: Callable[[Found | None], str],
        content_type: str,
        headers: Mapping[str, str],
        base: str = "",
    ) -> Response:
        index = self.indexes.current
        if index is None:
            content = told(None)
            late = {**headers, "Cache-Control": "no-store", **RETRY}
            return Response(content, 503, late, content_type)

        def tag(build: str) -> str:
            return tag_of(software_digest(), content_type, build, base, *wanted.parts)

        if is_fresh(request, tag(index.build)):
            return Response(status_code=304, headers={**headers, "ETag": tag(index.build)})
        name = coding_of(request)

        def call(deadline: Deadline) -> Response:
            found = self._found(wanted.asked(), deadline)
            content, coding = shortened(told(found).encode(), name)
            sent = {**headers, "ETag": tag(found.build)}
            if coding:
                sent["Content-Encoding"] = coding
            return Response(content, headers=sent, media_type=content_type)

        return await self.work.run(call)

    def _found(self, asked: Asked, deadline: Deadline) -> Found:
        """Search the current index; where it is replaced just then, the one that follows."""
        index = self.indexes.current
        assert index is not None  # there was one before
        try:
            return _in(index, asked, deadline)
        except StoreError:
            following = self.indexes.current
            if following is None or following is index:
                raise
            return _in(following, asked, deadline)


def _in(index: Index, asked: Asked, deadline: Deadline) -> Found:
    with index.reading(deadline) as connection:
        return search(connection, index.build, asked)


def _wanted(given: Mapping[str, str]) -> _Wanted:
    """Read the parameters of the API. Raises RequestError."""
    if "q" not in given:
        raise RequestError(400, "q is missing", "Say in q what to look for.")
    language = given.get("lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise RequestError(400, "lang is no language of the interface", f"{', '.join(LANGUAGES)}.")
    section = None
    if "in" in given:
        section = next((each for each in Section if each.value == given["in"]), None)
        if section is None:
            named = ", ".join(each.value for each in Section)
            raise RequestError(400, "in is no section of the answer", f"Sections: {named}.")
    first = whole_number(given.get("from", "0"), "from", MAX_FIRST)
    limit = whole_number(given.get("limit", str(PER_PAGE)), "limit", MAX_PER_PAGE)
    if first and section is None:
        raise RequestError(400, "from is given without in", "Say in `in` what is counted.")
    return _Wanted(given["q"], language, section, first, limit)
