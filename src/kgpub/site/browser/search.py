"""The files of the search page of a site: the pages, and the parts of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from kgpub.errors import OutputError
from kgpub.index.filling import fill
from kgpub.index.schema import open_to_read
from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML, Addresses
from kgpub.pages.in_browser import Index, search_html
from kgpub.site.browser.assets import SEARCH, address, whole
from kgpub.site.browser.rules import rules
from kgpub.site.browser.scripts import script
from kgpub.site.browser.shards import Shards
from kgpub.site.browser.version import version_of
from kgpub.site.files import File, Opened

FOLDER = "assets/search/"
"""Where the parts of the index are, from the root."""


def search_files(
    place: Opened, languages: Iterable[str], assets: Mapping[str, bytes]
) -> Iterator[File]:
    """Yield the pages, and the index; without `assets` the pages, which say what is missing.

    Raises OSError and OutputError where there is no room for the index to be made.
    """
    build = place.build
    index = None
    if assets:
        index = Index(address(SEARCH, assets[SEARCH]), FOLDER, version_of(place))
        yield from _index(place, index.build)
    for language in languages:
        page = search_html(build.site, build.counts, index, language)
        yield whole(f"search.{language}{HTML}", page.encode())


def _index(place: Opened, version: str) -> Iterator[File]:
    try:
        with TemporaryDirectory(prefix="kgpub-search-") as folder:
            yield from _parts(place, version, Path(folder) / "index.sqlite")
    except sqlite3.Error as error:
        message = f"{gettempdir()}: the search index cannot be made: {error}"
        raise OutputError(message, "Make room for it, or name another folder in TMPDIR.") from error
    yield script(FOLDER, "rules", version, rules())


def _parts(place: Opened, version: str, path: Path) -> Iterator[File]:
    """Yield the parts of an index that is made at `path`. Raises sqlite3.Error, OSError."""
    fill(place.build.store, place.build.site, path)
    with closing(open_to_read(path)) as connection:
        shards = Shards(connection, partial(_page, place.build.site.addresses))
        for name, content in shards.parts():
            yield script(FOLDER, name, version, content)
    yield script(FOLDER, "manifest", version, shards.manifest)


def _page(addresses: Addresses, iri: str) -> str | None:
    """Return what the addresses of the pages of an IRI begin with, up to their language."""
    begins = set()
    for language in LANGUAGES:
        page = addresses.page(iri, language)
        if page is None:
            return None
        begins.add(page.removesuffix(f".{language}{HTML}"))
    # Where an address is so long that one more letter matters, its pages have no common name.
    return begins.pop() if len(begins) == 1 else None
