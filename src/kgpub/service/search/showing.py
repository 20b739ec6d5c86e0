"""What a search finds, as the search page shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kgpub.pages import search as page
from kgpub.pages.rendering import Frame, Reference, Site, Text
from kgpub.search.excerpts import Excerpt
from kgpub.search.found import EntityHit, Found, Hit, Hits, Named, PassageHit, Section


def shown(
    site: Site,
    language: str,
    text: str,
    found: Found | None,
    section: Section | None,
    per_page: int,
) -> str:
    """Return the page; `found` is None where there is nothing to search yet.

    `section` is what is shown alone, None for all.
    """
    parameters: dict[str, str | int] = {"q": text if found is None else found.query.text}
    if section is not None:
        parameters["in"] = section.value
    frame = page.frame_of(site, language, parameters)
    if found is None:
        return page.html(frame, page.Shown(str(parameters["q"]), notice="search-not-ready"))
    parts = [
        _part(frame, found, found.entities, Section.entities, section, per_page, _thing),
        _part(frame, found, found.statements, Section.statements, section, per_page, _statement),
        _part(frame, found, found.articles, Section.articles, section, per_page, _article),
    ]
    kept = [part for part in parts if part.hits]
    notice = ""
    if not kept and found.query.text:
        notice = "search-nothing" if found.query.terms else "search-no-words"
    back = frame.to(page.address(language, q=found.query.text)) if section is not None else None
    return page.html(frame, page.Shown(found.query.text, found.query.is_cut, kept, notice, back))


def _part(
    frame: Frame,
    found: Found,
    hits: Hits[Hit],
    section: Section,
    alone: Section | None,
    per_page: int,
    told: Callable[[Frame, Hit], page.Thing | page.Passage],
) -> page.Part:
    query = found.query.text

    def href(first: int) -> str:
        values: dict[str, str | int] = {"q": query, "in": section.value}
        if first:
            values["from"] = first
        return frame.to(page.address(frame.language, **values))

    following = None if hits.next is None else href(hits.next if alone else 0)
    before = href(max(0, hits.first - per_page)) if hits.first else None
    return page.Part(
        section.value,
        [told(frame, hit) for hit in hits.hits],
        hits.first,
        hits.total,
        hits.is_more,
        hits.some_only,
        following,
        before,
    )


def _thing(frame: Frame, hit: EntityHit) -> page.Thing:
    matched = _marked(hit.matched, hit.matched_language)
    is_shown = (hit.matched.text, hit.matched_language) == (hit.entity.name, hit.entity.language)
    name = matched if is_shown else page.Marked([(hit.entity.name, False)], hit.entity.language)
    href = frame.page_of(hit.entity.iri)
    kind = Text(hit.kind.name, hit.kind.language)
    return page.Thing(name, href, kind, None if is_shown else matched)


def _statement(frame: Frame, hit: PassageHit) -> page.Passage:
    return page.Passage(
        _marked(hit.excerpt, hit.language),
        page.statement_href(frame, hit.article.iri, hit.iri),
        _reference(frame, hit.article),
        _references(frame, hit.speakers),
    )


def _article(frame: Frame, hit: PassageHit) -> page.Passage:
    return page.Passage(_marked(hit.excerpt, hit.language), None, _reference(frame, hit.article))


def _references(frame: Frame, named: Sequence[Named]) -> list[Reference]:
    return [_reference(frame, each) for each in named]


def _reference(frame: Frame, named: Named) -> Reference:
    return Reference(Text(named.name, named.language), frame.page_of(named.iri))


def _marked(excerpt: Excerpt, language: str) -> page.Marked:
    return page.Marked(list(excerpt.pieces), language, excerpt.is_cut_before, excerpt.is_cut_after)
