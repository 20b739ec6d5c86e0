"""JSON text to tree. The standard library's parser keeps no positions, so this one walks along."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # a function of CPython and PyPy

from kgpub.errors import FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.sources.entries import Entries
from kgpub.sources.yaml_tree import MAX_DEPTH, too_deep

_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str, file: str, max_depth: int = MAX_DEPTH) -> Tree:
    """Return the JSON value (RFC 8259) in `text` as a tree; numbers and literals as their text.

    Raises SubmissionErrors, with line and column, for what is not JSON, for repeated keys, for
    unpaired surrogates and for more than `max_depth` levels.
    """
    problems = FileProblems(file)
    tree = read_json_on(text, problems, max_depth)
    if problems.problems:
        raise SubmissionErrors(problems.problems)
    return tree


def read_json_on(text: str, problems: FileProblems, max_depth: int = MAX_DEPTH) -> Tree:
    """Return the JSON value in `text`, read on after what leaves the rest of it certain.

    Repeated keys and unpaired surrogates are added to `problems`; raises SubmissionErrors for all
    else that `read_json` does.
    """
    reader = _Reader(text, problems, max_depth)
    tree, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end != len(text):
        raise reader.error(end, Message("json-after-end"), Message("remove-second"))
    return tree


class _Reader:
    def __init__(self, text: str, problems: FileProblems, max_depth: int) -> None:
        self.text = text
        self.problems = problems
        self.max_depth = max_depth
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.line = 1

    def skip(self, index: int) -> int:
        match = _SPACE.match(self.text, index)
        assert match is not None  # the pattern matches the empty string
        return match.end()

    def position(self, index: int) -> tuple[int, int]:
        """Return line and column of `index`; asked in the order of reading, so it moves on."""
        while self.line < len(self.lines) and self.lines[self.line] <= index:
            self.line += 1
        return self.line, index - self.lines[self.line - 1] + 1

    def error(self, index: int, message: Message, remedy: Message) -> SubmissionErrors:
        place = Place.at(self.problems.file, self.text, index)
        return SubmissionErrors([Problem(place, message, remedy)])

    def value(self, index: int, depth: int) -> tuple[Tree, int]:
        line, column = self.position(index)
        start = self.text[index : index + 1]
        if start == '"':
            return self.string(index)
        if start in ("{", "[") and depth == self.max_depth:
            raise self.error(index, *too_deep(self.max_depth))
        if start == "{":
            return self.entries(index, depth)
        if start == "[":
            items, end = self.items(index, depth)
            return Items(items, line, column), end
        match = _LITERAL.match(self.text, index)
        if match is None:
            raise self.error(index, Message("json-value"), Message("write-json-value"))
        text = "" if match[0] == "null" else match[0]
        return Scalar(text, line, column), match.end()

    def string(self, index: int) -> tuple[Scalar | Faulty, int]:
        line, column = self.position(index)
        try:
            content, end = scanstring(self.text, index + 1, True)
        except json.JSONDecodeError as error:
            message = Message("json-text", english=error.msg)
            raise self.error(error.pos, message, Message("write-json-text")) from error
        if _SURROGATE.search(content):
            at = Faulty(line, column)
            self.problems.add(at, Message("json-surrogate"), Message("write-character"))
            return at, end
        return Scalar(content, line, column), end

    def entries(self, index: int, depth: int) -> tuple[Fields, int]:
        line, column = self.position(index)
        entries = Entries(self.problems)
        index = self.skip(index + 1)
        while self.text[index : index + 1] != "}":
            if entries:
                index = self.punctuation(index, ",")
            if self.text[index : index + 1] != '"':
                raise self.error(index, Message("json-key"), Message("no-last-comma"))
            key, after = self.string(index)
            index = self.punctuation(self.skip(after), ":")
            value, index = self.value(index, depth + 1)
            if isinstance(key, Scalar):
                entries.add(key, value)
            else:
                entries.leave_out(value)
            index = self.skip(index)
        return entries.fields(line, column), index + 1

    def items(self, index: int, depth: int) -> tuple[tuple[Tree, ...], int]:
        items: list[Tree] = []
        index = self.skip(index + 1)
        while self.text[index : index + 1] != "]":
            if items:
                index = self.punctuation(index, ",")
            value, index = self.value(index, depth + 1)
            items.append(value)
            index = self.skip(index)
        return tuple(items), index + 1

    def punctuation(self, index: int, expected: str) -> int:
        if self.text[index : index + 1] != expected:
            message = Message("json-punctuation", expected=repr(expected))
            raise self.error(index, message, Message("write-json-punctuation"))
        return self.skip(index + 1)
