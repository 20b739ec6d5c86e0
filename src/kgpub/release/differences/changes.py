"""What has changed, as a reader counts it: facts, events, people, and what became of each.

Lines that differ are traced to what they tell of: a passage to its statement, a statement to what
it asserts, a part in an event to the event. A fact whose identifier is made from what is written
about it has another one as soon as anything is written otherwise; so facts that are gone are
matched with facts that came of the same kind and about the same, and told as one change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain, groupby, islice
from pathlib import Path

from pyoxigraph import NamedNode

from kgpub.pages.reading import TYPE, Term
from kgpub.release.differences.comparing import Differences
from kgpub.release.differences.reading import FileReading
from kgpub.serialisation.sorting import Sorting
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ASSERTED_TYPES, STATEMENT_TYPES

MAX_MATCHED = 100
"""Facts of one kind about the same that are matched with each other; more are told as they are."""

_ASSERTS = f"<{kg.asserts}>".encode()
_ASSERTED = frozenset(KG + name for name in ASSERTED_TYPES)
_STATEMENTS = frozenset(KG + name for name in STATEMENT_TYPES)
IDENTIFYING = (
    kg.kind, kg.person, kg.resident, kg.holder, kg.subject, kg.between, kg.office,
    kg.organisation, kg.organisationKind, kg.place, kg.object, kg.target,
)  # fmt: skip
"""What a fact is about; all else is what is said of that."""


class Section(Enum):
    """The parts of a report, in their order."""

    situations = "diff-situations"
    entities = "diff-entities"
    statements = "diff-statements"
    articles = "diff-articles"
    submissions = "diff-submissions"
    others = "diff-others"


_SECTIONS = {
    **dict.fromkeys(_ASSERTED, Section.situations),
    **dict.fromkeys(
        (kg.Person, kg.Organisation, kg.Office, kg.Place, kg.Group, kg.Topic), Section.entities
    ),
    **dict.fromkeys(_STATEMENTS, Section.statements),
    kg.Article: Section.articles,
    kg.Submission: Section.submissions,
}
_ORDER = {section: str(number) for number, section in enumerate(Section)}
_BY_NUMBER = {number: section for section, number in _ORDER.items()}


@dataclass(frozen=True)
class Sides:
    """The two datasets, to look things up in."""

    before: FileReading
    after: FileReading

    def __iter__(self) -> Iterator[FileReading]:
        return iter((self.before, self.after))


@dataclass(frozen=True)
class Changed:
    """A thing that has changed: its IRI before and after, "" where it is in one dataset only."""

    section: Section
    before: str
    after: str

    @property
    def what(self) -> str:
        """What became of it: `added`, `removed` or `changed`."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class Changes:
    """All changes, in a file in their order, and how many there are by section and what became."""

    path: Path
    counts: Mapping[tuple[Section, str], int]

    def __iter__(self) -> Iterator[Changed]:
        with self.path.open(encoding="utf-8") as stream:
            for line in stream:
                number, before, after = line.removesuffix("\n").split(" ")
                yield Changed(_BY_NUMBER[number], before, after)


def changes(differences: Differences, sides: Sides, work: Path) -> Changes:
    """Return what has changed, by section, and there by kind and by whom it is about.

    Sorts in files in `work`, so that memory does not grow with the number of changes.
    """
    counts: Counter[tuple[Section, str]] = Counter()
    path = work / "changes"
    with path.open("w", encoding="utf-8") as stream:
        for each in _changed(differences, sides, work):
            counts[each.section, each.what] += 1
            stream.write(f"{_ORDER[each.section]} {each.before} {each.after}\n")
    return Changes(path, counts)


def _changed(differences: Differences, sides: Sides, work: Path) -> Iterator[Changed]:
    about = Sorting(work, "about")
    for part in (differences.removed, differences.added):
        quads = (line.split(b" ", 2) for line in part.lines())
        for subject, its in groupby(quads, key=lambda quad: quad[0]):
            about.add(b"%b\n" % iri for iri in _told_with(subject, its, sides))
    order = Sorting(work, "order")
    order.add(_entry(line[:-1].decode(), sides) for line in about.sorted())
    entries = (line[:-1].decode().split(" ") for line in order.sorted())
    for (number, _), group in groupby(entries, key=lambda entry: (entry[0], entry[1])):
        pairs = ((entry[2], entry[3]) for entry in group)
        yield from _matched(_BY_NUMBER[number], pairs, sides)


def _told_with(subject: bytes, quads: Iterable[list[bytes]], sides: Sides) -> set[bytes]:
    """Return the IRIs of what changed quads of a subject are told with.

    That something is asserted, or no longer, is told of that alone, not of what else the
    statement asserts.
    """
    told: set[bytes] = set()
    whole = False
    for _, predicate, rest in quads:
        asserted = rest.split(b" ", 1)[0][1:-1] if predicate == _ASSERTS else b""
        if rest.startswith(b"<") and asserted and _is_described(asserted.decode(), sides):
            told.add(asserted)
        else:
            whole = True
    if whole:
        told.update(iri.encode() for iri in _told_of(subject[1:-1].decode(), sides))
    return told


def _told_of(iri: str, sides: Sides) -> set[str]:
    """Return the IRIs of what a changed quad of `iri` is told with."""
    types = _types(iri, sides)
    if kg.Passage in types:
        statements = {
            each
            for predicate in (kg.passage, kg.attributionPassage)
            for side in sides
            for each in side.subjects(predicate, iri)
        }
        return {told for each in statements for told in _told_of_statement(each, sides)} or {iri}
    if kg.Participation in types:
        return {each for side in sides for each in side.subjects(kg.participation, iri)} or {iri}
    if kg.Retraction in types:
        return {
            term.value
            for side in sides
            for term in side.objects(iri, kg.retracts)
            if isinstance(term, NamedNode) and _came_or_went(term.value, sides)
            if kg.Participation not in _types(term.value, sides)  # told with its event
        } or {iri}
    return _told_of_statement(iri, sides) if types & _STATEMENTS else {iri}


def _told_of_statement(iri: str, sides: Sides) -> set[str]:
    return {
        term.value
        for side in sides
        for term in side.objects(iri, kg.asserts)
        if isinstance(term, NamedNode) and _is_described(term.value, sides)
    } or {iri}


def _came_or_went(iri: str, sides: Sides) -> bool:
    """Whether one of the two datasets describes a thing, and the other does not."""
    before, after = (bool(side.quads(iri)) for side in sides)
    return before != after


def _is_described(iri: str, sides: Sides) -> bool:
    """Whether a dataset says anything of a thing; a dump of a part may only refer to it."""
    return any(side.quads(iri) for side in sides)


def _types(iri: str, sides: Sides) -> set[str]:
    return {
        quad.object.value
        for side in sides
        for quad in side.quads(iri)
        if quad.predicate.value == TYPE and isinstance(quad.object, NamedNode)
    }


def _entry(iri: str, sides: Sides) -> bytes:
    """Return a line that sorts a thing: section, what it is about, IRI before, IRI after."""
    types = _types(iri, sides)
    section = next((_SECTIONS[each] for each in sorted(types) if each in _SECTIONS), None)
    here, there = (iri if side.quads(iri) else "" for side in sides)
    key = iri
    if section is Section.situations:
        side = sides.after if there else sides.before
        key = "|".join((*sorted(types), *_about(iri, side)))
    return f"{_ORDER[section or Section.others]} {key} {here} {there}\n".encode()


def _about(iri: str, side: FileReading) -> Iterable[str]:
    """Return what a fact or event is about, as far as it is told by IRIs."""
    pairs = [pair for pair in side.described(iri) if pair[0] in IDENTIFYING]
    for participation in side.objects(iri, kg.participation):
        pairs += [
            pair
            for pair in side.described(participation.value)
            if pair[0] in (kg.role, kg.participant)
        ]
    return sorted(f"{each.removeprefix(KG)}={term.value}" for each, term in pairs if _is_iri(term))


def _is_iri(term: Term) -> bool:
    return isinstance(term, NamedNode)


def _matched(section: Section, pairs: Iterator[tuple[str, str]], sides: Sides) -> Iterator[Changed]:
    """Yield things of one kind about the same, those that are gone matched with those that came."""
    first = list(islice(pairs, MAX_MATCHED))
    gone = [before for before, after in first if not after]
    came = [after for before, after in first if not before]
    partners: dict[str, str] = {}
    if section is Section.situations and gone and came and len(first) < MAX_MATCHED:
        partners = _partners(gone, came, sides)
    taken = set(partners.values())
    for before, after in chain(first, pairs):
        if before or after not in taken:
            yield Changed(section, before, after or partners.get(before, ""))


def _partners(gone: list[str], came: list[str], sides: Sides) -> dict[str, str]:
    """Return for facts that are gone what came in their place: the likest first."""
    if len(gone) == len(came) == 1:
        return {gone[0]: came[0]}
    old = {iri: _traits(iri, sides.before) for iri in gone}
    new = {iri: _traits(iri, sides.after) for iri in came}
    likeness = sorted((-len(old[one] & new[other]), one, other) for one in gone for other in came)
    partners: dict[str, str] = {}
    for _, one, other in likeness:
        if one not in partners and other not in partners.values():
            partners[one] = other
    return partners


def _traits(iri: str, side: FileReading) -> set[str]:
    """Return what makes two facts alike: the statements that assert them, and what they say."""
    said = {f"{predicate} {term}" for predicate, term in side.described(iri)}
    return said.union(side.subjects(kg.asserts, iri))
