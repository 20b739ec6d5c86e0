"""Fits the weights of the linker's score, and writes src/kgpub/linking/weights.json.

`python -m benchmarks.linking_weights` asks the development questions of a gazetteer. The model is a
conditional logit (one certainty shared by the candidates and none), fitted by Newton's method with
a penalty on the squares of the weights. Thresholds are chosen on predictions for questions that the
weights were not fitted on: five folds, each left out once.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from operator import mul
from pathlib import Path

from benchmarks.linking_questions import GAZETTEER, QUESTIONS, Question, questions
from kgpub.linking.comparing import FEATURES
from kgpub.linking.gazetteer import Gazetteer
from kgpub.linking.gazetteer_files import read_items
from kgpub.linking.weights import OTHER, PERSON

OUTPUT = Path(__file__).parents[1] / "src" / "kgpub" / "linking" / "weights.json"
FOLDS = 5
PENALTY = {PERSON: 0.3, OTHER: 0.7}
"""On the squares of the weights; of some powers, those with which questions left out are likely."""
ROUNDS = 15
LEAST_SCORE = {PERSON: 0.85, OTHER: 0.81}
"""Chosen on questions left out: people's links are right 0.99 of the time from there on, all links
0.98; QIDs of places that are wrong in the questions leave no room for more."""
LEAST_MARGIN = 0.1
LEAST_REVIEW = 0.05
_SEED = 5

Vector = Sequence[float]


@dataclass(frozen=True)
class Case:
    """The candidates of a question: their QIDs and features, and which is right (or none)."""

    question: Question
    qids: Sequence[str]
    features: Sequence[Vector]
    right: int | None

    @property
    def model(self) -> str:
        """Which model it is for."""
        return PERSON if self.question.type == "person" else OTHER


def cases(gazetteer: Gazetteer, asked: Sequence[Question]) -> list[Case]:
    """Return the candidates of each question."""
    found = []
    for question in asked:
        compared = gazetteer.compared(question.mention)
        qids = gazetteer.qids(compared)
        right = qids.index(question.gold) if question.gold in qids else None
        found.append(Case(question, qids, [each.features for each in compared], right))
    return found


def shares(weights: Vector, features: Sequence[Vector]) -> list[float]:
    """Return the probability of each candidate; what is missing to 1 is that of none."""
    odds = [sum(map(mul, weights, each)) for each in features]
    most = max([0.0, *odds])
    weighed = [exp(each - most) for each in odds]
    total = exp(-most) + sum(weighed)
    return [each / total for each in weighed]


def loss(weights: Vector, known: Sequence[Case], penalty: float) -> float:
    """Return the negative log-likelihood with its penalty."""
    total = penalty / 2 * sum(weight * weight for weight in weights[1:])
    for case in known:
        certain = shares(weights, case.features)
        likely = 1.0 - sum(certain) if case.right is None else certain[case.right]
        total -= log(max(likely, 1e-12))
    return total


def fitted(model: str, known: Sequence[Case]) -> list[float]:
    """Return the weights of a model with the least loss on its cases."""
    known = [case for case in known if case.features and case.model == model]
    penalty = PENALTY[model]
    weights = [0.0] * len(FEATURES)
    current = loss(weights, known, penalty)
    for _ in range(ROUNDS):
        step = _solved(*_slopes(weights, known, penalty))
        length, better = 1.0, current
        while length > 1e-3:
            tried = [weight - length * each for weight, each in zip(weights, step, strict=True)]
            better = loss(tried, known, penalty)
            if better < current:
                break
            length /= 2
        if current - better < 1e-3:
            break
        weights, current = tried, better
    return weights


def _slopes(
    weights: Vector, known: Sequence[Case], penalty: float
) -> tuple[list[list[float]], list[float]]:
    """Return the second and the first derivatives of the loss."""
    size = len(weights)
    slope = [0.0, *(penalty * weight for weight in weights[1:])]
    bend = [[0.0] * size for _ in range(size)]
    for place in range(size):
        bend[place][place] = penalty if place else 1e-6
    for case in known:
        mean = [0.0] * size
        for number, (features, share) in enumerate(
            zip(case.features, shares(weights, case.features), strict=True)
        ):
            error = share - (number == case.right)
            for row, feature in enumerate(features):
                if feature:
                    slope[row] += error * feature
                    mean[row] += share * feature
                    weighed, columns = share * feature, bend[row]
                    for column in range(row + 1):
                        columns[column] += weighed * features[column]
        for row, first in enumerate(mean):
            for column in range(row + 1):
                bend[row][column] -= first * mean[column]
    for row in range(size):
        for column in range(row):
            bend[column][row] = bend[row][column]
    return bend, slope


def _solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """Solve a system of linear equations by elimination with the largest pivot."""
    size = len(values)
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for row in range(place + 1, size):
            factor = rows[row][place] / rows[place][place]
            for column in range(place, size + 1):
                rows[row][column] -= factor * rows[place][column]
    solution = [0.0] * size
    for place in reversed(range(size)):
        known = sum(rows[place][column] * solution[column] for column in range(place + 1, size))
        solution[place] = (rows[place][size] - known) / rows[place][place]
    return solution


@dataclass(frozen=True)
class Predicted:
    """The best candidate of a question that the weights were not fitted on."""

    case: Case
    score: float
    right: bool


def cross_validated(known: Sequence[Case]) -> list[Predicted]:
    """Return what is predicted for each case by weights fitted on the other folds."""
    chance = random.Random(_SEED)
    folds = [chance.randrange(FOLDS) for _ in known]
    predicted = []
    for fold in range(FOLDS):
        rest = [case for case, its in zip(known, folds, strict=True) if its != fold]
        models = {model: fitted(model, rest) for model in (PERSON, OTHER)}
        for case, its in zip(known, folds, strict=True):
            if its == fold and case.features:
                certain = shares(models[case.model], case.features)
                best = max(range(len(certain)), key=certain.__getitem__)
                predicted.append(Predicted(case, certain[best], best == case.right))
    return predicted


def main(tell: Callable[[str], None] = print) -> None:
    """Fit the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gazetteer", type=Path, default=GAZETTEER)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gazetteer = Gazetteer.build(Path(folder, "index"), read_items(arguments.gazetteer))
        known = cases(gazetteer, questions(arguments.questions))
        gazetteer.close()
    predicted = cross_validated(known)
    linked = [each for each in predicted if each.score >= LEAST_SCORE[each.case.model]]
    right = sum(each.right for each in linked)
    silent = len([case for case in known if case.question.gold is None]) - len(
        [each for each in linked if each.case.question.gold is None]
    )
    left_out = {
        "links": len(linked),
        "precision": round(right / len(linked), 4),
        "accuracy": round((right + silent) / len(known), 4),
    }
    tell(f"on questions left out: {left_out}")
    content = {
        "provenance": {
            "made_by": "python -m benchmarks.linking_weights",
            "questions": f"{arguments.questions.name}: {len(known)}",
            "penalty": PENALTY,
            "left_out": left_out,
        },
        "thresholds": {
            "least_score": LEAST_SCORE,
            "least_margin": LEAST_MARGIN,
            "least_review": LEAST_REVIEW,
        },
        "models": {
            model: {
                feature: round(weight, 4)
                for feature, weight in zip(FEATURES, fitted(model, known), strict=True)
            }
            for model in (PERSON, OTHER)
        },
    }
    OUTPUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
