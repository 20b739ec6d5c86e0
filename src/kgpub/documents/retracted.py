"""What a build does not describe any more because it was retracted."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode

from kgpub.documents.build import Build
from kgpub.pages.retracted import html, retraction_of
from kgpub.vocabulary import terms as kg

_RETRACTS = NamedNode(kg.retracts)


def is_gone(build: Build, iri: str) -> bool:
    """Whether `iri` was retracted and is described no more. Raises ValueError for what is none."""
    quads = build.store.quads_for_pattern(None, _RETRACTS, NamedNode(iri), DefaultGraph())
    return next(quads, None) is not None and not build.describes(iri)


def gone(build: Build) -> Iterator[str]:
    """Yield the IRIs of all that is gone so, in their order: their documents say why."""
    quads = build.store.quads_for_pattern(None, _RETRACTS, None, DefaultGraph())
    retracted = {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
    yield from (iri for iri in sorted(retracted) if not build.describes(iri))


def page(build: Build, iri: str, language: str) -> str | None:
    """Return the page in the place of that of a thing that is gone, None for any other."""
    retraction = retraction_of(build.reading, iri)
    frame = build.pages.frame(iri, language)
    return None if retraction is None or frame is None else html(frame, iri, retraction)
