"""Learns which sounds stand for each other, and writes src/kgpub/names/likeness.json.

`python -m benchmarks.linking_sounds` reads the names of people in the gazetteer: no question, no
place. Two names of one person in different languages are a pair if their skeletons are alike;
expectation-maximisation with the best alignment (Viterbi training) counts which sounds meet.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import permutations
from math import exp, log
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from kgpub.names import Name, readings
from kgpub.names.letters import ARABIC
from kgpub.names.likeness import ALPHABET, Likeness, plain

GAZETTEER = Path(__file__).parents[2] / "shared" / "linking" / "gazetteer.jsonl"
OUTPUT = Path(__file__).parents[1] / "src" / "kgpub" / "names" / "likeness.json"
ROUNDS = 6
PRIOR = 12.0
"""How many meetings by chance the prior table, `initial`, is worth beside those counted."""
LEAST_ALIKE = 0.55
"""Normalised likeness of skeletons from which two names are taken for the same."""
LATIN_PAIRS = 2
"""Pairs of Latin names that one person gives at most: most are in Latin script."""
_UNSURE = frozenset(("son-of", "part"))
_GROUPS = {
    **dict.fromkeys(("aeY", "aoQ", "uow", "iey", "aiQ", "auQ"), 0.7),
    **dict.fromkeys(("uw", "ow", "iy", "ey", "aQ"), 1.5),
    **dict.fromkeys(("bp", "fv", "vw", "kqg", "gG", "qG", "Xk", "Xh", "jZ", "jg", "jG", "CS"), 1.5),
    **dict.fromkeys(("hH", "tT", "dD", "zD", "kq", "sz", "XH", "Zz"), 1.8),
    **dict.fromkeys(
        ("sT", "td", "dz", "sS", "Cj", "Ck", "jy", "jk", "Yh", "YH", "gk", "wf", "qX", "qj"), 0.7
    ),
}
"""Sounds that are written for each other, by how much oftener than chance (log-odds)."""
_GAP = "-"


Pairs = list[tuple[str, str]]
Scripts = tuple[bool, bool]
"""Whether the one name and the other are in Arabic script."""


def pairs(gazetteer: Path) -> dict[Scripts, Pairs]:
    """Return sounds of two names of one person, by their scripts; Arabic before Latin."""
    found: dict[Scripts, Pairs] = {(False, False): [], (True, True): [], (True, False): []}
    with gazetteer.open(encoding="utf-8") as lines:
        for line in lines:
            entity = json.loads(line)
            if entity["type"] != "person":
                continue
            names: dict[str, Name] = {}
            for language, those in entity["names"].items():
                for text in those:
                    for name in readings(text, language, running=False):
                        if name.sound and not _UNSURE.intersection(k for k, _ in name.stripped):
                            names.setdefault(name.sound, name)
            for scripts, its in _pairs_of(list(names.values())).items():
                found[scripts] += its[:LATIN_PAIRS] if scripts == (False, False) else its
    return found


def _pairs_of(names: list[Name]) -> dict[Scripts, Pairs]:
    found: dict[Scripts, Pairs] = {(False, False): [], (True, True): [], (True, False): []}
    for one, other in permutations(names, 2):
        skeletons = one.skeleton.replace(" ", ""), other.skeleton.replace(" ", "")
        scripts = bool(ARABIC.search(one.key)), bool(ARABIC.search(other.key))
        pair = plain(one.sound), plain(other.sound)
        if (
            scripts in found
            and (scripts == (True, False) or pair[0] < pair[1])
            and len(one.tokens) == len(other.tokens)
            and Levenshtein.normalized_similarity(*skeletons) >= LEAST_ALIKE
        ):
            found[scripts].append(pair)
    return found


def initial(arabic: Scripts) -> Likeness:
    """Return the table of what grammars of transliteration say, before any name is looked at."""
    table = {one: dict.fromkeys(ALPHABET, -3.0) for one in ALPHABET}
    for group, odds in _GROUPS.items():
        for one, other in permutations(group, 2):
            table[one][other] = max(odds, table[one][other])
    for one in ALPHABET:
        table[one][one] = 3.0
    # Arabic leaves short vowels out; Persian and Kurdish write them with letters for long ones.
    written, unwritten = dict.fromkeys("awyQY", -1.2), dict.fromkeys("aeiouYQh", -0.7)
    latin = dict.fromkeys("aeiouwyYQh", -1.2)
    gaps = dict.fromkeys(ALPHABET, -2.5)
    gaps_of_one = gaps | (written if arabic[0] else latin)
    gaps_of_other = gaps | (unwritten if arabic == (True, False) else gaps_of_one)
    return Likeness(table, gaps_of_one, gaps_of_other, {}, {})


def align(table: Likeness, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of the best alignment of two sounds."""
    scores = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if i or j:
                scores[i][j] = max(score for score, _, _ in _steps(table, scores, one, other, i, j))
    i, j = len(one), len(other)
    while i or j:
        _, down, right = max(_steps(table, scores, one, other, i, j))
        yield one[i - 1] if down else _GAP, other[j - 1] if right else _GAP
        i, j = i - down, j - right


def _steps(
    table: Likeness, scores: list[list[float]], one: str, other: str, i: int, j: int
) -> Iterator[tuple[float, int, int]]:
    if i and j:
        yield scores[i - 1][j - 1] + table.pairs[one[i - 1]][other[j - 1]], 1, 1
    if i:
        yield scores[i - 1][j] + table.gaps[one[i - 1]], 1, 0
    if j:
        yield scores[i][j - 1] + table.gaps_of_other[other[j - 1]], 0, 1


def learned(
    table: Likeness, prior: Likeness, known: list[tuple[str, str]], symmetric: bool
) -> Likeness:
    """Return the table after one round: the log-odds of the columns of the best alignments."""
    columns: Counter[tuple[str, str]] = Counter()
    ones: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for one, other in known:
        for column in align(table, one, other):
            columns[column] += 1
            if symmetric:
                columns[column[::-1]] += 1
        ones.update(one + other if symmetric else one)
        others.update(one + other if symmetric else other)
    total = sum(columns.values())
    letters = sum(ones.values()), sum(others.values())

    def odds(counted: int, chance: float, before: float) -> float:
        ratio = (counted + PRIOR * exp(before)) / (total * chance + PRIOR)
        return round(max(-5.0, log(ratio)), 3)

    def row(one: str) -> dict[str, float]:
        chance = ones[one] / letters[0]
        return {
            other: odds(
                columns[one, other],
                chance * others[other] / letters[1],
                prior.pairs[one][other],
            )
            for other in ALPHABET
        }

    rows = {one: row(one) for one in ALPHABET}
    gaps = {
        one: odds(columns[one, _GAP], ones[one] / letters[0], prior.gaps[one]) for one in ALPHABET
    }
    gaps_of_other = {
        one: odds(columns[_GAP, one], others[one] / letters[1], prior.gaps_of_other[one])
        for one in ALPHABET
    }
    turned = {one: {other: rows[other][one] for other in ALPHABET} for one in ALPHABET}
    return Likeness(
        rows,
        gaps,
        gaps_of_other,
        _typical(rows, gaps, {one: others[one] / letters[1] for one in ALPHABET}),
        _typical(turned, gaps_of_other, {one: ones[one] / letters[0] for one in ALPHABET}),
    )


def _typical(
    rows: Mapping[str, Mapping[str, float]],
    gaps: Mapping[str, float],
    frequency: Mapping[str, float],
) -> dict[str, float]:
    """Return the mean of what each sound adds, over what it meets in a name that is the same."""
    typical = {}
    for one in ALPHABET:
        odds = [(exp(gaps[one]), gaps[one])]
        odds += [((frequency[o] + 0.01) * exp(score), score) for o, score in rows[one].items()]
        total = sum(share for share, _ in odds)
        typical[one] = round(sum(share * score for share, score in odds) / total, 3)
    return typical


def main() -> None:
    """Learn the tables and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gazetteer", type=Path, default=GAZETTEER)
    arguments = parser.parse_args()
    tables, scripts = [], []
    counted = []
    for arabic, known in pairs(arguments.gazetteer).items():
        before = initial(arabic)
        table = before
        for _ in range(ROUNDS):
            table = learned(table, before, known, symmetric=arabic[0] == arabic[1])
        tables.append(asdict(table))
        scripts.append(arabic)
        counted.append(len(known))
    content = {
        "provenance": {
            "made_by": "python -m benchmarks.linking_sounds",
            "names": "people of EveryPolitician, 2015, as Wikidata had them (facts, CC0)",
            "pairs": counted,
            "rounds": ROUNDS,
        },
        "arabic": scripts,
        "tables": tables,
    }
    OUTPUT.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{counted} pairs, {ROUNDS} rounds: {OUTPUT}")


if __name__ == "__main__":
    main()
