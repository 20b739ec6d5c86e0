"""The routes of the query page and of its editor's files."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.messages import LANGUAGES
from kgpub.pages import query
from kgpub.pages.query import FIRST, Asked, Editor
from kgpub.pages.rendering import Frame, Site, Text
from kgpub.pages.words import words
from kgpub.query_editor.examples import chosen, example
from kgpub.query_editor.terms import terms
from kgpub.service.http.headers import FOR_EVER, PAGE_TYPE, headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.reading import parameters
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.query_page.assets import FOLDER, SCRIPT, Asset, assets, made
from kgpub.service.work import Clock, Work
from kgpub.store.named_queries import NamedQuery

PATH = "/query"
ASSETS = "/assets/query"
_GIVEN = "p-"
"""Begins the names of an example's parameters in the address, apart from the page's own."""


def query_routes(
    site: Site,
    prefixes: Mapping[str, str],
    saved: Callable[[], Sequence[NamedQuery]],
    endpoint: str = "sparql",
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock = time.monotonic,
    folder: Path = FOLDER,
) -> list[Route]:
    """Return the routes of the page and its files, which are read from `folder` once.

    `saved` reads the examples, in a thread, for each request. `endpoint` is the address of what
    answers queries, from the root; `prefixes` are those that it knows without declaration.
    """
    files = dict(assets(folder))
    if files:
        # Apart for each language: a text in all of them would be three times as long.
        for language in LANGUAGES:
            files[_terms_name(language)] = made(terms(language), "application/json")
    page = _Page(site, prefixes, saved, endpoint, limits, Work(limits, clock), files)
    return [Route(PATH, page.answer), Route(f"{ASSETS}/{{name}}", page.asset)]


@dataclass(frozen=True)
class _Page:
    site: Site
    prefixes: Mapping[str, str]
    saved: Callable[[], Sequence[NamedQuery]]
    endpoint: str
    limits: Limits
    work: Work
    files: Mapping[str, Asset] = field(repr=False)

    async def answer(self, request: Request) -> Response:
        """Answer with the page. Raises RequestError for parameters that cannot be read."""
        given = await parameters(request, self.limits)
        wanted = given.get("lang", "")
        language = wanted if wanted in LANGUAGES else language_of(request)
        content = await self.work.run(lambda _: self._html(given, language).encode())
        headers = headers_of(PAGE_TYPE, "Accept-Language, Accept-Encoding")
        return made(content, PAGE_TYPE).answer(request, headers)

    def _html(self, given: Mapping[str, str], language: str) -> str:
        frame = Frame(
            self.site,
            language,
            PATH[1:],
            languages={
                each: f"{PATH[1:]}?{urlencode({**given, 'lang': each})}" for each in LANGUAGES
            },
            styles=(query.STYLE,),
        )
        asked = self._asked(given, language)
        return query.html(frame, asked, self._editor(language), self.prefixes, self.endpoint)

    def _editor(self, language: str) -> Editor | None:
        if SCRIPT not in self.files:
            return None
        return Editor(self._address(SCRIPT), self._address(_terms_name(language)))

    def _address(self, name: str) -> str:
        return f"{ASSETS[1:]}/{name}?v={self.files[name].digest}"

    def _asked(self, given: Mapping[str, str], language: str) -> Asked:
        saved = {each.name: each for each in self.saved()}
        examples = [example(each, language) for each in saved.values()]
        name = given.get("example", "")
        if name in saved:
            values = {
                key.removeprefix(_GIVEN): value
                for key, value in given.items()
                if key.startswith(_GIVEN)
            }
            found = chosen(saved[name], values, self.prefixes, language)
            return Asked(found.text, examples, name, found.fields, found.problem)
        text = given.get("query", "") or FIRST
        if not name:
            return Asked(text, examples)
        problem = Text(words(language)["query-no-such-example"], language)
        return Asked(text, examples, problem=problem)

    async def asset(self, request: Request) -> Response:
        """Answer with a file of the editor."""
        found = self.files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        headers = headers_of(found.media_type)
        if request.query_params.get("v") == found.digest:
            headers["Cache-Control"] = FOR_EVER
        return found.answer(request, headers)


def _terms_name(language: str) -> str:
    return f"terms.{language}.json"
