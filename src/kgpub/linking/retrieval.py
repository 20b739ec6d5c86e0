"""Finds the names of an index that a mention may be written for, with bounded work.

Equal folded names come first. Only where there is none, equal skeletons, then skeletons with the
most rare grams in common; of their names those with the most similar outlines. The work of one
mention does not grow with the gazetteer: so many readings, so many entries of grams, so many
skeletons, so many alignments.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence, Sized
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel, Levenshtein

from kgpub.linking.schema import grams
from kgpub.names import Name
from kgpub.names.sounds import outline

MAX_ENTRIES = 1_200
"""Entries of gram lists that are counted for one reading, rare grams first."""
MAX_SKELETONS = 28
"""Skeletons that are read from the index, by grams in common."""
MAX_NEAR = 14
"""Skeletons whose names are compared."""
LEAST_NEAR = 0.5
"""How alike two skeletons must be, as a Levenshtein similarity, to be compared further."""
LEAST_SIGHT = 0.65
"""How alike two outlines must be, as an Indel similarity, to be compared further."""
MAX_NAMES = 12
"""Names near to one reading that are compared further, the most alike at first sight."""

_ONE_LETTER = frozenset(("clitic", "no-article"))
"""Readings so near to another that the other's near skeletons do for both."""


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
    rows = connection.execute(
        "SELECT bare, item, type, key, bare, sound, part, weight FROM named"
        f" WHERE bare IN ({marks(by_bare)}) AND type IN ({marks(types)}) LIMIT 1000",
        (*by_bare, *types),
    )
    return [Found(by_bare[row[0]], 1.0, *row[1:]) for row in rows]


def near(connection: sqlite3.Connection, read: Sequence[Name], types: str) -> list[Found]:
    """Return the names whose skeletons are those of the readings, or near to one.

    Of each reading no more than MAX_NAMES, those whose outlines are most like its own.
    """
    by_skeleton = {
        name.skeleton.replace(" ", ""): name
        for name in reversed(read)
        if not any(kind in _ONE_LETTER for kind, _ in name.stripped)
    }
    return [
        found
        for skeleton, name in by_skeleton.items()
        if skeleton
        for found in _most_alike(connection, name, skeleton, types)
    ]


def _most_alike(
    connection: sqlite3.Connection, name: Name, skeleton: str, types: str
) -> Iterator[Found]:
    """Yield the names near to one reading, the most alike at first sight first.

    They stay lines of text until it is known which they are: that is most of what is saved.
    """
    best = _with_grams(connection, [each + gram for gram in grams(skeleton) for each in types])
    rows = connection.execute(
        f"SELECT substr(text, 2), outlines, names FROM near WHERE id IN ({marks(best)})", best
    ).fetchall()
    alike = process.extract(
        skeleton,
        [row[0] for row in rows],
        scorer=Levenshtein.normalized_similarity,
        limit=MAX_NEAR,
        score_cutoff=LEAST_NEAR,
    )
    shares, outlines, lines = [], [], []
    for _, share, place in alike:
        _, its, names = rows[place]
        more = its.split("\n")
        outlines += more
        lines += names.split("\n")
        shares += [share] * len(more)
    for _, _, place in process.extract(
        outline(name.sound),
        outlines,
        scorer=Indel.normalized_similarity,
        limit=MAX_NAMES,
        score_cutoff=LEAST_SIGHT,
    ):
        item, letter, key, bare, sound, part, weight = lines[place].split("\t")
        yield Found(
            name, shares[place], int(item), letter, key, bare, sound, part == "1", float(weight)
        )


def _with_grams(connection: sqlite3.Connection, wanted: list[str]) -> list[int]:
    """Return the skeletons with the most of some grams, MAX_SKELETONS at most."""
    rows = connection.execute(
        "SELECT size, gram, CASE WHEN size <= ? THEN skeletons ELSE substr(skeletons, 1, ?) END"
        f" FROM gram WHERE gram IN ({marks(wanted)})",
        (MAX_ENTRIES, 4 * MAX_ENTRIES, *wanted),
    )
    entries, lists = 0, []
    for size, _, skeletons in sorted(rows):
        if entries and entries + size > MAX_ENTRIES:
            break
        entries += size
        lists.append(skeletons)
    counts = Counter(array("I", b"".join(lists)))
    best = [number for number, count in counts.items() if count > 1]
    if len(best) < MAX_SKELETONS:
        best += [number for number, count in counts.items() if count == 1]
    else:
        best.sort(key=counts.__getitem__, reverse=True)
    return best[:MAX_SKELETONS]


def marks(values: Sized) -> str:
    """Return as many marks for values in SQL as there are values."""
    return ",".join("?" * len(values))
