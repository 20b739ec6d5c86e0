"""Which keys a submission may use, on which class, and what their values become.

Nothing here is decided by hand: the context says what a key means and how its values are read,
the shapes say which properties a class has and which of them kgpub computes by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kgpub.vocabulary import ENTITY_SECTIONS, KG, RDF, SH, SHAPES, XSD, context, resource

STATEMENT_TYPES = ("Statement", "Quotation")
EVENT = "Event"
RETRACTION = "Retraction"
RETRACTED = "retracted"
"""The key of what says that a submission, statement, fact or event is retracted."""
ACCEPTANCE = "Acceptance"
ACCEPTED = "accepted"
"""The key of what says who accepted a submission."""
VERBATIM = ("words", "introduced-by")
"""The keys whose texts are copied from the article, code point for code point."""

FACT_TYPES = (
    "Tenure",
    "Membership",
    "Residence",
    "Relationship",
    "Occupation",
    "Stance",
    "Holding",
    "Characterisation",
)
ASSERTED_TYPES = (*FACT_TYPES, EVENT)
REFERENCE_FOLDERS = (*(folder[:-1] for _, folder in ENTITY_SECTIONS.values()), "event", "article")


class Form(Enum):
    """How the value of a key is read."""

    REFERENCE = "reference"  # an IRI, relative to the key's base
    CONCEPT = "concept"  # an IRI in the key's vocabulary
    BY_LANGUAGE = "text by language"
    TYPED = "typed text"
    TEXT = "text"
    NODES = "nodes"  # described where they stand: statements, participants
    ASSERTED = "asserted"  # described where they stand, or referred to
    SECTION = "section"  # entities by slug
    OCCURRENCE = "occurrence"  # says where words stand and becomes no triple
    RETRACTION = "retraction"  # says that what it stands on is retracted
    ACCEPTANCE = "acceptance"  # says who accepted the submission


@dataclass(frozen=True, slots=True)
class Term:
    """A key of a submission: its property, the form of its values, and what completes them.

    `base` is the absolute IRI that relative references or concepts are appended to, `folder` its
    part below the workspace's base, such as `person`: empty where any may be referred to.
    `datatype` is set for TYPED only.
    """

    key: str
    predicate: NamedNode
    form: Form
    base: str = ""
    datatype: NamedNode | None = None
    folder: str = ""


@dataclass(frozen=True)
class Schema:
    """The terms by class, for one base IRI of a workspace."""

    base: str
    terms: Mapping[str, Term]
    allowed: Mapping[str, frozenset[str]]

    def keys(self, type_: str) -> frozenset[str]:
        """Return the keys that a submitter may write on a node of this class (`Tenure`)."""
        return self.allowed.get(type_, frozenset())

    def homes(self, key: str) -> list[str]:
        """Return the classes on which `key` may stand."""
        return sorted(type_ for type_, keys in self.allowed.items() if key in keys)


def shape_files() -> dict[str, str]:
    """Return the text of each shapes file that comes with kgpub, by file name."""
    folder = resource("shapes")
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ttl"))}


@lru_cache(maxsize=8)
def schema(base: str) -> Schema:
    """Derive the schema of a workspace whose data begin at `base` from context and shapes."""
    terms = {term.key: term for term in _terms(context(base), base)}
    triples = [
        quad.triple
        for text in shape_files().values()
        for quad in parse(text.encode(), format=RdfFormat.TURTLE)
    ]
    writable = _writable(triples)
    allowed = {
        type_: frozenset(key for key, term in terms.items() if term.predicate.value in predicates)
        for type_, predicates in writable.items()
    }
    for type_ in STATEMENT_TYPES:
        allowed[type_] = allowed.get(type_, frozenset()) | {"occurrence"}
    for type_ in (*STATEMENT_TYPES, *ASSERTED_TYPES, "Submission"):
        allowed[type_] = allowed.get(type_, frozenset()) | {RETRACTED}
    return Schema(base, terms, allowed)


def _terms(definitions: Mapping[str, Any], workspace: str) -> Iterable[Term]:
    for key, definition in definitions.items():
        if key == "occurrence":
            yield Term(key, NamedNode(KG + key), Form.OCCURRENCE)
        elif key == RETRACTED:
            yield Term(key, _expand(definition["@reverse"]), Form.RETRACTION)
        elif key == ACCEPTED:
            yield Term(key, _expand(definition["@id"]), Form.ACCEPTANCE)
        elif key in ENTITY_SECTIONS:
            yield Term(key, _expand(definition["@id"]), Form.SECTION, _base(definition))
        elif isinstance(definition, dict):
            yield _term(key, definition, workspace)
        elif isinstance(definition, str) and re.fullmatch(r"\w+:[a-z]\w*", definition):
            yield Term(key, _expand(definition), Form.TEXT)


def _term(key: str, definition: Mapping[str, Any], workspace: str) -> Term:
    predicate = _expand(definition["@id"])
    container, coercion = definition.get("@container"), definition.get("@type")
    if container == "@language":
        return Term(key, predicate, Form.BY_LANGUAGE)
    if container == "@set":
        form = Form.ASSERTED if coercion == "@id" else Form.NODES
        return Term(key, predicate, form, _base(definition))
    if coercion == "@id":
        base = _base(definition)
        folder = base.removeprefix(workspace).strip("/") if base.startswith(workspace) else ""
        return Term(key, predicate, Form.REFERENCE, base, folder=folder)
    if coercion == "@vocab":
        return Term(key, predicate, Form.CONCEPT, definition["@context"]["@vocab"])
    return Term(key, predicate, Form.TYPED, datatype=_expand(str(coercion)))


def _base(definition: Mapping[str, Any]) -> str:
    base: str = definition.get("@context", {}).get("@base", "")
    return base


def _expand(name: str) -> NamedNode:
    prefixes = context("")
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local if prefix in prefixes else name)


def _writable(triples: Iterable[Triple]) -> dict[str, set[str]]:
    """Return, by local name of a class, the predicates of its shape that are not computed."""
    objects: dict[tuple[str, str], list[str]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            objects[triple.subject.value, triple.predicate.value].append(triple.object.value)
    shapes = {
        subject: targets for (subject, p), targets in objects.items() if p == SH + "targetClass"
    }
    writable: dict[str, set[str]] = defaultdict(set)
    for shape, targets in shapes.items():
        for target in targets:
            for node in (shape, *objects.get((shape, SH + "node"), ())):
                for property_shape in objects.get((node, SH + "property"), ()):
                    if SHAPES + "Computed" not in objects.get((property_shape, SH + "group"), ()):
                        paths = objects.get((property_shape, SH + "path"), ())
                        writable[target.removeprefix(KG)].update(paths)
    return writable


BOOLEAN = NamedNode(XSD + "boolean")
INTEGER = NamedNode(XSD + "integer")
DATE = NamedNode(XSD + "date")
TYPE = NamedNode(RDF + "type")
