"""What types and properties are called, in the languages of the interface, by the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.linking.entity import Type
from kgpub.service.reconciliation.offered import Thing
from kgpub.vocabulary import KG, RDFS, SKOS, resource
from kgpub.vocabulary import terms as kg

CLASSES: Mapping[Type, str] = MappingProxyType(
    {
        Type.person: kg.Person,
        Type.organisation: kg.Organisation,
        Type.office: kg.Office,
        Type.place: kg.Place,
        Type.event: kg.Event,
    }
)
_LABEL, _DEFINITION = NamedNode(RDFS + "label"), NamedNode(SKOS + "definition")


@lru_cache(maxsize=1)
def _texts() -> Mapping[tuple[str, NamedNode, str], str]:
    """Return the ontology's texts by term, predicate and language."""
    path = str(resource("ontology") / "kgpub.ttl")
    return {
        (quad.subject.value, quad.predicate, quad.object.language or ""): quad.object.value
        for quad in parse(path=path, format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }


def term(iri: str, language: str) -> Thing:
    """Return a term of the ontology, its local name as identifier."""
    texts = _texts()
    return Thing(
        iri.removeprefix(KG), texts[iri, _LABEL, language], texts[iri, _DEFINITION, language]
    )


def type_thing(type_: Type, language: str) -> Thing:
    """Return a type as services name it: `Person`."""
    return term(CLASSES[type_], language)


def type_of(name: str) -> Type | None:
    """Return the type with an identifier, which may be the IRI of the class; None if unknown."""
    iri = KG + name.removeprefix(KG)
    return next((type_ for type_, each in CLASSES.items() if each == iri), None)
