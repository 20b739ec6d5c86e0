"""A release as schema.org describes datasets: what search engines for datasets ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kgpub.release.distribution import Coding, Distribution
from kgpub.release.json_text import json_text
from kgpub.release.release import Named, Release
from kgpub.version import __version__

PATH = "schema-org.jsonld"
_MAX_DESCRIPTION = 5000
"""Characters of a description that Google Dataset Search takes."""


def dataset(release: Release) -> bytes:
    """Return the release as JSON-LD, to be put into a page as well."""
    return json_text({"@context": "https://schema.org/", **node(release)})


def node(release: Release) -> dict[str, Any]:
    """Return what is said of the release as a schema:Dataset, without the context."""
    told, settings, terms = release.statistics, release.settings, release.terms
    publisher = {"@type": "Organization", "name": settings.publisher}
    series = f"{settings.base}dataset"
    fields: dict[str, Any] = {
        "@type": "Dataset",
        "@id": release.iri,
        "name": release.name,
        "description": release.description[:_MAX_DESCRIPTION],
        "url": terms.place,
        "identifier": release.iri,
        "version": terms.version,
        "datePublished": terms.issued,
        "dateModified": release.modified,
        "license": settings.licence,
        "creator": publisher,
        "publisher": publisher,
        "isAccessibleForFree": True,
        "inLanguage": list(told.languages),
        "keywords": release.keyword_texts,
        "spatialCoverage": [_place(each) for each in release.places],
        "temporalCoverage": _interval(told.earliest, told.latest),
        "measurementTechnique": f"facts with the words that state them, validated with SHACL "
        f"by kgpub {__version__}",
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{release.iri}#catalogue"},
        "isPartOf": {"@type": "Dataset", "@id": series, "name": settings.titled("en")},
        "distribution": [_download(release, file) for file in release.files if file.offered],
    }
    return {key: value for key, value in fields.items() if value not in (None, [], "")}


def _place(place: Named) -> Mapping[str, Any]:
    names = [{"@value": name.value, "@language": name.language} for name in place.names]
    return {"@type": "Place", "@id": place.iri, "name": names}


def _interval(earliest: str, latest: str) -> str:
    """Return an interval of ISO 8601 with open ends as schema.org has them, "" for none."""
    return f"{earliest or '..'}/{latest or '..'}" if earliest or latest else ""


def _download(release: Release, file: Distribution) -> Mapping[str, Any]:
    packed = {Coding.GZIP: ["application/gzip"], Coding.ZSTD: ["application/zstd"]}
    return {
        "@type": "DataDownload",
        "name": file.title,
        "contentUrl": release.terms.place + file.path,
        "encodingFormat": [file.media_type, *packed.get(file.coding, [])],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
