"""Everything that answers behind an IRI of a workspace, and the pages around it, as routes."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kgpub.documents.build import Build
from kgpub.documents.documents import Document, content_of, is_list
from kgpub.documents.forms import DATA, PAGE, content_type_of
from kgpub.documents.retracted import is_gone
from kgpub.pages.addresses import HTML, relative
from kgpub.pages.home import DATASET
from kgpub.service.errors import RequestError
from kgpub.service.http.codings import coding_of
from kgpub.service.http.headers import headers_of
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.tags import is_fresh, tag_of
from kgpub.service.linked_data.answers import Sent, elsewhere, not_modified, refused
from kgpub.service.linked_data.assets import asset_route
from kgpub.service.linked_data.builds import Builds
from kgpub.service.linked_data.dumps import Dumps
from kgpub.service.linked_data.kept import Kept, Key
from kgpub.service.linked_data.links import alternates_of, links_of
from kgpub.service.linked_data.missing import missing
from kgpub.service.linked_data.negotiation import form_of
from kgpub.service.linked_data.places import Thing, document_at, thing_at
from kgpub.service.linked_data.requested import address_of
from kgpub.service.work import Work

_ROBOTS = """User-agent: *
Disallow: /sparql
Disallow: /search
Disallow: /api/
Disallow: /reconcile
"""
_VARY = "Accept, Accept-Language"
_KEPT = 32 * 2**20
"""Bytes of documents that are kept."""


@dataclass(frozen=True)
class LinkedData:
    """The pages and documents of a workspace. Raises nothing: what is wrong is an answer.

    Lists have threads of their own, `lists`: to sort one takes seconds, the first time after each
    build, and no other document is to wait for that.
    """

    builds: Builds
    dumps: Dumps
    work: Work
    lists: Work
    kept: Kept = field(default_factory=lambda: Kept(_KEPT))

    def routes(self) -> list[Route]:
        """Return the routes. The last takes every address that no route before it takes."""
        return [
            asset_route(),
            *self.dumps.routes(),
            Route("/robots.txt", robots),
            Route("/.well-known/void", self.catalogue),
            Route("/{path:path}", self.answer),
        ]

    async def answer(self, request: Request) -> Response:
        """Answer for whatever stands at the address."""
        try:
            address = address_of(request)
            build = self.builds.kept()
            if build is None:
                build = await self.work.run(lambda _: self.builds.current())
            kept = self.kept.get(Key(build.version, address, coding_of(request)))
            if kept is not None:
                if is_fresh(request, kept.tag):
                    return not_modified(kept.tag, kept.content_type)
                return kept.response()
            return await self._found(request, build, address)
        except RequestError as error:
            return refused(error)

    async def catalogue(self, request: Request) -> Response:
        """Lead to the description of the dataset (VoID, section 6.3)."""
        try:
            site = self.builds.site
            dataset = site.base + DATASET
            thing = Thing(
                dataset, (PAGE, *DATA), lambda each: site.addresses.document(dataset, each)
            )
            return _described_elsewhere(request, thing, address_of(request))
        except RequestError as error:
            return refused(error)

    async def _found(self, request: Request, build: Build, address: str) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        found, has_gone = await self.work.run(lambda _: _standing(build, address, query))
        if found is not None and has_gone:
            return await self._gone(request, build, found) or missing(request, build.site, address)
        if isinstance(found, Thing):
            return _described_elsewhere(request, found, address)
        if found is not None:
            return await self._document(request, build, found, address)
        return missing(request, build.site, address)

    async def _gone(
        self, request: Request, build: Build, found: Thing | Document
    ) -> Response | None:
        """Say why something is gone (RFC 9110, section 15.5.11), in the form of the document."""
        page = f".{language_of(request)}{HTML}"
        if isinstance(found, Thing):
            form = form_of(request, found.offered)
            ending, vary = page if form is PAGE else form.ending, _VARY
        else:
            ending = page if found.ending == HTML else found.ending
            vary = "Accept-Language" if found.ending == HTML else ""
        told = Document(found.iri, ending, "")
        content = await self.work.run(lambda _: content_of(build, told, self.dumps.downloads))
        if content is None:
            return None
        media_type = content_type_of(ending)
        return Response(content.body, 410, headers_of(media_type, vary), media_type)

    async def _document(
        self, request: Request, build: Build, document: Document, address: str
    ) -> Response:
        if document.ending == HTML:
            target = document.address.removesuffix(HTML) + f".{language_of(request)}{HTML}"
            return elsewhere(relative(target, address), "Accept-Language")
        if document.address != address:
            return elsewhere(relative(document.address, address), "")
        content_type = content_type_of(document.ending)
        tag, coding = tag_of(build.version, address), coding_of(request)
        if is_fresh(request, tag):
            return not_modified(tag, content_type)

        def made() -> Sent | None:
            content = content_of(build, document, self.dumps.downloads)
            if content is None:
                return None
            links = links_of(build, document, content.is_whole)
            return Sent.coded(content.body, content_type, tag, links, coding)

        work = self.lists if is_list(build, document) else self.work
        sent = await work.run(lambda _: made())
        if sent is None:
            return missing(request, build.site, address)
        self.kept.put(Key(build.version, address, coding), sent)
        return sent.response()


async def robots(request: Request) -> Response:
    """Tell crawlers to read pages and to ask no questions (RFC 9309)."""
    return PlainTextResponse(_ROBOTS, headers=headers_of("text/plain"))


def _standing(build: Build, address: str, query: str) -> tuple[Thing | Document | None, bool]:
    """Return what stands at an address, and whether that is gone as it was retracted."""
    found = thing_at(build, address, query) or document_at(build, address)
    return found, found is not None and is_gone(build, found.iri)


def _described_elsewhere(request: Request, thing: Thing, address: str) -> Response:
    """Lead to the document of a thing that the client prefers."""
    form = form_of(request, thing.offered)
    ending = f".{language_of(request)}{HTML}" if form is PAGE else form.ending
    target = thing.address(ending)
    if target is None:
        raise RequestError(404, "no document can have an address here")
    links = alternates_of(thing.offered, thing.address, address)
    return elsewhere(relative(target, address), _VARY, links)
