"""Text of unknown origin, made fit for a terminal: nothing that controls it, order kept."""

from __future__ import annotations

import unicodedata

from kgpub.messages import Given, Lines, Message

MAX_INSERTED = 1_000
"""Code points of what is inserted in a message that are shown; a literal may have millions."""
_ISOLATE, _POP = "\u2068", "\u2069"
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def safe(text: str) -> str:
    """Return `text` with control and bidi control characters shown as ‹U+XXXX›.

    What a submission or an answer holds must neither drive the terminal nor reorder what stands
    around it; line breaks and tabs become spaces.
    """
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI:
        return f"‹U+{ord(character):04X}›"
    return character


def printable(text: str) -> str:
    """Return `text` on one line, with nothing that controls the terminal.

    The isolates stay that messages put around what they quote.
    """
    kept = (_ISOLATE, _POP)
    return "".join(character if character in kept else _shown(character) for character in text)


def seen(text: str) -> str:
    """Return `text`, its lines kept, with control and bidi control characters as ‹U+XXXX›.

    The isolates stay that messages put around what they quote.
    """
    return "\n".join(printable(line) for line in text.split("\n"))


def capped(text: str, limit: int = MAX_INSERTED) -> str:
    """Return a message with each text that is inserted in it, or is given for it, cut to `limit`.

    Its own words stay, and so does what stands behind the text.
    """
    if isinstance(text, Given):
        return Given(text.code, {tag: _cut(each, limit) for tag, each in text.texts.items()})
    if len(text) <= limit:
        return text
    if isinstance(text, Lines):
        return Lines([capped(part, limit) for part in text.parts], text.separator)
    if isinstance(text, Message):
        return Message(text.code, **{name: capped(each, limit) for name, each in text.values})
    return _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    closing = _POP if text.startswith(_ISOLATE) and text.endswith(_POP) else ""
    return f"{text[:limit]}…{closing}"


def isolated(text: str) -> str:
    """Return `text` between FSI and PDI."""
    return f"{_ISOLATE}{text}{_POP}"


def is_right_to_left(text: str) -> bool:
    """Whether `text` holds a character of a script that is written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def counted(number: int, noun: str) -> str:
    """Return `number` with the noun, in the plural where it takes one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
