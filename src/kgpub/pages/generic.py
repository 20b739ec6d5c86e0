"""The page of what has no page of a kind of its own: all triples of it, and to it."""

from __future__ import annotations

from collections.abc import Iterable

from kgpub.pages.rendering import render
from kgpub.pages.told import MAX_VALUES, Row, rows
from kgpub.pages.view import View
from kgpub.vocabulary import RDF


def html(view: View, iri: str) -> str:
    """Return the page of `iri`."""
    return render(
        "generic.html.j2",
        view.frame,
        title=view.called(iri),
        classes=view.references(view.classes(iri)),
        rows=rows(view, iri, {RDF + "type"}),
        referring=referring(view, iri),
    )


def referring(view: View, iri: str, without: Iterable[str] = ()) -> list[Row]:
    """Return what refers to a thing, by property, but for some."""
    found: dict[str, list[str]] = {}
    for predicate, subject in view.reading.referring(iri):
        if predicate not in without:
            found.setdefault(predicate, []).append(subject)
    return [
        Row(
            view.called(predicate),
            view.references(subjects[:MAX_VALUES]),
            max(0, len(subjects) - MAX_VALUES),
        )
        for predicate, subjects in found.items()
    ]
