"""The errors that a user can cause.

KgpubError
├── DataError               the data is at fault: exit code 1
│   └── SubmissionErrors    one or more problems, each with its place
└── CallError               the call or its surroundings are: exit code 2
    ├── WorkspaceError      no workspace here, or its settings are wrong
    ├── QueryError          the SPARQL cannot be parsed or evaluated
    ├── StoreError          the store is missing, damaged
    │   └── StoreLocked     or in use by another process
    └── OutputError         the output cannot be written
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1, columns in code points."""

    file: str
    line: int = 1
    column: int = 1

    @classmethod
    def at(cls, file: str, text: str, index: int) -> Place:
        """Return the place of the code point at `index`, from 0, of the `text` of `file`."""
        before = text[:index]
        return cls(file, before.count("\n") + 1, len(before) - before.rfind("\n"))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, where it stands, and what would mend it.

    `related` are the other places that have to do with it: a second value that contradicts.
    """

    place: Place
    message: str
    remedy: str = ""
    severity: str = "error"
    related: tuple[Place, ...] = ()

    def concerns(self, files: Container[str]) -> bool:
        """Whether any of its places is in one of `files`."""
        return any(place.file in files for place in (self.place, *self.related))

    def __str__(self) -> str:
        text = f"{self.place}: {self.severity}: {self.message}"
        return f"{text}\n    {self.remedy}" if self.remedy else text


class KgpubError(Exception):
    """Anything that a user can cause; its text is what the user reads."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n    {remedy}" if remedy else message)


class DataError(KgpubError):
    """The data is at fault."""

    exit_code = 1


class SubmissionErrors(DataError):
    """Everything that is wrong with what was submitted, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
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
    """Another process is building this workspace."""


class OutputError(CallError):
    """The output cannot be written."""
