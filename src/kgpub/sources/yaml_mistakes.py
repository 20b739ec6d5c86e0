"""What was probably meant where libyaml can read no further, told where the mistake is.

libyaml stops where the text makes no sense any more, often lines after a bracket or a quotation
mark that is not closed, or a key without a colon.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from typing import Any

import yaml

from kgpub.errors import Place, Problem
from kgpub.grounding.description import name_character
from kgpub.messages import Lines, Message, catalogue
from kgpub.sources.yaml_marks import Line, Stop, gets_past, odd_column, reindented
from kgpub.sources.yaml_signs import (
    BEFORE_KEY,
    KEY,
    Mistake,
    behind_quote,
    colon,
    dash,
    shown,
    sign,
)

_LIBYAML = "libyaml-"
"""What the codes of libyaml's messages begin with; the rarest of them have none."""

_ESCAPE = "while parsing a quoted scalar"
"""The context in which libyaml tells of an escape that is none."""
_QUOTED = "while scanning a quoted scalar"
_KEY = "while scanning a simple key"
_OF_DIRECTIVES = (" directive", "incompatible YAML document")
"""What libyaml's words end in where they are about lines that begin with `%`."""
_COLON = "mapping values are not allowed in this context"

_KEY_WITHOUT_SPACE = re.compile(rf"({KEY}):(?![\s/]|$)(.*)")
_KEY_WITHOUT_COLON = re.compile(rf"({KEY})(?:[ \t]+(.*)|([\[{{].*)|$)")
_KEY_AT_BRACKET = re.compile(rf"{KEY}(?::|[ \t]*)[\[{{]")
_COMMA = re.compile(r"([،؛，、])[ \t]*[\w@-]*:?$")
"""What parts entries in Arabic, Kurdish and other scripts, and is text to YAML; then a key."""
_TAB = "TAB (U+0009)"


def syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """Return what is wrong with `text`, in which libyaml has found `error`."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return unreadable(Place(file), error.context, error.problem)
    found = Stop(text, error, mark)
    for tell in _MISTAKES:
        if (mistake := tell(found)) is not None:
            place = Place(file, mistake.line, mistake.column)
            return Problem(place, _message(mistake.message), mistake.remedy)
    return unreadable(Place(file, found.line, found.column), error.context, error.problem)


def unreadable(place: Place, *details: str | None) -> Problem:
    """Return a problem of libyaml's own words."""
    remedy = "mend-escape" if _ESCAPE in details else "mind-indentation"
    if any(each.endswith(_OF_DIRECTIVES) for each in details if each):
        remedy = "remove-it"
    return Problem(place, _message(_said(*details)), Message(remedy))


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


def _indentation(at: Stop) -> Mistake | None:
    """A tab, or a space that is none to YAML, where a line is indented.

    The line may stand further up, with a key that ended all that it should stand in.
    """
    if at.context == _QUOTED:
        return None
    if at.source(at.line, at.column)[:1] == "\t":
        return _indented_with(at, at.line, at.column)
    lines = {at.here, *(at.odd if not at.open else ())}
    lines |= {at.line_of(text.start_mark) for text in at.texts() if text.plain}
    if at.context == _KEY and at.began_at is not None:
        lines.add(at.line_of(at.began_at))
    return _cause(at, [each for each in sorted(lines) if odd_column(at.source(each.number))])


def _cause(at: Stop, lines: list[Line]) -> Mistake | None:
    """Return the last of `lines` that must be mended, if libyaml then gets past the place."""

    def suffices(count: int) -> bool:
        mended = lines[-count:]
        ways = (reindented(at, mended, instead) for instead in (_as_seen, _as_spaces))
        return any(gets_past(at, edits) for edits in ways)

    if not lines or gets_past(at, []) or not suffices(len(lines)):
        return None
    count = bisect_left(range(1, len(lines) + 1), True, key=suffices) + 1
    number = lines[-count].number
    return _indented_with(at, number, odd_column(at.source(number)) or 1)


def _as_seen(blank: str) -> str:
    """Return spaces for what takes up room, and nothing for what does not."""
    return " " * _seen(blank)


def _as_spaces(blank: str) -> str:
    """Return as many spaces, if any room is taken up: a mark alone belongs to its text."""
    return " " * len(blank) if _seen(blank) else ""


def _seen(blank: str) -> int:
    return sum(unicodedata.category(each) == "Zs" for each in blank)


def _indented_with(at: Stop, line: int, column: int) -> Mistake:
    character = at.source(line, column)[0]
    named = _TAB if character == "\t" else name_character(character)
    message = Message("yaml-indentation", character=named)
    return Mistake(line, column, message, Message("indent-with-spaces"))


def _open_quote(at: Stop) -> Mistake | None:
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
    return Mistake(*place, told, Message("close-yaml-quote", mark=mark))


def _text_after_quote(at: Stop) -> Mistake | None:
    """A quotation mark within a text in quotation marks, which ends it."""
    last = _quoted_before(at)
    if last is None:
        return None
    if (mistake := behind_quote(at, at.start(last))) is not None:
        return mistake
    remedy = Message("quote-in-double" if last.style == '"' else "quote-in-single")
    return Mistake(at.line, at.column, Message("yaml-after-quote"), remedy)


def _quoted_before(at: Stop) -> Any:
    """Return the text in quotation marks that ends before the place, or None.

    In brackets what stands after a blank may as well be an entry without a comma before it.
    """
    last = at.last_text()
    if last is None or last.style not in ("'", '"'):
        return None
    between = at.text[last.end_mark.index : at.index]
    return last if not (between if at.open else between.strip(" \t")) else None


def _key(at: Stop) -> Mistake | None:
    """A key without a colon, or without a space after it, which makes them one text."""
    if at.context == _KEY and at.began is not None:
        return (
            _colon(at, *at.began)
            or _hyphen(at, *at.began)
            or Mistake(*at.began, _said(at.context, at.problem), Message("mind-indentation"))
        )
    last = at.last_text()
    if at.problem != _COLON or last is None or not last.plain or at.start(last)[0] == at.line:
        return None
    line, column = at.start(last)
    match = BEFORE_KEY.match(at.source(line))
    if match is not None and match.end() == column - 1:
        return _colon(at, line, column)
    # The text goes on in a line that is indented as if it were part of it.
    written = at.source(at.line)
    column = len(written) - len(written.lstrip(" ")) + 1
    return Mistake(at.line, column, _said(at.problem), Message("mind-indentation"))


def _colon(at: Stop, line: int, column: int) -> Mistake | None:
    written = at.source(line, column).rstrip()
    if (mistake := colon(at, line, column)) is not None:
        return mistake
    for pattern, message, remedy in (
        (_KEY_WITHOUT_SPACE, "yaml-colon-without-space", "write-space"),
        (_KEY_WITHOUT_COLON, "yaml-key-without-colon", "write-colon"),
    ):
        if (match := pattern.fullmatch(written)) is not None:
            value = next((each for each in match.groups()[1:] if each), "")
            meant = shown(f"{match[1]}: {value}".rstrip())
            return Mistake(line, column, Message(message), Message(remedy, written=meant))
    return None


def _key_at_bracket(at: Stop) -> Mistake | None:
    """A key that only a bracket follows, to which the key then belongs as text."""
    match = BEFORE_KEY.match(at.source(at.line))
    column = match.end() + 1 if match else 1
    written = at.source(at.line, column).rstrip()
    key = _KEY_AT_BRACKET.match(written)
    if at.open or key is None or not _ends_last(written[key.end() - 1 :]):
        return None
    return _colon(at, at.line, column)


def _ends_last(written: str) -> bool:
    """Return whether the bracket that `written` begins with is closed at its very end."""
    depth = 0
    for column, character in enumerate(written, 1):
        depth += (character in "[{") - (character in "]}")
        if not depth:
            return column == len(written)
    return False


def _comma(at: Stop) -> Mistake | None:
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
    return Mistake(at.line, found.start() + 1, message, Message("write-comma"))


def _open_bracket(at: Stop) -> Mistake | None:
    """A bracket that nothing closes, where the file ends or the next entry begins."""
    if not at.open or at.closed:
        return None
    line, column = at.start(at.open[-1])
    here, its = at.source(at.line), at.source(line)
    at_end = not at.text[at.index :].strip()
    if line == at.line or not (at_end or _indent(here) <= _outside(its, column)):
        return None
    opening, closing = "{}" if isinstance(at.open[-1], yaml.FlowMappingStartToken) else "[]"
    message = Message("yaml-bracket-open", bracket=opening)
    return Mistake(line, column, message, Message("close-bracket", bracket=closing))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _outside(line: str, column: int) -> int:
    """Return up to which indentation lines are no part of what opens at `column` of `line`."""
    match = BEFORE_KEY.match(line)
    key = match.end() if match else 0
    return key if key < column - 1 else _indent(line)


def _item(at: Stop) -> Mistake | None:
    """An item of a list without a space after its hyphen, which makes it a key."""
    return _hyphen(at, at.line, at.column)


def _hyphen(at: Stop, line: int, column: int) -> Mistake | None:
    written = at.source(line, column).rstrip()
    if at.open or not re.match(r"-[^\s-]", written):
        return None
    remedy = Message("write-space-after-hyphen", written=shown(f"- {written[1:]}"))
    return Mistake(line, column, Message("yaml-hyphen-without-space"), remedy)


_MISTAKES = (
    _indentation,
    _open_quote,
    _comma,
    dash,
    _text_after_quote,
    sign,
    _key,
    _key_at_bracket,
    _open_bracket,
    _item,
)
"""What may be the mistake, the surest first."""
