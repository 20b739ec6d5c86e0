"""The page that lists the releases, and the page of each: what it holds, to download and check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kgpub.messages import LANGUAGES
from kgpub.pages.home import STYLE, Download
from kgpub.pages.rendering import Alternate, Frame, Reference, Site, Text, render
from kgpub.pages.when import date

NAME = "release"
"""Below the base: the releases, each with its version behind it."""
CHANGES = "changes"
"""Below that: what changed from one release to the next, in a folder of files."""
CHANGELOG, FEED, STREAM = "index.{}.html", "feed.{}.atom", "stream.trig"
"""What people read there, what their readers of feeds do, and what programs do: their names."""
FORMS = {".ttl": "text/turtle", ".jsonld": "application/ld+json"}
"""What describes a release as data, by what the names of these documents end in."""


@dataclass(frozen=True, slots=True)
class Released:
    """A release: its version, date (ISO 8601), the version before it or "", and its files."""

    version: str
    issued: str
    previous: str = ""
    files: tuple[Download, ...] = ()


def iri_of(site: Site, version: str) -> str:
    """Return the IRI of a release, or of all of them where the version is ""."""
    return f"{site.base}{NAME}/{version}"


def list_html(
    site: Site, releases: Sequence[Released], language: str, *, has_changes: bool = False
) -> str:
    """Return the page that lists the releases, in the order in which they are given.

    With `has_changes` it leads to what tells of these.
    """
    frame = _frame(site, iri_of(site, ""), language)
    named = [(_reference(frame, each.version), date(each.issued)) for each in releases]
    changes = {}
    if has_changes:
        folder = f"{site.addresses.root}{NAME}/{CHANGES}/"
        changes = {
            "releases-changelog": frame.to(folder + CHANGELOG.format(language)),
            "releases-feed": frame.to(folder + FEED.format(language)),
            "releases-stream": frame.to(folder + STREAM),
        }
    return render("releases.html.j2", frame, releases=named, changes=changes)


def html(site: Site, release: Released, language: str, json_ld: str = "") -> str:
    """Return the page of a release; `json_ld` is what search engines are to read of it."""
    iri = iri_of(site, release.version)
    frame = _frame(site, iri, language)
    alternates = tuple(
        Alternate(site.addresses.document(iri, ending) or "", media_type)
        for ending, media_type in FORMS.items()
    )
    return render(
        "release.html.j2",
        replace(frame, iri=iri, alternates=alternates, json_ld=json_ld),
        version=release.version,
        issued=date(release.issued),
        previous=_reference(frame, release.previous) if release.previous else None,
        releases=frame.page_of(iri_of(site, "")),
        files=[(frame.to(each.address), each) for each in release.files],
    )


def _frame(site: Site, iri: str, language: str) -> Frame:
    pages = {each: site.addresses.page(iri, each) or "" for each in LANGUAGES}
    return Frame(site, language, pages[language], languages=pages, styles=(STYLE,))


def _reference(frame: Frame, version: str) -> Reference:
    return Reference(Text(version), frame.page_of(iri_of(frame.site, version)))
