"""What is said of the dataset as a whole: its title, who publishes it, under which licence."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.settings import Settings
from kgpub.vocabulary import DC, DCAT, DCTERMS
from kgpub.vocabulary.schema import TYPE

CATALOGUE_GRAPH = "graph/catalogue"


def catalogue(settings: Settings) -> Iterator[Quad]:
    """Yield the description of the dataset `{base}dataset`, in a graph of its own."""
    dataset = NamedNode(f"{settings.base}dataset")
    graph = NamedNode(settings.base + CATALOGUE_GRAPH)
    yield Quad(dataset, TYPE, NamedNode(DCAT + "Dataset"), graph)
    yield Quad(dataset, NamedNode(DCTERMS + "title"), Literal(settings.title), graph)
    for language, text in settings.titles.told:
        yield Quad(dataset, NamedNode(DCTERMS + "title"), Literal(text, language=language), graph)
    # dcterms:publisher would need an agent with an IRI; the elements take a name.
    yield Quad(dataset, NamedNode(DC + "publisher"), Literal(settings.publisher), graph)
    yield Quad(dataset, NamedNode(DCTERMS + "license"), NamedNode(settings.licence), graph)
