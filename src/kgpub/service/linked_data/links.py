"""The header Link of answers (RFC 8288): what documents describe, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from kgpub.documents.build import Build
from kgpub.documents.documents import FILES, Document
from kgpub.documents.forms import Form
from kgpub.pages.addresses import relative
from kgpub.service.linked_data.answers import uri

_SPARQL = "sparql"


def links_of(build: Build, document: Document, is_whole: bool) -> str:
    """Return the header Link of a document (RFC 8288): what it describes, and under which licence.

    Texts of articles and kgpub's vocabularies are not under the publisher's. Where a document does
    not tell all, it links to a query that does.
    """
    links = [f'<{uri(document.iri)}>; rel="describes"'] if document.ending else []
    if document.ending and document.iri not in FILES:
        links.append(f'<{uri(build.site.licence)}>; rel="license"')
    if not is_whole:
        query = quote(f"DESCRIBE <{document.iri}>", safe="")
        links.append(f'<{relative(_SPARQL, document.address)}?query={query}>; rel="via"')
    return ", ".join(links)


def alternates_of(offered: Sequence[Form], address: Callable[[str], str | None], at: str) -> str:
    """Return the header Link of a thing: the documents that there are, seen from an address."""
    links = []
    for form in offered:
        target = address(form.ending)
        if target is not None:
            media_type = form.media_types[0]
            links.append(f'<{relative(target, at)}>; rel="alternate"; type="{media_type}"')
    return ", ".join(links)
