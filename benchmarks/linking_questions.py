"""The questions of ../shared/linking, and the gazetteer to ask, as the linker takes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kgpub.linking.entity import Mention, Type
from kgpub.linking.schema import COUNTRY

SHARED = Path(__file__).parents[2] / "shared" / "linking"
GAZETTEER = SHARED / "gazetteer.jsonl"
QUESTIONS = SHARED / "bench_dev.jsonl"

_TYPES = {kind.value: kind for kind in Type} | {COUNTRY: Type.place}


@dataclass(frozen=True)
class Question:
    """A name to be linked, and the QID that it stands for, None where there is none.

    `line` is the line of the file: some ask the same.
    """

    line: int
    text: str
    language: str
    type: str
    group: str
    gold: str | None

    @property
    def mention(self) -> Mention:
        """The question as the linker is asked it: a name and a type, nothing else."""
        kind = COUNTRY if self.type == COUNTRY else ""
        return Mention({self.language: (self.text,)}, _TYPES[self.type], kind=kind)


def questions(path: Path) -> list[Question]:
    """Read a file of questions."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Question(line, row["query"], row["lang"], row["type"], row["group"], row["gold"])
        for line, row in enumerate(rows, 1)
    ]
