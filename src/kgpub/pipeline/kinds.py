"""A publisher's own kinds: SKOS concepts in `kinds.ttl` of the workspace, and nothing else.

What stands there goes into the store and is published beside the ontology, without a source. So it
may say what a kind is, and nothing about anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.sources.files import decode, read_bytes
from kgpub.vocabulary import KG, SKOS, resource
from kgpub.vocabulary.schema import TYPE

KINDS = "kinds.ttl"
MAX_KINDS_BYTES = 1024 * 1024
Node = NamedNode | Literal
_CONCEPT = NamedNode(SKOS + "Concept")
_SCHEME = NamedNode(SKOS + "ConceptScheme")
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_LABEL = NamedNode(SKOS + "prefLabel")


def read_kinds(root: Path, base: str) -> list[Triple]:
    """Return the triples of the workspace's `kinds.ttl`, none where there is no such file.

    Raises SubmissionErrors where it is not Turtle, or says anything but what concepts are that
    neither kgpub nor the data at `base` define.
    """
    path = root / KINDS
    if not path.exists() and not path.is_symlink():
        return []
    text = decode(read_bytes(path, root, MAX_KINDS_BYTES), KINDS)
    try:
        triples = [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        place = Place(KINDS, error.lineno or 1, error.offset or 1)
        raise SubmissionErrors([Problem(place, f"not readable as Turtle: {error.msg}")]) from error
    problems = sorted(set(_problems(triples, text, base)))
    if problems:
        raise SubmissionErrors(problems)
    return triples


def _problems(triples: list[Triple], text: str, base: str) -> Iterator[Problem]:
    described: dict[NamedNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            described[triple.subject].append(triple)
        else:
            remedy = "Give everything an IRI: nothing published is without a name."
            yield Problem(Place(KINDS), "there is a blank node", remedy)
    known = _known()
    for subject, about in described.items():
        place = _place(subject, text)
        if subject.value in known or subject.value.startswith((base, KG)):
            message = f"{subject.value} is defined elsewhere"
            yield Problem(place, message, "Only kinds of your own are described here.")
        for message, remedy in _faults(about, known):
            yield Problem(place, f"{subject.value}: {message}", remedy)


def _faults(about: list[Triple], known: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Yield what keeps the triples about one subject from describing a kind, with the remedy."""
    values: dict[NamedNode, list[Node]] = defaultdict(list)
    for triple in about:
        if isinstance(triple.object, NamedNode | Literal):
            values[triple.predicate].append(triple.object)
    for predicate in values:
        if predicate != TYPE and not predicate.value.startswith(SKOS):
            yield f"{predicate.value} says more than what a kind is", "Use properties of SKOS only."
    if values[TYPE] != [_CONCEPT]:
        yield "it is not just a skos:Concept", "Write: a skos:Concept."
    if not any(known.get(scheme.value) for scheme in values[_IN_SCHEME]):
        schemes = sorted(iri.rpartition("#")[2] for iri, is_scheme in known.items() if is_scheme)
        yield "it is in no scheme", f"Write skos:inScheme with one of kind: {', '.join(schemes)}."
    if not any(isinstance(label, Literal) for label in values[_LABEL]):
        yield "it has no label", "Add skos:prefLabel."


def _known() -> Mapping[str, bool]:
    """Return the kinds that come with kgpub, and of each whether it is a scheme."""
    path = resource("ontology") / "schemes.ttl"
    return {
        quad.subject.value: quad.object == _SCHEME
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate == TYPE and isinstance(quad.subject, NamedNode)
    }


def _place(subject: NamedNode, text: str) -> Place:
    """Return where the IRI stands, or the last part of it behind a prefix; else the beginning."""
    local = subject.value.rstrip("/").replace("#", "/").rpartition("/")[2]
    for written in (f"<{subject.value}>", f":{local}"):
        index = text.find(written)
        if index >= 0:
            return Place.at(KINDS, text, index)
    return Place(KINDS)
