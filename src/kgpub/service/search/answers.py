"""What a search finds, as JSON.

Places are in code points; a hit has the IRI of what it is, and `page`, the address of its page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kgpub.pages.addresses import Addresses, anchor
from kgpub.search.excerpts import Excerpt
from kgpub.search.found import EntityHit, Found, Hit, Hits, Named, PassageHit, Section

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages in a language are; `origin` is scheme, host and a slash."""

    addresses: Addresses
    language: str
    origin: str

    def of(self, iri: str, statement: str = "") -> str | None:
        """Return the address of the page of an IRI, at a statement in it; None if it has none."""
        address = self.addresses.page(iri, self.language)
        if address is None:
            return None
        return f"{self.origin}{address}" + (f"#{anchor(statement)}" if statement else "")


def answer(found: Found, pages: Pages) -> Json:
    """Return the answer to `/api/search`."""
    query = found.query
    return {
        "query": query.text,
        "isCut": query.is_cut,
        "language": pages.language,
        "build": found.build,
        Section.entities.value: _section(found.entities, lambda hit: _entity(hit, pages)),
        Section.statements.value: _section(found.statements, lambda hit: _statement(hit, pages)),
        Section.articles.value: _section(found.articles, lambda hit: _article(hit, pages)),
    }


def _section(hits: Hits[Hit], told: Callable[[Hit], Json]) -> Json:
    return {
        "total": hits.total,
        "totalIsAtLeast": hits.is_more,
        "someWordsOnly": hits.some_only,
        "from": hits.first,
        "hits": [told(hit) for hit in hits.hits],
    }


def _entity(hit: EntityHit, pages: Pages) -> Json:
    return {
        **_named(hit.entity),
        "page": pages.of(hit.entity.iri),
        "kind": _named(hit.kind),
        "matched": {**_excerpt(hit.matched), "language": hit.matched_language},
        "fit": hit.fit.name,
    }


def _statement(hit: PassageHit, pages: Pages) -> Json:
    return {
        "iri": hit.iri,
        "page": pages.of(hit.article.iri, hit.iri),
        "words": {**_excerpt(hit.excerpt), "language": hit.language},
        "article": _named(hit.article),
        "saidBy": [_named(speaker) for speaker in hit.speakers],
    }


def _article(hit: PassageHit, pages: Pages) -> Json:
    return {
        **_named(hit.article),
        "page": pages.of(hit.article.iri),
        "words": {**_excerpt(hit.excerpt), "language": hit.language},
    }


def _named(named: Named) -> Json:
    return {"iri": named.iri, "name": named.name, "language": named.language}


def _excerpt(excerpt: Excerpt) -> Json:
    return {
        "text": excerpt.text,
        "marks": [list(mark) for mark in excerpt.marks],
        "start": excerpt.start,
        "isCutBefore": excerpt.is_cut_before,
        "isCutAfter": excerpt.is_cut_after,
    }
