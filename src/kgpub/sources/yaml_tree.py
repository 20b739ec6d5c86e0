"""YAML text to tree, from libyaml's events: nothing is constructed, no alias is ever followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree, inner
from kgpub.sources.entries import Entries
from kgpub.sources.yaml_marks import LOADER, Marks
from kgpub.sources.yaml_mistakes import syntax_problem, unreadable

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

_DEPTH = "exceeded maximum nesting depth"
"""What libyaml says of more brackets inside each other than it reads."""

_AHEAD = 3
"""Brackets, at most, between the first that libyaml refuses for its depth and where it says so."""

_KEEPS = re.compile(r"(?:[!&]\S*\s+)*[|>][0-9]?\+")
"""The header of a text in lines of its own which keeps all line breaks (1.1, section 9.1.1.2)."""

_FINAL_BREAKS = ("\n", "\u2028", "\u2029")
"""What such a text may end in: YAML 1.1 makes of line breaks line feeds, but for these two."""


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
        if error.problem == _DEPTH:
            place = Place(file, *Marks(text).line_and_column(mark)) if mark else Place(file)
            raise _too_deep(text, place) from error
        raise SubmissionErrors([syntax_problem(file, text, error)]) from error
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes; it stops at the first character of this kind, though.
        place = Place.at(file, text, max(0, text.find(chr(error.character))))
        character = f"U+{error.character:04X}"
        raise SubmissionErrors([unreadable(place, character, error.reason)]) from error


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


class _Reader:
    def __init__(self, text: str, problems: FileProblems) -> None:
        self.text = text
        self.marks = Marks(text)
        # Any: the published types leave out what events of nodes have.
        # The loader's own method: `yaml.parse` asks twice for each event.
        self.next: Callable[[], Any] = LOADER(text).get_event
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
            return Scalar(self.scalar(event), line, column)
        if depth == MAX_DEPTH:
            place = Place(self.problems.file, line, column)
            raise SubmissionErrors([Problem(place, *too_deep())])
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self.next(), yaml.SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Items(tuple(items), line, column)
        return self.fields(depth, line, column)

    def scalar(self, event: Any) -> str:
        """Return the text of an event, without the line break that YAML adds at its end.

        A text in lines of its own ends in one (clip) unless its header says otherwise; in any
        other style it would have none.
        """
        text: str = event.value
        if text in _NULLS and event.implicit[0]:
            return ""
        if event.style not in ("|", ">") or not text.endswith(_FINAL_BREAKS):
            return text
        keeps = _KEEPS.match(self.text, event.start_mark.index)
        return text if keeps else text[:-1]

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
