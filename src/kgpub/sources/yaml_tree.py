"""YAML text to tree, from libyaml's events: nothing is constructed, no alias is ever followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.model.slug import quoted
from kgpub.model.tree import Fields, Items, Scalar, Tree

MAX_DEPTH = 20
"""Lists and mappings inside each other; submissions need six."""

TOO_DEEP = (
    f"more than {MAX_DEPTH} levels inside each other",
    "No key needs so many: is one not closed?",
)

_NULLS = frozenset(["null", "Null", "NULL", "~"])
"""Unquoted, these say that there is no value (YAML 1.1, Language-Independent Types: null)."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALIAS_REMEDY = "Write the value out where it is needed: & and * have no meaning in a submission."


def read_yaml(text: str, file: str) -> Tree:
    """Return the one document in `text` as a tree.

    Raises SubmissionErrors, with line and column, for what YAML 1.1 does not allow and for what
    a submission may not hold: several documents, anchors and aliases, tags, repeated keys,
    more than MAX_DEPTH levels.
    """
    try:
        return _Reader(text, file).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        detail = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise SubmissionErrors([_syntax(place, detail)]) from error
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes; it stops at the first character of this kind, though.
        place = Place.at(file, text, max(0, text.find(chr(error.character))))
        detail = f"U+{error.character:04X} {error.reason}"
        raise SubmissionErrors([_syntax(place, detail)]) from error


def _syntax(place: Place, detail: str) -> Problem:
    remedy = (
        "Mind the indentation, and put texts that hold ': ' or ' #' or begin with a quotation "
        "mark in quotes."
    )
    return Problem(place, f"not readable as YAML: {detail}", remedy)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        # Any: the published types leave out what events of nodes have.
        # The loader's own method: `yaml.parse` asks twice for each event.
        self.next: Callable[[], Any] = _Loader(text).get_event
        self.file = file

    def document(self) -> Tree:
        self.next()  # the start of the stream
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            raise SubmissionErrors(
                [Problem(Place(self.file), "the file is empty", "Write something.")]
            )
        tree = self.node(self.next(), 0)
        self.next()  # the end of the document
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.error(event, "a second document begins here", "One file, one submission.")
        return tree

    def node(self, event: Any, depth: int) -> Tree:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self.error(event, "anchors and aliases are not allowed", _ALIAS_REMEDY)
        if event.tag not in (None, "!"):
            raise self.error(event, f"the tag {event.tag} is not allowed", "Remove it.")
        if isinstance(event, yaml.ScalarEvent):
            text = "" if event.value in _NULLS and event.implicit[0] else event.value
            return Scalar(text, line, column)
        if depth == MAX_DEPTH:
            raise self.error(event, *TOO_DEEP)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Items(tuple(items), line, column)
        return Fields(self.entries(depth), line, column)

    def entries(self, depth: int) -> tuple[tuple[Scalar, Tree], ...]:
        entries: dict[str, tuple[Scalar, Tree]] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                remedy = "Write `key: value`; texts that hold [ or { at the beginning take quotes."
                raise self.error(event, "a key must be a plain word", remedy)
            if not key.text:  # a key is text even where a value would be none
                key = Scalar(event.value, key.line, key.column)
            if key.text in entries:
                first = entries[key.text][0]
                raise self.error(
                    event,
                    f"the key {quoted(key.text)} stands here for the second time",
                    f"It already stands at line {first.line}: join the two.",
                )
            entries[key.text] = (key, self.node(self.next(), depth + 1))
        return tuple(entries.values())

    def error(self, event: Any, message: str, remedy: str) -> SubmissionErrors:
        mark = event.start_mark
        return SubmissionErrors(
            [Problem(Place(self.file, mark.line + 1, mark.column + 1), message, remedy)]
        )
