"""The ontology as the code sees it: namespaces, terms, the context, and the files they ship in."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

KG = "https://w3id.org/kgpub/ontology#"
KIND = "https://w3id.org/kgpub/kind#"
SHAPES = "https://w3id.org/kgpub/shapes#"
DC = "http://purl.org/dc/elements/1.1/"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TIME = "http://www.w3.org/2006/time#"
WIKIDATA = "http://www.wikidata.org/entity/"
XSD = "http://www.w3.org/2001/XMLSchema#"
EDTF = "http://id.loc.gov/datatypes/edtf/"

QID = "Q[1-9][0-9]{0,9}"
"""The identifier of a Wikidata item, as a regular expression; numbers have nine digits by now."""
ENTITY_SECTIONS = {
    "people": ("Person", "person/"),
    "organisations": ("Organisation", "organisation/"),
    "offices": ("Office", "office/"),
    "places": ("Place", "place/"),
    "groups": ("Group", "group/"),
    "topics": ("Topic", "topic/"),
}
"""The sections of a submission that describe entities, with class and IRI path."""


def resource(folder: str) -> Path:
    """Return the folder `ontology`, `shapes` or `queries`, of the wheel or else the checkout."""
    packaged = Path(__file__).parents[1] / folder
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / folder


@lru_cache(maxsize=1)
def kinds() -> tuple[str, ...]:
    """Return the slugs of the kinds that come with kgpub, sorted."""
    path = str(resource("ontology") / "schemes.ttl")
    subjects = {str(triple.subject) for triple in parse(path=path, format=RdfFormat.TURTLE)}
    iris = (subject.strip("<>") for subject in subjects)
    return tuple(sorted(iri.removeprefix(KIND) for iri in iris if iri.startswith(KIND)))


@lru_cache(maxsize=8)
def context(base: str) -> dict[str, Any]:
    """Return the published context with its scoped bases made absolute under `base`.

    A relative `@base` would resolve against whatever base is in force where the key stands
    (JSON-LD 1.1, section 4.1.3), and so would nest; absolute ones cannot.
    """
    text = (resource("ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return {key: _absolute(term, base) for key, term in terms.items()}


def _absolute(term: Any, base: str) -> Any:
    scoped = term.get("@context") if isinstance(term, dict) else None
    if scoped is None or "@base" not in scoped or "://" in scoped["@base"]:
        return term
    return {**term, "@context": {"@base": base + scoped["@base"]}}


def prefixes(base: str) -> dict[str, str]:
    """Return the prefixes that dumps, queries and tables use in a workspace."""
    own = ("article", "person", "organisation", "office", "place", "group", "topic", "event")
    return {
        "kg": KG,
        "kind": KIND,
        "kgs": SHAPES,
        "dc": DC,
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "oa": OA,
        "owl": OWL,
        "rdf": RDF,
        "rdfs": RDFS,
        "sh": SH,
        "skos": SKOS,
        "time": TIME,
        "wd": WIKIDATA,
        "xsd": XSD,
        "edtf": EDTF,
        "fact": base + "fact/",
        "statement": base + "statement/",
        "participation": base + "participation/",
        "link": base + "link/",
        "contradiction": base + "contradiction/",
        "retraction": base + "retraction/",
        "acceptance": base + "acceptance/",
        "submission": base + "submission/",
        **{name: f"{base}{name}/" for name in own},
    }
