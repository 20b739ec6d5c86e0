"""What a submission says by the JSON-LD standard alone, to hold the mapping against.

A submission's tree becomes the JSON-LD document that it stands for: types that sections and
defaults imply are written out, `words` get their language, and the published context is put in
front. Parsers of JSON-LD do the rest. Nothing of `kgpub.mapping` is used.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyoxigraph as ox
import rdflib
from pyld import jsonld as pyld
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple

from kgpub.vocabulary import ENTITY_SECTIONS, KG, OA, OWL, context

GROUNDED = ("words", "introduced-by")
LANGUAGE_MAPS = {
    key for key, term in context("").items()
    if isinstance(term, dict) and term.get("@container") == "@language"
}  # fmt: skip
COMPUTED = {
    KG + name
    for name in (
        "file", "checksum", "passage", "attributionPassage", "text",
        "earliest", "latest", "certainFrom", "certainUntil",
    )
} | {OWL + "sameAs"}  # fmt: skip
_PARTICIPATION = f"<{KG}participation>"


def submission_document(
    content: Mapping[str, Any], base: str, name: str, language: str, publisher: str
) -> dict[str, Any]:
    """The submission `content` (texts, lists, dictionaries) as JSON-LD about `name`, an IRI."""
    body = {key: value for key, value in content.items() if key not in ("@context", "statements")}
    for section, (type_, _) in ENTITY_SECTIONS.items():
        if section in body:
            body[section] = {
                slug: {"type": type_, **_lowered(entity)} for slug, entity in body[section].items()
            }
    if "accepted" in body:
        label = "_:acceptance"  # a submission has one
        body["accepted"] = {"id": label, "type": "Acceptance", **body["accepted"]}
    body["statements"] = [
        _statement(statement, language, publisher)
        for statement in _listed(content.get("statements", []))
    ]
    return {"@context": context(base), "@id": name, "@type": "Submission", **body}


def article_document(content: Mapping[str, Any], base: str, name: str) -> dict[str, Any]:
    return {"@context": context(base), "@id": name, "@type": "Article", **_lowered(content)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _statement(statement: Mapping[str, Any], language: str, publisher: str) -> dict[str, Any]:
    said_by = statement.get("said-by")
    type_ = statement.get("type") or statement.get("@type")
    type_ = type_ or ("Quotation" if said_by is not None else "Statement")
    key = (type_, statement["words"], statement.get("occurrence"), str(said_by or publisher))
    # Statements are the same where class, place and speaker are: one label.
    label = "_:statement-" + "".join(f"{ord(c):x}" for c in "\t".join(map(str, key)))
    body = {**_lowered(statement), "id": label, "type": type_, "said-by": said_by or publisher}
    body.pop("@type", None)
    body["asserts"] = [_asserted(item) for item in _listed(body.get("asserts", []))]
    for name in GROUNDED:
        if name in body:
            body[name] = {"@value": body[name], "@language": language}
    return body


def _asserted(item: Any) -> Any:
    if not isinstance(item, dict) or "participants" not in item:
        return item
    parts = [{"type": "Participation", **part} for part in _listed(item["participants"])]
    return {**item, "participants": parts}


def _lowered(value: Any) -> Any:
    """Language tags in small letters: RDF takes them for the same, and rdflib writes them so."""
    if isinstance(value, list):
        return [_lowered(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {tag.lower(): text for tag, text in part.items()}
        if key in LANGUAGE_MAPS and isinstance(part, dict)
        else _lowered(part)
        for key, part in value.items()
    }


def by_pyoxigraph(document: Mapping[str, Any]) -> set[Triple]:
    content = json.dumps(document).encode()
    return {quad.triple for quad in ox.parse(content, format=RdfFormat.JSON_LD)}


def by_rdflib(document: Mapping[str, Any]) -> set[Triple]:
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    return _triples(graph.serialize(format="nt"))


def by_pyld(document: Mapping[str, Any]) -> set[Triple]:
    return _triples(pyld.to_rdf(dict(document), {"format": "application/n-quads"}))


PARSERS: tuple[Callable[[Mapping[str, Any]], set[Triple]], ...] = (
    by_pyoxigraph,
    by_rdflib,
    by_pyld,
)


def _triples(text: str) -> set[Triple]:
    return {quad.triple for quad in ox.parse(text.encode(), format=RdfFormat.N_QUADS)}


def canonical(triples: Iterable[Triple]) -> set[str]:
    """The triples with blank nodes named by RDF Dataset Canonicalization."""
    dataset = ox.Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def stated(quads: Iterable[Quad], base: str) -> set[Triple]:
    """What the submitter states among mapped quads; what kgpub minted are blank nodes again."""
    minted = tuple(f"{base}{kind}/" for kind in ("statement", "fact", "event", "participation"))
    statements = {quad.subject for quad in quads if quad.predicate.value == KG + "words"}
    described = {quad.subject for quad in quads}

    def unnamed(term: Any) -> Any:
        if not isinstance(term, NamedNode) or term not in described:
            return term
        if term.value.startswith(f"{base}acceptance/"):
            return BlankNode("acceptance")
        digits = term.value.rpartition("/")[2]
        own = term.value.startswith(minted) and len(digits) == 32
        return BlankNode("n" + digits) if own else term

    return {
        Triple(unnamed(quad.subject), quad.predicate, unnamed(quad.object))
        for quad in quads
        if quad.graph_name != NamedNode(base + "graph/links")
        and "#char=" not in quad.subject.value
        and quad.predicate.value not in COMPUTED
        and not (quad.predicate.value == KG + "article" and quad.subject in statements)
        and not quad.predicate.value.startswith(OA)
    }


class Folding:
    """Names blank nodes by all that is said of them, the same for two sets of triples.

    Facts of which the same is said are one fact, so that a set may be smaller than its source.
    Participations are told apart by their event. Not for circles of blank nodes.
    """

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def fold(self, triples: Iterable[Triple]) -> set[tuple[str, str, str]]:
        triples = set(triples)
        said: dict[BlankNode, list[Triple]] = defaultdict(list)
        events: dict[BlankNode, Any] = {}
        for triple in triples:
            if isinstance(triple.subject, BlankNode):
                said[triple.subject].append(triple)
            if str(triple.predicate) == _PARTICIPATION and isinstance(triple.object, BlankNode):
                events[triple.object] = triple.subject
        contents: dict[BlankNode, int] = {}

        def content(node: Any) -> str:
            if not isinstance(node, BlankNode):
                return str(node)
            if node not in contents:
                key = frozenset((str(t.predicate), content(t.object)) for t in said[node])
                contents[node] = self.numbers.setdefault(key, len(self.numbers))
            return f"_:{contents[node]}"

        def name(node: Any) -> str:
            event = events.get(node)
            return content(node) if event is None else f"{content(event)}/{content(node)}"

        return {(name(t.subject), str(t.predicate), name(t.object)) for t in triples}


def differences(ours: Iterable[Triple], theirs: Iterable[Triple]) -> tuple[set[Any], set[Any]]:
    """What only the first and what only the second states; both empty where they agree."""
    folding = Folding()
    first, second = folding.fold(ours), folding.fold(theirs)
    return first - second, second - first
