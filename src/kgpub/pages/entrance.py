"""Pages in place of what a server would do: choose a language, tell that nothing is there."""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import HTML
from kgpub.pages.home import NAME
from kgpub.pages.rendering import Frame, Site, Text, direction, render
from kgpub.pages.words import words

CHOICE = "index.html"
LOST = "404.html"


@dataclass(frozen=True, slots=True)
class Said:
    """That there is nothing, in one language."""

    language: str
    title: Text
    why: Text

    @property
    def direction(self) -> str:
        return direction(self.language)


def choice(site: Site) -> str:
    """Return the page that leads to the home pages in all languages."""
    return render("choose.html.j2", _frame(site, CHOICE, ""))


def lost(site: Site, above: str) -> str:
    """Return the page for addresses that nothing is under, in all languages.

    `above` is the path of the site on its host, which ends in a slash; with "" its references are
    right for addresses at the root only.
    """
    told = (words(each) for each in LANGUAGES)
    said = [
        Said(language, Text(texts["missing"], language), Text(texts["missing-why"], language))
        for language, texts in zip(LANGUAGES, told, strict=True)
    ]
    return render("lost.html.j2", _frame(site, LOST, above), said=said)


def _frame(site: Site, address: str, above: str) -> Frame:
    homes = {each: f"{NAME}.{each}{HTML}" for each in LANGUAGES}
    return Frame(site, LANGUAGES[0], address, languages=homes, above=above)
