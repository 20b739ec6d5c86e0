"""libyaml, where its marks are in a text as editors count, and what stands where it stopped."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BREAKS_OF_YAML = re.compile("[\x85\u2028\u2029]")
"""Where a line ends for YAML (1.1, section 4.1.4) and for no editor."""
_LINE_BREAK = re.compile("\r\n?|\n")

_OPENING = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_LOOKED_BACK = 3
"""Tokens before the one at fault that may tell why: a key, its colon, its value."""
_ODD_LINES = 1000
"""Lines above the place, indented with what is no space, that are remembered."""


class Marks:
    """Lines and columns, from 1, of libyaml's marks: as editors count them."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        if _BREAKS_OF_YAML.search(text):
            self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def line_and_column(self, mark: Any) -> tuple[int, int]:
        if not self._starts:
            return mark.line + 1, mark.column + 1
        line = bisect_right(self._starts, mark.index)
        return line, mark.index - self._starts[line - 1] + 1


def lines_of(text: str) -> list[str]:
    """Return the lines of `text` as editors count them."""
    return _LINE_BREAK.split(text)


class Line(NamedTuple):
    number: int
    begin: int
    """Code points before it."""


class Stop:
    """Where libyaml stopped: the place, the tokens before it, the brackets open there."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError, mark: Any) -> None:
        self.text, self.lines = text, lines_of(text)
        self.context, self.problem = error.context, error.problem
        self.index: int = mark.index
        self._marks = Marks(text)
        self.line, self.column = self._marks.line_and_column(mark)
        self.here = self.line_of(mark)
        self.began_at = error.context_mark
        self.began = self._marks.line_and_column(self.began_at) if self.began_at else None
        self.before: deque[Any] = deque(maxlen=_LOOKED_BACK)
        self.open: list[Any] = []
        self.closed = False
        self.odd: deque[Line] = deque(maxlen=_ODD_LINES)
        self._scan()

    def _scan(self) -> None:
        tokens = _tokens(self.text)
        for token in tokens:
            if token.start_mark.index >= self.index:
                self.closed = bool(self.open) and _closes(self.open[-1], [token], tokens)
                break
            self.before.append(token)
            if isinstance(token, _OPENING):
                self.open.append(token)
            elif self.open and isinstance(token, _CLOSING):
                self.open.pop()
            elif not self.open and isinstance(token, yaml.ScalarToken) and token.plain:
                self._see(token)

    def _see(self, token: Any) -> None:
        """Remember a text that begins, at the begin of its line, with what is no space to YAML."""
        if _like_space(self.text[token.start_mark.index]):
            line, column = self.start(token)
            if column == odd_column(self.source(line)):
                self.odd.append(self.line_of(token.start_mark))

    def start(self, token: Any) -> tuple[int, int]:
        return self._marks.line_and_column(token.start_mark)

    def end(self, token: Any) -> tuple[int, int]:
        return self._marks.line_and_column(token.end_mark)

    def line_of(self, mark: Any) -> Line:
        line, column = self._marks.line_and_column(mark)
        return Line(line, mark.index - column + 1)

    def source(self, line: int, column: int = 1) -> str:
        """Return what stands from `column` on in a line; nothing after the last."""
        return self.lines[line - 1][column - 1 :] if line <= len(self.lines) else ""

    def texts(self) -> list[Any]:
        return [token for token in self.before if isinstance(token, yaml.ScalarToken)]

    def last_text(self) -> Any:
        """Return the text that stands last before the place, or None."""
        return next(reversed(self.texts()), None)


def _tokens(text: str) -> Iterator[Any]:
    """Yield what libyaml finds in a text up to where it finds no more."""
    try:
        loader = LOADER(text)
        while loader.check_token():
            yield loader.get_token()
    except yaml.YAMLError:
        return


def _closes(bracket: Any, *tokens: Iterable[Any]) -> bool:
    """Return whether the first bracket in `tokens` that none of them opens closes `bracket`."""
    depth = 0
    for token in chain(*tokens):
        if isinstance(token, _CLOSING):
            if not depth:
                is_mapping = isinstance(bracket, yaml.FlowMappingStartToken)
                return is_mapping == isinstance(token, yaml.FlowMappingEndToken)
            depth -= 1
        depth += isinstance(token, _OPENING)
    return False


class Edit(NamedTuple):
    """What to write instead of a part of the text, in code points from its begin."""

    begin: int
    end: int
    instead: str


def gets_past(at: Stop, edits: Iterable[Edit]) -> bool:
    """Return whether libyaml reads on behind the place if the text is written otherwise.

    `edits` are sorted, and none ends behind the place.
    """
    parts, done, place = [], 0, at.index
    for begin, end, instead in edits:
        parts += [at.text[done:begin], instead]
        place -= end - begin - len(instead)
        done = end
    try:
        loader = LOADER("".join([*parts, at.text[done:]]))
        while loader.check_event():
            if loader.get_event().start_mark.index > place:
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return mark is not None and mark.index > place
    return True


def reindented(at: Stop, lines: Iterable[Line], instead: Callable[[str], str]) -> Iterator[Edit]:
    """Yield what indents `lines` otherwise: with what `instead` makes of what stands there."""
    for _, begin in lines:
        end = begin
        while end < len(at.text) and (at.text[end] == " " or _like_space(at.text[end])):
            end += 1
        yield Edit(begin, end, instead(at.text[begin:end]))


def _like_space(character: str) -> bool:
    return character != " " and unicodedata.category(character) in ("Zs", "Cf")


def odd_column(written: str) -> int | None:
    """Return the column at which something like a space stands where a line is indented."""
    blank = len(written) - len(written.lstrip(" "))
    first = written[blank : blank + 1]
    return blank + 1 if first and _like_space(first) else None
