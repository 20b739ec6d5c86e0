"""The weights of the score, as `benchmarks.linking_weights` has fitted and written them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path

from kgpub.linking.comparing import FEATURES, Compared
from kgpub.linking.entity import Item, Type

PERSON, OTHER = "person", "other"


@dataclass(frozen=True)
class Weights:
    """Weights by model, in the order of FEATURES, and the thresholds of the decision.

    An item is linked if its score is at least `least_score` of its model and exceeds the next by
    `least_margin`; below `least_review` no item is worth looking at. `left_out` is what they reach
    on questions that they were not fitted on: `links`, `precision`, `accuracy`.
    """

    models: Mapping[str, Sequence[float]]
    least_score: Mapping[str, float]
    least_margin: float
    least_review: float
    left_out: Mapping[str, float]

    def least(self, item: Item) -> float:
        """Return the least score with which an item is linked."""
        return self.least_score[PERSON if item.type is Type.person else OTHER]

    def odds(self, compared: Compared) -> float:
        """Return the log-odds, against that none is meant, that a name's item is meant."""
        model = PERSON if compared.found.type == "p" else OTHER
        return float(sum(map(mul, self.models[model], compared.features)))


@cache
def weights() -> Weights:
    """Return the fitted weights, read once."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    models = {
        model: tuple(its[feature] for feature in FEATURES)
        for model, its in content["models"].items()
    }
    left_out = content["provenance"]["left_out"]
    return Weights(models, **content["thresholds"], left_out=left_out)
