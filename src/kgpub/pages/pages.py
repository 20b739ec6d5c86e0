"""The page of any IRI, by what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kgpub.messages import LANGUAGES
from kgpub.pages import article, entity, generic, situation, statement
from kgpub.pages.addresses import FORMS
from kgpub.pages.reading import Reading, types
from kgpub.pages.rendering import Alternate, Frame, Site
from kgpub.pages.schema_org import json_ld
from kgpub.pages.view import View
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import FACT_TYPES

MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
}
_ENTITIES = (kg.Person, kg.Organisation, kg.Office, kg.Place, kg.Group, kg.Topic)
_SITUATIONS = (kg.Event, *(KG + name for name in FACT_TYPES))
_VIEWS: Mapping[str, Callable[[View, str], str]] = {
    **dict.fromkeys(_ENTITIES, entity.html),
    **dict.fromkeys(_SITUATIONS, situation.html),
    kg.Article: article.html,
    kg.Statement: statement.html,
    kg.Quotation: statement.html,
}
"""By class, what makes the page of a thing: from a view and the thing's IRI."""


@dataclass(frozen=True)
class Pages:
    """Makes the pages of one dataset."""

    reading: Reading
    site: Site

    def html(self, iri: str, language: str) -> str | None:
        """Return the page of an IRI in `language`, one of kgpub.messages.LANGUAGES.

        None where the dataset says nothing of it, or it can have no page of its own.
        """
        frame = self.frame(iri, language)
        if frame is None or "#" in iri or not self.reading.described(iri):
            return None
        found = (_VIEWS[each] for each in types(self.reading, iri) if each in _VIEWS)
        view = View(self.reading, frame)
        told = replace(frame, json_ld=json_ld(view, iri))
        return next(found, generic.html)(replace(view, frame=told), iri)

    def frame(self, iri: str, language: str) -> Frame | None:
        """Return the frame of the page of an IRI, or None where it has no address."""
        addresses = self.site.addresses
        address = addresses.page(iri, language)
        if address is None:
            return None
        return Frame(
            self.site,
            language,
            address,
            languages={each: addresses.page(iri, each) or "" for each in LANGUAGES},
            alternates=tuple(
                Alternate(addresses.document(iri, form) or "", MEDIA_TYPES[form]) for form in FORMS
            ),
            iri=iri,
        )
