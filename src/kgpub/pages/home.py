"""The page that a workspace begins with: what there is, and how to get at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML
from kgpub.pages.listing import LISTS, title_of
from kgpub.pages.rendering import Frame, Reference, Site, render
from kgpub.pages.words import words
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import FACT_TYPES

STYLE = "site.css"
NAME = "index"
"""Of its documents, at the root."""
DATASET = "dataset"
"""Below the base: the dataset as a whole, which the catalogue describes."""
_COUNTED = (kg.Statement, kg.Quotation)
_FACTS = tuple(KG + name for name in FACT_TYPES)
_STEP = 1024


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download: its address from the root, name, and size in bytes.

    `checksum` is its SHA-256 in hexadecimal, "" where it is not known.
    """

    address: str
    name: str
    size: int
    checksum: str = ""

    def told(self, language: str) -> str:
        """Return the size as people read it: `121 kB`, `3.4 MB`."""
        unit, number = "size-megabytes", f"{self.size / _STEP**2:,.1f}"
        if self.size < _STEP:
            unit, number = "size-bytes", str(self.size)
        elif self.size < _STEP**2:
            unit, number = "size-kilobytes", str(round(self.size / _STEP))
        return words(language)[unit].format(number=number)


def frame_of(site: Site, language: str) -> Frame:
    """Return the frame of the page."""
    return Frame(
        site,
        language,
        f"{NAME}.{language}{HTML}",
        languages={each: f"{NAME}.{each}{HTML}" for each in LANGUAGES},
        styles=(STYLE,),
    )


def html(
    site: Site,
    counts: Mapping[str, int],
    downloads: Sequence[Download],
    language: str,
) -> str:
    """Return the page; `counts` are how many things there are of each class."""
    frame = frame_of(site, language)
    lists = (
        (
            Reference(title_of(folder, language), frame.page_of(site.base + folder)),
            counts.get(class_, 0),
        )
        for folder, class_ in LISTS.items()
    )
    return render(
        "home.html.j2",
        frame,
        catalogue=frame.page_of(site.base + DATASET),
        lists=[(reference, number) for reference, number in lists if number],
        statements=sum(counts.get(class_, 0) for class_ in _COUNTED),
        facts=sum(counts.get(class_, 0) for class_ in _FACTS),
        downloads=[(frame.to(each.address), each) for each in downloads],
    )
