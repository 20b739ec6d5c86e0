"""Small graphs to make pages of, and the repository's own dataset, in memory."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lxml import html
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from kgpub.pages.pages import Pages
from kgpub.pages.reading import StoreReading
from kgpub.pages.rendering import Frame, Site
from kgpub.pages.view import View
from kgpub.vocabulary import prefixes

REPOSITORY = Path(__file__).parents[3]
BASE = "https://example.org/data/"
SITE = Site(BASE, "A <title>", "A publisher", "https://creativecommons.org/licenses/by/4.0/")
SEED = Site("https://w3id.org/kgpub/data/", "Seed", "kgpub", SITE.licence)
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


def reading(turtle: str, ontology: bool = True) -> StoreReading:
    """Return what Turtle says, its prefixes those of a workspace, beside the ontology."""
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(BASE).items())
    store = Store()
    for triple in parse((head + turtle).encode(), format=RdfFormat.TURTLE):
        store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))
    if ontology:
        _add_ontology(store)
    return StoreReading(store)


def answers(view: View, query: str) -> set[str]:
    """Return what a query that pages link to finds in the graph of a view: its first variable."""
    assert isinstance(view.reading, StoreReading)
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes(BASE).items())
    found = view.reading._store.query(head + query)
    assert isinstance(found, QuerySolutions)
    return {term.value for term in (each[0] for each in found) if isinstance(term, NamedNode)}


def view(turtle: str, language: str = "en", iri: str = BASE + "person/reader") -> View:
    """Return a view of what Turtle says, for a page at the place of `iri`."""
    address = SITE.addresses.page(iri, language)
    assert address is not None
    return View(reading(turtle), Frame(SITE, language, address))


def page(turtle: str, iri: str, language: str = "en") -> html.HtmlElement:
    """Return the page of an IRI, parsed."""
    text = Pages(reading(turtle), SITE).html(iri, language)
    assert text is not None
    return html.document_fromstring(text)


def text_of(element: html.HtmlElement) -> str:
    """Return the text of an element, spaces as they are shown."""
    return " ".join(element.text_content().split())


@lru_cache(maxsize=1)
def seed() -> Store:
    """Return the repository's own dataset, as published, with its ontology."""
    store = Store()
    for quad in parse(path=str(REPOSITORY / "output" / "dataset.nq"), format=RdfFormat.N_QUADS):
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    _add_ontology(store)
    return store


def _add_ontology(store: Store) -> None:
    for name in ("kgpub.ttl", "schemes.ttl"):
        path = REPOSITORY / "ontology" / name
        for triple in parse(path=str(path), format=RdfFormat.TURTLE):
            store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))
