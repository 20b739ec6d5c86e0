"""The pages that list what an ontology or a set of kinds defines, with definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kgpub.messages import LANGUAGES
from kgpub.pages.addresses import FORMS, HTML, VOCABULARIES
from kgpub.pages.collation import sort_key
from kgpub.pages.diagram import diagram
from kgpub.pages.pages import MEDIA_TYPES
from kgpub.pages.reading import TYPE, Reading
from kgpub.pages.rendering import Alternate, Frame, Site, Text, render
from kgpub.pages.view import View, local_name
from kgpub.pages.words import words
from kgpub.vocabulary import DCTERMS, KG, KIND, OWL, SKOS

_DEFINITION = SKOS + "definition"
_DECLARED = {
    "terms-classes": (OWL + "Class",),
    "terms-properties": (OWL + "ObjectProperty", OWL + "DatatypeProperty"),
}
"""What stands under each heading, by the heading's key."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is listed; `name` is what its IRI ends in."""

    name: str
    label: Text
    definitions: list[Text]


@dataclass(frozen=True, slots=True)
class Group:
    """Terms under a heading."""

    anchor: str
    title: Text
    about: list[Text]
    terms: list[Term]


def html(reading: Reading, site: Site, iri: str, language: str) -> str:
    """Return the page of a vocabulary in VOCABULARIES, from a reading of its file."""
    frame = _frame(site, iri, language)
    view = View(reading, frame)
    is_ontology = iri + "#" == KG
    return render(
        "terms.html.j2",
        frame,
        title=_said(view, "home-ontology" if is_ontology else "home-kinds"),
        about=view.texts(iri, DCTERMS + "description")[:1],
        diagram=diagram(view) if is_ontology else None,
        groups=_classes_and_properties(view) if is_ontology else _kinds(view),
    )


def _frame(site: Site, iri: str, language: str) -> Frame:
    address = VOCABULARIES[iri]
    return Frame(
        site,
        language,
        f"{address}.{language}{HTML}",
        languages={each: f"{address}.{each}{HTML}" for each in LANGUAGES},
        alternates=tuple(Alternate(address + form, MEDIA_TYPES[form]) for form in FORMS),
        iri=iri,
        styles=("site.css",),
    )


def _classes_and_properties(view: View) -> list[Group]:
    found = {
        key: [iri for type_ in types for iri in view.reading.subjects(TYPE, type_)]
        for key, types in _DECLARED.items()
    }
    return [
        Group(f".{key}", _said(view, key), [], _terms(view, iris, KG))
        for key, iris in found.items()
    ]


def _kinds(view: View) -> list[Group]:
    schemes = _sorted(view, view.reading.subjects(TYPE, SKOS + "ConceptScheme"))
    return [
        Group(
            local_name(scheme),
            view.called(scheme),
            view.texts(scheme, _DEFINITION)[:1],
            _terms(view, view.reading.subjects(SKOS + "inScheme", scheme), KIND),
        )
        for scheme in schemes
    ]


def _terms(view: View, iris: Iterable[str], namespace: str) -> list[Term]:
    own = [iri for iri in iris if iri.startswith(namespace)]
    return [
        Term(local_name(iri), view.called(iri), view.texts(iri, _DEFINITION)[:1])
        for iri in _sorted(view, own)
    ]


def _sorted(view: View, iris: Iterable[str]) -> list[str]:
    language = view.frame.language
    return sorted(iris, key=lambda iri: (sort_key(view.called(iri).text, language), iri))


def _said(view: View, key: str) -> Text:
    return Text(words(view.frame.language)[key], view.frame.language)
