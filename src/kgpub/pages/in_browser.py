"""The pages of a site without a server that answer in the browser: search, and queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kgpub.messages import LANGUAGES
from kgpub.pages import home, query, search
from kgpub.pages.addresses import HTML
from kgpub.pages.home import Download
from kgpub.pages.listing import LISTS, title_of
from kgpub.pages.policy import QUERY_POLICY
from kgpub.pages.query import FORMS, Example
from kgpub.pages.rendering import DIRECTIONS, Frame, Reference, Site, render
from kgpub.pages.words import words

_OF_BROWSER = "browser-"
_OF_SEARCH = ("search-", "browser-search")
"""Begin the keys of what scripts say."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a search: its script, its folder, from the root, and which build it is of."""

    script: str
    folder: str
    build: str


@dataclass(frozen=True, slots=True)
class Engine:
    """What answers queries: addresses from the root of the page's script, worker and WebAssembly.

    `packed` and `plain` are those of the dump in N-Quads. `seconds` is how long a query may take.
    In `folder` are scripts that hand data over, of a build; `parts` of them have the dump, for
    sites that are opened as files.
    """

    script: str
    worker: str
    wasm: str
    packed: str
    plain: str
    seconds: int
    folder: str
    build: str
    parts: int


def search_html(site: Site, counts: Mapping[str, int], index: Index | None, language: str) -> str:
    """Return the search page; `counts` are how many things there are of each class.

    Without `index` the page says that it is missing.
    """
    frame = _frame(site, "search", language, (search.STYLE, home.STYLE))
    lists = (
        (Reference(title_of(folder, language), frame.page_of(site.base + folder)), counts[class_])
        for folder, class_ in LISTS.items()
        if counts.get(class_)
    )
    return render(
        "site_search.html.j2",
        frame,
        shown=search.Shown(""),
        action=frame.search,
        script=None if index is None else frame.to(index.script),
        settings="" if index is None else _search_settings(frame, index),
        lists=list(lists),
        tell=query.telling(frame),
    )


def query_html(
    site: Site,
    texts: Sequence[tuple[Example, str]],
    first: str,
    engine: Engine | None,
    prefixes: Mapping[str, str],
    downloads: Sequence[Download],
    language: str,
) -> str:
    """Return the query page; `texts` are examples with their texts, `first` is what stands there.

    Without `engine` the page says that it is missing.
    """
    frame = _frame(site, "query", language, (query.STYLE,), QUERY_POLICY)
    return render(
        "site_query.html.j2",
        frame,
        examples=[example for example, _ in texts],
        text=first,
        script=None if engine is None else frame.to(engine.script),
        settings="" if engine is None else _query_settings(frame, engine, prefixes, texts),
        forms=FORMS,
        downloads=[(frame.to(each.address), each) for each in downloads],
        tell=query.telling(frame),
    )


def _frame(
    site: Site, name: str, language: str, styles: tuple[str, ...], policy: str = ""
) -> Frame:
    addresses = {each: f"{name}.{each}{HTML}" for each in LANGUAGES}
    frame = Frame(site, language, addresses[language], addresses, styles=styles)
    return replace(frame, policy=policy) if policy else frame


def _search_settings(frame: Frame, index: Index) -> str:
    told = {
        "language": frame.language,
        "index": frame.to(index.folder),
        "root": frame.to(""),
        "build": index.build,
        "title": frame.title,
        "directions": dict(DIRECTIONS),
        "words": {
            key: text for key, text in words(frame.language).items() if key.startswith(_OF_SEARCH)
        },
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _query_settings(
    frame: Frame,
    engine: Engine,
    prefixes: Mapping[str, str],
    texts: Sequence[tuple[Example, str]],
) -> str:
    told = query.of_editor(frame, prefixes)
    told["words"] |= query.said(frame.language, _OF_BROWSER)
    told |= {
        "worker": frame.to(engine.worker),
        "wasm": frame.to(engine.wasm),
        "dump": {"packed": frame.to(engine.packed), "plain": frame.to(engine.plain)},
        "base": frame.site.base,
        "seconds": engine.seconds,
        "folder": frame.to(engine.folder),
        "build": engine.build,
        "parts": engine.parts,
        "examples": {example.name: text for example, text in texts},
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
