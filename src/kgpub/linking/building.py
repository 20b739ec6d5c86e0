"""Writes a gazetteer's index: items in, one SQLite file out."""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from math import log1p

from kgpub.linking.entity import Item, Type
from kgpub.linking.records import record_of
from kgpub.linking.schema import INDEXES, TABLES, grams, letter_of
from kgpub.names import Name, readings

_PARTIAL = frozenset(("aside", "part", "script", "son-of"))
MAX_NAMES = 400
"""Names of one item that are indexed: a hostile gazetteer has millions."""


def weight_of(item: Item) -> float:
    """Return how well known an item is, from 0 up: the logarithms of what counts for it."""
    return log1p(item.sitelinks or len(item.names)) + log1p(item.population) / 4


@dataclass
class _Skeletons:
    """Numbers skeletons, of each type its own, and collects in which of them each gram is."""

    numbers: dict[str, int] = field(default_factory=dict)
    grams: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("I")))

    def number(self, type_letter: str, skeleton: str) -> int:
        """Return the number of a skeleton, from 1; 0 if there is none."""
        if not skeleton:
            return 0
        text = type_letter + skeleton
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.numbers) + 1
            for gram in grams(skeleton):
                self.grams[type_letter + gram].append(number)
        return number


@dataclass(frozen=True)
class Written:
    """What an index was made of: numbers of items and names, their letters, a digest of all."""

    items: int
    names: int
    letters: str
    digest: str


def write_index(connection: sqlite3.Connection, items: Iterable[Item]) -> Written:
    """Write the tables for `items`; of those with one QID the first counts."""
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    skeletons = _Skeletons()
    digest = sha256()
    seen: dict[str, str] = {}
    counted = 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal counted
        for item in items:
            if item.qid in seen:
                continue
            letter = seen[item.qid] = letter_of(item)
            number, weight = len(seen), weight_of(item)
            # A lone surrogate is no text; JSON can have one, and SQLite cannot.
            record = record_of(item).encode("utf-8", "replace")
            digest.update(record + b"\n")
            connection.execute(
                "INSERT INTO item VALUES (?, ?, ?, ?)",
                (number, item.qid, weight, record.decode("utf-8")),
            )
            for name, partial in index_names(item):
                skeleton = skeletons.number(letter, name.skeleton.replace(" ", ""))
                counted += 1
                yield number, letter, name.key, name.bare, name.sound, skeleton, partial, weight

    connection.executemany(
        "INSERT INTO name (item, type, key, bare, sound, skeleton, part, weight)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )
    connection.executemany(
        "INSERT INTO skeleton VALUES (?, ?)",
        ((number, text) for text, number in skeletons.numbers.items()),
    )
    connection.executemany(
        "INSERT INTO gram VALUES (?, ?, ?)",
        ((gram, len(those), those.tobytes()) for gram, those in skeletons.grams.items()),
    )
    connection.execute("COMMIT")
    connection.executescript(INDEXES)
    letters = "".join(sorted(set(seen.values())))
    return Written(len(seen), counted, letters, digest.hexdigest())


def index_names(item: Item) -> list[tuple[Name, bool]]:
    """Return the readings of an item's names, one for each key and sound.

    The second of each pair says whether it leaves out what is part of the name as written.
    """
    texts: dict[str, str] = {}
    for tag, those in item.names.items():
        for text in those:
            texts.setdefault(text, tag)
    found: dict[tuple[str, str], tuple[Name, bool]] = {}
    for text, language in list(texts.items())[:MAX_NAMES]:
        for name in readings(text, language, running=False):
            kinds = {kind for kind, _ in name.stripped}
            if "title" not in kinds or item.type in (Type.person, None):
                found.setdefault((name.key, name.sound), (name, not kinds.isdisjoint(_PARTIAL)))
    return list(found.values())
