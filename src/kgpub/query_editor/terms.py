"""What the editor completes: the ontology's classes and properties, and the kinds, by language."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kgpub.vocabulary import KG, KIND, OWL, RDF, RDFS, SKOS, resource

_FILES = ("kgpub.ttl", "schemes.ttl")
_FORMS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    SKOS + "Concept": "kind",
}
_LABELS = (RDFS + "label", SKOS + "prefLabel")
_DEFINITIONS = (SKOS + "definition", RDFS + "comment")
_ENGLISH = "en"

Texts = Mapping[str, Mapping[str, str]]
"""By IRI and language, a text."""


@lru_cache(maxsize=8)
def terms(language: str) -> bytes:
    """Return JSON: a list of terms, each with its `iri`, `form`, `label` and `definition`.

    The texts are in `language`, else in English; `form` is class, property or kind.
    """
    quads = [quad for name in _FILES for quad in _read(name)]
    labels, definitions = _texts(quads, _LABELS), _texts(quads, _DEFINITIONS)
    told = [
        {
            "iri": iri,
            "form": form,
            "label": _said(labels, iri, language),
            "definition": _said(definitions, iri, language),
        }
        for iri, form in sorted(_formed(quads))
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _read(name: str) -> Iterator[Quad]:
    return parse(path=str(resource("ontology") / name), format=RdfFormat.TURTLE)


def _formed(quads: list[Quad]) -> Set[tuple[str, str]]:
    """Return our own terms with their forms; what is borrowed others define."""
    return {
        (quad.subject.value, _FORMS[quad.object.value])
        for quad in quads
        if quad.predicate.value == RDF + "type"
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.object.value in _FORMS
        and quad.subject.value.startswith((KG, KIND))
    }


def _texts(quads: list[Quad], predicates: tuple[str, ...]) -> Texts:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        if (
            quad.predicate.value in predicates
            and isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
        ):
            found[quad.subject.value].setdefault(quad.object.language or "", quad.object.value)
    return found


def _said(texts: Texts, iri: str, language: str) -> str:
    said = texts.get(iri, {})
    return said.get(language) or said.get(_ENGLISH, "")
