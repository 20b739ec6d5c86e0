"""What a release consists of, but for what tells of the release itself.

This is the place for more: a function that yields `Content` for each file, added to `contents`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kgpub.release import csvw, vocabularies
from kgpub.release.catalogue import CANONICAL
from kgpub.release.distribution import Content, is_dataset
from kgpub.release.graphs import files
from kgpub.release.linkset import PATH as LINKS
from kgpub.release.linkset import linkset
from kgpub.release.statistics import Statistics
from kgpub.release.tables import rows, tables
from kgpub.settings import Settings
from kgpub.vocabulary import prefixes

DATASET = "dataset.nq"
_CHUNK = 1 << 20
_W3 = "https://www.w3.org/TR/"
_KNOWN = {
    "dataset.ttl": ("All triples, as Turtle", "text/turtle", (f"{_W3}turtle/",)),
    "dataset.jsonld": ("All triples, as JSON-LD", "application/ld+json", (f"{_W3}json-ld11/",)),
    "dataset.trig": ("All quads, as TriG", "application/trig", (f"{_W3}trig/",)),
    DATASET: (
        "All quads, as sorted canonical N-Quads",
        "application/n-quads",
        (f"{_W3}n-quads/", CANONICAL),
    ),
    "report.ttl": ("The report of the validation with SHACL", "text/turtle", ()),
    "report.txt": ("The report of the validation, to be read", "text/plain", ()),
    "context.jsonld": ("The JSON-LD context of the data", "application/ld+json", ()),
}
_MEDIA_TYPES = {".ttl": "text/turtle", ".jsonld": "application/ld+json"}


@dataclass(frozen=True)
class Source:
    """What a release is made from: an output folder, its files, and what was counted in it.

    `files` are the checksums of the output's files by path. In the folder `temporary` files may
    lie while it is made.
    """

    folder: Path
    files: Mapping[str, str]
    settings: Settings
    statistics: Statistics
    temporary: Path

    @property
    def dataset(self) -> Path:
        """The dataset, as sorted canonical N-Quads."""
        return self.folder / DATASET


def contents(source: Source) -> Iterator[Content]:
    """Yield the files of a release that are made from the output."""
    yield from _as_built(source)
    yield from _links(source)
    yield from _tables(source)
    base = source.settings.base
    yield from vocabularies.contents_of(source.dataset, base, source.temporary)
    yield from files(source.dataset, base, prefixes(base), source.temporary)


def _as_built(source: Source) -> Iterator[Content]:
    """The largest first: they are compressed while the others are written."""
    for path in sorted(source.files, key=lambda path: (not is_dataset(path), path)):
        suffix = _MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")
        folder, _, name = path.rpartition("/")
        default = (f"{name} of {folder or 'the output'}, as it was at the build", suffix, ())
        title, media_type, standards = _KNOWN.get(path, default)
        yield Content(
            path,
            title,
            media_type,
            partial(_copied, source.folder / path),
            standards,
            compressed=is_dataset(path),
            offered=is_dataset(path),
        )


def _copied(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _links(source: Source) -> Iterator[Content]:
    yield Content(
        LINKS,
        "The links to Wikidata, as N-Triples",
        "application/n-triples",
        lambda: linkset(source.dataset),
        (f"{_W3}n-triples/",),
    )


def _tables(source: Source) -> Iterator[Content]:
    made = tables(source.statistics.names)
    for table in made:
        yield Content(
            table.path,
            f"{table.title}, as a table",
            "text/csv",
            partial(rows, source.dataset, table),
            (f"{_W3}tabular-data-model/",),
        )
    settings = source.settings
    yield Content(
        csvw.PATH,
        "What the columns of the tables mean",
        "application/csvm+json",
        lambda: [csvw.metadata(made, settings.titled("en"), settings.licence)],
        offered=False,
    )
