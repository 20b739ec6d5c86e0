"""Declared Wikidata items, checked against Wikidata: problems at the place of the declaration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pyoxigraph import NamedNode

from kgpub.errors import Place, Problem
from kgpub.messages import Message
from kgpub.model.links import REVIEWED_FILE
from kgpub.model.sheets import place_of
from kgpub.pipeline.dataset import Part
from kgpub.pipeline.mentions import Named
from kgpub.vocabulary import OWL
from kgpub.vocabulary import terms as kg
from kgpub.wikidata.checking import SERIOUS, Fault, Finding, Matches, check, claimed_twice
from kgpub.wikidata.items import Record

_MESSAGES: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.no_item: "declared-no-item",
        Fault.deleted: "declared-deleted",
        Fault.redirect: "declared-redirect",
        Fault.disambiguation: "declared-disambiguation",
        Fault.internal: "declared-internal",
        Fault.other_name: "declared-other-name",
        Fault.other_type: "declared-other-type",
        Fault.no_type: "declared-no-type",
        Fault.claimed_twice: "declared-claimed-twice",
    }
)


def declared_items(parts: Iterable[Part], base: str) -> Mapping[str, Place]:
    """Return where each entity's item is declared, or accepted by a person."""
    found: dict[str, Place] = {}
    for part in parts:
        predicate = OWL + "sameAs" if part.file == REVIEWED_FILE else kg.wikidata
        for quad, position in zip(part.quads, part.positions, strict=True):
            if quad.predicate.value == predicate and isinstance(quad.subject, NamedNode):
                entity = quad.subject.value.removeprefix(base)
                found.setdefault(entity, place_of(part.file, *position))
    return found


def problems_of_declared(
    named: Iterable[Named],
    records: Mapping[str, Record],
    places: Mapping[str, Place],
    matches: Matches,
) -> list[Problem]:
    """Return what is wrong with the items of entities that have a place, sorted by place.

    `records` are by QID; an item of which nothing is known is not told of.
    """
    declared = {each.entity: each for each in named if each.item and each.entity in places}
    findings = [
        (entity, finding)
        for entity, each in declared.items()
        if each.item in records
        for finding in check(each.item, each.mention, records[each.item], matches)
    ]
    findings += claimed_twice(
        {entity: (each.item, each.mention) for entity, each in declared.items()}, records
    )
    return sorted(_problem(finding, places[entity]) for entity, finding in findings)


def _problem(finding: Finding, place: Place) -> Problem:
    message = Message(
        _MESSAGES[finding.fault],
        qid=finding.qid,
        name=finding.declared or "?",
        label=finding.label or "?",
        detail=finding.detail,
    )
    severity = "error" if finding.fault in SERIOUS else "warning"
    return Problem(place, message, Message("mend-declared", qid=finding.qid), severity)
