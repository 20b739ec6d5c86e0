"""Queries by name: `.rq` files whose header says what they ask and what they need.

# question: Who held an office on a day?
# parameter: office iri  the office
# parameter: day date  the day, as YYYY-MM-DD
# columns: person name start end
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from kgpub.errors import CallError, Place
from kgpub.store import Binding
from kgpub.store.syntax import MAX_CHARACTERS
from kgpub.vocabulary import XSD, resource

_HEADER = re.compile(r"^#[ \t]*(question|parameter|columns):(.*)$", re.MULTILINE)
_PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s+(iri|text|date|integer)\b\s*(.*)")
_DATATYPES = {"date": XSD + "date", "integer": XSD + "integer"}
_FORMS = {"date": r"\d{4}-\d\d-\d\d", "integer": r"-?\d+"}


@dataclass(frozen=True)
class Parameter:
    """A variable that must be given a value; `type` is iri, text, date or integer."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class NamedQuery:
    """A query with its header; `columns` are the variables of its answer, in order."""

    name: str
    text: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]

    @classmethod
    def parse(cls, name: str, text: str, file: str = "") -> NamedQuery:
        """Read the header of a query's text, which stands in `file`, or else is what `name` says.

        Raises CallError for a header that cannot be read.
        """
        question, parameters, columns = "", [], ()
        for header in _HEADER.finditer(text):
            kind, content = header[1], header[2].strip()
            if kind == "question":
                question = content
            elif kind == "columns":
                columns = tuple(content.split())
            elif match := _PARAMETER.fullmatch(content):
                parameters.append(Parameter(*match.groups()))
            else:
                raise CallError(
                    f"{Place.at(file or name, text, header.start())}: "
                    f"the header has a parameter that cannot be read: {content}",
                    "Write: # parameter: name iri|text|date|integer description",
                )
        return cls(name, text, question, tuple(parameters), columns)

    def bindings(self, given: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, Binding]:
        """Return the values of `given`, each `name=value`. Raises CallError."""
        known = {parameter.name: parameter for parameter in self.parameters}
        values: dict[str, Binding] = {}
        for text in given:
            name, equals, value = text.partition("=")
            if not equals or name not in known:
                remedy = "Parameters: " + (", ".join(self._usage()) or "none.")
                raise CallError(f"{text!r} is no parameter of {self.name}", remedy)
            if name in values:
                raise CallError(f"the parameter {name} is given twice", "Give it one value.")
            values[name] = _value(known[name], value, prefixes)
        missing = known.keys() - values.keys()
        if missing:
            remedy = "Give " + " ".join(f"--param {usage}" for usage in self._usage())
            raise CallError(f"{self.name} needs {', '.join(sorted(missing))}", remedy)
        return values

    def _usage(self) -> Iterator[str]:
        for parameter in self.parameters:
            yield f"{parameter.name}={parameter.type.upper()}"


def _value(parameter: Parameter, text: str, prefixes: Mapping[str, str]) -> Binding:
    if parameter.type == "iri":
        return _iri(text, prefixes)
    if parameter.type == "text":
        return Literal(text)
    if not re.fullmatch(_FORMS[parameter.type], text, re.ASCII):
        raise CallError(f"{parameter.name}: {text!r} is no {parameter.type}")
    if parameter.type == "date":
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise CallError(f"{parameter.name}: {text!r} is no date: {error}") from error
    return Literal(text, datatype=NamedNode(_DATATYPES[parameter.type]))


def _iri(text: str, prefixes: Mapping[str, str]) -> NamedNode:
    prefix, colon, local = text.partition(":")
    slash_prefix, slash, slug = text.partition("/")
    if colon and prefix in prefixes:
        text = prefixes[prefix] + local
    elif slash and slash_prefix in prefixes:
        text = prefixes[slash_prefix] + slug
    elif colon and not local.startswith("//"):
        known = ", ".join(sorted(prefixes))
        raise CallError(f"{text!r}: there is no prefix {prefix!r}", f"Prefixes: {known}.")
    try:
        return NamedNode(text)
    except ValueError as error:
        remedy = "Write person:slug, person/slug or a whole IRI."
        raise CallError(f"{text!r} is no IRI", remedy) from error


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


def unknown(name: str, folders: Iterable[Path]) -> CallError:
    """Return the error for a name that no query has."""
    names = [query.name for query in catalogue(folders)]
    nearest = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=70)
    hint = f"Did you mean {nearest[0]}? " if nearest else ""
    return CallError(f"there is no query {name!r}", f"{hint}See them all with: kgpub query --list")
