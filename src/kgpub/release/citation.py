"""How a release is cited: CITATION.cff, Citation File Format 1.2.0."""

from __future__ import annotations

import yaml

from kgpub.release.release import Release

PATH = "CITATION.cff"


def citation(release: Release) -> bytes:
    """Return the citation of a release, as YAML."""
    settings, terms = release.settings, release.terms
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": settings.titled("en"),
        "version": terms.version,
        "date-released": terms.issued,
        "authors": [{"name": settings.publisher}],
        "identifiers": [
            {"type": "url", "value": release.iri, "description": "The IRI of this release"}
        ],
        "url": terms.place,
        "license-url": settings.licence,
        "keywords": release.keyword_texts,
        "abstract": release.description,
    }
    kept = {key: value for key, value in fields.items() if value}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100).encode()
