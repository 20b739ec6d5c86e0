"""What tells hosts how to serve a site, for those that read it: Apache, Netlify and their likes.

What stands behind an IRI is a thing, which is described elsewhere: 303 (RFC 9110, 15.4.4). Where a
host reads nothing of this, IRIs lead nowhere and links between pages work all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, unquote

from kgpub.documents.forms import DATA, content_type_of
from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML, VOCABULARIES, Addresses
from kgpub.pages.home import DATASET, NAME
from kgpub.pages.policy import FRAMED, QUERY_POLICY
from kgpub.vocabulary import ENTITY_SECTIONS

MAX_RULES = 1_000
"""Lines of redirects. Of more than that GitLab Pages takes none at all; Cloudflare takes 2,000."""
_POLICY = f"{QUERY_POLICY}; {FRAMED}"
"""The strictest that all pages can have; each page tells its own besides, and both hold."""
_TYPES = {
    **{form.ending: content_type_of(form.ending) for form in DATA},
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".wasm": "application/wasm",
}
_FIRST = (*(folder for _, folder in ENTITY_SECTIONS.values()), "event/", "article/")
"""What people look at is first, where not everything finds room."""


@dataclass(frozen=True)
class Thing:
    """A thing that has pages: its IRI, and its own address, percent-encoded, from the root."""

    iri: str
    address: str


def things(addresses: Addresses, iris: Iterable[str], paths: frozenset[str]) -> list[Thing]:
    """Return what of `iris` has pages among the `paths` of a site, in the order of importance."""
    base = addresses.base
    found = []
    for iri in iris:
        page = addresses.page(iri, LANGUAGES[0])
        if page is not None and iri != base and unquote(page) in paths:
            own = addresses.root + quote(iri.removeprefix(base), safe="/%")
            found.append(Thing(iri, own))
    return sorted(found, key=lambda each: (_rank(each.iri.removeprefix(base)), each.iri))


def redirects(addresses: Addresses, named: Sequence[Thing]) -> Iterator[str]:
    """Yield the lines of `_redirects`: from things to their pages in the first language."""
    page = f".{LANGUAGES[0]}{HTML}"
    yield f"/{addresses.root} /{NAME}{page} 303" if addresses.root else f"/ /{NAME}{page} 303"
    for address in VOCABULARIES.values():
        yield f"/{address} /{address}{page} 303"
    for thing in named[: MAX_RULES - 1 - len(VOCABULARIES)]:
        yield f"/{thing.address} /{addresses.page(thing.iri, LANGUAGES[0])} 303"


def headers() -> Iterator[str]:
    """Yield the lines of `_headers`."""
    yield "/*"
    yield f"  Content-Security-Policy: {_POLICY}"
    yield "  X-Content-Type-Options: nosniff"
    yield "  Referrer-Policy: same-origin"
    for ending, media_type in _TYPES.items():
        yield f"/*{ending}"
        yield f"  Content-Type: {media_type}"


def htaccess(addresses: Addresses, named: Sequence[Thing], above: str) -> Iterator[str]:
    """Yield the lines of `.htaccess`, for Apache 2.4, wherever the folder is on its host.

    `above` is the path of the site if it is known. Of what a client accepts, what it names first
    counts.
    """
    yield "DirectoryIndex index.html"
    if above:
        yield f"ErrorDocument 404 {above}404.html"
    yield "<IfModule mod_mime.c>"
    yield "AddDefaultCharset utf-8"
    for ending, media_type in _TYPES.items():
        yield f"AddType {media_type.partition(';')[0]} {ending}"
    yield "</IfModule>"
    yield "<IfModule mod_headers.c>"
    yield f'Header set Content-Security-Policy "{_POLICY}"'
    yield "Header set X-Content-Type-Options nosniff"
    yield "Header set Referrer-Policy same-origin"
    yield "</IfModule>"
    yield "<IfModule mod_rewrite.c>"
    yield from _negotiation()
    for thing, document in islice(_renamed(addresses, named), MAX_RULES):
        pattern = _pattern(unquote(thing.address))
        target = document.replace("%", r"\%")  # alone it would refer to what a condition matches
        yield (f'RewriteRule "^{pattern}$" "%{{ENV:BASE}}{target}%{{ENV:ENDING}}" [R=303,NE,L]')
    yield from _described(addresses.root)
    yield "</IfModule>"


def _negotiation() -> Iterator[str]:
    yield "RewriteEngine On"
    yield "# What addresses begin with on this host, before the path in this folder."
    yield r"RewriteCond %{REQUEST_URI}::$1 ^(.*?/)(.*)::\2$"
    yield "RewriteRule ^(.*)$ - [E=BASE:%1]"
    yield "# The language and the form that are named first."
    yield f"RewriteRule ^ - [E=ENDING:.{LANGUAGES[0]}{HTML}]"
    for language, tags in (("ar", "ar"), ("ckb", "ckb|ku")):
        yield rf"RewriteCond %{{HTTP:Accept-Language}} ^\s*({tags})\b [NC]"
        yield f"RewriteRule ^ - [E=ENDING:.{language}{HTML}]"
    for form in DATA:
        types = "|".join(re.escape(each).replace(r"\-", "-") for each in form.media_types)
        yield rf"RewriteCond %{{HTTP_ACCEPT}} ^\s*({types})\b [NC]"
        yield f"RewriteRule ^ - [E=ENDING:{form.ending}]"


def _described(root: str) -> Iterator[str]:
    yield "# The home pages; of the dataset as a whole its data."
    start = _pattern(unquote(root).rstrip("/"))
    for pattern in dict.fromkeys(("^$", f"^{start}/?$")):
        yield rf"RewriteCond %{{ENV:ENDING}} {re.escape(HTML)}$"
        yield f'RewriteRule "{pattern}" "%{{ENV:BASE}}{NAME}%{{ENV:ENDING}}" [R=303,L]'
        dataset = f"{unquote(root)}{DATASET}"
        yield f'RewriteRule "{pattern}" "%{{ENV:BASE}}{dataset}%{{ENV:ENDING}}" [R=303,L]'
    yield "# What is described by documents of its name, and what is a list."
    yield "RewriteCond %{REQUEST_FILENAME} !-f"
    yield "RewriteCond %{REQUEST_FILENAME}%{ENV:ENDING} -f"
    yield 'RewriteRule "^(.+)$" "%{ENV:BASE}$1%{ENV:ENDING}" [R=303,L]'
    yield "RewriteCond %{REQUEST_FILENAME} -d"
    yield f"RewriteCond %{{REQUEST_FILENAME}}/{NAME}%{{ENV:ENDING}} -f"
    yield f'RewriteRule "^(.+?)/?$" "%{{ENV:BASE}}$1/{NAME}%{{ENV:ENDING}}" [R=303,L]'


def _pattern(path: str) -> str:
    """Return a regular expression for a decoded path that no line or quotation mark ends in."""
    plain = (each if each.isalnum() or each in "/_-" else "" for each in path)
    return "".join(
        each or "".join(f"\\x{byte:02x}" for byte in odd.encode("utf-8", "replace"))
        for each, odd in zip(plain, path, strict=True)
    )


def _renamed(addresses: Addresses, named: Iterable[Thing]) -> Iterator[tuple[Thing, str]]:
    """Yield the things whose documents are called otherwise, with the addresses of these."""
    for each in named:
        document = addresses.document(each.iri, "")
        if document is not None and document != each.address and not each.iri.endswith("/"):
            yield each, document


def _rank(path: str) -> int:
    return next(
        (number for number, each in enumerate(_FIRST) if path.startswith(each)), len(_FIRST)
    )
