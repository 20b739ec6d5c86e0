"""Queries by name: `.rq` files whose header says what they ask and what they need.

# question: Who held an office on a day?
# question.ar: من شغل منصبًا في يوم ما؟
# parameter: office iri the office
# parameter: day date the day, as YYYY-MM-DD
# columns: person name start end
# example: office office:prime-minister-of-iraq
# example: day 2020-05-07

A question may stand there in several languages; without one it is English. Types of parameters
are those of `parameters`. Examples are values that can be asked for, one for each parameter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kgpub.errors import CallError, Place
from kgpub.store.parameters import TYPES, Parameter
from kgpub.store.syntax import MAX_CHARACTERS
from kgpub.vocabulary import resource

_HEADER = re.compile(
    r"^#[ \t]*(?:question(?:\.(?P<language>[a-z]{2,3}))?:(?P<question>.*)"
    r"|parameter:(?P<parameter>.*)|columns:(?P<columns>.*)|example:(?P<example>.*))$",
    re.MULTILINE,
)
_PARAMETER = re.compile(rf"([A-Za-z][A-Za-z0-9_]*)\s+({'|'.join(TYPES)})\b\s*(.*)")
_ENGLISH = "en"


@dataclass(frozen=True)
class NamedQuery:
    """A query with its header.

    `questions` are by language; `columns` are the variables of its answer, in order; `example` has
    a value for each parameter, or is empty.
    """

    name: str
    text: str
    questions: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[str, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """The question in English, "" for none."""
        return self.questions.get(_ENGLISH, "")

    @classmethod
    def parse(cls, name: str, text: str, file: str = "") -> NamedQuery:
        """Read the header of a query's text, which stands in `file`, or else is what `name` says.

        Raises CallError for a header that cannot be read.
        """
        questions, parameters, columns, example = {}, [], (), {}
        for header in _HEADER.finditer(text):
            if header["question"] is not None:
                questions[header["language"] or _ENGLISH] = header["question"].strip()
            elif header["columns"] is not None:
                columns = tuple(header["columns"].split())
            elif header["parameter"] is not None:
                parameters.append(_parameter(header, Place.at(file or name, text, header.start())))
            else:
                name_of, _, value = header["example"].strip().partition(" ")
                example[name_of] = value.strip()
        if example and example.keys() != {parameter.name for parameter in parameters}:
            raise CallError(
                f"{file or name}: the examples are not those of the parameters",
                "Write for each parameter: # example: name value",
            )
        return cls(name, text, questions, tuple(parameters), columns, example)


def _parameter(header: re.Match[str], place: Place) -> Parameter:
    content = header["parameter"].strip()
    match = _PARAMETER.fullmatch(content)
    if match is None:
        raise CallError(
            f"{place}: the header has a parameter that cannot be read: {content}",
            f"Write: # parameter: name {'|'.join(TYPES)} description",
        )
    return Parameter(*match.groups())


def read_text(file: str, stream: BinaryIO) -> str:
    """Return what `stream` holds, UTF-8 with or without a byte order mark.

    Raises CallError with the place of the first byte that is none, and for a longer text than a
    query may be, or none.
    """
    content = stream.read(MAX_CHARACTERS + 1)
    if not content.strip():
        raise CallError(f"{file}: there is no query", "Write one, such as: SELECT * { ?s ?p ?o }")
    if len(content) > MAX_CHARACTERS:
        raise CallError(f"{file}: is longer than {MAX_CHARACTERS:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The bytes of the error begin after a byte order mark.
        before = error.object[: error.start].decode("utf-8")
        raise CallError(
            f"{Place.at(file, before, len(before))}: not UTF-8: "
            f"the byte {error.object[error.start]:02X}",
            "Save the query in UTF-8.",
        ) from error


def read_file(path: Path, name: str = "") -> NamedQuery:
    """Return the query in a file, by its path unless it has a `name`. Raises CallError."""
    try:
        with path.open("rb") as stream:
            text = read_text(str(path), stream)
    except OSError as error:
        raise CallError(f"{path}: cannot be read: {error.strerror}") from error
    return NamedQuery.parse(name or str(path), text, str(path))


def find(name: str, folders: Iterable[Path]) -> NamedQuery | None:
    """Return the query called `name` in the first of the folders that has it."""
    for folder in folders:
        path = folder / f"{name}.rq"
        if path.exists():
            return _read(path)
    return None


def catalogue(
    folders: Iterable[Path], tell: Callable[[CallError], None] = lambda error: None
) -> list[NamedQuery]:
    """Return all named queries, by name; an earlier folder's wins.

    What cannot be read is left out, and `tell` called with the reason.
    """
    queries: dict[str, NamedQuery] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.rq")):
            try:
                queries.setdefault(path.stem, _read(path))
            except CallError as error:
                tell(error)
    return [queries[name] for name in sorted(queries)]


def _read(path: Path) -> NamedQuery:
    # A pipe would wait for who writes to it.
    if not path.is_file():
        raise CallError(f"{path}: is no file")
    folder = path.parent
    # What comes with kgpub may be installed as links; what a workspace holds others may have put
    # there, and what is wrong with a query is told with its text.
    own = folder == resource("queries")
    if not own and not path.resolve().is_relative_to(folder.parent.resolve()):
        raise CallError(f"{path}: leads out of the workspace by a symbolic link", "Copy the file.")
    return read_file(path, path.stem)
