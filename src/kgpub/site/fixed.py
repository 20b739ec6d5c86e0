"""The files of a site that do not tell of one thing: style sheets, entrance, rules for hosts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote
from xml.sax.saxutils import escape

from kgpub.documents import retracted
from kgpub.documents.build import Build
from kgpub.messages import LANGUAGES
from kgpub.pages import entrance
from kgpub.pages.addresses import HTML
from kgpub.pages.assets import PREFIX, asset, asset_names
from kgpub.site import hosting
from kgpub.site.address import PublicAddress
from kgpub.site.files import File

_MAX_LISTED = 50_000
"""Addresses of one site map (sitemaps.org, protocol 0.9)."""
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def fixed(
    build: Build, iris: Iterable[str], paths: Iterable[str], at: PublicAddress | None
) -> Iterator[File]:
    """Yield the files; `paths` are those of all documents, `at` where the site will be found."""
    site, above = build.site, at.path if at else ""
    for name in asset_names():
        yield File(PREFIX + name, partial(_whole, asset(name)))
    yield _text(entrance.CHOICE, entrance.choice(site))
    yield _text(entrance.LOST, entrance.lost(site, above))
    # So that GitHub Pages takes all files as they are, also those with a low line before them.
    yield _text(".nojekyll", "")
    named = hosting.things(site.addresses, iris, frozenset(paths))
    yield _lines("_redirects", hosting.redirects(site.addresses, named))
    yield _lines("_headers", hosting.headers())
    yield _lines(".htaccess", hosting.htaccess(site.addresses, named, above))
    yield _lines("robots.txt", _robots(at))
    if at:
        gone = {
            build.site.addresses.page(iri, each)
            for iri in retracted.gone(build)
            for each in LANGUAGES
        }
        lasting = {
            path for path in paths if path.endswith(HTML) and quote(path, safe="/") not in gone
        }
        yield from _sitemaps(at, sorted(lasting))


def _robots(at: PublicAddress | None) -> Iterator[str]:
    """Yield the lines of `robots.txt` (RFC 9309), which counts at the root of a host only."""
    yield "User-agent: *"
    yield "Disallow:"
    if at:
        yield f"Sitemap: {at.of('sitemap.xml')}"


def _sitemaps(at: PublicAddress, pages: list[str]) -> Iterator[File]:
    if len(pages) <= _MAX_LISTED:
        yield _lines("sitemap.xml", _listed(at, "urlset", "url", pages))
        return
    names = []
    for number, start in enumerate(range(0, len(pages), _MAX_LISTED), 1):
        names.append(f"sitemap.{number}.xml")
        part = pages[start : start + _MAX_LISTED]
        yield _lines(names[-1], _listed(at, "urlset", "url", part))
    yield _lines("sitemap.xml", _listed(at, "sitemapindex", "sitemap", names))


def _listed(at: PublicAddress, whole: str, each: str, paths: list[str]) -> Iterator[str]:
    yield _XML
    yield f'<{whole} xmlns="{_SITEMAPS}">'
    for path in paths:
        yield f"<{each}><loc>{escape(at.of(path))}</loc></{each}>"
    yield f"</{whole}>"


def _lines(path: str, lines: Iterable[str]) -> File:
    return _text(path, "".join(f"{line}\n" for line in lines))


def _text(path: str, text: str) -> File:
    return File(path, partial(_whole, text.encode()))


def _whole(content: bytes) -> list[bytes]:
    return [content]
