"""A release as a research object: `ro-crate-metadata.json`, RO-Crate 1.1."""

from __future__ import annotations

from typing import Any

from kgpub.release.distribution import Distribution
from kgpub.release.graphs import FOLDER
from kgpub.release.json_text import json_text
from kgpub.release.release import Release
from kgpub.version import __version__

PATH = "ro-crate-metadata.json"
_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
"""That of 1.1 is older than the checksum; it may be added to (RO-Crate 1.1, Extending RO-Crate)."""


def crate(release: Release) -> bytes:
    """Return the crate's metadata: the release, its files, publisher, licence, software.

    The files of submissions and articles, of which there may be many, are a folder.
    """
    settings, terms, made = release.settings, release.terms, "#making"
    publisher, software = "#publisher", "#software"
    listed = [file for file in release.files if not file.path.startswith(f"{FOLDER}/")]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": release.name,
        "description": release.description,
        "datePublished": terms.issued,
        "license": {"@id": settings.licence},
        "publisher": {"@id": publisher},
        "author": {"@id": publisher},
        "creator": {"@id": publisher},
        "identifier": release.iri,
        "version": terms.version,
        "url": terms.place,
        "inLanguage": list(release.statistics.languages),
        "keywords": release.keyword_texts,
        "hasPart": [*({"@id": file.path} for file in listed), {"@id": f"{FOLDER}/"}],
        "mentions": {"@id": made},
    }
    graph: list[dict[str, Any]] = [
        {
            "@id": PATH,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        *(_file(file) for file in listed),
        {"@id": f"{FOLDER}/", "@type": "Dataset", "name": "A file for each submission and article"},
        {"@id": settings.licence, "@type": "CreativeWork", "name": "Licence of the data"},
        _publisher(publisher, release),
        {
            "@id": software,
            "@type": "SoftwareApplication",
            "name": "kgpub",
            "softwareVersion": __version__,
        },
        {
            "@id": made,
            "@type": "CreateAction",
            "name": f"Making of {release.name}",
            "endTime": terms.issued,
            "instrument": {"@id": software},
            "agent": {"@id": publisher},
            "result": {"@id": "./"},
        },
    ]
    return json_text({"@context": _CONTEXT, "@graph": graph})


def _publisher(identifier: str, release: Release) -> dict[str, Any]:
    contact = release.terms.contact
    reached = {"url" if "://" in contact else "email": contact} if contact else {}
    named = {"@id": identifier, "@type": "Organization", "name": release.settings.publisher}
    return {**named, **reached}


def _file(file: Distribution) -> dict[str, Any]:
    return {
        "@id": file.path,
        "@type": "File",
        "name": file.title,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
