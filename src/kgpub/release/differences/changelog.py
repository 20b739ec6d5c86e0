"""What has changed from release to release, as a page and as an Atom feed (RFC 4287).

Nothing is looked at here but what is given: the same entries give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree

from markupsafe import Markup

from kgpub.messages import Message
from kgpub.release.differences.changes import Changes, Section
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.page import Link, environment, surroundings
from kgpub.release.differences.telling import Telling
from kgpub.release.differences.text import counted, quad_counts
from kgpub.reporting.text import isolated, safe

MAX_TOLD = 20
"""Changes that an entry tells one by one; it leads to a page with the rest."""
MAX_ENTRIES = 20
"""Entries of a page or feed; of the releases before these a page has links alone."""

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 (section 2.2) has no characters for.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """What has changed in one release, in one language.

    `version` is its number, `iri` identifies the entry, `time` is when it was released, as
    xsd:dateTime. `address` is where all its changes are told, absolute or relative to the
    changelog, "" where that is the changelog itself. `content` is HTML.
    """

    version: str
    iri: str
    time: str
    address: str
    content: Markup

    @property
    def day(self) -> str:
        """The day of the release."""
        return self.time[:10]


@dataclass(frozen=True)
class Changelog:
    """What a changelog is of.

    `title` and `publisher` are the dataset's, `iri` identifies it, `feed` and `page` are the
    absolute addresses of feed and page, `beside` is that of the feed as the page has it, where that
    is another. `entries` come latest first, one at least; all are in
    `language`. `links` lead to what else there is.
    """

    title: str
    publisher: str
    iri: str
    feed: str
    page: str
    language: str
    entries: Sequence[Entry]
    links: Sequence[Link] = ()
    beside: str = ""


def content(
    differences: Differences, changes: Changes, telling: Telling, limit: int = MAX_TOLD
) -> Markup:
    """Return what an entry tells of how a release differs from the one before: HTML."""
    language = telling.language
    counts = ((section, counted(changes, section)) for section in Section)
    return _content(
        language,
        counts=tuple((section, its.text(language)) for section, its in counts if its),
        quads=quad_counts(differences, language),
        told=tuple(telling.tell(changed) for changed in islice(changes, limit)),
        more=max(0, sum(changes.counts.values()) - limit),
    )


def first_content(quads: int, language: str) -> Markup:
    """Return what an entry tells of a release that none came before: HTML."""
    first = Message("diff-first", number=f"{quads:,}").text(language)
    return _content(language, counts=(), quads=first, told=(), more=0)


def _content(language: str, **entry: object) -> Markup:
    template = environment().get_template("entry.html.j2")
    return Markup(template.render(**surroundings(language), entry=entry))


def page(changelog: Changelog) -> bytes:
    """Return the changelog as an HTML page that needs nothing else."""
    text = (
        environment()
        .get_template("changelog.html.j2")
        .render(
            **surroundings(changelog.language),
            changelog=changelog,
            entries=changelog.entries[:MAX_ENTRIES],
            earlier=changelog.entries[MAX_ENTRIES:],
            links=changelog.links,
            title=_heading(changelog),
            earlier_releases=Message("diff-earlier").text(changelog.language),
            all_changes=Message("diff-all").text(changelog.language),
            called=lambda entry: _called(entry, changelog.language),
        )
    )
    return f"{text}\n".encode("utf-8", "backslashreplace")


def choice(title: str, links: Sequence[Link]) -> bytes:
    """Return a page from which readers choose the language in which they read the changelog."""
    template = environment().get_template("choice.html.j2")
    text = template.render(**surroundings("en"), title=title, links=links)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def feed(changelog: Changelog) -> bytes:
    """Return the changelog as an Atom feed, its first MAX_ENTRIES."""
    # An address may be relative to the page (RFC 4287, section 2).
    of_feed = {"xmlns": _ATOM, "xml:lang": changelog.language, "xml:base": changelog.page}
    root = ElementTree.Element("feed", of_feed)
    _add(root, "id", changelog.iri)
    _add(root, "title", _heading(changelog))
    _add(root, "updated", max(each.time for each in changelog.entries))
    _add(_add(root, "author"), "name", changelog.publisher)
    _add(root, "link", rel="self", type="application/atom+xml", href=changelog.feed)
    _add(root, "link", rel="alternate", type="text/html", href=changelog.page)
    _add(root, "generator", "kgpub", uri="https://w3id.org/kgpub")
    for each in changelog.entries[:MAX_ENTRIES]:
        told = _add(root, "entry")
        _add(told, "id", each.iri)
        _add(told, "title", _called(each, changelog.language))
        _add(told, "updated", each.time)
        address = each.address or f"#{each.version}"
        _add(told, "link", rel="alternate", type="text/html", href=address)
        _add(told, "content", each.content, type="html")
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _heading(changelog: Changelog) -> str:
    title = isolated(safe(changelog.title))
    return Message("diff-changelog", title=title).text(changelog.language)


def _called(entry: Entry, language: str) -> str:
    return Message("diff-release", version=entry.version).text(language)


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return element
