"""Finds the names of an index that a mention may be written for, with bounded work.

Equal folded names come first. Only where there is none, equal skeletons, then skeletons with the
most rare grams in common. The work of one mention does not grow with the gazetteer: so many
readings, so many entries of grams, so many skeletons, so many alignments.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from kgpub.linking.schema import grams
from kgpub.names import Name

MAX_ENTRIES = 2_000
"""Entries of gram lists that are counted for one skeleton, rare grams first."""
MAX_SKELETONS = 20
"""Skeletons that are read from the index, by grams in common."""
MAX_NEAR = 8
"""Skeletons whose names are compared."""
LEAST_NEAR = 0.5
"""How alike two skeletons must be, as a Levenshtein similarity, to be compared further."""
MAX_ROWS = 60
"""Names with one skeleton that are compared; one letter is the skeleton of many."""

_ONE_LETTER = frozenset(("clitic", "no-article"))
"""Readings so near to another that the other's near skeletons do for both."""
_COLUMNS = "item, type, key, bare, sound, part, weight"


class Found(NamedTuple):
    """A name of the index, and the reading of the mention that it was found by.

    `near` is the Levenshtein similarity of their skeletons, 1 where the folded names are equal.
    """

    reading: Name
    near: float
    item: int
    type: str
    key: str
    bare: str
    sound: str
    part: bool
    weight: float


def equal(connection: sqlite3.Connection, read: Sequence[Name], types: str) -> list[Found]:
    """Return the names whose folded form without articles is that of a reading."""
    by_bare = {name.bare: name for name in reversed(read)}
    marks = ",".join("?" * len(by_bare))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM name WHERE bare IN ({marks}) LIMIT 1000", list(by_bare)
    )
    return [Found(by_bare[row[3]], 1.0, *row) for row in rows if row[1] in types]


def named(connection: sqlite3.Connection, founds: Sequence[Found]) -> dict[int, list[Found]]:
    """Return all names of the items of `founds`, by item, each beside the reading of its item."""
    reading = {found.item: found.reading for found in founds}
    marks = ",".join("?" * len(reading))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM name WHERE item IN ({marks}) LIMIT 1000", list(reading)
    )
    by_item: dict[int, list[Found]] = {item: [] for item in reading}
    for row in rows:
        by_item[row[0]].append(Found(reading[row[0]], 0.0, *row))
    return by_item


def near(connection: sqlite3.Connection, read: Sequence[Name], types: str) -> list[Found]:
    """Return the names whose skeletons are those of the readings, or near to one."""
    found = []
    by_skeleton = {
        name.skeleton.replace(" ", ""): name
        for name in reversed(read)
        if not any(kind in _ONE_LETTER for kind, _ in name.stripped)
    }
    for skeleton, name in by_skeleton.items():
        if skeleton:
            for letter in types:
                numbers = _near_skeletons(connection, letter, skeleton)
                found += _named(connection, name, numbers)
    return found


def _near_skeletons(connection: sqlite3.Connection, letter: str, skeleton: str) -> dict[int, float]:
    wanted = [letter + gram for gram in grams(skeleton)]
    marks = ",".join("?" * len(wanted))
    sizes = connection.execute(f"SELECT size, gram FROM gram WHERE gram IN ({marks})", wanted)
    rare = list(_rarest(sorted(sizes)))
    marks = ",".join("?" * len(rare))
    lists = connection.execute(f"SELECT skeletons FROM gram WHERE gram IN ({marks})", rare)
    counts: Counter[int] = Counter()
    for (blob,) in lists:
        counts.update(array("I", blob[: 4 * MAX_ENTRIES]))
    best = [number for number, _ in counts.most_common(MAX_SKELETONS)]
    marks = ",".join("?" * len(best))
    texts = dict(
        connection.execute(f"SELECT id, substr(text, 2) FROM skeleton WHERE id IN ({marks})", best)
    )
    alike = process.extract(
        skeleton,
        texts,
        scorer=Levenshtein.normalized_similarity,
        limit=MAX_NEAR,
        score_cutoff=LEAST_NEAR,
    )
    return {number: share for _, share, number in alike}


def _rarest(sizes: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Yield grams, the rarest first, as long as all their lists have MAX_ENTRIES together."""
    entries = 0
    for size, gram in sizes:
        if entries and entries + size > MAX_ENTRIES:
            return
        entries += size
        yield gram


def _named(connection: sqlite3.Connection, name: Name, numbers: dict[int, float]) -> list[Found]:
    marks = ",".join("?" * len(numbers))
    rows = connection.execute(
        f"SELECT skeleton, {_COLUMNS} FROM name WHERE skeleton IN ({marks}) LIMIT {MAX_ROWS}",
        list(numbers),
    )
    return [Found(name, numbers[row[0]], *row[1:]) for row in rows]
