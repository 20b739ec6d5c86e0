"""The routes of the page on which facts are written, and of what its script reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.documents.build import Build
from kgpub.errors import StoreError
from kgpub.messages import LANGUAGES
from kgpub.model.slug import is_slug
from kgpub.pages import submit
from kgpub.pages.rendering import Frame
from kgpub.pages.submit import Places, Writer
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.editing.articles import listed, told
from kgpub.service.editing.described import (
    ARTICLES,
    MAX_FIRST,
    MAX_PER_PAGE,
    MAX_WORDS,
    PER_PAGE,
    SCHEMAS,
)
from kgpub.service.editing.schemas import NAMES, name_in, schema
from kgpub.service.errors import RETRY, RequestError
from kgpub.service.http.codings import coding_of, shortened
from kgpub.service.http.headers import DATA, FOR_EVER, FRESH, PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import parameters, whole_number
from kgpub.service.http.tags import is_fresh, tag_of
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.linked_data.builds import Builds
from kgpub.service.query_page.assets import Asset, assets
from kgpub.service.submitting.answers import route
from kgpub.service.work import Deadline, Work

PATH = "/submit"
ASSETS = "/assets/submit"
FOLDER = Path(__file__).with_name("assets")
SCRIPT = "submit.js"
_KNOWN = frozenset(("q", "from", "limit"))


@dataclass(frozen=True)
class Editing:
    """The page, the articles, the schemas and the files of the editor."""

    builds: Builds
    work: Work
    accounts: Accounts
    limits: Limits = DEFAULT_LIMITS
    folder: Path = FOLDER
    files: Mapping[str, Asset] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", assets(self.folder, SCRIPT))

    def routes(self) -> list[Route]:
        """Return the routes; those of linked data take all that is left."""
        return [
            Route(PATH, self.page),
            route(ARTICLES, {"GET": self.articles}),
            route(f"{ARTICLES}/{{slug}}", {"GET": self.article}),
            route(f"{SCHEMAS}/{{name}}", {"GET": self.schema}),
            route(f"{ASSETS}/{{name}}", {"GET": self.asset}),
        ]

    async def page(self, request: Request) -> Response:
        """Answer with the page. Raises RequestError for parameters that cannot be read."""
        given = await parameters(request, self.limits)
        wanted = given.get("lang", "")
        language = wanted if wanted in LANGUAGES else language_of(request)
        slug = given.get("article", "")
        kept = {"article": slug} if is_slug(slug) else {}
        writer = self._writer(request)
        content = await self.work.run(lambda _: self._html(kept, language, writer).encode())
        # It tells who is signed in.
        headers = {**headers_of(PAGE_TYPE, ""), "Cache-Control": "no-store"}
        content, coding = shortened(content, coding_of(request))
        if coding:
            headers["Content-Encoding"] = coding
        return Response(content, headers=headers, media_type=PAGE_TYPE)

    def _writer(self, request: Request) -> Writer:
        holder = self.accounts.signed_in(request)
        name = None if holder is None else holder.account.name
        return Writer(self.accounts.sign_in(request), name, self.accounts.form_token(request))

    def _html(self, kept: Mapping[str, str], language: str, writer: Writer) -> str:
        frame = Frame(
            self.builds.site,
            language,
            PATH[1:],
            languages={
                each: f"{PATH[1:]}?{urlencode({**kept, 'lang': each})}" for each in LANGUAGES
            },
            styles=submit.STYLES,
        )
        places = Places(
            articles=ARTICLES[1:],
            schema=f"{SCHEMAS[1:]}/{name_in(language)}",
            validate="api/validate",
            submissions="api/submissions",
        )
        script = f"{ASSETS[1:]}/{SCRIPT}?v={self.files[SCRIPT].digest}" if self.files else None
        return submit.html(frame, script, places, writer)

    async def articles(self, request: Request) -> Response:
        """List what is published, by the words of titles. Raises RequestError."""
        given = await parameters(request, self.limits)
        if given.keys() - _KNOWN:
            raise RequestError(400, "there is an unknown parameter", "Known: q, from, limit.")
        text = given.get("q", "")
        if len(text) > MAX_WORDS:
            raise RequestError(400, f"q has more than {MAX_WORDS} characters")
        first = _number(given, "from", 0, MAX_FIRST)
        limit = _number(given, "limit", PER_PAGE, MAX_PER_PAGE)
        parts = (ARTICLES, text, str(first), str(limit))

        def found(build: Build, deadline: Deadline) -> dict[str, Any]:
            return listed(build, text, first, limit, deadline)

        return await self._answered(request, parts, found)

    async def article(self, request: Request) -> Response:
        """Answer with an article and its text. Raises RequestError."""
        slug = request.path_params["slug"]

        def found(build: Build, _: Deadline) -> dict[str, Any]:
            article = told(build, slug)
            if article is None:
                raise RequestError(404, "no such article is published", f"See {ARTICLES}.")
            return article

        return await self._answered(request, (ARTICLES, slug), found)

    async def _answered(
        self,
        request: Request,
        parts: tuple[str, ...],
        call: Callable[[Build, Deadline], dict[str, Any]],
    ) -> Response:
        """Answer with what `call` finds in a thread; `parts` are what it depends on, of a build."""
        headers = {**DATA, "Vary": "Accept-Encoding", "Cache-Control": FRESH}
        try:
            build = await self.work.run(lambda _: self.builds.current())
            headers["ETag"] = tag_of(build.version, *parts)
            if is_fresh(request, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            name = coding_of(request)

            def made(deadline: Deadline) -> tuple[bytes, str]:
                content = json.dumps(call(build, deadline), ensure_ascii=False).encode()
                return shortened(content, name)

            content, coding = await self.work.run(made)
        except StoreError as error:
            message = "what is published cannot be read at the moment"
            raise RequestError(503, message, "Try again later.", headers=RETRY) from error
        if coding:
            headers["Content-Encoding"] = coding
        return Response(content, headers=headers, media_type="application/json")

    async def schema(self, request: Request) -> Response:
        """Answer with a JSON Schema. Raises RequestError."""
        name = request.path_params["name"]
        if name not in NAMES:
            remedy = f"There are {', '.join(NAMES)}."
            raise RequestError(404, "there is no such schema", remedy)
        found = await self.work.run(lambda _: schema(name))
        headers = {**DATA, "Vary": "Accept-Encoding", "Cache-Control": FRESH}
        return found.answer(request, headers)

    async def asset(self, request: Request) -> Response:
        """Answer with a file of the editor. Raises RequestError."""
        found = self.files.get(request.path_params["name"])
        if found is None:
            raise RequestError(404, "there is no such file")
        headers = headers_of(found.media_type)
        if request.query_params.get("v") == found.digest:
            headers["Cache-Control"] = FOR_EVER
        return found.answer(request, headers)


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a parameter that is a whole number, `most` at most. Raises RequestError."""
    if name not in given:
        return default
    number = whole_number(given[name], name, most + 1)
    if number > most:
        raise RequestError(400, f"{name}: is more than {most:,}", "Ask for less.")
    return number
