"""From compared names and circumstances to candidates with a probability each.

The model is a conditional logit: each item has odds against that none is meant, which are the sum
of weighted features of the names and of circumstances; all items and none share one certainty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log, log1p

from rapidfuzz.distance import Levenshtein

from kgpub.linking.building import index_names, weight_of
from kgpub.linking.circumstances import MOST_ODDS, Circumstance, circumstances
from kgpub.linking.comparing import Compared, best_of
from kgpub.linking.entity import Candidate, Item, Mention
from kgpub.linking.retrieval import Found
from kgpub.linking.schema import letter_of
from kgpub.linking.weights import weights
from kgpub.names import Name, readings

MAX_NAMES = 12
"""Names of a mention that are read: those of more languages say the same."""
LEAST_SCORE = 0.005
"""Candidates below are left out."""
_LEAST_ODDS = log(LEAST_SCORE)
_MOST = 30.0
_AGAINST = 3.0
"""More than what type and kind alone can speak against an item of an index."""
_KNOWN = 4.0
"""Weight of an item, see `weight_of`, from which it counts as well known."""


def readings_of(mention: Mention) -> tuple[Name, ...]:
    """Return the readings of a mention's names, each folded form once."""
    found: dict[str, Name] = {}
    texts = [(text, tag) for tag, those in mention.names.items() for text in those]
    for text, language in texts[:MAX_NAMES]:
        for name in readings(text, language):
            found.setdefault(name.bare, name)
    return tuple(found.values())


def promising(mention: Mention, compared: Sequence[Compared]) -> list[Compared]:
    """Leave out what no circumstance can make a candidate: its name is too unlike.

    Of a mention that is a name, a type and a kind there are no circumstances that speak for an
    item; so what is too unlike beside the most alike is left out as well.
    """
    odds = [weights().odds(each) for each in compared]
    if mention == Mention(mention.names, mention.type, kind=mention.kind):
        least = _LEAST_ODDS + log1p(exp(min(max(odds, default=0.0), _MOST) - _AGAINST))
    else:
        least = _LEAST_ODDS - MOST_ODDS
    return [each for each, its in zip(compared, odds, strict=True) if its > least]


def ranked(mention: Mention, compared: Iterable[tuple[Item, Compared]]) -> list[Candidate]:
    """Return candidates, the most probable first, from items with their best names compared."""
    those = [(item, each, circumstances(mention, item)) for item, each in compared]
    odds = [
        weights().odds(each) + sum(circumstance.odds for circumstance in known)
        for _, each, known in those
    ]
    shares = [exp(min(each, _MOST)) for each in odds]
    total = 1.0 + sum(shares)
    candidates = [
        Candidate(item, round(share / total, 4), evidence(each, known))
        for (item, each, known), share in zip(those, shares, strict=True)
        if share / total >= LEAST_SCORE
    ]
    return sorted(candidates, key=lambda each: (-each.score, int(each.item.qid[1:])))


def of_items(mention: Mention, items: Iterable[Item]) -> list[Candidate]:
    """Return candidates from items that were found otherwise than in an index: by a search."""
    read = readings_of(mention)
    pairs = [(item, best_of(_founds(read, number, item))) for number, item in enumerate(items)]
    return ranked(mention, [(item, best) for item, best in pairs if best])


def _founds(read: Sequence[Name], number: int, item: Item) -> list[Found]:
    """Return each name of an item beside each reading."""
    letter, weight = letter_of(item), weight_of(item)
    return [
        Found(
            reading,
            1.0 if reading.bare == name.bare else _near(reading.skeleton, name.skeleton),
            number, letter, name.key, name.bare, name.sound, partial, weight,
        )
        for name, partial in index_names(item)
        for reading in read
    ]  # fmt: skip


def _near(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return Levenshtein.normalized_similarity(one.replace(" ", ""), other.replace(" ", ""))


def evidence(compared: Compared, known: Iterable[Circumstance] = ()) -> tuple[str, ...]:
    """Return sentences of why and why not: the name, then circumstances, the weightiest first."""
    found = compared.found
    told = [_of_name(compared)]
    told += [_READ[kind].format(words) for kind, words in found.reading.stripped]
    weighty = sorted(known, key=lambda circumstance: -abs(circumstance.odds))
    told += [circumstance.sentence for circumstance in weighty]
    if found.weight >= _KNOWN:
        told.append("It is well known.")
    return tuple(told)


_READ = {
    "title": "The title “{}” is left out.",
    "clitic": "“{}” is taken for a clitic.",
    "no-article": "“{}” is read as a name whose first letters are no article.",
    "aside": "What stands aside in “{}” is left out.",
    "part": "It is a part of “{}”.",
    "script": "The name in the other script, “{}”, is left out.",
    "son-of": "“{}” is read without the word for son or daughter.",
    "kunya": "The kunya “{}” is left out.",
    "nisba": "The nisba “{}” is left out.",
}
"""What a reading makes of the name that was given, by the kinds of `Name.stripped`."""


def _of_name(compared: Compared) -> str:
    found = compared.found
    if found.key == found.reading.key:
        return f"It is named “{found.key}”."
    if found.bare == found.reading.bare:
        return f"It is named “{found.key}”, the same but for articles or spaces."
    share = max(0, min(100, round(100 * compared.longer / TYPICAL)))
    return f"It is named “{found.key}”, {share} % as like as spellings of one name are."


TYPICAL = 1.0
"""How like two spellings of one name are on average, as `Compared.longer` has it."""
