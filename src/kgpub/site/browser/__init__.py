"""Search and SPARQL in the browser: what a site without a server has in the place of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kgpub.site.browser.assets import FOLDER, PREFIX, assets, whole
from kgpub.site.browser.query import query_files
from kgpub.site.browser.search import search_files
from kgpub.site.files import File, Opened

__all__ = ["assets", "files"]


def files(place: Opened, languages: Iterable[str], folder: Path = FOLDER) -> Iterator[File]:
    """Yield the files, by their paths below the root; `folder` has what pages run.

    Raises OSError and OutputError where there is no room to make the index.
    """
    built = assets(folder)
    every = tuple(languages)
    for name, content in built.items():
        yield whole(PREFIX + name, content)
    yield from query_files(place, every, built)
    yield from search_files(place, every, built)
