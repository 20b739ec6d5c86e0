"""JSON text to tree. The standard library's parser keeps no positions, so this one walks along."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # a function of CPython and PyPy

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.model.slug import quoted
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.sources.yaml_tree import MAX_DEPTH, TOO_DEEP

_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_VALUES = "Write a text in double quotes, a number, true, false or null, or begin with { or [."
_TEXTS = (
    r'Inside a text write \" for a quotation mark, \\ for \, \n for a line break; end it with ".'
)
_PUNCTUATION = "Keys and values are parted by a colon, and these and the values of lists by commas."
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str, file: str) -> Tree:
    """Return the JSON value (RFC 8259) in `text` as a tree; numbers and literals as their text.

    Raises SubmissionErrors, with line and column, for what is not JSON, for repeated keys, for
    unpaired surrogates and for more than MAX_DEPTH levels.
    """
    reader = _Reader(text, file)
    tree, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end != len(text):
        message = "not readable as JSON: something follows the end of the value"
        raise reader.error(end, message, "Remove it: one file, one submission.")
    return tree


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
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

    def error(self, index: int, message: str, remedy: str = "") -> SubmissionErrors:
        return SubmissionErrors([Problem(Place.at(self.file, self.text, index), message, remedy)])

    def value(self, index: int, depth: int) -> tuple[Tree, int]:
        line, column = self.position(index)
        start = self.text[index : index + 1]
        if start == '"':
            content, end = self.string(index)
            return Scalar(content, line, column), end
        if start in ("{", "[") and depth == MAX_DEPTH:
            raise self.error(index, *TOO_DEEP)
        if start == "{":
            entries, end = self.entries(index, depth)
            return Fields(entries, line, column), end
        if start == "[":
            items, end = self.items(index, depth)
            return Items(items, line, column), end
        match = _LITERAL.match(self.text, index)
        if match is None:
            raise self.error(index, "not readable as JSON: a value is expected here", _VALUES)
        text = "" if match[0] == "null" else match[0]
        return Scalar(text, line, column), match.end()

    def string(self, index: int) -> tuple[str, int]:
        try:
            content, end = scanstring(self.text, index + 1, True)
        except json.JSONDecodeError as error:
            raise self.error(error.pos, f"not readable as JSON: {error.msg}", _TEXTS) from error
        if _SURROGATE.search(content):
            message = "an unpaired surrogate (\\uD800 to \\uDFFF) is no character"
            raise self.error(index, message, "Write the character itself, or both halves.")
        return content, end

    def entries(self, index: int, depth: int) -> tuple[tuple[tuple[Scalar, Tree], ...], int]:
        entries: dict[str, tuple[Scalar, Tree]] = {}
        index = self.skip(index + 1)
        while self.text[index : index + 1] != "}":
            if entries:
                index = self.punctuation(index, ",")
            if self.text[index : index + 1] != '"':
                message = "not readable as JSON: a key in double quotes is expected"
                raise self.error(index, message, "No comma stands before } or ].")
            line, column = self.position(index)
            name, after = self.string(index)
            if name in entries:
                first = entries[name][0]
                raise self.error(
                    index,
                    f"the key {quoted(name)} stands here for the second time",
                    f"It already stands at line {first.line}: join the two.",
                )
            index = self.punctuation(self.skip(after), ":")
            value, index = self.value(index, depth + 1)
            entries[name] = (Scalar(name, line, column), value)
            index = self.skip(index)
        return tuple(entries.values()), index + 1

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
            message = f"not readable as JSON: {expected!r} is expected here"
            raise self.error(index, message, _PUNCTUATION)
        return self.skip(index + 1)
