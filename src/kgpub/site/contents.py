"""What a site tells: every IRI that it has documents of, and these documents."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode

from kgpub.documents.build import Build
from kgpub.documents.documents import FILES, TEXT, Document
from kgpub.documents.forms import DATA
from kgpub.messages import LANGUAGES
from kgpub.pages import home, listing
from kgpub.pages.addresses import HTML, VOCABULARIES
from kgpub.pages.listing import LISTS, Part
from kgpub.vocabulary import terms as kg

_PAGES = tuple(f".{language}{HTML}" for language in LANGUAGES)
_FORMS = tuple(form.ending for form in DATA)


def iris(build: Build) -> list[str]:
    """Return, sorted, the IRIs that there may be documents of.

    These are the base for the home pages, kgpub's vocabularies, lists with members, and all that
    the dataset describes, refers to or has as the name of a graph, below the base.
    """
    base = build.site.base
    lists = {base + folder for folder, class_ in LISTS.items() if build.counts.get(class_)}
    return sorted({base, *FILES, *lists, *_known(build)})


def documents(build: Build, iri: str) -> Iterator[Document]:
    """Yield the documents that may be there of an IRI; whether there is anything to tell is open.

    All parts of a list are documents of its folder's IRI.
    """
    base = build.site.base
    if iri == base:
        yield from (Document(iri, each, home.NAME + each) for each in _PAGES)
    elif iri in VOCABULARIES:
        yield from (Document(iri, each, VOCABULARIES[iri] + each) for each in (*_PAGES, *_FORMS))
    elif Part.of(iri).class_(base) is not None:
        # What is called like a part of a list has no room beside it.
        if Part.of(iri).iri == iri:
            yield from _of_list(build, iri)
    else:
        yield from _at(build, iri, (*_PAGES, *_FORMS))
        if build.reading.objects(iri, kg.text):
            yield from _at(build, iri + TEXT, ("",))


def _at(build: Build, iri: str, endings: tuple[str, ...]) -> Iterator[Document]:
    for ending in endings:
        address = build.site.addresses.document(iri, ending)
        if address is not None:
            yield Document(iri, ending, address)


def _of_list(build: Build, iri: str) -> Iterator[Document]:
    class_ = Part(iri).class_(build.site.base) or ""
    parts = listing.parts_of(build.listed(class_, LANGUAGES[0]))
    for number in range(1, parts + 1):
        named = iri if number == 1 else f"{iri}{home.NAME}.{number}"
        yield from _at(build, named, (*_PAGES, *_FORMS))


def _known(build: Build) -> set[str]:
    base = build.site.base
    found: set[str] = set()
    for quad in build.store.quads_for_pattern(None, None, None, DefaultGraph()):
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(base):
                found.add(node.value.partition("#")[0])
    for graph in build.store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value.startswith(base):
            found.add(graph.value.partition("#")[0])
    return found
