"""The articles that are published, as the editor reads them: a list to choose from, and texts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kgpub.documents.build import Build
from kgpub.grounding.characters import fold
from kgpub.model.slug import is_slug
from kgpub.pages.reading import TYPE, literals, value
from kgpub.service.work import Deadline
from kgpub.vocabulary import terms as kg

MAX_EXAMINED = 100_000
"""Articles that are looked through; of more, which they are the store decides."""
_CHECK_EVERY = 500
_ARTICLE, _ORGANISATION = "article/", "organisation/"

Json = dict[str, Any]


def listed(build: Build, text: str, first: int, limit: int, deadline: Deadline) -> Json:
    """Return `limit` of the articles whose slug or title has all words of `text`, from `first` on.

    They are in the order of their slugs; letters that look alike count as one. Raises RequestError
    where it takes too long.
    """
    words = fold(text).split()
    found = []
    for number, (slug, title) in enumerate(_articles(build)):
        if number % _CHECK_EVERY == 0:
            deadline.check()
        if not words or all(word in title for word in words):
            found.append(slug)
    found.sort()
    shown = found[first : first + limit]
    return {
        "total": len(found),
        "from": first,
        "articles": [_described(build, slug) for slug in shown],
    }


def told(build: Build, slug: str) -> Json | None:
    """Return the article of that slug with its text, None where none is published.

    `checksum` is that of its text as UTF-8, `sha256:` and hexadecimal digits.
    """
    if not is_slug(slug):
        return None
    iri = _iri(build, slug)
    text = build.reading.text_of(iri)
    if text is None:
        return None
    return {**_described(build, slug), "text": text}


def _iri(build: Build, slug: str) -> str:
    return f"{build.site.base}{_ARTICLE}{slug}"


def _articles(build: Build) -> Iterator[tuple[str, str]]:
    """Yield slugs, and what is searched for each, folded."""
    begin = build.site.base + _ARTICLE
    quads = build.store.quads_for_pattern(
        None, NamedNode(TYPE), NamedNode(kg.Article), DefaultGraph()
    )
    for quad in islice(quads, MAX_EXAMINED):
        subject = quad.subject
        if not isinstance(subject, NamedNode) or not subject.value.startswith(begin):
            continue
        slug = subject.value.removeprefix(begin)
        titles = build.store.quads_for_pattern(subject, NamedNode(kg.title), None, DefaultGraph())
        words = [slug, *(each.object.value for each in titles if isinstance(each.object, Literal))]
        yield slug, fold("\n".join(words))


def _described(build: Build, slug: str) -> Json:
    reading, iri = build.reading, _iri(build, slug)
    language = value(reading.objects(iri, kg.language)) or ""
    publisher = value(reading.objects(iri, kg.publisher)) or ""
    described: Json = {
        "slug": slug,
        "iri": iri,
        "title": {
            each.language or "": each.value for each in literals(reading.objects(iri, kg.title))
        },
        "language": language,
        "publisher": publisher.removeprefix(build.site.base + _ORGANISATION),
        "published": value(reading.objects(iri, kg.published)) or "",
        "source": value(reading.objects(iri, kg.source)) or "",
        "checksum": value(reading.objects(iri, kg.checksum)) or "",
    }
    return {key: each for key, each in described.items() if each}
