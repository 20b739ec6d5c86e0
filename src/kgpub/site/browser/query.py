"""The files of the query page of a site: the pages, what they complete, and the packed dump."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from kgpub.documents.dumps import PREFIX as DUMPS
from kgpub.pages.addresses import HTML
from kgpub.pages.home import Download
from kgpub.pages.in_browser import Engine, query_html
from kgpub.pages.query import FIRST
from kgpub.query_editor.examples import chosen, example
from kgpub.query_editor.terms import terms
from kgpub.site.browser.assets import PREFIX, QUERY, WASM, WORKER, address, whole
from kgpub.site.browser.offline import offline_files
from kgpub.site.browser.packing import packed
from kgpub.site.browser.scripts import script
from kgpub.site.browser.version import version_of
from kgpub.site.files import File, Opened
from kgpub.store.named_queries import catalogue

SECONDS = 60
"""How long a query may take before the page ends it."""
PACKED = f"{PREFIX}dataset.nq.gz"


def query_files(
    place: Opened, languages: Iterable[str], assets: Mapping[str, bytes]
) -> Iterator[File]:
    """Yield the pages; without `assets` they say what is missing."""
    saved = catalogue(place.queries)
    site = place.build.site
    dataset = place.dataset
    downloads = (Download(DUMPS + dataset.name, dataset.name, dataset.stat().st_size),)
    engine = None
    if assets:
        build = version_of(place)
        parts, scripts = offline_files(assets[WASM], dataset, build)
        engine = _engine(dataset.name, assets, build, parts)
        yield from scripts
        yield File(PACKED, partial(packed, dataset))
    for language in languages:
        if engine:
            yield script(PREFIX, f"terms.{language}", engine.build, json.loads(terms(language)))
        texts = [
            (example(each, language), chosen(each, {}, place.prefixes, language).text)
            for each in saved
        ]
        page = query_html(site, texts, FIRST, engine, place.prefixes, downloads, language)
        yield whole(f"query.{language}{HTML}", page.encode())


def _engine(dump: str, assets: Mapping[str, bytes], build: str, parts: int) -> Engine:
    return Engine(
        script=address(QUERY, assets[QUERY]),
        worker=address(WORKER, assets[WORKER]),
        wasm=address(WASM, assets[WASM]),
        packed=f"{PACKED}?v={build}",
        plain=f"{DUMPS}{dump}?v={build}",
        seconds=SECONDS,
        folder=PREFIX,
        build=build,
        parts=parts,
    )
