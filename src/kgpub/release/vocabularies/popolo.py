"""Triples in the terms of Popolo as its JSON: a key for each predicate, an object a subject.

Which key stands for which predicate is what Popolo's JSON-LD contexts say (popoloproject.com,
contexts/*.jsonld), but for links to other objects: those are in keys that end in `_id`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgpub.vocabulary import DCTERMS, SKOS

_FOAF = "http://xmlns.com/foaf/0.1/"
_GEONAMES = "http://www.geonames.org/ontology#"
_OPENGOV = "http://www.w3.org/ns/opengov#"
_ORG = "http://www.w3.org/ns/org#"
_SCHEMA = "http://schema.org/"


class Form(Enum):
    """What is made of the objects of a predicate; but for TEXT, a list of all."""

    TEXT = "the first as a string"
    TEXTS = "strings"
    NAMES = "names, each with its language as a note"
    IDENTIFIERS = "identifiers, the datatype of each as its scheme"
    ADDRESSES = "objects with an address"


Key = tuple[str, str, Form]
"""The key, the predicate that it stands for, and the form of the value."""

_OTHER_NAMES: Key = ("other_names", _OPENGOV + "otherName", Form.NAMES)
_KEYS: Mapping[str, tuple[Key, ...]] = {
    "persons": (
        ("name", _FOAF + "name", Form.TEXT),
        _OTHER_NAMES,
        ("identifiers", _FOAF + "nick", Form.IDENTIFIERS),
        ("birth_date", _SCHEMA + "birthDate", Form.TEXT),
        ("death_date", _SCHEMA + "deathDate", Form.TEXT),
    ),
    "organizations": (
        ("name", SKOS + "prefLabel", Form.TEXT),
        _OTHER_NAMES,
        ("identifiers", _ORG + "identifier", Form.IDENTIFIERS),
        ("classification", _ORG + "classification", Form.TEXT),
        ("parent_id", _ORG + "subOrganizationOf", Form.TEXT),
        ("founding_date", _SCHEMA + "foundingDate", Form.TEXT),
        ("dissolution_date", _SCHEMA + "dissolutionDate", Form.TEXT),
    ),
    "posts": (
        ("label", SKOS + "prefLabel", Form.TEXT),
        ("other_label", SKOS + "altLabel", Form.TEXTS),
        ("organization_id", _ORG + "postIn", Form.TEXT),
        ("area_id", _OPENGOV + "area", Form.TEXT),
    ),
    "memberships": (
        ("role", _ORG + "role", Form.TEXT),
        ("person_id", _ORG + "member", Form.TEXT),
        ("organization_id", _ORG + "organization", Form.TEXT),
        ("post_id", _OPENGOV + "post", Form.TEXT),
        ("start_date", _SCHEMA + "validFrom", Form.TEXT),
        ("end_date", _SCHEMA + "validUntil", Form.TEXT),
        ("sources", DCTERMS + "source", Form.ADDRESSES),
    ),
    "areas": (
        ("name", _GEONAMES + "name", Form.TEXT),
        ("identifier", DCTERMS + "identifier", Form.TEXT),
        ("classification", _GEONAMES + "featureCode", Form.TEXT),
        ("parent_id", _GEONAMES + "parentFeature", Form.TEXT),
    ),
}
"""The lists of the document, in order."""


def document(made: Mapping[str, Callable[[], Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield one JSON object with a list of objects for each class, an object a line.

    `made` has for each list a function that returns its sorted lines of N-Triples.
    """
    before = b"{\n"
    for name, keys in _KEYS.items():
        yield before + _text(name) + b": ["
        mark = b"\n"
        for value in _objects(made[name](), keys):
            yield mark + _text(value)
            mark = b",\n"
        yield b"\n]"
        before = b",\n"
    yield b"\n}\n"


def _objects(lines: Iterable[bytes], keys: tuple[Key, ...]) -> Iterator[dict[str, object]]:
    for _, same in groupby(lines, _subject):
        about: dict[str, list[NamedNode | Literal]] = {}
        for triple in parse(b"".join(same), format=RdfFormat.N_TRIPLES):
            if isinstance(triple.object, NamedNode | Literal):
                about.setdefault(triple.predicate.value, []).append(triple.object)
            identifier = str(triple.subject)[1:-1]
        yield {
            "id": identifier,
            **{
                key: _value(about[predicate], form)
                for key, predicate, form in keys
                if predicate in about
            },
        }


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _value(terms: list[NamedNode | Literal], form: Form) -> object:
    if form is Form.TEXT:
        return terms[0].value
    if form is Form.NAMES:
        return [{"name": each.value, "note": _language(each)} for each in terms]
    if form is Form.IDENTIFIERS:
        return [{"identifier": each.value, "scheme": _datatype(each)} for each in terms]
    if form is Form.ADDRESSES:
        return [{"url": each.value} for each in terms]
    return [each.value for each in terms]


def _language(term: NamedNode | Literal) -> str | None:
    return term.language if isinstance(term, Literal) else None


def _datatype(term: NamedNode | Literal) -> str | None:
    return term.datatype.value if isinstance(term, Literal) else None


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
