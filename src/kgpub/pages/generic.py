"""The page of what has no page of a kind of its own: all triples of it, and to it."""

from __future__ import annotations

from collections.abc import Iterable

from kgpub.pages import asking
from kgpub.pages.bounds import shares
from kgpub.pages.reading import TYPE
from kgpub.pages.rendering import render
from kgpub.pages.told import Row, row, rows
from kgpub.pages.view import View
from kgpub.vocabulary import OWL

MAX_REFERRING = 200
"""Of what refers to a thing, that much is shown; of what does by one property too."""


def html(view: View, iri: str) -> str:
    """Return the page of `iri`."""
    return render(
        "generic.html.j2",
        view.frame,
        title=view.called(iri),
        classes=view.references(view.classes(iri)),
        rows=rows(view, iri, {TYPE}),
        referring=referring(view, iri),
    )


def referring(view: View, iri: str, without: Iterable[str] = ()) -> list[Row]:
    """Return what refers to a thing, by property, but for some."""
    found: dict[str, list[str]] = {}
    for predicate, subject in _pairs(view, iri):
        if predicate not in without:
            found.setdefault(predicate, []).append(subject)
    shown = shares([len(subjects) for subjects in found.values()], MAX_REFERRING)
    return [
        row(
            view,
            predicate,
            view.references(subjects[:most]),
            len(subjects) - most,
            asking.subjects(predicate, iri),
        )
        for (predicate, subjects), most in zip(found.items(), shown, strict=True)
    ]


def _pairs(view: View, iri: str) -> list[tuple[str, str]]:
    """Return properties and subjects of what refers to a thing: of much, by each property some."""
    found = view.reading.referring(iri, MAX_REFERRING + 1)
    if len(found) <= MAX_REFERRING:
        return found
    # So that those by one property, which may be many, leave room for those by others.
    properties = {predicate for predicate, _ in found}
    properties.update(view.reading.subjects(TYPE, OWL + "ObjectProperty"))
    return [
        (predicate, subject)
        for predicate in sorted(properties)
        for subject in view.reading.subjects(predicate, iri, MAX_REFERRING + 1)
    ]
