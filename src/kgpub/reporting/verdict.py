"""The one report model: what was found, in which files, and whether it refuses the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import said
from kgpub.model.comparison import Comparison, Outcome
from kgpub.reporting.comparison_text import contradiction
from kgpub.reporting.excerpt import Excerpt
from kgpub.reporting.locations import relocated
from kgpub.reporting.text import capped, seen
from kgpub.sources.files import read_bytes

MAX_SHOWN_BYTES = 16 * 2**20
"""A file larger than this is not opened again for what stands at a place."""
_BREAK = re.compile("\r\n?|\n")
_OLD_BREAKS = (".csv", ".yaml", ".yml")
"""Formats in which CR alone ends a line too, as on an old Macintosh."""
_BINARY = (".xlsx", ".gz", ".zst")

Line = Callable[[Place], str | None]
"""Returns the line of a place as the file has it, or None where it cannot be shown."""


def lines_below(root: Path) -> Line:
    """Return a function that reads lines of files by their paths relative to `root`.

    A file that is not read because of what it is, or where a link leads, is not shown either: a
    report may be read by others than the files of the machine. One that does not lie below `root`
    must lie in the folder that its path names.
    """

    @lru_cache(maxsize=8)
    def lines(file: str) -> list[str]:
        path = root / file
        below = not Path(file).is_absolute() and ".." not in Path(file).parts
        try:
            content = read_bytes(path, root if below else path.parent, MAX_SHOWN_BYTES)
            return _lines(content, file)
        except (SubmissionErrors, ValueError):
            return []  # why it cannot be read is among the problems

    def line(place: Place) -> str | None:
        if place.file.lower().endswith(_BINARY):
            return None
        found = lines(place.file)
        return found[place.line - 1].rstrip("\r") if place.line <= len(found) else None

    return line


def lines_in(contents: Mapping[str, bytes]) -> Line:
    """Return a function that reads lines of the files with these `contents`, and of no others."""

    @lru_cache(maxsize=8)
    def lines(file: str) -> list[str]:
        try:
            return _lines(contents.get(file, b""), file)
        except ValueError:
            return []

    def line(place: Place) -> str | None:
        found = lines(place.file)
        return found[place.line - 1].rstrip("\r") if place.line <= len(found) else None

    return line


def _lines(content: bytes, file: str) -> list[str]:
    """Return the lines of a file. Raises UnicodeDecodeError."""
    text = content.decode("utf-8-sig")
    return _BREAK.split(text) if file.lower().endswith(_OLD_BREAKS) else text.split("\n")


def told_once(problems: Sequence[Problem], compared: Sequence[Comparison]) -> tuple[Problem, ...]:
    """Return the problems without warnings of two facts that a comparison tells to contradict.

    Shapes warn of two holders of an office too. The comparison has both statements, and words.
    """
    pairs = {
        frozenset((each.mine.fact, each.theirs.fact))
        for each in compared
        if each.outcome is Outcome.contradicts and each.theirs is not None
    }
    return tuple(each for each in problems if each.severity == "error" or each.about not in pairs)


@dataclass(frozen=True)
class Verdict:
    """What a validation says, for all forms of the report.

    `files` are those that were looked at, `language` that of the messages. Problems are sorted by
    place. `compared` are the facts beside what is published, None where they were not compared.
    `reached` is when it was reached. The files' paths are relative to `root`; SARIF and the
    annotations of GitHub have them relative to `base`, where there is one (see `base_of`). Problems
    of the severities `refusing` are what refuses the data. `unfinished` is whether there are checks
    that were not made because of the problems.
    """

    accepted: bool
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    language: str = "en"
    line: Line = field(default=lambda _: None, repr=False, compare=False)
    compared: tuple[Comparison, ...] | None = None
    reached: datetime = field(default_factory=lambda: datetime.now(UTC), repr=False, compare=False)
    root: Path = Path()
    base: Path | None = None
    refusing: frozenset[str] = frozenset({"error"})
    unfinished: bool = False

    @property
    def told(self) -> tuple[Problem, ...]:
        """The problems, and what contradicts the published as warnings, sorted by place.

        For the forms that have no other way to tell of both statements.
        """
        against = (
            contradiction(each)
            for each in self.compared or ()
            if each.outcome is Outcome.contradicts
        )
        return tuple(sorted([*self.problems, *against], key=lambda each: each.place))

    def located(self, file: str) -> str:
        """Return the path of a file as those look for it who read reports beside a repository."""
        return relocated(file, self.root, self.base)

    def message(self, problem: Problem) -> str:
        """Return what is wrong, in the reader's language, without what would control a display."""
        return seen(said(capped(problem.message), self.language))

    def remedy(self, problem: Problem) -> str:
        """Return what would mend it, likewise; it may have several lines."""
        return seen(said(capped(problem.remedy), self.language))

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
