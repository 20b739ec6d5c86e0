"""What types and conditions of a query make of the scores that names have, and what is sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kgpub.linking.entity import Type
from kgpub.service.reconciliation.offered import Match
from kgpub.service.reconciliation.queries import Query, Strictness

MARGIN = 10.0
"""How far the next best must be behind a match that can be taken."""
_OTHER_TYPE = 0.5
_OTHERWISE = 0.5
_UNKNOWN = 0.9
"""What a condition leaves of the score where the data say something else, or nothing."""


@dataclass(frozen=True)
class Fit:
    """How an entity stands to a condition: `holds` is None where nothing is known."""

    property: str
    holds: bool | None


Found = tuple[Match, Type | None, Sequence[Fit]]
"""A match by its name alone, what it is, and how it stands to each condition."""


def judged(found: Iterable[Found], types: frozenset[Type | None], query: Query) -> list[Match]:
    """Return the matches by all that was asked, best first, no more than asked for.

    `types` are those of the query, None for one that there is not. A match is sure if its name
    is, no type or condition speaks against it, and no other match is near.
    """
    matches = []
    for match, type_, fits in found:
        typed = _typed(type_, types, query.strictness)
        if typed or query.strictness is Strictness.should:
            matches.append(_weighed(match, typed, fits, bool(query.types)))
    matches.sort(key=lambda match: (-match.score, match.thing.id))
    if len(matches) > 1 and matches[0].score - matches[1].score < MARGIN:
        matches[0] = replace(matches[0], sure=False)
    return (
        [matches[0], *(replace(m, sure=False) for m in matches[1:])][: query.limit]
        if matches
        else []
    )


def _typed(type_: Type | None, types: frozenset[Type | None], strictness: Strictness) -> bool:
    if not types:
        return True
    if strictness is Strictness.all:
        return types == {type_}
    return type_ is not None and type_ in types


def _weighed(match: Match, typed: bool, fits: Sequence[Fit], has_types: bool) -> Match:
    features: dict[str, float | bool] = {"name": round(match.score, 2), **match.features}
    weights = []
    for fit in fits:
        weights.append({True: 1.0, False: _OTHERWISE, None: _UNKNOWN}[fit.holds])
        if fit.holds is not None:
            features[f"property:{fit.property}"] = fit.holds
    if has_types:
        features["type"] = typed
    score = match.score * (1.0 if typed else _OTHER_TYPE)
    if weights:
        score *= sum(weights) / len(weights)
    sure = match.sure and typed and all(fit.holds is not False for fit in fits)
    return Match(match.thing, round(score, 2), sure, features)
