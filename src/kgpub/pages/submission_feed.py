"""What becomes of submissions, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from kgpub.pages.rendering import Site
from kgpub.pages.words import words

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_BEGIN = "2000-01-01T00:00:00+00:00"
"""When a feed was updated in which there is nothing."""
# What XML 1.0 (section 2.2) has no characters for.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done with a submission: `action`, at `at` (RFC 3339), of the article `slug`.

    `number` and `submission` identify it. `link` is the absolute address of where to look, `by`
    who did it, `reason` why; "" where that is not told.
    """

    number: int
    submission: str
    action: str
    at: str
    slug: str
    link: str
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What surrounds the entries: `name` is `review` or `published`, `address` absolute."""

    site: Site
    language: str
    name: str
    address: str


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """Return the feed; entries stand as they are given, the newest first."""
    say, site = words(feed.language), feed.site
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _add(root, "id", _identified(site, "2026", f"submissions/{feed.name}/{feed.language}"))
    _add(root, "title", f"{say[f'account-feed-{feed.name}']} – {site.titled(feed.language)}")
    _add(root, "updated", entries[0].at if entries else _BEGIN)
    _add(_add(root, "author"), "name", site.publisher)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    _add(root, "generator", "kgpub", uri="https://w3id.org/kgpub")
    for each in entries:
        told = _add(root, "entry")
        event = f"submission/{quote(each.submission, safe='')}/{each.number}"
        _add(told, "id", _identified(site, each.at[:10], event))
        _add(told, "title", f"{say[f'account-event-{each.action}']}: {each.slug}")
        _add(told, "updated", each.at)
        _add(told, "link", rel="alternate", type="text/html", href=each.link)
        _add(told, "category", term=each.action)
        if each.by:
            _add(_add(told, "author"), "name", each.by)
        # An entry has a summary or a content (section 4.1.2).
        _add(told, "summary", each.reason or say[f"account-event-{each.action}"])
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _identified(site: Site, day: str, path: str) -> str:
    """Return a tag URI (RFC 4151): it stays the same under whatever address the feed is read."""
    base = urlsplit(site.base)
    host = base.hostname or ""
    return f"tag:{host.encode('idna').decode()},{day}:{quote(base.path)}{path}"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    if text is not None:
        element.text = _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return element
