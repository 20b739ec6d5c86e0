"""The catalogue of a release: DCAT 3 and VoID for what it holds, PROV for how it was made.

It keeps to DCAT-AP 3.0.1. Every node has an IRI, below that of the release where it is part of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.pipeline.catalogue import catalogue as described
from kgpub.release.citation import PATH as CITATION
from kgpub.release.crate import PATH as CRATE
from kgpub.release.distribution import Coding, Distribution
from kgpub.release.holdings import holdings, provenance
from kgpub.release.languages import language_iri
from kgpub.release.release import Release
from kgpub.release.saying import FOAF, PROV, SPDX, VCARD, VOID, Part, date, say, size, text
from kgpub.release.schema_org import PATH as SCHEMA_ORG
from kgpub.serialisation import Order
from kgpub.version import __version__
from kgpub.vocabulary import DCAT, DCTERMS, KG, SKOS, XSD

PATH = "catalogue"
ORDER = Order(
    classes=(
        *(DCAT + each for each in ("Catalog", "Dataset", "DataService", "Distribution")),
        *(VOID + each for each in ("Linkset", "Dataset")),
    ),
    predicates=tuple(DCTERMS + each for each in ("title", "description", "identifier")),
    followed=(SPDX + "checksum", VOID + "classPartition", VOID + "propertyPartition"),
)
CANONICAL = "https://www.w3.org/TR/rdf-canon/"
"""RDF Dataset Canonicalization 1.0: what dataset.nq is the canonical form by."""
_MEDIA = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_FORMATS = {
    "text/turtle": "RDF_TURTLE",
    "application/trig": "RDF_TRIG",
    "application/n-quads": "RDF_N_QUADS",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/ld+json": "JSON_LD",
    "application/json": "JSON",
    "text/csv": "CSV",
}
_CODINGS = {Coding.GZIP: "application/gzip", Coding.ZSTD: "application/zstd"}
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_STABLE = "http://publications.europa.eu/resource/authority/planned-availability/STABLE"
_REPORT = "report.ttl"


def catalogue(release: Release) -> Iterator[Triple]:
    """Yield the description of a release. It needs the checksum of `dataset.nq` among its files."""
    part = Part(release.iri)
    yield from (quad.triple for quad in described(release.settings))
    for describe in _PARTS:
        yield from describe(release, part)
    for file in release.files:
        if file.offered:
            yield from _distribution(release, part, file)


def _catalog(release: Release, part: Part) -> Iterator[Triple]:
    yield from say(
        part("catalogue"),
        a=DCAT + "Catalog",
        dcterms_title=text(f"Catalogue of {release.name}"),
        dcterms_description=text(f"{release.name}: its files, and how it was made."),
        dcterms_publisher=part("publisher"),
        dcterms_license=release.settings.licence,
        dcterms_issued=date(release.terms.issued),
        dcterms_modified=date(release.terms.issued),
        dcterms_language=language_iri("en"),
        foaf_homepage=release.terms.place,
        dcat_dataset=[release.iri, _series_iri(release)],
        dcat_service=part("sparql") if release.terms.endpoint else None,
    )
    yield from say(release.terms.place, a=FOAF + "Document")


def _contact(release: Release, part: Part) -> str | None:
    return part("contact") if release.terms.contact else None


def _series_iri(release: Release) -> str:
    return f"{release.settings.base}dataset"


def _series(release: Release, part: Part) -> Iterator[Triple]:
    """What all releases are versions of; the workspace's own description of it has the rest."""
    yield from say(
        _series_iri(release),
        dcterms_description=text(f"{release.title}: all its releases."),
        dcterms_publisher=part("publisher"),
        dcat_contactPoint=_contact(release, part),
        dcat_hasVersion=release.iri,
    )


def _dataset(release: Release, part: Part) -> Iterator[Triple]:
    terms = release.terms
    yield from say(
        release.iri,
        a=[DCAT + "Dataset", VOID + "Dataset", PROV + "Entity"],
        dcterms_title=text(release.name),
        dcterms_description=text(release.description),
        dcterms_identifier=Literal(release.iri),
        dcterms_issued=date(terms.issued),
        dcterms_modified=date(release.modified),
        dcterms_publisher=part("publisher"),
        dcterms_license=release.settings.licence,
        dcterms_accessRights=_PUBLIC,
        dcterms_conformsTo=KG.removesuffix("#"),
        dcat_version=Literal(terms.version),
        dcat_isVersionOf=_series_iri(release),
        dcat_previousVersion=terms.previous_iri or None,
        dcat_landingPage=terms.place,
        dcat_keyword=list(release.keywords),
        dcat_contactPoint=_contact(release, part),
        foaf_page=[terms.place + each for each in (_REPORT, SCHEMA_ORG, CITATION, CRATE)],
        dcat_distribution=[part(file.path) for file in release.files if file.offered],
    )
    yield from say(
        release.settings.licence, a=[DCTERMS + "LicenseDocument", DCTERMS + "RightsStatement"]
    )
    yield from say(_PUBLIC, a=DCTERMS + "RightsStatement")
    yield from say(KG.removesuffix("#"), a=DCTERMS + "Standard")
    for each in (_REPORT, SCHEMA_ORG, CITATION, CRATE):
        yield from say(terms.place + each, a=FOAF + "Document")


def _coverage(release: Release, part: Part) -> Iterator[Triple]:
    """What the data themselves tell of languages, places and time."""
    told = release.statistics
    languages = [language_iri(tag) for tag in told.languages]
    yield from say(release.iri, dcterms_language=languages, dcterms_spatial=list(told.places))
    for place in release.places:
        yield from say(place.iri, a=DCTERMS + "Location", skos_prefLabel=list(place.names))
    for language in {*languages, language_iri("en")}:
        yield from say(language, a=DCTERMS + "LinguisticSystem")
    if told.earliest or told.latest:
        yield from say(release.iri, dcterms_temporal=part("period"))
        yield from say(
            part("period"),
            a=DCTERMS + "PeriodOfTime",
            dcat_startDate=date(told.earliest),
            dcat_endDate=date(told.latest),
        )


def _agents(release: Release, part: Part) -> Iterator[Triple]:
    yield from say(
        part("publisher"),
        a=[FOAF + "Agent", PROV + "Agent"],
        foaf_name=Literal(release.settings.publisher),
    )
    contact = release.terms.contact
    if contact:
        is_mail = "@" in contact and "://" not in contact
        yield from say(
            part("contact"),
            a=VCARD + "Kind",
            vcard_fn=Literal(release.settings.publisher),
            vcard_hasEmail=f"mailto:{contact}" if is_mail else None,
            vcard_hasURL=None if is_mail else contact,
        )
    yield from say(
        part("software"),
        a=PROV + "SoftwareAgent",
        rdfs_label=Literal(f"kgpub {__version__}"),
        dcat_version=Literal(__version__),
    )


def _service(release: Release, part: Part) -> Iterator[Triple]:
    endpoint = release.terms.endpoint
    if not endpoint:
        return
    protocol = "https://www.w3.org/TR/sparql11-protocol/"
    yield from say(release.iri, void_sparqlEndpoint=endpoint)
    yield from say(
        part("sparql"),
        a=DCAT + "DataService",
        dcterms_title=text(f"SPARQL endpoint of {release.title}"),
        dcterms_publisher=part("publisher"),
        dcterms_conformsTo=protocol,
        dcat_contactPoint=_contact(release, part),
        dcat_endpointURL=endpoint,
        dcat_endpointDescription=endpoint,
        dcat_servesDataset=_series_iri(release),
    )
    yield from say(protocol, a=DCTERMS + "Standard")


def _distribution(release: Release, part: Part, file: Distribution) -> Iterator[Triple]:
    media, url = _MEDIA + file.media_type, release.terms.place + file.path
    kind = _FORMATS.get(file.media_type)
    coding = _CODINGS.get(file.coding)
    checksum = part(f"{file.path}-sha256")
    yield from say(
        part(file.path),
        a=DCAT + "Distribution",
        dcterms_title=text(file.title),
        dcterms_issued=date(release.terms.issued),
        dcterms_license=release.settings.licence,
        dcterms_format=_FILE_TYPES + kind if kind else None,
        dcterms_conformsTo=list(file.conforms_to),
        dcterms_description=text(f"{file.title}. {file.size:,} bytes."),
        dcatap_availability=_STABLE,
        dcat_mediaType=media,
        dcat_compressFormat=_MEDIA + coding if coding else None,
        dcat_accessURL=release.terms.place,
        dcat_downloadURL=url,
        dcat_byteSize=size(file.size),
        spdx_checksum=checksum,
    )
    canonical = CANONICAL in file.conforms_to and file.coding is Coding.PLAIN
    yield from say(
        checksum,
        a=SPDX + "Checksum",
        spdx_algorithm=SPDX + "checksumAlgorithm_sha256",
        spdx_checksumValue=Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary")),
        rdfs_comment=text("The RDFC-1.0 canonical hash of the dataset.") if canonical else None,
    )
    yield from say(_STABLE, a=SKOS + "Concept", skos_prefLabel=text("stable"))
    yield from say(SPDX + "checksumAlgorithm_sha256", a=SPDX + "ChecksumAlgorithm")
    yield from say(media, a=DCTERMS + "MediaType")
    for standard in file.conforms_to:
        yield from say(standard, a=DCTERMS + "Standard")
    if coding:
        yield from say(_MEDIA + coding, a=DCTERMS + "MediaType")
    if kind:
        yield from say(_FILE_TYPES + kind, a=DCTERMS + "MediaTypeOrExtent")


_PARTS = (_catalog, _series, _dataset, _coverage, _agents, _service, holdings, provenance)
