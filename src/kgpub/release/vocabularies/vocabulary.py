"""Which vocabularies there are, and what a reader has to know of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Vocabulary:
    """One vocabulary: the folder of its queries, and the file that is made by them.

    `specification` is the IRI of what defines it, "" for the ontology of kgpub. With
    `common_losses` nothing is told that is denied, contradicted or only quoted.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    specification: str = ""
    common_losses: bool = True

    @property
    def queries(self) -> tuple[Path, ...]:
        """The files of the queries that make it, by name."""
        return tuple(path for path in self.folder if not path.name.startswith(_LEFT_OUT))

    @property
    def counting(self) -> tuple[Path, ...]:
        """The files of the queries that count what is left out."""
        common = (_FOLDER / f"{_LEFT_OUT}.rq",) if self.common_losses else ()
        return *common, *(path for path in self.folder if path.name.startswith(_LEFT_OUT))

    @property
    def folder(self) -> tuple[Path, ...]:
        """The files of all its queries, by name."""
        return tuple(sorted((_FOLDER / self.name).glob("*.rq")))


FACTS_ONLY = Vocabulary(
    "facts-only",
    "The facts without their provenance, as N-Triples",
    ".nt",
    "application/n-triples",
    common_losses=False,
)
NANOPUBLICATIONS = Vocabulary(
    "nanopublications",
    "A nanopublication for each fact, as N-Quads",
    ".nq",
    "application/n-quads",
    "http://www.nanopub.org/nschema",
    common_losses=False,
)
POPOLO = Vocabulary(
    "popolo",
    "People, organisations, posts and memberships as Popolo JSON",
    ".json",
    "application/json",
    "http://www.popoloproject.com/specs/",
)
SCHEMA_ORG = Vocabulary(
    "schema-org",
    "The facts as schema.org, as N-Triples",
    ".nt",
    "application/n-triples",
    "https://schema.org/",
)
WIKIDATA = Vocabulary(
    "wikidata",
    "The facts as statements and references of Wikidata, as N-Triples",
    ".nt",
    "application/n-triples",
    "http://wikiba.se/ontology",
)
VOCABULARIES = (FACTS_ONLY, NANOPUBLICATIONS, POPOLO, SCHEMA_ORG, WIKIDATA)
