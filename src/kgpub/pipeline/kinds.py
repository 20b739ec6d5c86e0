"""A publisher's own kinds: SKOS concepts in `kinds.ttl` of the workspace, and nothing else.

What stands there goes into the store and is published beside the ontology, without a source. So it
may say what a kind is, and nothing about anybody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import Place, Problem, SubmissionErrors, capped
from kgpub.mapping.called import Called
from kgpub.mapping.circles import shown
from kgpub.mapping.values import check_text, check_visible, web_iri
from kgpub.messages import Message
from kgpub.model.slug import ValueProblem, quoted
from kgpub.pipeline.turtle_places import Places, forbidden
from kgpub.sources.files import decode, read_bytes
from kgpub.vocabulary import SH, SHAPES, SKOS, prefixes, resource
from kgpub.vocabulary.schema import TYPE, shape_files

KINDS = "kinds.ttl"
MAX_KINDS_BYTES = 1024 * 1024
_CONCEPT = NamedNode(SKOS + "Concept")
_SCHEME = NamedNode(SKOS + "ConceptScheme")
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_LABEL = NamedNode(SKOS + "prefLabel")
_BROADER, _NARROWER = NamedNode(SKOS + "broader"), NamedNode(SKOS + "narrower")
_RELATED = NamedNode(SKOS + "related")
_AMONG_KINDS = frozenset((_BROADER, _NARROWER, _RELATED))
_TEXTS = frozenset(
    NamedNode(SKOS + name)
    for name in (
        *("prefLabel", "altLabel", "hiddenLabel", "notation", "note", "changeNote", "definition"),
        *("editorialNote", "example", "historyNote", "scopeNote"),
    )
)
_RELATIONS = frozenset(
    NamedNode(SKOS + name)
    for name in (
        *("broader", "narrower", "related", "inScheme"),
        *("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"),
    )
)
_TAGGED = _TEXTS - {NamedNode(SKOS + "notation")}

Numbered = tuple[int, Triple]
"""A triple, and how many stand before it in the file."""

Fault = tuple[NamedNode | int, Message, Message]
"""The number of the triple at fault, or the subject or a property; what is wrong; the remedy."""


def read_kinds(root: Path, base: str) -> list[Triple]:
    """Return the triples of the workspace's `kinds.ttl`, none where there is no such file.

    Raises SubmissionErrors where it is not Turtle, or says anything but what concepts are that
    neither kgpub nor the data at `base` define.
    """
    try:
        return _read(root, base)
    except SubmissionErrors as errors:
        raise SubmissionErrors(errors.problems, root) from errors


def _read(root: Path, base: str) -> list[Triple]:
    path = root / KINDS
    if not path.exists() and not path.is_symlink():
        return []
    text = decode(read_bytes(path, root, MAX_KINDS_BYTES), KINDS).removeprefix("\ufeff")
    # Before parsing: the parser does not survive triple terms nested by the thousand.
    refused = [
        Problem(Place.at(KINDS, text, index), message, remedy)
        for index, message, remedy in forbidden(text)
    ]
    if refused:
        raise SubmissionErrors(refused)
    try:
        triples = [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        place = Place(KINDS, error.lineno or 1, error.offset or 1)
        message = Message("turtle-syntax", detail=error.msg.rpartition(": ")[2])
        raise SubmissionErrors([Problem(place, message, Message("mind-turtle"))]) from error
    problems = capped(_problems(triples, Places(text), base))
    if problems:
        raise SubmissionErrors(problems)
    return triples


def _problems(triples: list[Triple], places: Places, base: str) -> Iterator[Problem]:
    described: dict[NamedNode, list[Numbered]] = defaultdict(list)
    for number, triple in enumerate(triples):
        if isinstance(triple.subject, NamedNode):  # blank nodes are refused before parsing
            described[triple.subject].append((number, triple))
    taken = _taken(base)
    schemes, schemes_of = _shipped()
    for triple in triples:
        if triple.predicate == _IN_SCHEME:
            schemes_of[triple.subject].add(triple.object)
    for subject, about in described.items():
        if _without_scheme(subject.value).startswith(taken):
            place = places.of(KINDS, subject)
            message = Message("defined-elsewhere", kind=subject.value)
            yield Problem(place, message, Message("describe-own-kinds"))
            continue
        relations = _relation_faults(about, schemes_of)
        for at, fault, remedy in (*_faults(subject, about, schemes), *relations):
            where = (
                places.of_object(KINDS, at)
                if isinstance(at, int)
                else places.of(KINDS, subject, at)
            )
            message = Message("about-subject", subject=subject.value, message=fault)
            yield Problem(where, message, remedy, code=fault.code)
    yield from _circles(triples, places)


def _faults(subject: NamedNode, about: list[Numbered], schemes: frozenset[str]) -> Iterator[Fault]:
    """Yield what keeps the triples about one subject from describing a kind."""
    values: dict[NamedNode, list[object]] = defaultdict(list)
    yield from _iri_fault(subject, subject)
    for number, triple in about:
        predicate, value = triple.predicate, triple.object
        values[predicate].append(value)
        name = predicate.value.removeprefix(SKOS)
        if predicate in _TEXTS:
            yield from _text_faults(number, predicate, value)
        elif predicate in _RELATIONS:
            if isinstance(value, NamedNode):
                yield from _iri_fault(value, number)
            else:
                message = Message("iri-expected", property=f"skos:{name}")
                yield number, message, Message("write-iri")
        elif predicate != TYPE:
            known = ", ".join(sorted(each.value[len(SKOS) :] for each in _TEXTS | _RELATIONS))
            message = Message("more-than-kind", property=predicate.value)
            # That there is such a property at all is wrong, whatever its value.
            yield predicate, message, Message("use-skos", properties=known)
    if values[TYPE] != [_CONCEPT]:
        yield subject, Message("not-just-concept"), Message("write-concept")
    yield from _scheme_fault(subject, about, schemes)
    labels = [label for label in values[_LABEL] if isinstance(label, Literal)]
    if not values[_LABEL]:
        yield subject, Message("no-label"), Message("add-label")
    languages = [label.language for label in labels if label.language]
    for language in sorted({each for each in languages if languages.count(each) > 1}):
        yield _LABEL, Message("several-labels", language=language), Message("keep-one-label")


def _scheme_fault(
    subject: NamedNode, about: list[Numbered], schemes: frozenset[str]
) -> Iterator[Fault]:
    """Yield that a kind is in no scheme of kgpub, at the first that is named where one is."""
    named = [
        (number, triple.object.value)
        for number, triple in about
        if triple.predicate == _IN_SCHEME and isinstance(triple.object, NamedNode)
    ]
    if any(iri in schemes for _, iri in named):
        return
    names = ", ".join(sorted(map(_local, schemes)))
    remedy = Message("write-scheme", schemes=names)
    if not named:
        yield subject, Message("no-scheme"), remedy
        return
    number, iri = named[0]
    near = _called(schemes).meant(_local(iri))
    message = Message("scheme-unknown", scheme=quoted(iri))
    yield number, message, Message("did-you-mean", name=near[0]) if near else remedy


def _relation_faults(
    about: list[Numbered], schemes_of: defaultdict[object, set[object]]
) -> Iterator[Fault]:
    """Yield which kinds named by those of `about` are not there, or not comparable with it."""
    for number, triple in about:
        if triple.predicate not in _AMONG_KINDS or not isinstance(triple.object, NamedNode):
            continue
        name = f"skos:{triple.predicate.value.removeprefix(SKOS)}"
        schemes = schemes_of.get(triple.object)
        if not schemes:
            message = Message("kind-undefined", property=name, kind=triple.object.value)
            yield number, message, Message("describe-kind")
        elif triple.predicate != _RELATED and schemes.isdisjoint(schemes_of[triple.subject]):
            message = Message("kind-other-scheme", property=name, kind=triple.object.value)
            yield number, message, Message("same-scheme")


def _text_faults(number: int, predicate: NamedNode, value: object) -> Iterator[Fault]:
    name = f"skos:{predicate.value.removeprefix(SKOS)}"
    if not isinstance(value, Literal):
        message = Message("kind-text-expected", property=name)
        yield number, message, Message("write-tagged-text")
    elif predicate in _TAGGED and not value.language:
        yield number, Message("text-without-language", property=name), Message("write-tag")
    elif getattr(value, "direction", None) is not None:
        message = Message("text-with-direction", property=name)
        yield number, message, Message("write-language-alone")
    elif not value.value.strip():
        yield number, Message("kind-text-empty", property=name), Message("write-text")
    elif _untidy().search(value.value):
        message = Message("text-untidy", property=name, text=quoted(value.value))
        yield number, message, Message("remove-them")
    else:
        try:
            check_text(value.value, name)
            if predicate in _TAGGED:
                check_visible(value.value, name)
        except ValueProblem as problem:
            yield number, problem.message, problem.remedy


def _iri_fault(iri: NamedNode, at: NamedNode | int) -> Iterator[Fault]:
    try:
        web_iri(iri.value)
    except ValueProblem as problem:
        yield at, problem.message, problem.remedy


def _circles(triples: list[Triple], places: Places) -> Iterator[Problem]:
    broader: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            ends = triple.subject.value, triple.object.value
            if triple.predicate == _BROADER:
                broader[ends[0]].add(ends[1])
            elif triple.predicate == _NARROWER:
                broader[ends[1]].add(ends[0])
    try:
        TopologicalSorter({name: sorted(broader[name]) for name in sorted(broader)}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][::-1]
        place = min(places.of(KINDS, NamedNode(iri)) for iri in circle)
        message = Message("broader-circle", members=shown(circle))
        yield Problem(place, message, Message("remove-broader"))


def _shipped() -> tuple[frozenset[str], defaultdict[object, set[object]]]:
    """Return the schemes of kgpub, and the schemes that each of its kinds is in."""
    path = resource("ontology") / "schemes.ttl"
    schemes: set[str] = set()
    schemes_of: defaultdict[object, set[object]] = defaultdict(set)
    for quad in parse(path=str(path), format=RdfFormat.TURTLE):
        if quad.object == _SCHEME and isinstance(quad.subject, NamedNode):
            schemes.add(quad.subject.value)
        elif quad.predicate == _IN_SCHEME:
            schemes_of[quad.subject].add(quad.object)
    return frozenset(schemes), schemes_of


@cache
def _called(schemes: frozenset[str]) -> Called:
    return Called((_local(iri), _local(iri)) for iri in schemes)


def _local(iri: str) -> str:
    return re.split("[#/]", iri)[-1]


def _taken(base: str) -> tuple[str, ...]:
    """Return the namespaces of the data, of the vocabularies that kgpub speaks of, of Wikidata."""
    aligned = (resource("ontology") / "alignments.ttl").read_text(encoding="utf-8")
    namespaces = (
        *(base, "http://www.wikidata.org/", *prefixes(base).values()),
        *re.findall(r"^@prefix \S+ <(\S+)> \.", aligned, re.MULTILINE),
    )
    return tuple(map(_without_scheme, namespaces))


def _without_scheme(iri: str) -> str:
    return iri.partition("://")[2] or iri


@cache
def _untidy() -> re.Pattern[str]:
    """Return the pattern by which the shapes refuse texts."""
    triples: Mapping[tuple[object, NamedNode], object] = {
        (quad.subject, quad.predicate): quad.object
        for quad in parse(shape_files()["shared.ttl"].encode(), format=RdfFormat.TURTLE)
    }
    pattern = triples[NamedNode(SHAPES + "UntidyText"), NamedNode(SH + "pattern")]
    assert isinstance(pattern, Literal)
    return re.compile(pattern.value)
