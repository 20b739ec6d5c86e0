"""The files that tell of the release itself, made from one description of it."""

from __future__ import annotations

from collections.abc import Iterator

from kgpub.release import catalogue, citation, crate, holdings, schema_org
from kgpub.release.distribution import Content
from kgpub.release.release import Release
from kgpub.release.saying import PREFIXES
from kgpub.serialisation import jsonld, turtle
from kgpub.vocabulary import prefixes

_CATALOGUE = "The catalogue of the release: DCAT, VoID, PROV"


def about(release: Release) -> Iterator[Content]:
    """Yield the catalogue, the description for search engines, and the citation of a release."""
    names = prefixes(release.settings.base) | PREFIXES
    triples = list(catalogue.catalogue(release))
    yield Content(
        f"{catalogue.PATH}.ttl",
        _CATALOGUE,
        "text/turtle",
        lambda: turtle(triples, names, catalogue.ORDER),
        offered=False,
    )
    yield Content(
        f"{catalogue.PATH}.jsonld",
        f"{_CATALOGUE}, as JSON-LD",
        "application/ld+json",
        lambda: jsonld(triples, PREFIXES, catalogue.ORDER),
        offered=False,
    )
    yield Content(
        holdings.PARTS,
        "The catalogue's part for each submission and article, as N-Triples",
        "application/n-triples",
        lambda: holdings.parts(release),
        offered=False,
    )
    yield Content(
        schema_org.PATH,
        "The release as schema.org describes datasets",
        "application/ld+json",
        lambda: [schema_org.dataset(release)],
        offered=False,
    )
    yield Content(
        citation.PATH,
        "How to cite the release",
        "application/yaml",
        lambda: [citation.citation(release)],
        offered=False,
    )


def packed(release: Release) -> Content:
    """Return the RO-Crate of a release: it lists all files but those of submissions."""
    return Content(
        crate.PATH,
        "The release as an RO-Crate",
        "application/ld+json",
        lambda: [crate.crate(release)],
        offered=False,
    )
