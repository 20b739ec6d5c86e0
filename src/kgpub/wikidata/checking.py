"""Whether a declared QID is that of the entity which declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from kgpub.linking.entity import Mention
from kgpub.wikidata.items import Record
from kgpub.wikidata.names import label
from kgpub.wikidata.question import is_item

Matches = Callable[[str, str], bool]
"""Whether two names, as written, may be of the same entity."""


class Fault(Enum):
    """What may be wrong with a declared QID."""

    no_item = "no-item"
    deleted = "deleted"
    redirect = "redirect"
    disambiguation = "disambiguation"
    internal = "internal"
    other_name = "other-name"
    other_type = "other-type"
    no_type = "no-type"
    claimed_twice = "claimed-twice"


SERIOUS = frozenset(Fault) - {Fault.redirect, Fault.no_type}
"""Faults that are errors; the others are warnings: the item is the right one, or may be."""


@dataclass(frozen=True)
class Finding:
    """A fault of a declared QID.

    `declared` is the label that the data have, `label` the one in Wikidata, in the same language
    if there is one; `label` is empty where Wikidata has no item, or it has no name. `detail` is
    the target of a redirect, the type of the item, or the other entity with the same QID.
    """

    fault: Fault
    qid: str
    declared: str
    label: str = ""
    detail: str = ""

    def __str__(self) -> str:
        there = f"“{self.label}”" if self.label else "an item without a name"
        return f"{self.qid} of “{self.declared}” {_SAID[self.fault].format(there, self.detail)}"


_SAID = {
    Fault.no_item: "is not the ID of an item",
    Fault.deleted: "is the ID of an item that Wikidata does not have, or no longer",
    Fault.redirect: "is a redirect: the item is now {1}, {0}",
    Fault.disambiguation: "is a disambiguation page, {0}",
    Fault.internal: "is of use to the wikis only, {0}",
    Fault.other_name: "has other names: it is {0}",
    Fault.other_type: "is of another type: {0} is of type {1}",
    Fault.no_type: "is of no type that kgpub links: it is {0}",
    Fault.claimed_twice: "is declared for {1} too: it is {0}",
}
"""What is said of each fault, of the item's label and the detail."""


def check(qid: str, mention: Mention, record: Record, matches: Matches) -> tuple[Finding, ...]:
    """Return what is wrong with `qid`, declared for `mention`, of which Wikidata has `record`.

    A type that the mention does not have is not compared, and names neither.
    """
    tag, declared = label(mention.names)
    item = record.item
    if not is_item(qid):
        return (Finding(Fault.no_item, qid, declared),)
    if item is None:
        return (Finding(Fault.deleted, qid, declared),)
    _, there = label(item.names, tag)

    def finding(fault: Fault, detail: str = "") -> Finding:
        return Finding(fault, qid, declared, there, detail)

    if record.page:
        return (finding(Fault.disambiguation),)
    if record.internal:
        return (finding(Fault.internal),)
    found = []
    if record.redirect:
        found.append(finding(Fault.redirect, record.redirect))
    if declared and not _any_matches(mention, record, matches):
        found.append(finding(Fault.other_name))
    if mention.type and not record.types:
        found.append(finding(Fault.no_type))
    elif mention.type and mention.type not in record.types:
        found.append(finding(Fault.other_type, " or ".join(each.value for each in record.types)))
    return tuple(found)


def claimed_twice(
    declared: Mapping[str, tuple[str, Mention]], records: Mapping[str, Record]
) -> tuple[tuple[str, Finding], ...]:
    """Return a finding for each entity whose item another one declares too, by redirect or not.

    `declared` is by entity the QID and the mention; the findings come with their entity.
    """
    entities: dict[str, list[str]] = {}
    for entity, (qid, _) in declared.items():
        entities.setdefault(_target(qid, records), []).append(entity)
    found = []
    for entity, (qid, mention) in declared.items():
        others = [each for each in entities[_target(qid, records)] if each != entity]
        if others:
            tag, name = label(mention.names)
            there = _label_of(qid, records, tag)
            detail = ", ".join(_shown(others, declared))
            found.append((entity, Finding(Fault.claimed_twice, qid, name, there, detail)))
    return tuple(found)


def _target(qid: str, records: Mapping[str, Record]) -> str:
    return (qid in records and records[qid].redirect) or qid


def _label_of(qid: str, records: Mapping[str, Record], tag: str) -> str:
    item = records[qid].item if qid in records else None
    return label(item.names, tag)[1] if item else ""


def _shown(entities: Iterable[str], declared: Mapping[str, tuple[str, Mention]]) -> Iterable[str]:
    for entity in entities:
        name = label(declared[entity][1].names)[1]
        yield f"“{name}”" if name else entity


def _any_matches(mention: Mention, record: Record, matches: Matches) -> bool:
    theirs = [
        name for names in (record.item.names if record.item else {}).values() for name in names
    ]
    ours = [name for names in mention.names.values() for name in names]
    return any(matches(our, their) for our in ours for their in theirs)
