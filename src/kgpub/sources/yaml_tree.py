"""YAML text to tree, from libyaml's events: nothing is constructed, no alias is ever followed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Lines, Message, catalogue
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree, inner
from kgpub.sources.entries import Entries

MAX_DEPTH = 20
"""Lists and mappings inside each other; submissions need six."""

_NULLS = frozenset(["null", "Null", "NULL", "~"])
"""Unquoted, these say that there is no value (YAML 1.1, Language-Independent Types: null)."""

_KEPT_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "timestamp", "map", "seq")
)
"""What has one of them is, once it is removed, what is written."""

_MERGE = "<<"
"""The key of YAML 1.1 under which an alias stands for any keys (Merge Key)."""

_LIBYAML = "libyaml-"
"""What the codes of libyaml's messages begin with; the rarest of them have none."""

_DEPTH = "exceeded maximum nesting depth"
"""What libyaml says of more brackets inside each other than it reads."""

_ESCAPE = "while parsing a quoted scalar"
"""The context in which libyaml tells of an escape that is none."""

_AHEAD = 3
"""Brackets, at most, between the first that libyaml refuses for its depth and where it says so."""

_BREAKS_OF_YAML = re.compile("[\x85\u2028\u2029]")
"""Where a line ends for YAML (1.1, section 4.1.4) and for no editor."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, problems: FileProblems) -> Tree:
    """Return the one document in `text` as a tree.

    What a submission may not hold is added to `problems`, with line and column, and read on after
    it: several documents, anchors and aliases, tags, repeated keys. Raises SubmissionErrors for
    what YAML 1.1 does not allow and for more than MAX_DEPTH levels.
    """
    file = problems.file
    try:
        return _Reader(text, problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, *_Marks(text).line_and_column(mark)) if mark else Place(file)
        if error.problem == _DEPTH:
            raise _too_deep(text, place) from error
        raise SubmissionErrors([_syntax(place, error.context, error.problem)]) from error
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes; it stops at the first character of this kind, though.
        place = Place.at(file, text, max(0, text.find(chr(error.character))))
        character = f"U+{error.character:04X}"
        raise SubmissionErrors([_syntax(place, character, error.reason)]) from error


def too_deep(limit: int = MAX_DEPTH) -> tuple[Message, Message]:
    """Return message and remedy for more than `limit` levels."""
    return Message("too-deep", limit=limit), Message("is-one-open")


def _too_deep(text: str, place: Place) -> SubmissionErrors:
    """Return the error for what is nested deeper than libyaml reads, at its level MAX_DEPTH + 1.

    libyaml tells its own place, as it looks for keys ahead of what it gives; so it is given the
    text once more, without the last brackets before that place.
    """
    lines = text.split("\n")
    end = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
    for _ in range(_AHEAD):
        end = max(0, text.rfind("[", 0, end), text.rfind("{", 0, end))
    try:
        _Reader(text[:end], FileProblems(place.file)).document()
    except SubmissionErrors as found:
        return found
    except yaml.YAMLError:
        pass
    return SubmissionErrors([Problem(place, *too_deep())])


def _syntax(place: Place, *details: str | None) -> Problem:
    codes = {text: code for code, text in catalogue("en").items() if code.startswith(_LIBYAML)}
    told = [
        Message(codes[_template(text)]) if _template(text) in codes else text
        for text in details
        if text
    ]
    message = Message("yaml-syntax", detail=Lines(told, " "))
    remedy = Message("mend-escape") if _ESCAPE in details else Message("mind-indentation")
    return Problem(place, message, remedy)


def _template(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class _Marks:
    """Lines and columns, from 1, of libyaml's marks: as editors count them."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        if _BREAKS_OF_YAML.search(text):
            self._starts = [0, *(found.end() for found in re.finditer("\r\n?|\n", text))]

    def line_and_column(self, mark: Any) -> tuple[int, int]:
        if not self._starts:
            return mark.line + 1, mark.column + 1
        line = bisect_right(self._starts, mark.index)
        return line, mark.index - self._starts[line - 1] + 1


class _Reader:
    def __init__(self, text: str, problems: FileProblems) -> None:
        self.marks = _Marks(text)
        # Any: the published types leave out what events of nodes have.
        # The loader's own method: `yaml.parse` asks twice for each event.
        self.next: Callable[[], Any] = _Loader(text).get_event
        self.problems = problems

    def document(self) -> Tree:
        self.next()  # the start of the stream
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            place = Place(self.problems.file)
            empty = Problem(place, Message("file-empty"), Message("write-something"))
            raise SubmissionErrors([empty])
        tree = self.node(self.next(), 0)
        self.next()  # the end of the document
        rest: list[Tree] = []
        while not isinstance(event := self.next(), yaml.StreamEndEvent):
            if not rest:
                at = Faulty(*self.marks.line_and_column(event.start_mark))
                self.problems.add(at, Message("second-document"), Message("one-submission"))
            rest.append(self.node(self.next(), 0))
            self.next()
        if not rest:
            return tree
        if isinstance(tree, Fields):
            return replace(tree, left_out=(*tree.left_out, *rest))
        return Faulty(tree.line, tree.column, (tree, *rest))

    def node(self, event: Any, depth: int) -> Tree:
        line, column = self.marks.line_and_column(event.start_mark)
        if event.anchor or isinstance(event, yaml.AliasEvent):
            at = Faulty(line, column)
            self.problems.add(at, Message("no-aliases"), Message("write-value-out"))
            if isinstance(event, yaml.AliasEvent):
                return at
        if event.tag not in (None, "!"):
            at = Faulty(line, column)
            self.problems.add(at, Message("no-tags", tag=event.tag), Message("remove-it"))
            value = self.untagged(event, depth, line, column)
            return value if event.tag in _KEPT_TAGS else at._replace(inside=(value,))
        return self.untagged(event, depth, line, column)

    def untagged(self, event: Any, depth: int, line: int, column: int) -> Tree:
        if isinstance(event, yaml.ScalarEvent):
            text = "" if event.value in _NULLS and event.implicit[0] else event.value
            return Scalar(text, line, column)
        if depth == MAX_DEPTH:
            place = Place(self.problems.file, line, column)
            raise SubmissionErrors([Problem(place, *too_deep())])
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Items(tuple(items), line, column)
        return self.fields(depth, line, column)

    def fields(self, depth: int, line: int, column: int) -> Fields:
        entries = Entries(self.problems)
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if isinstance(key, Items | Fields):
                self.problems.add(key, Message("key-not-plain"), Message("quote-texts"))
            elif isinstance(key, Scalar) and not key.text:
                # A key is text even where a value would be none.
                key = Scalar(event.value, key.line, key.column)
            value = self.node(self.next(), depth + 1)
            if not isinstance(key, Scalar):
                entries.leave_out(key, value)
            elif key.text == _MERGE and any(isinstance(each, Faulty) for each in inner(value)):
                entries.leave_out(value)
            else:
                entries.add(key, value)
        return entries.fields(line, column)
