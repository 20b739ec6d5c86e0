"""People's decisions about links beside what the files of a workspace declare and describe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from kgpub.errors import Place, Problem
from kgpub.messages import Lines, Message
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE, Decided, ReviewedLink, Row
from kgpub.model.sheets import place_of
from kgpub.model.slug import quoted
from kgpub.model.submission import Placed
from kgpub.pipeline.suggestions import nearest
from kgpub.vocabulary import WIKIDATA
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import TYPE

Reviewed = Sequence[tuple[ReviewedLink, Row]]
"""The rows of `links.csv`, read, with their cells."""


def problems_of_decisions(reviewed: Reviewed, parts: Iterable[Placed], base: str) -> list[Problem]:
    """Return where an item is declared that a person has rejected for the same entity."""
    rejected = {
        (link.entity, link.item): row for link, row in reviewed if link.decision is Decided.rejected
    }
    if not rejected:
        return []
    return [
        declared_and_rejected(qid, qid, entity, place, place_of_row(rejected[entity, qid]))
        for entity, qid, place in _declared(parts, base)
        if (entity, qid) in rejected
    ]


def unknown_entities(reviewed: Reviewed, parts: Iterable[Placed], base: str) -> list[Problem]:
    """Return warnings for decisions about what `parts`, all files of a workspace, do not describe.

    Of an accepted item the shapes tell: it would be published.
    """
    silent = [(link, row) for link, row in reviewed if link.decision is not Decided.accepted]
    if not silent:
        return []
    described = {
        quad.subject.value.removeprefix(base)
        for part in parts
        for quad in part.quads
        if quad.predicate == TYPE and isinstance(quad.subject, NamedNode)
    }
    return [
        _unknown(link.entity, row, described)
        for link, row in silent
        if link.entity not in described
    ]


def declared_and_rejected(
    declared: str, rejected: str, entity: str, place: Place, other: Place
) -> Problem:
    """Return the error that an item is declared at one place and rejected at the other.

    `rejected` is another QID than `declared` where one is a redirect to the other.
    """
    message = Message(
        "declared-rejected", qid=declared, name=entity, rejected=rejected, place=str(other)
    )
    return Problem(place, message, Message("mend-rejected", place=str(other)), related=(other,))


def place_of_row(row: Row) -> Place:
    """Return the place of the item of a row of `links.csv`."""
    return Place(REVIEWED_FILE, row["item"].line, row["item"].column)


def with_found_file(problem: Problem) -> Problem:
    """Return a problem to which links that were found belong, with how these are found anew."""
    if FOUND_FILE not in {problem.place.file, *(place.file for place in problem.related)}:
        return problem
    again = Message("link-again", file=FOUND_FILE)
    remedy = Lines([again, problem.remedy]) if problem.remedy else again
    return replace(problem, remedy=remedy)


def _declared(parts: Iterable[Placed], base: str) -> Iterator[tuple[str, str, Place]]:
    for part in parts:
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate.value != kg.wikidata:
                continue
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                entity = quad.subject.value.removeprefix(base)
                qid = quad.object.value.removeprefix(WIKIDATA)
                yield entity, qid, place_of(part.file, *position)


def _unknown(entity: str, row: Row, described: Iterable[str]) -> Problem:
    folder, _, slug = entity.partition("/")
    slugs = [each.partition("/")[2] for each in described if each.startswith(f"{folder}/")]
    near = nearest(slug, slugs)
    remedy = Message("remove-decision")
    if near is not None:
        remedy = Lines([Message("did-you-mean", name=f"{folder}/{near}"), remedy])
    place = Place(REVIEWED_FILE, row["entity"].line, row["entity"].column)
    message = Message("link-entity-unknown", entity=quoted(entity))
    return Problem(place, message, remedy, "warning")
