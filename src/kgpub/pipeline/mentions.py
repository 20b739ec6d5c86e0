"""Entities of a dataset as the linker takes them: names, and what else may tell who is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.linking.entity import Mention, Type
from kgpub.vocabulary import ENTITY_SECTIONS, KG, KIND, OWL, WIKIDATA
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import EVENT, TYPE

_TYPES = {
    KG + "Person": Type.person,
    KG + "Organisation": Type.organisation,
    KG + "Office": Type.office,
    KG + "Place": Type.place,
    KG + EVENT: Type.event,
}
_NAMES = (kg.name, kg.alternativeName)
"""The predicates of names. A spelling is none by itself: “his government”, “the Parliament”."""
_FOLDERS = frozenset(folder for _, folder in ENTITY_SECTIONS.values())
_WAYS = ("fact", "event", "participation")
"""Folders of what stands between a statement and the entities that it speaks of."""
_SAME_AS = OWL + "sameAs"
_LONGEST = 10
"""Years; facts that may lie in more of them tell nothing of when somebody was active."""


@dataclass(frozen=True)
class Named:
    """An entity that may be linked: `entity` is its folder and slug, `item` its QID, if any.

    `mention` has what the data alone say of it. What becomes evidence only with the items of other
    entities is here by their folders and slugs: the IRIs of the `articles` that describe it, the
    `offices` that it holds with start and end, and the places `within` which an office has its
    power.
    """

    entity: str
    item: str
    mention: Mention
    articles: tuple[str, ...] = ()
    offices: tuple[tuple[str, str, str], ...] = ()
    within: tuple[str, ...] = ()


@dataclass
class _Gathered:
    type: Type | None = None
    names: dict[str, dict[str, dict[str, None]]] = field(default_factory=dict)
    item: str = ""
    kind: str = ""
    articles: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    offices: list[tuple[str, str, str]] = field(default_factory=list)


def named_entities(quads: Iterable[Quad], base: str) -> list[Named]:
    """Return the people, organisations, offices, places and named events of a dataset, by IRI.

    An entity without a name in any language is left out: there is nothing to look up.
    """
    return _Reading(base).named(quads)


class _Reading:
    def __init__(self, base: str) -> None:
        self._base = base
        self._entities: dict[str, _Gathered] = defaultdict(_Gathered)
        self._about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def named(self, quads: Iterable[Quad]) -> list[Named]:
        for quad in quads:
            self._read(quad)
        for subject, described in self._about.items():
            self._recorded(subject, described)
            self._dated(described)
        return [
            self._named(iri, each)
            for iri, each in sorted(self._entities.items())
            if each.type is not None and each.names
        ]

    def _read(self, quad: Quad) -> None:
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, NamedNode):
            return
        text = value.value if isinstance(value, NamedNode | Literal) else ""
        if predicate == TYPE.value:
            if text in _TYPES:
                self._entities[subject.value].type = _TYPES[text]
        elif predicate in _NAMES and isinstance(value, Literal):
            of_language = self._entities[subject.value].names.setdefault(value.language or "", {})
            of_language.setdefault(predicate, {})[text] = None
        elif predicate == _SAME_AS:
            self._entities[subject.value].item = text.removeprefix(WIKIDATA)
        elif predicate == kg.kind and text.startswith(KIND):
            self._entities[subject.value].kind = text.removeprefix(KIND)
        elif predicate == kg.describes:
            self._entities[text].articles.add(subject.value.rpartition("/")[0])
        else:
            self._about[subject.value][predicate].append(text)

    def _recorded(self, submission: str, described: Mapping[str, list[str]]) -> None:
        """Note of which article an event is: it is recorded, as facts are, and not described."""
        for each in described.get(kg.records, ()):
            if each in self._entities:
                self._entities[each].articles.add(submission.rpartition("/")[0])

    def _dated(self, described: Mapping[str, list[str]]) -> None:
        """Note when the entities of a fact or event were active, and who held which office.

        Who is told not to have held one was active then all the same.
        """
        years = _years(described.get(kg.earliest, ()), described.get(kg.latest, ()))
        for values in described.values():
            for each in values:
                if each in self._entities:
                    self._entities[each].years.update(years)
        if not {"true", "1"}.isdisjoint(described.get(kg.negated, ())):
            return
        for person in described.get(kg.person, ()):
            for office in described.get(kg.office, ()):
                start, end = (
                    next(iter(described.get(each, ())), "") for each in (kg.earliest, kg.latest)
                )
                if person in self._entities:
                    self._entities[person].offices.append((office, start, end))

    def _named(self, iri: str, gathered: _Gathered) -> Named:
        places = self._about[iri].get(kg.jurisdiction, ()) if iri in self._about else ()
        return Named(
            iri.removeprefix(self._base),
            gathered.item,
            self._mention(gathered),
            tuple(sorted(gathered.articles)),
            tuple((self._entity(office), start, end) for office, start, end in gathered.offices),
            tuple(self._entity(place) for place in places),
        )

    def _entity(self, iri: str) -> str:
        return iri.removeprefix(self._base)

    def _mention(self, gathered: _Gathered) -> Mention:
        names = {
            language: tuple(
                dict.fromkeys(name for each in _NAMES for name in by_predicate.get(each, ()))
            )
            for language, by_predicate in sorted(gathered.names.items())
        }
        return Mention(
            names,
            gathered.type,
            active=frozenset(gathered.years),
            kind=gathered.kind if gathered.type is Type.place else "",
        )


def _years(earliest: Iterable[str], latest: Iterable[str]) -> set[int]:
    """Return the years between two days, none where one is missing or they lie far apart."""
    try:
        first = min(date.fromisoformat(day).year for day in earliest)
        last = max(date.fromisoformat(day).year for day in latest)
    except ValueError:  # a bound is missing
        return set()
    return set(range(first, last + 1)) if last - first < _LONGEST else set()


def words_about(quads: Iterable[Quad], base: str) -> Mapping[str, list[str]]:
    """Return, by folder and slug of entities, the words of the statements that speak of them."""
    leading: dict[str, dict[str, None]] = defaultdict(dict)
    words: dict[str, str] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            if quad.predicate.value == kg.words and isinstance(quad.object, Literal):
                words[quad.subject.value] = quad.object.value
            elif isinstance(quad.object, NamedNode):
                leading[quad.subject.value][quad.object.value] = None
    found: dict[str, list[str]] = defaultdict(list)
    for statement, text in words.items():
        for entity in _spoken_of(statement, leading, base):
            found[entity].append(text)
    return found


def _spoken_of(
    statement: str, leading: Mapping[str, Mapping[str, None]], base: str
) -> Iterator[str]:
    """Yield the entities that a statement leads to by way of facts, events and participations."""
    met, pending = {statement}, [statement]
    while pending:
        for node in leading.get(pending.pop(), ()):
            if node in met or not node.startswith(base):
                continue
            met.add(node)
            name = node.removeprefix(base)
            folder = name.partition("/")[0]
            if folder in _WAYS:
                pending.append(node)
            if f"{folder}/" in _FOLDERS or folder == "event":
                yield name
