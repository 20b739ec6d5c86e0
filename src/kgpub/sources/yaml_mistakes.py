"""What was probably meant where libyaml can read no further, told where the mistake is.

libyaml stops where the text makes no sense any more, often lines after a bracket or a quotation
mark that is not closed, or a key without a colon.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from typing import Any, NamedTuple

import yaml

from kgpub.errors import Place, Problem
from kgpub.grounding.description import name_character
from kgpub.messages import Lines, Message, catalogue
from kgpub.model.slug import MAX_QUOTED
from kgpub.sources.yaml_marks import LOADER, Marks, lines_of

_LIBYAML = "libyaml-"
"""What the codes of libyaml's messages begin with; the rarest of them have none."""

_ESCAPE = "while parsing a quoted scalar"
"""The context in which libyaml tells of an escape that is none."""
_QUOTED = "while scanning a quoted scalar"
_KEY = "while scanning a simple key"
_COLON = "mapping values are not allowed in this context"
_LOOKED_BACK = 3
"""Tokens before the one at fault that may tell why: a key, its colon, its value."""

_KEY_WITHOUT_SPACE = re.compile(r"([@$]?[A-Za-z][\w@-]*):(?![\s/]|$)(.*)")
_KEY_WITHOUT_COLON = re.compile(r"([@$]?[A-Za-z][\w@-]*)(?:[ \t]+(.*)|([\[{].*)|$)")
_KEY_AT_BRACKET = re.compile(r"[@$]?[A-Za-z][\w@-]*(?::|[ \t]*)[\[{]")
_KEY_LINE = re.compile(r"[^\w\"'#]*[A-Za-z][\w-]*:(?:[ \t]|$)")
_BEFORE_KEY = re.compile(r"[ ]*(?:-[ ]+)*")
_COMMA = re.compile(r"([،؛，、])[ \t]*[\w@-]*:?$")
"""What parts entries in Arabic, Kurdish and other scripts, and is text to YAML; then a key."""
_TAB = "TAB (U+0009)"


class _Mistake(NamedTuple):
    line: int
    column: int
    message: Message
    remedy: Message


def syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """Return what is wrong with `text`, in which libyaml has found `error`."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return unreadable(Place(file), error.context, error.problem)
    found = _Stop(text, error, mark)
    for tell in _MISTAKES:
        if (mistake := tell(found)) is not None:
            place = Place(file, mistake.line, mistake.column)
            return Problem(place, _message(mistake.message), mistake.remedy)
    return unreadable(Place(file, found.line, found.column), error.context, error.problem)


def unreadable(place: Place, *details: str | None) -> Problem:
    """Return a problem of libyaml's own words."""
    remedy = Message("mend-escape") if _ESCAPE in details else Message("mind-indentation")
    return Problem(place, _message(_said(*details)), remedy)


def _message(detail: Message) -> Message:
    return Message("yaml-syntax", detail=detail)


def _said(*details: str | None) -> Message:
    codes = {text: code for code, text in catalogue("en").items() if code.startswith(_LIBYAML)}
    told = [
        Message(codes[_template(text)]) if _template(text) in codes else text
        for text in details
        if text
    ]
    return Lines(told, " ")


def _template(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class _Stop:
    """Where libyaml stopped: the place, the tokens before it, the brackets open there."""

    def __init__(self, text: str, error: yaml.MarkedYAMLError, mark: Any) -> None:
        self.text, self.lines = text, lines_of(text)
        self.context, self.problem = error.context, error.problem
        self.index: int = mark.index
        self._marks = Marks(text)
        self.line, self.column = self._marks.line_and_column(mark)
        began = error.context_mark
        self.began = self._marks.line_and_column(began) if began is not None else None
        self.before: deque[Any] = deque(maxlen=_LOOKED_BACK)
        self.open: list[Any] = []
        self._scan()

    def _scan(self) -> None:
        loader = LOADER(self.text)
        try:
            while loader.check_token():
                token = loader.get_token()
                if token.start_mark.index >= self.index:
                    break
                self.before.append(token)
                if isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
                    self.open.append(token)
                elif self.open and isinstance(
                    token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken
                ):
                    self.open.pop()
        except yaml.YAMLError:
            pass

    def start(self, token: Any) -> tuple[int, int]:
        return self._marks.line_and_column(token.start_mark)

    def end(self, token: Any) -> tuple[int, int]:
        return self._marks.line_and_column(token.end_mark)

    def source(self, line: int, column: int = 1) -> str:
        """Return what stands from `column` on in a line; nothing after the last."""
        return self.lines[line - 1][column - 1 :] if line <= len(self.lines) else ""

    def last_text(self) -> Any:
        """Return the text that stands last before the place, or None."""
        texts = [token for token in self.before if isinstance(token, yaml.ScalarToken)]
        return texts[-1] if texts else None


def _indentation(at: _Stop) -> _Mistake | None:
    """A tab, or a space that is none to YAML, where lines are indented."""
    if at.context == _QUOTED:
        return None
    if at.source(at.line, at.column)[:1] == "\t":
        return _indented_with(at, at.line, at.column)
    texts = (token for token in at.before if isinstance(token, yaml.ScalarToken))
    lines = {at.line, *(at.start(token)[0] for token in texts if token.plain)}
    for line in sorted(lines, reverse=True):
        if (column := _odd_column(at.source(line))) is not None:
            return _indented_with(at, line, column)
    return None


def _indentation_before(at: _Stop) -> _Mistake | None:
    """Such a space before a key further up, which ended all that it should stand in."""
    for line in range(at.line if not at.open else 0, 0, -1):
        written = at.source(line)
        column = _odd_column(written)
        if column is not None and _KEY_LINE.match(written):
            return _indented_with(at, line, column)
    return None


def _odd_column(written: str) -> int | None:
    """Return the column at which something like a space stands where a line is indented."""
    blank = len(written) - len(written.lstrip(" "))
    first = written[blank : blank + 1]
    return blank + 1 if first and unicodedata.category(first) in ("Zs", "Cf") else None


def _indented_with(at: _Stop, line: int, column: int) -> _Mistake:
    character = at.source(line, column)[0]
    named = _TAB if character == "\t" else name_character(character)
    message = Message("yaml-indentation", character=named)
    return _Mistake(line, column, message, Message("indent-with-spaces"))


def _open_quote(at: _Stop) -> _Mistake | None:
    """A quotation mark that nothing closes, or the next one does, at a text of its own."""
    if at.context == _QUOTED and at.began is not None:
        place, message = at.began, "yaml-quote-open"
    else:
        last = _quoted_before(at)
        if last is None or at.start(last)[0] == at.end(last)[0]:
            return None
        place, message = at.start(last), "yaml-quote-closed-late"
    mark = "'" if at.source(*place).startswith("'") else '"'
    told = Message(message, mark=mark, line=at.line)
    return _Mistake(*place, told, Message("close-yaml-quote", mark=mark))


def _text_after_quote(at: _Stop) -> _Mistake | None:
    """A quotation mark within a text in quotation marks, which ends it."""
    last = _quoted_before(at)
    if last is None:
        return None
    remedy = Message("quote-in-double" if last.style == '"' else "quote-in-single")
    return _Mistake(at.line, at.column, Message("yaml-after-quote"), remedy)


def _quoted_before(at: _Stop) -> Any:
    """Return the text in quotation marks that ends right before the place, or None."""
    last = at.last_text()
    ends = last is not None and last.style in ("'", '"') and last.end_mark.index == at.index
    return last if ends else None


def _key(at: _Stop) -> _Mistake | None:
    """A key without a colon, or without a space after it, which makes them one text."""
    if at.context == _KEY and at.began is not None:
        return _colon(at, *at.began) or _Mistake(
            *at.began, _said(at.context, at.problem), Message("mind-indentation")
        )
    last = at.last_text()
    if at.problem != _COLON or last is None or not last.plain or at.start(last)[0] == at.line:
        return None
    line, column = at.start(last)
    match = _BEFORE_KEY.match(at.source(line))
    if match is not None and match.end() == column - 1:
        return _colon(at, line, column)
    # The text goes on in a line that is indented as if it were part of it.
    written = at.source(at.line)
    column = len(written) - len(written.lstrip(" ")) + 1
    return _Mistake(at.line, column, _said(at.problem), Message("mind-indentation"))


def _colon(at: _Stop, line: int, column: int) -> _Mistake | None:
    written = at.source(line, column).rstrip()
    for pattern, message, remedy in (
        (_KEY_WITHOUT_SPACE, "yaml-colon-without-space", "write-space"),
        (_KEY_WITHOUT_COLON, "yaml-key-without-colon", "write-colon"),
    ):
        if (match := pattern.fullmatch(written)) is not None:
            value = next((each for each in match.groups()[1:] if each), "")
            meant = f"{match[1]}: {value}".rstrip()
            shown = meant if len(meant) <= MAX_QUOTED else f"{meant[:MAX_QUOTED]}…"
            return _Mistake(line, column, Message(message), Message(remedy, written=shown))
    return None


def _key_at_bracket(at: _Stop) -> _Mistake | None:
    """A key that a bracket follows, to which the key then belongs as text."""
    match = _BEFORE_KEY.match(at.source(at.line))
    column = match.end() + 1 if match else 1
    if at.open or not _KEY_AT_BRACKET.match(at.source(at.line, column)):
        return None
    return _colon(at, at.line, column)


def _comma(at: _Stop) -> _Mistake | None:
    """A comma of another script between the entries of a list or mapping in brackets."""
    if not at.open:
        return None
    last = at.last_text()
    begin = at.column - 1
    if last is not None and last.plain:
        line, column = at.start(last)
        begin = column - 1 if line == at.line else 0
    found = _COMMA.search(at.source(at.line)[: at.column], begin)
    if found is None:
        return None
    message = Message("yaml-comma", character=name_character(found[1]))
    return _Mistake(at.line, found.start() + 1, message, Message("write-comma"))


def _open_bracket(at: _Stop) -> _Mistake | None:
    """A bracket that is not closed before the file ends, or the next entry begins."""
    if not at.open:
        return None
    line, column = at.start(at.open[-1])
    here, its = at.source(at.line), at.source(line)
    at_end = not at.text[at.index :].strip()
    if line == at.line or not (at_end or _indent(here) <= _outside(its, column)):
        return None
    opening, closing = "{}" if isinstance(at.open[-1], yaml.FlowMappingStartToken) else "[]"
    message = Message("yaml-bracket-open", bracket=opening)
    return _Mistake(line, column, message, Message("close-bracket", bracket=closing))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _outside(line: str, column: int) -> int:
    """Return up to which indentation lines are no part of what opens at `column` of `line`."""
    match = _BEFORE_KEY.match(line)
    key = match.end() if match else 0
    return key if key < column - 1 else _indent(line)


def _dash(at: _Stop) -> _Mistake | None:
    """An item of a list without a space after its hyphen, which makes it a key."""
    written = at.source(at.line, at.column).rstrip()
    if at.open or not re.match(r"-[^\s-]", written):
        return None
    shown = f"- {written[1:MAX_QUOTED]}{'…' if len(written) > MAX_QUOTED else ''}"
    remedy = Message("write-space-after-hyphen", written=shown)
    return _Mistake(at.line, at.column, Message("yaml-hyphen-without-space"), remedy)


_MISTAKES = (
    _indentation,
    _open_quote,
    _comma,
    _text_after_quote,
    _key,
    _key_at_bracket,
    _open_bracket,
    _dash,
    _indentation_before,
)
"""What may be the mistake, the surest first."""
