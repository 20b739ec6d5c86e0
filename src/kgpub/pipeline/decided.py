"""People's decisions about links beside what the files of a workspace declare and describe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from pyoxigraph import NamedNode

from kgpub.errors import MAX_PROBLEMS, Place, Problem
from kgpub.messages import Lines, Message
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE, Decided, ReviewedLink, Row
from kgpub.model.sheets import place_of
from kgpub.model.slug import quoted
from kgpub.model.submission import Placed
from kgpub.pipeline.suggestions import nearest
from kgpub.vocabulary import OWL, WIKIDATA
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import TYPE

_SAME_AS = OWL + "sameAs"
_SAME_ITEM = "SameItem"
"""The shape that refuses two entities with one item."""
_NOTHING: Mapping[str, Place] = MappingProxyType({})

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
    described: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        for quad in part.quads:
            if quad.predicate == TYPE and isinstance(quad.subject, NamedNode):
                folder, _, slug = quad.subject.value.removeprefix(base).partition("/")
                described[folder].add(slug)
    problems: list[Problem] = []
    for link, row in silent:
        folder, _, slug = link.entity.partition("/")
        if slug not in described[folder]:
            # To compare names takes long, and of one file no more problems are shown.
            names = described[folder] if len(problems) < MAX_PROBLEMS else ()
            problems.append(_unknown(link.entity, row, nearest(slug, names)))
    return problems


def rejected_redirects(
    reviewed: Reviewed,
    items: Mapping[str, str],
    places: Mapping[str, Place],
    target: Callable[[str], str],
) -> list[Problem]:
    """Return where an entity has an item that a person has rejected by another QID of it.

    `items` are the QIDs that are declared or accepted, by entity, and `places` where; `target`
    returns what a QID leads to.
    """
    return [
        declared_and_rejected(own, link.item, link.entity, places[link.entity], place_of_row(row))
        for link, row in reviewed
        if link.decision is Decided.rejected
        if (own := items.get(link.entity)) and own != link.item and link.entity in places
        if target(own) == target(link.item)
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


def linked_places(parts: Iterable[Placed]) -> Mapping[str, Place]:
    """Return where the item of each entity stands in a file of links, by the entity's IRI."""
    return {
        quad.subject.value: place_of(part.file, *position)
        for part in parts
        if part.file in (FOUND_FILE, REVIEWED_FILE)
        for quad, position in zip(part.quads, part.positions, strict=True)
        if quad.predicate.value == _SAME_AS and isinstance(quad.subject, NamedNode)
    }


def with_links(problem: Problem, linked: Mapping[str, Place] = _NOTHING) -> Problem:
    """Return a problem with what the files of links have to do with it.

    Of two entities with one item it is told where their links are: `linked` are the places by
    entity. Where links that were found are among what is wrong, how they are found anew.
    """
    about = sorted(problem.about) if problem.code == _SAME_ITEM else ()
    items = [linked[iri] for iri in about if iri in linked]
    related = (*problem.related, *items)
    told = [problem.remedy] if problem.remedy else []
    if items:
        told.insert(0, Message("see-links", places=", ".join(map(str, items))))
    if FOUND_FILE in {problem.place.file, *(place.file for place in related)}:
        told.insert(0, Message("link-again", file=FOUND_FILE))
    if len(told) == (1 if problem.remedy else 0):
        return problem
    return replace(problem, remedy=Lines(told), related=related)


def _declared(parts: Iterable[Placed], base: str) -> Iterator[tuple[str, str, Place]]:
    for part in parts:
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate.value != kg.wikidata:
                continue
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                entity = quad.subject.value.removeprefix(base)
                qid = quad.object.value.removeprefix(WIKIDATA)
                yield entity, qid, place_of(part.file, *position)


def _unknown(entity: str, row: Row, near: str | None) -> Problem:
    """Return the warning about an entity; `near` is the slug that may be meant."""
    remedy = Message("remove-decision")
    if near is not None:
        folder = entity.partition("/")[0]
        remedy = Lines([Message("did-you-mean", name=f"{folder}/{near}"), remedy])
    place = Place(REVIEWED_FILE, row["entity"].line, row["entity"].column)
    message = Message("link-entity-unknown", entity=quoted(entity))
    return Problem(place, message, remedy, "warning")
