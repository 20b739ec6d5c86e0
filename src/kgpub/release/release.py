"""A release as a value: its version, where it is found, what it holds, and its files."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal

from kgpub.model.version import following as following
from kgpub.model.version import is_version as is_version
from kgpub.model.version import order as order
from kgpub.release.distribution import Distribution
from kgpub.release.statistics import Statistics
from kgpub.settings import Settings


@dataclass(frozen=True)
class Terms:
    """What a release is called and where it will be found.

    `previous` is the version before it, `previous_iri` that one's IRI; "" where it is the first.
    `issued` is its date, as in ISO 8601. `place` is the address of its folder and ends in /.
    `endpoint` is that of a SPARQL service for the data, `contact` an address of mail or web; or "".
    """

    version: str
    previous: str
    previous_iri: str
    issued: str
    place: str
    endpoint: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Named:
    """An entity with its names."""

    iri: str
    names: tuple[Literal, ...]


@dataclass(frozen=True)
class Release:
    """A release: all that its catalogue tells.

    `files` are sorted by path; `mentioned` and `places` are those of the statistics.
    """

    settings: Settings
    terms: Terms
    statistics: Statistics
    files: tuple[Distribution, ...]
    mentioned: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()

    @property
    def iri(self) -> str:
        """The version IRI: it always stands for this release."""
        return release_iri(self.settings.base, self.terms.version)

    @property
    def modified(self) -> str:
        """The day that the data changed last, as in ISO 8601: not after the release's own."""
        return min(self.statistics.changed or self.terms.issued, self.terms.issued)

    @property
    def title(self) -> str:
        """The title of the dataset, where English is written."""
        return self.settings.titled("en")

    @property
    def name(self) -> str:
        """What a person calls the release."""
        return f"{self.title}, release {self.terms.version}"

    def file(self, path: str) -> Distribution:
        """Return the file with this path. Raises KeyError."""
        return {each.path: each for each in self.files}[path]

    @property
    def keywords(self) -> tuple[Literal, ...]:
        """The names of what is mentioned most, each with its language."""
        return tuple(dict.fromkeys(name for each in self.mentioned for name in each.names))

    @property
    def keyword_texts(self) -> list[str]:
        """The names of what is mentioned most, where languages are not told, each once."""
        return list(dict.fromkeys(name.value for name in self.keywords))

    @property
    def description(self) -> str:
        """The release in a paragraph."""
        told = self.statistics
        kinds = ", ".join(
            _counted(told.of(class_), *forms)
            for class_, *forms in (
                ("Person", "person", "people"),
                ("Organisation", "organisation", "organisations"),
                ("Office", "office", "offices"),
                ("Tenure", "term of office", "terms of office"),
                ("Event", "event", "events"),
            )
            if told.of(class_)
        )
        articles = _counted(told.of("Article"), "news article states", "news articles state")
        said = told.of("Statement") + told.of("Quotation")
        statements = _counted(said, "statement or quotation", "statements and quotations")
        return (
            f"{self.title}: what {articles}, as linked data in which each fact is "
            f"asserted by a statement, the exact words of an article. {statements}; "
            f"{kinds or 'no facts yet'}; {told.triples:,} RDF triples, validated with SHACL."
        )


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def release_iri(base: str, version: str) -> str:
    """Return the version IRI of a release of the data whose IRIs begin with `base`."""
    return f"{base}release/{version}"
