"""What answers behind the IRIs of releases, `{base}release/1`: pages, catalogues and all files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgpub.documents.dumps import SUMS
from kgpub.documents.forms import JSON_LD, PAGE, TURTLE, Form
from kgpub.documents.releases import (
    SIGNATURE,
    document_of,
    files_of,
    has_changes,
    is_inside,
    release_of,
    released,
    search_engines_of,
    type_of,
)
from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML, relative
from kgpub.pages.releases import CHANGES, FORMS, NAME, html, iri_of, list_html
from kgpub.pages.rendering import Site
from kgpub.service.errors import RequestError
from kgpub.service.http.codings import coding_of
from kgpub.service.http.headers import PAGE_TYPE
from kgpub.service.http.negotiation import language_of
from kgpub.service.http.tags import is_fresh, tag_of
from kgpub.service.linked_data.answers import Sent, elsewhere, not_modified, refused, uri
from kgpub.service.linked_data.changes import change
from kgpub.service.linked_data.files import Opened, checksum_in, sent
from kgpub.service.linked_data.links import alternates_of
from kgpub.service.linked_data.missing import missing
from kgpub.service.linked_data.negotiation import form_of
from kgpub.service.linked_data.requested import address_of
from kgpub.service.work import Work
from kgpub.store.durable import is_regular, read_regular

_INDEX = "index"
_PAGES = {f".{language}{HTML}": language for language in LANGUAGES}
_OF_ALL = (PAGE,)
_OF_ONE = (PAGE, TURTLE, JSON_LD)
_MAX_SIGNATURE = 64 * 1024


@dataclass(frozen=True)
class Releases:
    """The releases in `folder`. Raises nothing: what is wrong is an answer.

    `work` makes pages, `opening` opens files.
    """

    folder: Path
    site: Site
    work: Work
    opening: Work

    def routes(self) -> list[Route]:
        """Return the routes: of all that is below the IRI of the releases."""
        root = f"/{unquote(self.site.addresses.root)}{NAME}"
        return [Route(root, self.answer), Route(f"{root}/{{rest:path}}", self.answer)]

    async def answer(self, request: Request) -> Response:
        """Answer for whatever stands at the address."""
        rest: str = request.path_params.get("rest", "")
        try:
            address = address_of(request)
            found = await self._found(request, rest, address)
            return found or missing(request, self.site, address)
        except RequestError as error:
            return refused(error)

    async def _found(self, request: Request, rest: str, address: str) -> Response | None:
        if not rest:
            return self._described(request, "", _OF_ALL, address)
        version, _, name = rest.partition("/")
        if version == CHANGES:
            return await change(request, self.folder, name, address, self.opening)
        if await self._is_release(version):
            if not name:
                return self._described(request, version, _OF_ONE, address)
            return await self._file(request, version, name)
        if name:
            return None
        stem, ending = _divided(rest)
        if stem != _INDEX and not await self._is_release(stem):
            return None
        if ending in _PAGES:
            return await self._page(request, "" if stem == _INDEX else stem, _PAGES[ending])
        if ending == HTML:
            target = f"{address.removesuffix(HTML)}.{language_of(request)}{HTML}"
            return elsewhere(relative(target, address), "Accept-Language")
        document = document_of(ending)
        if document is None or stem == _INDEX:
            return None
        return await self._file(request, stem, document)

    async def _is_release(self, version: str) -> bool:
        return await self.opening.run(lambda _: release_of(self.folder, version) is not None)

    def _described(
        self, request: Request, version: str, offered: tuple[Form, ...], address: str
    ) -> Response:
        """Lead to the document of a release, or of all of them, that the client prefers."""
        form = form_of(request, offered)
        iri = iri_of(self.site, version)

        def document(ending: str) -> str | None:
            return self.site.addresses.document(iri, ending)

        target = document(f".{language_of(request)}{HTML}" if form is PAGE else form.ending)
        assert target is not None  # no version is a dot, or two
        links = alternates_of(offered, document, address)
        return elsewhere(relative(target, address), "Accept, Accept-Language", links)

    async def _page(self, request: Request, version: str, language: str) -> Response | None:
        make = self._release_page if version else self._list_page
        page = await self.work.run(lambda _: make(version, language))
        if page is None:
            return None
        tag = tag_of(page)
        if is_fresh(request, tag):
            return not_modified(tag, PAGE_TYPE)
        links = f'<{uri(iri_of(self.site, version))}>; rel="describes"'
        content = page.encode()
        return Sent.coded(content, PAGE_TYPE, tag, links, coding_of(request)).response()

    def _list_page(self, _: str, language: str) -> str:
        told = has_changes(self.folder)
        return list_html(self.site, released(self.folder), language, has_changes=told)

    def _release_page(self, version: str, language: str) -> str | None:
        release = release_of(self.folder, version)
        if release is None:
            return None
        try:
            files = files_of(self.folder, version, self.site)
            told = search_engines_of(self.folder, version)
        except OSError:
            return None
        return html(self.site, replace(release, files=files), language, told)

    async def _file(self, request: Request, version: str, name: str) -> Response | None:
        opened = await self.opening.run(lambda _: self._opened(version, name))
        return None if opened is None else sent(request, opened, type_of(name))

    def _opened(self, version: str, name: str) -> Opened | None:
        """Open a file that the list of a release names, or that list or its signature itself."""
        place = self.folder / version
        path = place / name
        try:
            listing = read_regular(place / SUMS)
            checksum = checksum_in(listing, name)
            if name == SIGNATURE and is_regular(path) and path.stat().st_size <= _MAX_SIGNATURE:
                checksum = hashlib.sha256(path.read_bytes()).hexdigest()
            if checksum is None or not is_inside(path, place):
                return None
            return Opened.at(path, checksum)
        except (OSError, ValueError):
            return None


def _divided(name: str) -> tuple[str, str]:
    ending = next((each for each in (*_PAGES, HTML, *FORMS) if name.endswith(each)), "")
    return name.removesuffix(ending), ending
