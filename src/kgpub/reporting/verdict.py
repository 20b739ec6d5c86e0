"""The one report model: what was found, in which files, and whether it refuses the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kgpub.errors import Place, Problem
from kgpub.messages import said
from kgpub.reporting.excerpt import Excerpt

MAX_SHOWN_BYTES = 16 * 2**20
"""A file larger than this is not opened again for what stands at a place."""
_BINARY = (".xlsx", ".gz", ".zst")

Line = Callable[[Place], str | None]
"""Returns the line of a place as the file has it, or None where it cannot be shown."""


def lines_below(root: Path) -> Line:
    """Return a function that reads lines of files by their paths relative to `root`."""

    @lru_cache(maxsize=8)
    def lines(file: str) -> list[str]:
        path = root / file
        try:
            if not path.is_file() or path.stat().st_size > MAX_SHOWN_BYTES:
                return []
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, ValueError):
            return []  # why it cannot be read is among the problems
        return text.split("\n")

    def line(place: Place) -> str | None:
        if place.file.lower().endswith(_BINARY):
            return None
        found = lines(place.file)
        return found[place.line - 1].rstrip("\r") if place.line <= len(found) else None

    return line


@dataclass(frozen=True)
class Verdict:
    """What a validation says, for all forms of the report.

    `files` are those that were looked at, `language` that of the messages. Problems are sorted by
    place.
    """

    accepted: bool
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    language: str = "en"
    line: Line = field(default=lambda _: None, repr=False, compare=False)

    def message(self, problem: Problem) -> str:
        """Return what is wrong, in the reader's language."""
        return said(problem.message, self.language)

    def remedy(self, problem: Problem) -> str:
        """Return what would mend it, in the reader's language; it may have several lines."""
        return said(problem.remedy, self.language)

    def excerpt(self, problem: Problem) -> Excerpt | None:
        """Return what the submitter wrote at the place of `problem`."""
        line = self.line(problem.place)
        if line is None:
            return None
        return Excerpt.of(problem.place.file, line, problem.place.column)

    @property
    def counts(self) -> Counter[str]:
        """How many problems there are of each severity."""
        return Counter(problem.severity for problem in self.problems)

    @property
    def codes(self) -> Counter[str]:
        """How many problems there are of each kind."""
        return Counter(problem.code for problem in self.problems)
