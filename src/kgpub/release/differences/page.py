"""Changes as one HTML page that needs nothing else: no script, no font, no request.

Its own Content Security Policy allows nothing but its style, by a hash (CSP, level 3, 2.3.1).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kgpub.messages import RIGHT_TO_LEFT, Message
from kgpub.pages.rendering import Text
from kgpub.release.differences.changes import Changes, Section
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.telling import Row, Telling, Told
from kgpub.release.differences.text import (
    BECAME,
    counted,
    heading,
    label,
    quad_counts,
    retracted,
    retracted_by,
    stated,
    where,
)
from kgpub.version import __version__

MAX_SHOWN = 10_000
"""Changes that one page shows; more than that no browser shows well."""
_CHUNK = 100


@dataclass(frozen=True)
class Link:
    """A link from a page: where to, and what it is called.

    `language` is that of both, where it is another than that of the page, else "".
    """

    href: str
    text: str
    language: str = ""


def page(
    differences: Differences,
    changes: Changes,
    telling: Telling,
    limit: int = MAX_SHOWN,
    links: Sequence[Link] = (),
) -> Iterator[str]:
    """Yield the page in pieces. Texts of the datasets keep their own language and direction.

    Unless there are `links`, it leads nowhere.
    """
    language = telling.language
    shown = (telling.tell(changed) for changed in islice(changes, limit))
    sections: Iterator[tuple[Section, Iterator[Told]]] = groupby(
        shown, key=lambda told: told.changed.section
    )
    counts = [(section, counted(changes, section)) for section in Section]
    stream = (
        environment()
        .get_template("page.html.j2")
        .stream(
            **surroundings(language),
            title=heading(differences, language),
            counts=[(section, its.text(language)) for section, its in counts if its],
            quads=quad_counts(differences, language),
            sections=sections,
            more=max(0, sum(changes.counts.values()) - limit),
            links=links,
        )
    )
    stream.enable_buffering(_CHUNK)
    yield from stream
    yield "\n"


def surroundings(language: str) -> dict[str, object]:
    """Return what each page of changes is made with: texts, style and direction."""

    def say(code: str, **values: int) -> str:
        return Message(code, **{name: f"{number:,}" for name, number in values.items()}).text(
            language
        )

    def labelled(row: Row) -> Text | str:
        its = label(row)
        return its.text(language) if isinstance(its, Message) else its

    return {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "style": Markup(style()),
        "style_hash": style_hash(),
        "say": say,
        "became": lambda told: Message(BECAME[told.changed.what]).text(language),
        "label": labelled,
        "retracted": lambda retraction: retracted(retraction).text(language),
        "retracted_by": lambda retraction: retracted_by(retraction).text(language),
        "stated": lambda source: stated(source).text(language),
        "where": lambda source: where(source).text(language),
        "version": __version__,
    }


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of pages of changes."""
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def style_hash() -> str:
    """Return the hash by which a policy allows the style."""
    digest = hashlib.sha256(style().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return where the templates are."""
    return Environment(
        loader=PackageLoader("kgpub.release.differences", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
