"""Simple methods beside the linker, asked the same: exact match, rapidfuzz, csv-reconcile."""

from __future__ import annotations

import csv
import json
import random
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from benchmarks.linking_questions import Question
from kgpub.linking.entity import Item
from kgpub.names.letters import fold

LEAST_WRATIO = 88.0
LEAST_DICE = 85.0
_SEED = 7

Answers = Mapping[Question, str | None]
"""What a method links each question to that it was asked."""


def sample(asked: Sequence[Question], size: int) -> list[Question]:
    """Return some of the questions by chance, always the same."""
    return random.Random(_SEED).sample(list(asked), min(size, len(asked)))


def exact(items: Sequence[Item], asked: Sequence[Question]) -> Answers:
    """Link where one item alone has the name, both folded as kgpub.names folds letters."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for name in _names(item):
            by_name[fold(name)].add(item.qid)
    answers: dict[Question, str | None] = {}
    for question in asked:
        qids = by_name.get(fold(question.text), set())
        answers[question] = next(iter(qids)) if len(qids) == 1 else None
    return answers


def wratio(items: Sequence[Item], asked: Sequence[Question]) -> Answers:
    """Link to the item with the best WRatio over all names, if that reaches LEAST_WRATIO."""
    names = [(_plain(name), item.qid) for item in items for name in _names(item)]
    texts = [name for name, _ in names]
    answers: dict[Question, str | None] = {}
    for question in asked:
        best = process.extractOne(
            _plain(question.text), texts, scorer=fuzz.WRatio, score_cutoff=LEAST_WRATIO
        )
        answers[question] = names[best[2]][1] if best else None
    return answers


def csv_reconcile(items: Sequence[Item], asked: Sequence[Question], folder: Path) -> Answers | None:
    """Ask csv-reconcile's service, if it is installed; None if not.

    Each name is an item of its own to it, as it knows one name for each. It links to what has the
    best score, if that reaches LEAST_DICE; its own marks for a match are for equal texts only.
    """
    if find_spec("csv_reconcile") is None:
        return None
    service: Any = import_module("csv_reconcile")
    table = folder / "items.tsv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, delimiter="\t")
        rows.writerow(("item", "itemLabel"))
        for item in items:
            for number, name in enumerate(dict.fromkeys(_names(item))):
                rows.writerow((f"{item.qid}.{number}", name))
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = service.create_app(config="", instance_path=str(folder), scorerOption="")
        with app.app_context():
            service.initdb.init_db_with_context(str(table), "item", "itemLabel")
        queries = {
            str(number): {"query": question.text, "limit": 1}
            for number, question in enumerate(asked)
        }
        form = {"queries": json.dumps(queries, ensure_ascii=False)}
        answer = app.test_client().post("/reconcile", data=form).get_json()
    answers: dict[Question, str | None] = {}
    for number, question in enumerate(asked):
        found = answer[str(number)]["result"]
        is_near = bool(found) and found[0]["score"] >= LEAST_DICE
        answers[question] = found[0]["id"].partition(".")[0] if is_near else None
    return answers


def _names(item: Item) -> Iterator[str]:
    return (name for those in item.names.values() for name in those)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in decomposed if not unicodedata.combining(each)).strip()
