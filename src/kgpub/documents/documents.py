"""The documents of a build: what each says, as it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from kgpub.documents import retracted
from kgpub.documents.build import Build
from kgpub.documents.forms import JSON_LD, N_TRIPLES, TURTLE
from kgpub.messages import LANGUAGES
from kgpub.pages import dataset, home, listing, terms
from kgpub.pages.addresses import HTML
from kgpub.pages.description import MAX_TRIPLES, as_published, called
from kgpub.pages.home import Download
from kgpub.pages.listing import Part
from kgpub.pages.reading import StoreReading
from kgpub.serialisation import jsonld, ntriples, turtle
from kgpub.vocabulary import KG, KIND, context, prefixes, resource

Downloads = Callable[[], Sequence[Download]]
"""The files that there are to download."""
_Writer = Callable[[Iterable[Triple], str], Iterator[bytes]]
_WRITERS: Mapping[str, _Writer] = {
    TURTLE.ending: lambda triples, base: turtle(triples, prefixes(base)),
    JSON_LD.ending: lambda triples, base: jsonld(triples, context(base)),
    N_TRIPLES.ending: lambda triples, _: ntriples(triples),
}
FILES = {KG.removesuffix("#"): "kgpub.ttl", KIND.removesuffix("#"): "schemes.ttl"}
"""The files that vocabularies stand in, by IRI."""
TEXT = "/article.txt"
"""Behind the IRI of an article: that of its text, which passages are fragments of."""


@dataclass(frozen=True)
class Document:
    """A document: what it describes, what its name ends in, and its address.

    `ending` is "" for the text of an article and `.html` for the page in whatever language.
    """

    iri: str
    ending: str
    address: str


@dataclass(frozen=True)
class Content:
    """What a document holds: of a description, whether all of it."""

    body: bytes
    is_whole: bool = True


def content_of(build: Build, document: Document, downloads: Downloads) -> Content | None:
    """Return what a document holds, None where there is nothing to be told in it."""
    language = language_of(document.ending)
    if not document.ending:
        text = build.reading.text_of(article_of(document.iri))
        return None if text is None else Content(text.encode())
    if language:
        page = _page(build, document.iri, language, downloads)
        return None if page is None else Content(page.encode())
    return _data(build, document)


def article_of(text: str) -> str:
    """Return the IRI of the article whose text has an IRI."""
    return text.removesuffix(TEXT)


def is_list(build: Build, document: Document) -> bool:
    """Whether a document lists all things of a class, or a part of them."""
    return Part.of(document.iri).class_(build.site.base) is not None


def language_of(ending: str) -> str:
    """Return the language of pages whose names end so, "" for other documents."""
    return next((each for each in LANGUAGES if ending == f".{each}{HTML}"), "")


def _page(build: Build, iri: str, language: str, downloads: Downloads) -> str | None:
    site = build.site
    if iri == site.base:
        return home.html(site, build.counts, downloads(), language)
    if iri == site.base + home.DATASET:
        return dataset.html(build.pages, iri, downloads(), language)
    if iri in FILES:
        return terms.html(_vocabulary(iri), site, iri, language)
    part = Part.of(iri)
    class_ = part.class_(site.base)
    if class_ is None:
        return build.pages.html(iri, language) or retracted.page(build, iri, language)
    listed = build.listed(class_, language)
    if part.number > listing.parts_of(listed):
        return None
    more = max(0, build.counts.get(class_, 0) - len(listed))
    return listing.html(build.reading, site, part, listed, more, language)


def _data(build: Build, document: Document) -> Content | None:
    writer = _WRITERS[document.ending]
    if document.iri in FILES:
        path = resource("ontology") / FILES[document.iri]
        if document.ending == TURTLE.ending:
            return Content(path.read_bytes())
        triples: Iterable[Triple] = _parsed(document.iri)
        return Content(b"".join(writer(triples, build.site.base)))
    told = build.description(document.iri)
    triples, is_whole = told.triples, told.is_whole
    if not triples:
        triples, is_whole = _other(build, document.iri)
    if not triples:
        return None
    return Content(b"".join(writer(triples, build.site.base)), is_whole)


def _other(build: Build, iri: str) -> tuple[Sequence[Triple], bool]:
    """Return what there is of what is no thing: the members of a list, the triples of a graph."""
    part = Part.of(iri)
    class_ = part.class_(build.site.base)
    if class_ is not None:
        members = listing.shown(build.listed(class_, LANGUAGES[0]), part)
        return [
            Triple(NamedNode(member), NamedNode(predicate), value)
            for member in members
            for predicate, value in called(build.reading, member)
        ], True
    quads = build.store.quads_for_pattern(None, None, None, NamedNode(iri))
    triples = [as_published(quad.triple) for quad in islice(quads, MAX_TRIPLES + 1)]
    return triples[:MAX_TRIPLES], len(triples) <= MAX_TRIPLES


@lru_cache(maxsize=len(FILES))
def _vocabulary(iri: str) -> StoreReading:
    store = Store()
    store.extend(parse(path=str(resource("ontology") / FILES[iri]), format=RdfFormat.TURTLE))
    return StoreReading(store)


def _parsed(iri: str) -> list[Triple]:
    path = str(resource("ontology") / FILES[iri])
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]
