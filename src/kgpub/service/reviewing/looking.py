"""What is shown of a submission, as a process that checks tells it to the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kgpub.messages import said
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.comparison_text import both_sides, lines, outcome_name
from kgpub.service.submitting.task import Task
from kgpub.submissions.checking import check
from kgpub.submissions.deciding import Found
from kgpub.submissions.viewing import Viewed, view

MAX_PROBLEMS = 200
MAX_COMPARED = 200
_GRAVEST_FIRST = ("contradicts", "refines", "new", "known")


@dataclass(frozen=True)
class Looked:
    """A submission as pages show it, in the language that was asked for.

    `shown` is made of texts, numbers, lists and mappings alone: `problems`, `compared`, `counts`,
    `names`, `candidates`, and of the article `title`, `language`, `text` and `passages`, each with
    its start and end in code points.
    """

    found: Found
    shown: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        told = {"found": asdict(self.found), "shown": self.shown}
        return json.dumps(told).encode("utf-8")

    @classmethod
    def from_bytes(cls, content: bytes) -> Looked:
        """Read what `to_bytes` wrote."""
        read = json.loads(content)
        return cls(Found(**read["found"]), read["shown"])


def looked_at(place: Workspace, task: Task) -> bytes:
    """Return what is shown of a submission; a kind of kgpub.service.submitting.task."""
    viewed = view(place, task.content, task.name, task.language, task.stem)
    checked = viewed.checked
    found = Found(checked.verdict.accepted, checked.article_digest, checked.shapes)
    return Looked(found, _shown(viewed, task.language)).to_bytes()


def judged(place: Workspace, task: Task) -> bytes:
    """Return what decides whether a submission can be accepted, and its problems; as above."""
    checked = check(place, task.content, task.name, task.language, task.stem)
    found = Found(checked.verdict.accepted, checked.article_digest, checked.shapes)
    return Looked(found, {"problems": _problems(Viewed(checked))}).to_bytes()


def _shown(viewed: Viewed, language: str) -> dict[str, Any]:
    verdict = viewed.checked.verdict
    compared = sorted(
        viewed.checked.compared, key=lambda each: _GRAVEST_FIRST.index(each.outcome.value)
    )
    counts = dict.fromkeys(_GRAVEST_FIRST, 0)
    for each in compared:
        counts[each.outcome.value] += 1
    return {
        "problems": _problems(viewed),
        "more_problems": max(0, len(verdict.problems) - MAX_PROBLEMS),
        "compared": [
            {
                "outcome": each.outcome.value,
                "called": outcome_name(each).text(language),
                "explanation": each.explanation.text(language),
                "line": each.place.line,
                "sides": [
                    {
                        "name": name.text(language),
                        "told": [said(line, language) for line in lines(told)],
                    }
                    for name, told in both_sides(each)
                ],
                "notes": [note.text(language) for note in each.notes],
            }
            for each in compared[:MAX_COMPARED]
        ],
        "more_compared": max(0, len(compared) - MAX_COMPARED),
        "counts": counts,
        "title": [list(each) for each in viewed.title],
        "language": viewed.language,
        "text": viewed.text,
        "passages": [[each.start, each.end] for each in viewed.passages],
        "names": [asdict(each) for each in viewed.names],
        "candidates": [asdict(each) for each in viewed.candidates],
    }


def _problems(viewed: Viewed) -> list[dict[str, Any]]:
    verdict = viewed.checked.verdict
    found = []
    for each in verdict.problems[:MAX_PROBLEMS]:
        excerpt = verdict.excerpt(each)
        found.append(
            {
                "severity": each.severity,
                "place": str(each.place),
                "message": verdict.message(each),
                "remedy": verdict.remedy(each),
                "excerpt": None
                if excerpt is None
                else [excerpt.before, excerpt.part, excerpt.after],
            }
        )
    return found
