"""What a dataset holds, counted in one reading of its sorted quads.

What is kept meanwhile grows with the terms of the ontology, the languages, and the named graphs;
of the entities that are referred to, the most frequent are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgpub.release.lines import Line, iri, node
from kgpub.vocabulary import ENTITY_SECTIONS, KG, OWL, RDF, WIKIDATA
from kgpub.vocabulary import terms as kg

_TYPE = node(RDF + "type")
_SAME = node(OWL + "sameAs")
_ITEM = f"<{WIKIDATA}".encode()
_BOUNDS = frozenset({node(kg.earliest), node(kg.latest)})
_CHANGED = frozenset({node(kg.submitted), node(kg.decided), node(kg.retractedOn)})
_NAME = node(kg.name)
_CLASSES = (kg.Person, kg.Organisation, kg.Office, kg.Event, kg.Statement, kg.Tenure)
_MAX_KEPT = 50_000
"""Entities whose references are counted at a time; then the rarer half is forgotten."""
_MAX_TOLD = 10


@dataclass(frozen=True)
class Statistics:
    """What there is in a dataset.

    `triples` counts each once, in however many graphs it stands. `properties`, `classes` and
    `graphs` count triples by predicate, subjects by type, and quads by named graph; by IRI,
    sorted. `languages` counts literals, `names` those of names, by language tag. `mentioned` are
    the IRIs of the entities that are referred to most, `places` those of places,
    `examples` the first subject of each core class. Dates are as in ISO 8601, "" where there is
    none: `earliest` and `latest` are the first and the last of the days that bound what facts and
    events tell of, `changed` is the day that something was added or retracted last.
    """

    quads: int
    triples: int
    subjects: int
    properties: Mapping[str, int]
    classes: Mapping[str, int]
    graphs: Mapping[str, int]
    languages: Mapping[str, int]
    names: Mapping[str, int]
    linked: int
    mentioned: tuple[str, ...]
    places: tuple[str, ...]
    examples: tuple[str, ...]
    earliest: str
    latest: str
    changed: str

    def of(self, class_: str) -> int:
        """Return how many there are of a class of the ontology, by its local name."""
        return self.classes.get(KG + class_, 0)


def count(lines: Iterable[Line], base: str) -> Statistics:
    """Count sorted quads; `base` is where the data's IRIs begin."""
    counting = _Counting(base)
    for line in lines:
        counting.add(line)
    return counting.statistics()


class _Counting:
    def __init__(self, base: str) -> None:
        self.quads = self.triples = self.subjects = self.linked = 0
        self.properties: Counter[bytes] = Counter()
        self.classes: Counter[bytes] = Counter()
        self.graphs: Counter[bytes] = Counter()
        self.languages: Counter[bytes] = Counter()
        self.names: Counter[bytes] = Counter()
        self.mentioned: Counter[bytes] = Counter()
        self.examples: dict[bytes, bytes] = {}
        self.earliest = self.latest = self.changed = b""
        self._before = Line(b"", b"", b"", b"")
        self._places = f"<{base}{ENTITY_SECTIONS['places'][1]}".encode()
        self._entities = tuple(
            f"<{base}{folder}".encode() for _, folder in ENTITY_SECTIONS.values()
        )

    def add(self, line: Line) -> None:
        before, self._before = self._before, line
        self.quads += 1
        self.graphs[line.graph] += 1
        if line[:3] == before[:3]:
            return  # the same triple in another graph
        self.triples += 1
        self.subjects += line.subject != before.subject
        self.properties[line.predicate] += 1
        if line.object.startswith(b'"'):
            self._literal(line)
        elif line.predicate == _TYPE:
            self.classes[line.object] += 1
            self.examples.setdefault(line.object, line.subject)
        elif line.predicate == _SAME:
            self.linked += line.object.startswith(_ITEM)
        elif line.object.startswith(self._entities):
            self._mentioned(line.object)

    def _literal(self, line: Line) -> None:
        _, _, suffix = line.object.rpartition(b'"')
        if suffix.startswith(b"@"):
            self.languages[suffix[1:]] += 1
            if line.predicate == _NAME:
                self.names[suffix[1:]] += 1
        elif suffix.startswith(b"^^"):
            self._date(line)

    def _date(self, line: Line) -> None:
        """Take a date in: those of four-digit years, which compare as texts."""
        value = line.object[1:11]
        if not value[:4].isdigit():
            return
        if line.predicate in _BOUNDS:
            self.earliest = min(self.earliest or value, value)
            self.latest = max(self.latest, value)
        elif line.predicate in _CHANGED:
            self.changed = max(self.changed, value)

    def _mentioned(self, entity: bytes) -> None:
        self.mentioned[entity] += 1
        if len(self.mentioned) > _MAX_KEPT:
            self.mentioned = Counter(dict(_most(self.mentioned, _MAX_KEPT // 2)))

    def statistics(self) -> Statistics:
        places = {
            each: number for each, number in self.mentioned.items() if each.startswith(self._places)
        }
        return Statistics(
            quads=self.quads,
            triples=self.triples,
            subjects=self.subjects,
            properties=_by_iri(self.properties),
            classes=_by_iri(self.classes),
            graphs=_by_iri(self.graphs),
            languages={tag.decode(): number for tag, number in sorted(self.languages.items())},
            names={tag.decode(): number for tag, number in sorted(self.names.items())},
            linked=self.linked,
            mentioned=_iris(_most(self.mentioned, _MAX_TOLD)),
            places=_iris(_most(places, _MAX_TOLD)),
            examples=tuple(
                iri(self.examples[node(class_)])
                for class_ in _CLASSES
                if node(class_) in self.examples
            ),
            earliest=self.earliest.decode(),
            latest=self.latest.decode(),
            changed=self.changed.decode(),
        )


def _iris(counts: Iterable[tuple[bytes, int]]) -> tuple[str, ...]:
    return tuple(iri(term) for term, _ in counts)


def _most(counts: Mapping[bytes, int], number: int) -> list[tuple[bytes, int]]:
    """Return the most frequent; of those that are as frequent, the first in order."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:number]


def _by_iri(counts: Counter[bytes]) -> dict[str, int]:
    return {iri(term): number for term, number in sorted(counts.items())}
