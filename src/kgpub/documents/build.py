"""A build, opened to read: what documents are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store

import kgpub.pages
from kgpub.pages.description import Description, description
from kgpub.pages.listing import MAX_LISTED, by_name
from kgpub.pages.pages import Pages
from kgpub.pages.reading import TYPE, StoreReading
from kgpub.pages.rendering import Site

_COUNTS = "SELECT ?class (COUNT(?thing) AS ?count) { ?thing a ?class } GROUP BY ?class"


@dataclass(frozen=True)
class Build:
    """One build. `version` tells it from all others, and from itself as told by another kgpub."""

    version: str
    store: Store
    site: Site
    _lists: dict[tuple[str, str], Sequence[str]] = field(default_factory=dict, repr=False)
    _told: dict[str, Description] = field(default_factory=dict, repr=False)
    _listing: Lock = field(default_factory=Lock, repr=False)

    @cached_property
    def reading(self) -> StoreReading:
        """The union of its graphs, for pages."""
        return StoreReading(self.store)

    @cached_property
    def pages(self) -> Pages:
        """Its pages."""
        return Pages(self.reading, self.site)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many things there are of each class, by the IRI of the class."""
        rows = cast(QuerySolutions, self.store.query(_COUNTS))
        return {
            row["class"].value: int(row["count"].value)
            for row in rows
            if isinstance(row["class"], NamedNode) and isinstance(row["count"], Literal)
        }

    def listed(self, class_: str, language: str) -> Sequence[str]:
        """Return the IRIs of things of a class by name, MAX_LISTED at most."""
        key = class_, language
        with self._listing:  # to sort a long list takes seconds: once is enough
            if key not in self._lists:
                quads = self.store.quads_for_pattern(
                    None, NamedNode(TYPE), NamedNode(class_), DefaultGraph()
                )
                iris = (str(quad.subject)[1:-1] for quad in islice(quads, MAX_LISTED))
                own = [iri for iri in iris if iri.startswith(self.site.base)]
                self._lists[key] = by_name(self.reading, self.site, own, language)
            return self._lists[key]

    def description(self, iri: str) -> Description:
        """Return what is told of `iri`; of the last one it is known, for its other forms."""
        told = self._told.get(iri)
        if told is None:
            told = description(self.reading, iri)
            self._told.clear()
            self._told[iri] = told
        return told

    def describes(self, iri: str) -> bool:
        """Whether anything is said of `iri`. Raises ValueError where it is no IRI."""
        return self._has(NamedNode(iri), None)

    def knows(self, iri: str) -> bool:
        """Whether `iri` is in the data at all: described, referred to, or the name of a graph."""
        node = NamedNode(iri)
        return (
            self._has(node, None) or self._has(None, node) or self.store.contains_named_graph(node)
        )

    def _has(self, subject: NamedNode | None, object_: NamedNode | None) -> bool:
        found = self.store.quads_for_pattern(subject, None, object_, DefaultGraph())
        return next(found, None) is not None


def templates_digest() -> str:
    """Return a digest of what pages are made by besides code: templates, words, style sheets."""
    folder = Path(kgpub.pages.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in (".j2", ".toml", ".css"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
