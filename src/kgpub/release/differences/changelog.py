"""What has changed from release to release, as a page and as an Atom feed (RFC 4287).

Nothing is looked at here but what is given: the same entries give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from xml.etree import ElementTree

from kgpub.messages import Message
from kgpub.release.differences.changes import Changes, Section
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.page import environment, surroundings
from kgpub.release.differences.telling import Telling, Told
from kgpub.release.differences.text import counted, quad_counts
from kgpub.reporting.text import isolated, safe

MAX_TOLD = 20
"""Changes that an entry tells one by one; it leads to a page with the rest."""

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 (section 2.2) has no characters for.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """What has changed in one release, in one language.

    `version` is its number, `iri` its persistent identifier, `day` when it was released, `address`
    where all its changes are told: absolute, or relative to the changelog. `counts` has a line for
    each section in which something changed, `quads` says how many quads differ. `told` are the
    first changes, `more` how many there are besides.
    """

    version: str
    iri: str
    day: date
    address: str
    counts: tuple[tuple[Section, str], ...]
    quads: str
    told: tuple[Told, ...]
    more: int


@dataclass(frozen=True)
class Changelog:
    """What a changelog is of.

    `title` and `publisher` are the dataset's, `iri` identifies it, `feed` and `page` are the
    absolute addresses of feed and page. `entries` come latest first, one at least; all are in
    `language`.
    """

    title: str
    publisher: str
    iri: str
    feed: str
    page: str
    language: str
    entries: Sequence[Entry]


def entry(
    differences: Differences,
    changes: Changes,
    telling: Telling,
    *,
    version: str,
    iri: str,
    day: date,
    address: str,
    limit: int = MAX_TOLD,
) -> Entry:
    """Return the entry of a release from how it differs from the one before."""
    language = telling.language
    counts = ((section, counted(changes, section)) for section in Section)
    return Entry(
        version,
        iri,
        day,
        address,
        tuple((section, its.text(language)) for section, its in counts if its),
        quad_counts(differences, language),
        tuple(telling.tell(changed) for changed in islice(changes, limit)),
        max(0, sum(changes.counts.values()) - limit),
    )


def page(changelog: Changelog) -> bytes:
    """Return the changelog as an HTML page that needs nothing else."""
    text = (
        environment()
        .get_template("changelog.html.j2")
        .render(
            **surroundings(changelog.language),
            changelog=changelog,
            title=_heading(changelog),
            all_changes=Message("diff-all").text(changelog.language),
        )
    )
    return f"{text}\n".encode("utf-8", "backslashreplace")


def feed(changelog: Changelog) -> bytes:
    """Return the changelog as an Atom feed. Dates are those of the releases, at midnight UTC."""
    # An address may be relative to the page (RFC 4287, section 2).
    of_feed = {"xmlns": _ATOM, "xml:lang": changelog.language, "xml:base": changelog.page}
    root = ElementTree.Element("feed", of_feed)
    _add(root, "id", changelog.iri)
    _add(root, "title", _heading(changelog))
    _add(root, "updated", _time(max(each.day for each in changelog.entries)))
    _add(_add(root, "author"), "name", changelog.publisher)
    _add(root, "link", rel="self", type="application/atom+xml", href=changelog.feed)
    _add(root, "link", rel="alternate", type="text/html", href=changelog.page)
    _add(root, "generator", "kgpub", uri="https://w3id.org/kgpub")
    shown = surroundings(changelog.language)
    template = environment().get_template("entry.html.j2")
    for each in changelog.entries:
        told = _add(root, "entry")
        _add(told, "id", each.iri)
        _add(told, "title", each.version)
        _add(told, "updated", _time(each.day))
        _add(told, "link", rel="alternate", type="text/html", href=each.address)
        _add(told, "content", template.render(**shown, entry=each), type="html")
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _heading(changelog: Changelog) -> str:
    title = isolated(safe(changelog.title))
    return Message("diff-changelog", title=title).text(changelog.language)


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return element
