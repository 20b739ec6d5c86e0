"""What was built last, opened to read; requests that run meanwhile go on with the one before."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store

import kgpub.pages
from kgpub.pages.listing import MAX_LISTED, by_name
from kgpub.pages.pages import Pages
from kgpub.pages.reading import TYPE, StoreReading
from kgpub.pages.rendering import Site
from kgpub.pipeline.cache import software_digest
from kgpub.pipeline.workspace import Workspace
from kgpub.service.latest import Latest
from kgpub.service.work import Clock

_COUNTS = "SELECT ?class (COUNT(?thing) AS ?count) { ?thing a ?class } GROUP BY ?class"


@dataclass(frozen=True)
class Build:
    """One build. `version` tells it from all others, and from itself as told by another kgpub."""

    version: str
    store: Store
    site: Site
    _lists: dict[tuple[str, str], Sequence[str]] = field(default_factory=dict, repr=False)
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


class Builds:
    """Keeps the last build of a workspace open, see `Latest`."""

    def __init__(self, workspace: Workspace, clock: Clock = time.monotonic) -> None:
        settings = workspace.settings
        self.site = Site(settings.base, settings.title, settings.publisher, settings.licence)
        self._workspace = workspace
        self._clock = clock
        self._around = f"{_software()} {self.site}"
        self._latest = Latest(workspace.generations, self._opened, clock)

    def kept(self) -> Build | None:
        """Return the last build if it was looked for just now, without touching the disk."""
        return self._latest.kept()

    def current(self) -> Build:
        """Return the last build. Raises StoreError where there is none to read."""
        return self._latest.get()

    def _opened(self, fingerprint: str) -> Build:
        store = self._workspace.generations.open()
        told = fingerprint or f"opened {self._clock()}"
        version = hashlib.sha256(f"{told} {self._around}".encode()).hexdigest()
        return Build(version, store, self.site)


def _software() -> str:
    """Return a digest of all that decides what documents look like."""
    folder = Path(kgpub.pages.__file__).parent
    digest = hashlib.sha256(software_digest().encode())
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in (".j2", ".toml", ".css"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
