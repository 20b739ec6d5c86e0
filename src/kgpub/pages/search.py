"""The search page: a form, and what was found, in sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup, escape

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import anchor
from kgpub.pages.rendering import Frame, Reference, Site, Text, direction, render

PATH = "search"
STYLE = "search.css"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in pieces, each with whether it is marked, and whether the text was cut."""

    pieces: Sequence[tuple[str, bool]]
    language: str = ""
    is_cut_before: bool = False
    is_cut_after: bool = False

    @property
    def direction(self) -> str:
        """The direction of a paragraph of it."""
        return direction(self.language)

    def __html__(self) -> str:
        """Return it isolated, with language and direction."""
        language = Markup(' lang="{}"').format(self.language) if self.language else ""
        inside = Markup("").join(
            Markup("<mark>{}</mark>").format(text) if is_marked else escape(text)
            for text, is_marked in self.pieces
        )
        return Markup('<bdi{} dir="{}">{}{}{}</bdi>').format(
            language,
            direction(self.language),
            "… " if self.is_cut_before else "",
            inside,
            " …" if self.is_cut_after else "",
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that was found by a name: `other` is that name where it is not the one shown."""

    name: Marked
    href: str | None
    kind: Text
    other: Marked | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that were found, where they lead to, whose they are, and the article they stand in."""

    words: Marked
    href: str | None
    article: Reference
    speakers: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of what was found. `total` is the least if `is_more`; some hrefs may be none."""

    name: str
    hits: Sequence[Thing | Passage]
    first: int
    total: int
    is_more: bool
    some_only: bool
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. `notice` is the key of what there is to say instead of parts, or "".

    `all_parts` leads to all sections where one is shown alone.
    """

    query: str
    is_cut: bool = False
    parts: Sequence[Part] = ()
    notice: str = ""
    all_parts: str | None = None


def address(language: str, **values: str | int) -> str:
    """Return the address, from the root, of a search with these parameters."""
    return f"{PATH}?{urlencode({**values, 'lang': language})}"


def statement_href(frame: Frame, article: str, statement: str) -> str | None:
    """Return the reference to where a statement stands in the page of its article, or None."""
    page = frame.page_of(article)
    return None if page is None else f"{page}#{anchor(statement)}"


def frame_of(site: Site, language: str, parameters: Mapping[str, str | int]) -> Frame:
    """Return the frame of a search page; the same search is there in all languages."""
    languages = {each: address(each, **parameters) for each in LANGUAGES}
    return Frame(site, language, PATH, languages=languages, styles=(STYLE,))


def html(frame: Frame, shown: Shown) -> str:
    """Return the page."""
    return render("search.html.j2", frame, shown=shown, action=frame.to(PATH))
