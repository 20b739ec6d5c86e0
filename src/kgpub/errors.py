"""The errors that a user can cause.

KgpubError
├── DataError               the data is at fault: exit code 1
│   ├── SubmissionErrors    one or more problems, each with its place
│   └── Refused             what a service says of a submission, as a report
└── CallError               the call or its surroundings are: exit code 2
    ├── WorkspaceError      no workspace here, or its settings are wrong
    ├── QueryError          the SPARQL cannot be parsed or evaluated
    ├── StoreError          the store is missing, damaged
    │   └── StoreLocked     or in use by another process
    ├── OutputError         the output cannot be written
    ├── RequestError        a request to the service cannot be answered
    ├── ServiceError        a service that was asked refuses, or cannot be reached
    └── WikidataError       Wikidata cannot be asked, or answers with what it should not
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from kgpub.messages import Message

MAX_PROBLEMS = 1_000
"""Problems of one file that are told; a hostile file has millions."""

_MORE = "more-problems"
"""The code of what stands for problems whose number is not known."""
_RANK = {"error": 0, "warning": 1}


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1, columns in code points.

    In a `sheet` of a workbook they are the row and the column of a cell.
    """

    file: str
    sheet: str = field(default="", kw_only=True)
    line: int = 1
    column: int = 1

    @classmethod
    def at(cls, file: str, text: str, index: int) -> Place:
        """Return the place of the code point at `index`, from 0, of the `text` of `file`."""
        before = text[:index]
        return cls(file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    @property
    def cell(self) -> str:
        """The name of the cell of a sheet, as spreadsheets show it: `B1`."""
        letters, rest = "", self.column
        while rest:
            rest, number = divmod(rest - 1, 26)
            letters = chr(ord("A") + number) + letters
        return f"{letters}{self.line}"

    def __str__(self) -> str:
        if self.sheet:
            return f"{self.file}, sheet {self.sheet}, cell {self.cell}"
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where it stands, and what would mend it.

    `related` are the other places that have to do with it: a second value that contradicts.
    In which of their languages `message` and `remedy` are told is for the report to choose.
    `code` names the kind of problem for programs. It is that of the message unless another is
    given: a SHACL result has the local name of its shape. `about` are the IRIs of the
    two nodes that a SHACL result is about, its focus node and its value, where both have one.
    """

    place: Place
    message: Message
    remedy: Message | Literal[""] = ""
    severity: str = "error"
    related: tuple[Place, ...] = ()
    code: str = ""
    about: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        if not self.code:
            object.__setattr__(self, "code", self.message.code)

    def concerns(self, files: Container[str]) -> bool:
        """Whether any of its places is in one of `files`."""
        return any(place.file in files for place in (self.place, *self.related))

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}: {self.message}"
        return "\n    ".join([text, *str(self.remedy).splitlines()])


class Positioned(Protocol):
    """What has a line and a column: a value of a submission, or what was made of one."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class FileProblems:
    """Gathers the errors of one file; after MAX_PROBLEMS there is one more, which says so."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    @property
    def full(self) -> bool:
        """Whether what is added goes untold."""
        return len(self.problems) > MAX_PROBLEMS

    def add(self, at: Positioned, message: Message, remedy: Message) -> None:
        """Gather an error with the place of what is wrong."""
        if self.full:
            return
        if len(self.problems) == MAX_PROBLEMS:
            message, remedy = Message(_MORE), Message("mend-others")
        self.problems.append(Problem(Place(self.file, at.line, at.column), message, remedy))


def capped(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by place, of each file MAX_PROBLEMS at most.

    The severest stay, and the last says how many there are besides, if that is known.
    """
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in dict.fromkeys(problems):
        by_file[problem.place.file].append(problem)
    told: list[Problem] = []
    for its in by_file.values():
        told += its if len(its) <= MAX_PROBLEMS else _severest(its)
    return tuple(sorted(told))


def _severest(problems: list[Problem]) -> list[Problem]:
    """Return the severest problems of one file, and one that stands for the rest."""
    problems.sort(key=_importance)
    kept, rest = problems[: MAX_PROBLEMS - 1], problems[MAX_PROBLEMS - 1 :]
    if any(problem.code == _MORE for problem in rest):
        message = Message(_MORE)
    else:
        message = Message("more-problems-in-file", number=f"{len(rest):,}")
    last = max(problems, key=lambda problem: (problem.place.line, problem.place.column))
    severity = min(rest, key=_importance).severity
    # Each file that the rest has to do with: whoever asks for its problems hears of them.
    related = dict.fromkeys(Place(place.file) for problem in rest for place in problem.related)
    remedy = Message("mend-others")
    return [*kept, Problem(last.place, message, remedy, severity, tuple(related))]


def _importance(problem: Problem) -> tuple[bool, int, int, int, str]:
    place = problem.place
    rank = _RANK.get(problem.severity, len(_RANK))
    return problem.code == _MORE, rank, place.line, place.column, problem.message


class KgpubError(Exception):
    """Anything that a user can cause; its text is what the user reads."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "", excerpt: str = "") -> None:
        """`excerpt` is what is wrong as it was written: the only part with lines of its own."""
        parts = [message, *excerpt.split("\n"), remedy]
        super().__init__("\n    ".join(part for part in parts if part))
        self.message, self.remedy, self.excerpt = message, remedy, excerpt


class DataError(KgpubError):
    """The data is at fault."""

    exit_code = 1


class SubmissionErrors(DataError):
    """Everything that is wrong with what was submitted, sorted by place.

    `root` is the folder that the files' paths are relative to; `unfinished`, whether there are
    checks that were not made because of what is wrong.
    """

    def __init__(
        self, problems: Iterable[Problem], root: Path = Path(), *, unfinished: bool = False
    ) -> None:
        self.root = root
        self.unfinished = unfinished
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CallError(KgpubError):
    """The call, or what surrounds it, is at fault."""


class WorkspaceError(CallError):
    """There is no workspace here, or its settings are wrong."""


class QueryError(CallError):
    """A query cannot be parsed or evaluated."""


class StoreError(CallError):
    """The store is missing or damaged."""


class StoreLocked(StoreError):
    """Another process is building this workspace, or making a release of it."""


class OutputError(CallError):
    """The output cannot be written."""
