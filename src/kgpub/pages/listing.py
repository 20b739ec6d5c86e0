"""The pages that list all persons, all organisations and so on, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import FORMS, HTML, Addresses
from kgpub.pages.collation import sort_key
from kgpub.pages.pages import MEDIA_TYPES
from kgpub.pages.reading import Reading
from kgpub.pages.rendering import Alternate, Frame, Site, Text, render
from kgpub.pages.view import View
from kgpub.pages.words import words
from kgpub.vocabulary import ENTITY_SECTIONS, KG
from kgpub.vocabulary import terms as kg

LISTS = {
    **{folder: KG + class_ for class_, folder in ENTITY_SECTIONS.values()},
    "event/": kg.Event,
    "article/": kg.Article,
}
"""Which class each list is of, by its path below the base."""
_STYLE = "site.css"
PAGE_SIZE = 250
MAX_LISTED = 10_000
"""Members of a list. To find one among more, readers search."""
_NUMBERED = re.compile(r"(?P<folder>.*/)index\.(?P<number>[1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list, numbered from 1: the IRI of the list's folder, and the number."""

    iri: str
    number: int = 1

    @classmethod
    def of(cls, iri: str) -> Part:
        """Return the part whose documents are those of `iri`: `…/person/` or `…/person/index.2`."""
        match = _NUMBERED.fullmatch(iri)
        return cls(match["folder"], int(match["number"])) if match else cls(iri)

    def address(self, addresses: Addresses, ending: str) -> str:
        """Return the address of its document with an ending."""
        named = self.iri if self.number == 1 else f"{self.iri}index.{self.number}"
        return addresses.document(named, ending) or ""

    def class_(self, base: str) -> str | None:
        """Return the class that it lists, None where it is no list."""
        if self.number == 1 and "index" in self.iri.removeprefix(base):
            return None
        return LISTS.get(self.iri.removeprefix(base)) if self.iri.startswith(base) else None


def by_name(reading: Reading, site: Site, iris: Iterable[str], language: str) -> list[str]:
    """Return IRIs sorted by what they are called in `language`."""
    view = View(reading, Frame(site, language, ""))
    return sorted(iris, key=lambda iri: (sort_key(view.called(iri).text, language), iri))


def frame_of(site: Site, part: Part, language: str) -> Frame:
    """Return the frame of a page of a list."""
    addresses = site.addresses
    return Frame(
        site,
        language,
        part.address(addresses, f".{language}{HTML}"),
        languages={each: part.address(addresses, f".{each}{HTML}") for each in LANGUAGES},
        alternates=tuple(
            Alternate(part.address(addresses, form), MEDIA_TYPES[form]) for form in FORMS
        ),
        styles=(_STYLE,),
    )


def html(
    reading: Reading, site: Site, part: Part, listed: Sequence[str], more: int, language: str
) -> str:
    """Return a page of a list: `listed` are its members in order, `more` how many are left off."""
    frame = frame_of(site, part, language)
    view = View(reading, frame)
    numbers = range(1, parts_of(listed) + 1)
    return render(
        "listing.html.j2",
        frame,
        title=title_of(part.iri.removeprefix(site.base), language),
        count=len(listed) + more,
        more=more,
        things=view.references(shown(listed, part)),
        parts=[
            frame.to(Part(part.iri, number).address(site.addresses, f".{language}{HTML}"))
            for number in numbers
        ],
        number=part.number,
    )


def title_of(folder: str, language: str) -> Text:
    """Return what a list in LISTS is called."""
    return Text(words(language)[f"list-{folder.rstrip('/')}"], language)


def parts_of(listed: Sequence[str]) -> int:
    """Return how many pages a list has; an empty one has one."""
    return max(1, -(-len(listed) // PAGE_SIZE))


def shown(listed: Sequence[str], part: Part) -> Sequence[str]:
    """Return the members that a page of a list shows."""
    return listed[(part.number - 1) * PAGE_SIZE : part.number * PAGE_SIZE]
