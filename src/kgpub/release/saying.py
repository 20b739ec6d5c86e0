"""Triples about a release, written as one says them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.vocabulary import DC, DCAT, DCTERMS, KG, OA, OWL, RDF, RDFS, SKOS, XSD

FOAF = "http://xmlns.com/foaf/0.1/"
PROV = "http://www.w3.org/ns/prov#"
SPDX = "http://spdx.org/rdf/terms#"
VCARD = "http://www.w3.org/2006/vcard/ns#"
VOID = "http://rdfs.org/ns/void#"
PREFIXES = {
    "dc": DC,
    "dcat": DCAT,
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "kg": KG,
    "oa": OA,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "void": VOID,
    "xsd": XSD,
}


class Part:
    """Gives IRIs to what is part of a release, by name."""

    def __init__(self, release: str) -> None:
        self.release = release

    def __call__(self, name: str) -> str:
        return f"{self.release}#{name}"


def say(subject: str, **said: object) -> Iterator[Triple]:
    """Yield triples about a subject: `say(iri, a=class_, dcterms_title=literal)`.

    A keyword is a prefix of PREFIXES and a local name; `a` is rdf:type. A value is a literal, an
    IRI, a list of these, or None, which says nothing.
    """
    for key, value in said.items():
        if value is None:
            continue
        prefix, _, name = key.partition("_")
        predicate = NamedNode(RDF + "type" if key == "a" else PREFIXES[prefix] + name)
        for each in value if isinstance(value, list) else [value]:
            term = each if isinstance(each, Literal) else NamedNode(str(each))
            yield Triple(NamedNode(subject), predicate, term)


def text(value: str) -> Literal:
    """Return words in English."""
    return Literal(value, language="en")


def date(value: str) -> Literal | None:
    """Return a date; nothing of ""."""
    return Literal(value, datatype=NamedNode(XSD + "date")) if value else None


def integer(value: int) -> Literal:
    """Return a number of things, as VoID has them."""
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def size(value: int) -> Literal:
    """Return a number of bytes, as DCAT has them."""
    return Literal(str(value), datatype=NamedNode(XSD + "nonNegativeInteger"))


def short(iri: str) -> str:
    """Return an IRI as part of another: with its prefix where it has one that is known."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}-{iri.removeprefix(namespace)}"
    return quote(iri, safe="")
