"""Characters that are none of YAML's signs but look like them, or are without being meant so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import category

from kgpub.grounding.description import name_character
from kgpub.messages import Message
from kgpub.model.keys import LIKE_COLONS
from kgpub.model.slug import MAX_QUOTED
from kgpub.sources.yaml_marks import Edit, Line, Stop, gets_past

KEY = r"[@$]?[A-Za-z][\w@-]*"
BEFORE_KEY = re.compile(r"[ ]*(?:-[ ]+)*")

_BULLETS = frozenset("−•·‣◦▪●*+")
"""What begins the items of a list in other formats, besides dashes (Pd)."""
_BLANK = " \t\u00a0"

_OTHER_COLON = re.compile(rf"({KEY})[ \t]*([{re.escape(LIKE_COLONS)}])(.*)")
_BEHIND_COLON = re.compile(rf"({KEY}):(\S|[^\S \t])(.*)")
_NEXT_ENTRY = re.compile(rf",[ \t]*(?:#.*|[\"']?{KEY}[\"']?[ \t]*:.*)?")

_WITH_SIGN = {
    "while scanning a block scalar": "|>",
    "while scanning a tag": "!",
    "while parsing a tag": "!",
    "while scanning an anchor": "&",
    "while scanning an alias": "*",
    "while scanning for the next token": "%@`",
}
"""By libyaml's contexts, the signs with which something begins that is no plain text."""
_LINES_BELOW = "|>"


class Mistake(NamedTuple):
    """What is wrong, where, and what would mend it."""

    line: int
    column: int
    message: Message
    remedy: Message


def dash(at: Stop) -> Mistake | None:
    """A dash or bullet in place of the hyphen that an item of a list begins with."""
    for line in () if at.open else _lines(at):
        written = at.source(line.number)
        match = BEFORE_KEY.match(written)
        begin = match.end() if match else 0
        sign = written[begin : begin + 1]
        text = written[begin + 1 :].lstrip(_BLANK)
        if not text or not _is_dash(sign):
            continue
        edit = Edit(line.begin + begin, line.begin + len(written) - len(text), "- ")
        if not gets_past(at, [edit]):
            continue
        message = Message("yaml-dash", character=name_character(sign))
        remedy = Message("write-hyphen", written=shown(f"- {text.rstrip()}"))
        return Mistake(line.number, begin + 1, message, remedy)
    return None


def _lines(at: Stop) -> Iterator[Line]:
    """Yield the lines in which the item may begin that is at fault, the last first."""
    marks = [token.start_mark for token in at.before]
    marks += [at.began_at] if at.began_at else []
    found = {at.here, *map(at.line_of, marks)}
    yield from sorted(found, reverse=True)


def _is_dash(sign: str) -> bool:
    return sign in _BULLETS or (sign not in ("", "-") and category(sign) == "Pd")


def colon(at: Stop, line: int, column: int) -> Mistake | None:
    """What is no colon behind a key, or no space behind its colon, from `column` of `line` on."""
    written = at.source(line, column).rstrip()
    match = _OTHER_COLON.fullmatch(written)
    message, remedy = "yaml-colon", "write-colon"
    if match is None:
        match = _BEHIND_COLON.fullmatch(written)
        message, remedy = "yaml-odd-after-colon", "write-space"
        if match is None or not _is_unseen(match[2]):
            return None
    meant = shown(f"{match[1]}: {visible(match[3])}".rstrip())
    named = Message(message, character=name_character(match[2]))
    return Mistake(line, column + match.start(2), named, Message(remedy, written=meant))


def visible(text: str) -> str:
    """Return `text` without what cannot be seen at its ends."""
    begin, end = 0, len(text)
    while begin < end and _is_unseen(text[begin]):
        begin += 1
    while begin < end and _is_unseen(text[end - 1]):
        end -= 1
    return text[begin:end]


def _is_unseen(character: str) -> bool:
    return character.isspace() or category(character) == "Cf"


def behind_quote(at: Stop, quote: tuple[int, int]) -> Mistake | None:
    """What is no colon behind a key in quotation marks, or a comma behind a text, as in JSON.

    `quote` is where the text in quotation marks begins.
    """
    line, column = quote
    match = BEFORE_KEY.match(at.source(line))
    after = at.source(at.line, at.column).rstrip()
    if at.open or not after:
        return None
    if line == at.line and match is not None and match.end() == column - 1:
        if after[0] not in LIKE_COLONS:
            return None
        named = Message("yaml-colon", character=name_character(after[0]))
        meant = f"{at.source(line, column)[: at.column - column].rstrip()}: {visible(after[1:])}"
        written = shown(meant.rstrip())
        return Mistake(line, at.column, named, Message("write-colon", written=written))
    if not _NEXT_ENTRY.fullmatch(after):
        return None
    return Mistake(at.line, at.column, Message("yaml-comma-outside"), Message("remove-comma"))


def sign(at: Stop) -> Mistake | None:
    """A text that begins with a sign which makes something else of it."""
    place = at.began if at.context != "while scanning for the next token" else None
    line, column = place or (at.line, at.column)
    first = at.source(line, column)[:1]
    if not first or first not in _WITH_SIGN.get(at.context or "", ""):
        return None
    remedy = "write-text-below" if first in _LINES_BELOW else "quote-text"
    message = Message("yaml-sign", sign=first)
    return Mistake(line, column, message, Message(remedy, sign=first))


def shown(text: str) -> str:
    """Return what a message shows of `text`."""
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"
