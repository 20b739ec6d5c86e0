"""Searches on given data, with and without a server."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store
from starlette.applications import Starlette
from tests.service.served import running as served

from kgpub import Workspace
from kgpub.index.filling import fill
from kgpub.index.schema import open_to_read
from kgpub.pages.rendering import Site
from kgpub.search.found import Found, Section
from kgpub.search.query import parsed
from kgpub.service.application import application
from kgpub.service.limits import DEFAULT_LIMITS, Limits
from kgpub.service.search.builds import Indexes
from kgpub.service.search.routes import search_routes
from kgpub.service.search.searching import Asked, search
from kgpub.vocabulary import OA, RDF
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
SITE = Site(BASE, "Facts", "Me", "https://example.org/licence")
ALL: Mapping[Section, int] = dict.fromkeys(Section, 1_000)

Triple = tuple[str, str, str | Literal]


def statements(texts: Sequence[str], language: str) -> Iterator[Triple]:
    """Yield an article with `texts` as its statements, called by their numbers."""
    article = f"{BASE}article/{language}"
    yield article, RDF + "type", kg.Article
    yield article, kg.text, Literal("\n".join(texts), language=language)
    start = 0
    for number, text in enumerate(texts):
        statement, passage = f"{BASE}statement/{language}-{number}", f"{article}#{number}"
        yield statement, RDF + "type", kg.Statement
        yield statement, kg.words, Literal(text, language=language)
        yield statement, kg.article, article
        yield statement, kg.passage, passage
        yield passage, OA + "start", Literal(start)
        start += len(text) + 1


def entity(slug: str, class_: str, **names: str) -> Iterator[Triple]:
    """Yield an entity with names by language."""
    yield BASE + slug, RDF + "type", class_
    for language, name in names.items():
        yield BASE + slug, kg.name, Literal(name, language=language)


def index_of(triples: Sequence[Triple], target: Path) -> sqlite3.Connection:
    """Return an index of these triples, made at `target`."""
    store = Store()
    for subject, predicate, object_ in triples:
        node = NamedNode(object_) if isinstance(object_, str) else object_
        store.add(Quad(NamedNode(subject), NamedNode(predicate), node))
    fill(store, SITE, target)
    return open_to_read(target)


def found(
    index: sqlite3.Connection,
    text: str,
    language: str = "en",
    counts: Mapping[Section, int] = ALL,
    first: int = 0,
) -> Found:
    return search(index, "build", Asked(parsed(text), language, counts, first))


@contextmanager
def searching(workspace: Workspace, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """Serve the search of a workspace; yield the origin."""
    settings = workspace.settings
    site = Site(settings.base, settings.title, settings.publisher, settings.licence)
    folder = workspace.root / ".kgpub" / "search"
    indexes = Indexes(workspace.generations.published, folder, site)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with indexes:
            yield

    with served(application(search_routes(indexes, limits=limits), lifespan)) as origin:
        yield origin
