"""Files of links to quads: records of links, and owl:sameAs for those that are accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import FileProblems, SubmissionErrors
from kgpub.mapping import minting
from kgpub.mapping.values import item, typed
from kgpub.messages import Lines, Message
from kgpub.model.links import Decided, Decisions, Found, FoundLink, ReviewedLink, Row
from kgpub.model.slug import ValueProblem, is_slug, quoted
from kgpub.model.submission import Mapped
from kgpub.model.tree import Scalar
from kgpub.vocabulary import KIND, OWL, WIKIDATA, XSD
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import DATE, REFERENCE_FOLDERS, TYPE

REVIEWED_GRAPH = "links/reviewed"
FOUND_GRAPH = "links/found"
"""Below the base: the named graphs of the two files."""

METHODS = ("gazetteer", "looked-up")
"""How kgpub finds an item: concepts of kind:LinkMethod."""

_SAME_AS = NamedNode(OWL + "sameAs")
_DECIMAL = NamedNode(XSD + "decimal")
_REVIEWED = "reviewed"
_SCORE = re.compile(r"0(?:\.[0-9]{1,4})?|1(?:\.0{1,4})?")

_FOLDERS = tuple(folder for folder in REFERENCE_FOLDERS if folder != "article")
T = TypeVar("T")


def reviewed_links(rows: Iterable[Row], file: str) -> list[tuple[ReviewedLink, Row]]:
    """Return what people decided, with its cells. Raises SubmissionErrors."""
    problems = FileProblems(file)
    found: dict[tuple[str, str], tuple[ReviewedLink, Row]] = {}
    for row in rows:
        try:
            decision = Decided(_checked(row["decision"], problems, _choice(_DECIDED)))
            link = ReviewedLink(
                _checked(row["entity"], problems, _entity),
                _checked(row["item"], problems, _no_item if decision is Decided.none else _item),
                decision,
                _checked(row["day"], problems, _day),
                row["by"].text,
                row["note"].text,
            )
        except _Wrong:
            continue
        earlier = found.setdefault((link.entity, link.item), (link, row))
        if earlier[0].decision is not link.decision:
            message = Message("link-decided-twice", line=earlier[1]["decision"].line)
            problems.add(row["decision"], message, Message("leave-one-decision"))
    _settled_twice(found.values(), problems)
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return list(found.values())


def _settled_twice(found: Iterable[tuple[ReviewedLink, Row]], problems: FileProblems) -> None:
    """Tell of entities for which one row accepts an item, and another says that there is none."""
    settled: dict[str, tuple[ReviewedLink, Row]] = {}
    for link, row in found:
        if link.decision is not Decided.rejected:
            earlier, its = settled.setdefault(link.entity, (link, row))
            if earlier.decision is not link.decision:
                message = Message("link-accepted-and-none", line=its["decision"].line)
                problems.add(row["decision"], message, Message("leave-one-decision"))


def found_links(rows: Iterable[Row], file: str) -> list[tuple[FoundLink, Row]]:
    """Return what kgpub found, with its cells. Raises SubmissionErrors."""
    problems = FileProblems(file)
    found: list[tuple[FoundLink, Row]] = []
    for row in rows:
        try:
            outcome = Found(_checked(row["outcome"], problems, _choice(_FOUND)))
            is_nil = outcome is Found.nil
            link = FoundLink(
                _checked(row["entity"], problems, _entity),
                _checked(row["item"], problems, _no_item if is_nil else _item),
                outcome,
                row["method"].text if is_nil else _checked(row["method"], problems, _METHOD),
                row["score"].text if is_nil else _checked(row["score"], problems, _score),
                row["evidence"].text,
                row["looked-up-in"].text,
                _checked(row["day"], problems, _day),
            )
        except _Wrong:
            continue
        found.append((link, row))
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return found


def decisions(reviewed: Iterable[ReviewedLink]) -> Decisions:
    """Return people's decisions by entity; of several items that are accepted, the first."""
    accepted: dict[str, str] = {}
    rejected: set[tuple[str, str]] = set()
    unlinked: set[str] = set()
    for link in reviewed:
        if link.decision is Decided.accepted:
            accepted.setdefault(link.entity, link.item)
        elif link.decision is Decided.rejected:
            rejected.add((link.entity, link.item))
        else:
            unlinked.add(link.entity)
    return Decisions(accepted, frozenset(rejected), frozenset(unlinked))


def map_reviewed(links: Iterable[tuple[ReviewedLink, Row]], base: str) -> Mapped:
    """Return the links that people accepted, in a graph of their own."""
    out = _Links(base, REVIEWED_GRAPH)
    for link, row in links:
        if link.decision is Decided.accepted:
            evidence = link.note or f"Accepted by {link.by or 'a person'}."
            out.link(link, row, _REVIEWED, "1", evidence, accepted=True)
    return out.mapped()


def map_found(links: Iterable[tuple[FoundLink, Row]], base: str, decided: Decisions) -> Mapped:
    """Return what was found, but for what people have decided, in a graph of its own."""
    out = _Links(base, FOUND_GRAPH)
    for link, row in links:
        if link.outcome is not Found.nil and decided.leave(link):
            accepted = link.outcome is Found.linked
            record = out.link(link, row, link.method, link.score, link.evidence, accepted=accepted)
            if link.looked_up_in:
                out.add(record, kg.lookedUpIn, Literal(link.looked_up_in), row["looked-up-in"])
    return out.mapped()


class _Links:
    def __init__(self, base: str, graph: str) -> None:
        self._base = base
        self._graph = NamedNode(base + graph)
        self._quads: dict[Quad, tuple[int, int]] = {}

    def add(
        self, subject: NamedNode, predicate: str, value: NamedNode | Literal, at: Scalar
    ) -> None:
        quad = Quad(subject, NamedNode(predicate), value, self._graph)
        self._quads.setdefault(quad, (at.line, at.column))

    def link(
        self,
        link: ReviewedLink | FoundLink,
        row: Row,
        method: str,
        score: str,
        evidence: str,
        *,
        accepted: bool,
    ) -> NamedNode:
        """Add the record of a link, and return its IRI."""
        entity, target = NamedNode(self._base + link.entity), NamedNode(WIKIDATA + link.item)
        concept = NamedNode(KIND + method)
        record = minting.link(self._base, entity, target, concept)
        self.add(record, TYPE.value, NamedNode(kg.Link), row["entity"])
        self.add(record, kg.linkedEntity, entity, row["entity"])
        self.add(record, kg.linkedItem, target, row["item"])
        self.add(record, kg.method, concept, row.get("method", row["item"]))
        self.add(record, kg.score, Literal(score, datatype=_DECIMAL), row.get("score", row["item"]))
        self.add(record, kg.evidence, Literal(evidence), row.get("evidence", row["item"]))
        if link.day:
            self.add(record, kg.decided, Literal(link.day, datatype=DATE), row["day"])
        if accepted:
            self.add(entity, _SAME_AS.value, target, row["item"])
        return record

    def mapped(self) -> Mapped:
        return Mapped(tuple(self._quads), tuple(self._quads.values()))


class _Wrong(Exception):
    """A cell is wrong, which has been told."""


def _checked(cell: Scalar, problems: FileProblems, read: Callable[[str], T]) -> T:
    try:
        return read(cell.text)
    except ValueProblem as problem:
        problems.add(cell, problem.message, problem.remedy)
        raise _Wrong from problem


def _entity(text: str) -> str:
    folder, _, slug = text.partition("/")
    if folder not in _FOLDERS or not is_slug(slug):
        remedy = Message("link-entity-form", folders=", ".join(_FOLDERS))
        raise ValueProblem(Message("link-entity-invalid", value=quoted(text)), remedy)
    return text


def _item(text: str) -> str:
    return item(text).value.removeprefix(WIKIDATA)


def _no_item(text: str) -> str:
    if text:
        raise ValueProblem(Message("link-item-given", value=quoted(text)), Message("leave-it-out"))
    return text


def _day(text: str) -> str:
    return typed(text, DATE).value if text else ""


def _choice(choices: Iterable[str]) -> Callable[[str], str]:
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            remedy = Message("write-value", value=Lines(known, Message("or")))
            raise ValueProblem(Message("link-choice-invalid", value=quoted(text)), remedy)
        return text

    return read


def _score(text: str) -> str:
    if not _SCORE.fullmatch(text):
        message = Message("link-score-invalid", value=quoted(text))
        raise ValueProblem(message, Message("link-score-form"))
    return text


_DECIDED = tuple(each.value for each in Decided)
_FOUND = tuple(each.value for each in Found)
_METHOD = _choice(METHODS)
