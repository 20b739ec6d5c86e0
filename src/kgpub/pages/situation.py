"""The pages of facts and events."""

from __future__ import annotations

from dataclasses import replace

from kgpub.pages.article import STYLE
from kgpub.pages.generic import referring
from kgpub.pages.picture import picture
from kgpub.pages.reading import types
from kgpub.pages.rendering import render
from kgpub.pages.told import told
from kgpub.pages.view import View
from kgpub.vocabulary import terms as kg


def html(view: View, iri: str) -> str:
    """Return the page of a fact or event."""
    event = kg.Event in types(view.reading, iri)
    return render(
        "situation.html.j2",
        replace(view.frame, styles=(*view.frame.styles, STYLE)),
        title=view.called(iri),
        classes=view.references((*view.classes(iri)[:1], *view.iris(iri, kg.kind))),
        told=told(view, iri),
        picture=picture(view, iri) if event else None,
        referring=referring(view, iri, without={kg.asserts, kg.incompatible}),
    )
