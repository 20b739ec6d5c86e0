"""The page on which facts about an article are written and submitted.

Its script makes most of it. Without JavaScript a form sends a file's text to be validated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kgpub.pages.query import said, telling
from kgpub.pages.rendering import LANGUAGE_NAMES, Frame, render

STYLES = ("query.css", "account.css", "submit.css")
"""The editors look as that of the query page."""
_OF_SCRIPT = "writing-"
"""Begins the keys of what the script says."""


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses that the script asks, from the root."""

    articles: str
    schema: str
    validate: str
    submissions: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: `name` is None for whoever is not signed in, "" for who has none.

    `sign_in` is where to sign in and come back, a path. `form_token` proves that a request comes
    from this page, "" where that is not asked for.
    """

    sign_in: str
    name: str | None = None
    form_token: str = ""


def html(frame: Frame, script: str | None, places: Places, writer: Writer) -> str:
    """Return the page; `script` is the address of its script from the root, None for none."""
    return render(
        "submit.html.j2",
        frame,
        script=None if script is None else frame.to(script),
        settings=_settings(frame, places, writer),
        validate=frame.to(places.validate),
        writer=writer,
        tell=telling(frame),
        article_languages=[(each, LANGUAGE_NAMES[each]) for each in ("ar", "ckb", "en")],
    )


def _settings(frame: Frame, places: Places, writer: Writer) -> str:
    addresses: Mapping[str, str] = {
        "articles": frame.to(places.articles),
        "schema": frame.to(places.schema),
        "validate": frame.to(places.validate),
        "submissions": frame.to(places.submissions),
    }
    told = {
        "language": frame.language,
        "addresses": addresses,
        "formToken": writer.form_token,
        "isSignedIn": writer.name is not None,
        "words": said(frame.language, _OF_SCRIPT),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
