"""The entities of a workspace by their names, in memory: which may a text mean, which begins so."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Indel

from kgpub.linking.entity import Names, Type
from kgpub.names import Name, read, readings
from kgpub.service.reconciliation.offered import FULL_SCORE, Text

MAX_NAMES = 100
"""Names of one entity that are looked up."""
MAX_WORDS = 8
"""Words of a name that a prefix may begin with."""
MAX_BEGINNINGS = 2_000
"""Names with a prefix that are looked at; one letter is the prefix of many."""
_NEAR = 40
"""Skeletons near to that of a text whose names are compared."""
_LEAST_NEAR = 0.5
_EQUAL_BUT_ARTICLES = 98.0
_EQUAL_SOUND = 90.0
_LESS = 5.0
"""What a reading loses for each part of the text that it leaves out."""
LEAST_SCORE = 45.0
ALL_TYPES = frozenset(Type)
_ARTICLE = "ال"
_LAST = "\U0010ffff"


@dataclass(frozen=True, eq=False)
class Entity:
    """An entity, equal to itself only. `id` is its IRI without the workspace's base.

    `item` is its QID, or "". Of each language the first name is its label. `kind` is the IRI of its
    kind, or "".
    """

    id: str
    type: Type
    names: Names
    kind: str = ""
    item: str = ""

    def label(self, language: str) -> Text:
        """Return the name to show: in `language`, else the first there is, else the identifier."""
        for tag in (language, *self.names):
            if self.names.get(tag):
                return Text(self.names[tag][0], tag)
        return Text(self.id)


@dataclass(frozen=True)
class Scored:
    """An entity that a text may mean: the score from 0 to 100, and whether a name is the text."""

    entity: Entity
    score: float
    equal: bool


class Register:
    """The entities, once and for all. Work grows with the number of different skeletons."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities = tuple(sorted(entities, key=lambda entity: entity.id))
        self.by_id = {entity.id: entity for entity in self.entities}
        self.by_item: Mapping[str, Entity] = {e.item: e for e in self.entities if e.item}
        self._by_bare: dict[str, list[tuple[Entity, Name]]] = defaultdict(list)
        self._by_skeleton: dict[str, list[tuple[Entity, Name]]] = defaultdict(list)
        beginnings: set[tuple[str, bool, str]] = set()
        for entity in self.entities:
            for name in _names(entity):
                self._by_bare[name.bare].append((entity, name))
                if name.skeleton:
                    self._by_skeleton[_joined(name)].append((entity, name))
                beginnings.update((text, rest, entity.id) for text, rest in _beginnings(name.key))
        self._beginnings = sorted(beginnings)
        self._ids = [entity.id for entity in self.entities]
        self._skeletons = list(self._by_skeleton)

    def search(self, text: str, types: Set[Type] = ALL_TYPES) -> list[Scored]:
        """Return what of `types` a text may mean, best first.

        Where names are equal to the text but for spelling, others are not looked for.
        """
        best: dict[str, Scored] = {}
        read_as = readings(text, running=False)
        for named in (self._equal, self._near):
            for reading in read_as:
                for entity, name in named(reading):
                    scored = _compare(reading, entity, name)
                    before = best.get(entity.id)
                    better = before is None or before.score < scored.score
                    if better and scored.score >= LEAST_SCORE and entity.type in types:
                        best[entity.id] = scored
            if best:
                break
        return sorted(best.values(), key=lambda scored: (-scored.score, scored.entity.id))

    def _equal(self, reading: Name) -> Iterable[tuple[Entity, Name]]:
        return self._by_bare.get(reading.bare, ())

    def _near(self, reading: Name) -> Iterator[tuple[Entity, Name]]:
        wanted = _joined(reading)
        near = process.extract(
            wanted,
            self._skeletons if wanted else (),
            scorer=Indel.normalized_similarity,
            score_cutoff=_LEAST_NEAR,
            limit=_NEAR,
        )
        for skeleton, _, _ in near:
            yield from self._by_skeleton[skeleton]

    def beginning(self, prefix: str) -> Iterator[Entity]:
        """Yield the entities with a word of a name that begins with `prefix`, or such an id.

        Those with a whole name that begins so come first; of very many, some.
        """
        ids = _range(self._ids, prefix)[:MAX_BEGINNINGS] if prefix else []
        yield from map(self.by_id.__getitem__, ids)
        folded = read(prefix).key
        if folded:
            first = bisect_left(self._beginnings, (folded,))
            last = bisect_left(self._beginnings, (folded + _LAST,), first)
            found = self._beginnings[first : min(last, first + MAX_BEGINNINGS)]
            ordered = sorted(found, key=lambda each: each[1])
            yield from map(self.by_id.__getitem__, dict.fromkeys(id_ for _, _, id_ in ordered))


def _names(entity: Entity) -> Iterator[Name]:
    """Yield the names of an entity as they stand, each spelling of a key once."""
    found: dict[str, Name] = {}
    for language, texts in entity.names.items():
        for text in texts:
            name = read(text, language)
            if name.key and name.bare:
                found.setdefault(name.key, name)
    yield from list(found.values())[:MAX_NAMES]


def _joined(name: Name) -> str:
    return name.skeleton.replace(" ", "")


def _beginnings(key: str) -> Iterator[tuple[str, bool]]:
    """Yield a key from each of its words on, and without the article that the word begins with.

    With each stands whether anything comes before it.
    """
    words = key.split()
    for number, word in enumerate(words[:MAX_WORDS]):
        rest = " ".join(words[number:])
        yield rest, number > 0
        if word.startswith(_ARTICLE) and len(word) > 4:
            yield rest.removeprefix(_ARTICLE), number > 0


def _range(texts: list[str], prefix: str) -> list[str]:
    return texts[bisect_left(texts, prefix) : bisect_left(texts, prefix + _LAST)]


def _compare(reading: Name, entity: Entity, name: Name) -> Scored:
    equal = reading.key == name.key
    if equal:
        score = FULL_SCORE
    elif reading.bare == name.bare:
        score = _EQUAL_BUT_ARTICLES
    elif reading.sound and name.sound:
        sounds = Indel.normalized_similarity(_spaceless(reading.sound), _spaceless(name.sound))
        frames = Indel.normalized_similarity(_joined(reading), _joined(name))
        score = _EQUAL_SOUND * max(sounds, (sounds + frames) / 2)
    else:
        score = 0.0
    left_out = [kind for kind, _ in reading.stripped]
    # A title is no part of a person's name; what else is left out makes it another text.
    titled = entity.type is Type.person and set(left_out) == {"title"}
    return Scored(
        entity,
        max(0.0, score - _LESS * len(left_out)),
        score >= _EQUAL_BUT_ARTICLES and (not left_out or titled),
    )


def _spaceless(sound: str) -> str:
    return sound.replace(" ", "")
