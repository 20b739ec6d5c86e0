"""The page of the dataset as a whole: who publishes it, under which licence, and how to get it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from kgpub.pages.home import STYLE, Download
from kgpub.pages.pages import Pages
from kgpub.pages.reading import TYPE
from kgpub.pages.rendering import Text, out, render
from kgpub.pages.told import rows
from kgpub.pages.view import View
from kgpub.vocabulary import DC, DCTERMS

_SAID = {TYPE, DCTERMS + "title", DCTERMS + "license", DCTERMS + "publisher", DC + "publisher"}
"""What the page says in its own words; the settings that it has them from made these triples."""


def html(pages: Pages, iri: str, downloads: Sequence[Download], language: str) -> str | None:
    """Return the page, None where nothing is said of the dataset with that IRI."""
    frame = pages.frame(iri, language)
    if frame is None or not pages.reading.described(iri):
        return None
    view = View(pages.reading, frame)
    site = frame.site
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": iri,
        "name": frame.title,
        "license": site.licence,
        "publisher": {"name": site.publisher},
    }
    return render(
        "dataset.html.j2",
        replace(frame, styles=(STYLE,), json_ld=json.dumps(told, ensure_ascii=False)),
        licence=out(Text(site.licence), site.licence),
        particulars=rows(view, iri, _SAID),
        downloads=[(frame.to(each.address), each) for each in downloads],
    )
