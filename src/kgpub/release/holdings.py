"""What a release holds, as VoID counts it, and what it was made from, as PROV tells it."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from kgpub.release.graphs import path_of
from kgpub.release.linkset import PATH as LINKS
from kgpub.release.release import Release
from kgpub.release.saying import PROV, VOID, Part, integer, say, short, text
from kgpub.vocabulary import KG, OWL, WIKIDATA

PARTS = "catalogue-parts.nt"


def holdings(release: Release, part: Part) -> Iterator[Triple]:
    """Yield the counts and the linkset."""
    told, base, place = release.statistics, release.settings.base, release.terms.place
    yield from say(
        release.iri,
        void_triples=integer(told.triples),
        void_distinctSubjects=integer(told.subjects),
        void_properties=integer(len(told.properties)),
        void_classes=integer(len(told.classes)),
        void_uriSpace=Literal(base),
        void_vocabulary=KG,
        void_exampleResource=list(told.examples),
        void_dataDump=[place + file.path for file in release.files if file.is_dataset],
        void_classPartition=[part(f"class-{short(class_)}") for class_ in told.classes],
        void_propertyPartition=[part(f"property-{short(each)}") for each in told.properties],
        void_subset=part("links"),
    )
    for class_, number in told.classes.items():
        partition = part(f"class-{short(class_)}")
        yield from say(partition, void_class=class_, void_entities=integer(number))
    for predicate, number in told.properties.items():
        partition = part(f"property-{short(predicate)}")
        yield from say(partition, void_property=predicate, void_triples=integer(number))
    yield from say(
        part("links"),
        a=VOID + "Linkset",
        dcterms_title=text("Links to Wikidata"),
        void_subjectsTarget=release.iri,
        void_objectsTarget=part("wikidata"),
        void_linkPredicate=OWL + "sameAs",
        void_triples=integer(told.linked),
        void_dataDump=place + LINKS,
    )
    yield from say(
        part("wikidata"),
        a=VOID + "Dataset",
        dcterms_title=text("Wikidata"),
        void_uriSpace=Literal(WIKIDATA),
        foaf_homepage="https://www.wikidata.org/",
    )


def provenance(release: Release, part: Part) -> Iterator[Triple]:
    """Yield by whom and with which software the release was made, and what it revises."""
    yield from say(
        release.iri,
        prov_wasGeneratedBy=part("making"),
        prov_wasAttributedTo=part("publisher"),
        prov_wasRevisionOf=release.terms.previous_iri or None,
        rdfs_seeAlso=release.terms.place + PARTS,
    )
    yield from say(
        part("making"),
        a=PROV + "Activity",
        rdfs_label=text(f"Making of {release.name}"),
        prov_wasAssociatedWith=[part("publisher"), part("software")],
    )


def parts(release: Release) -> Iterator[bytes]:
    """Yield, as N-Triples, what the release was made from, and the file of each of these.

    There are as many as the data have submissions and articles, so that they are a file of their
    own, and never all in memory.
    """
    part, base, place = Part(release.iri), release.settings.base, release.terms.place
    for graph, number in release.statistics.graphs.items():
        path = path_of(graph, base)
        if path is None:
            continue
        is_article = graph.startswith(f"{base}article/")
        for triple in (
            *say(release.iri, void_subset=part(path)),
            *say(release.iri, prov_wasDerivedFrom=graph if is_article else None),
            *say(part("making"), prov_used=graph),
            *say(part(path), a=VOID + "Dataset", void_triples=integer(number)),
            *say(part(path), void_dataDump=place + path, prov_wasDerivedFrom=graph),
        ):
            yield f"{triple} .\n".encode()
