"""Text of unknown origin, made fit for a terminal: nothing that controls it, order kept."""

from __future__ import annotations

import unicodedata

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


def isolated(text: str) -> str:
    """Return `text` between FSI and PDI."""
    return f"{_ISOLATE}{text}{_POP}"


def is_right_to_left(text: str) -> bool:
    """Whether `text` holds a character of a script that is written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def counted(number: int, noun: str) -> str:
    """Return `number` with the noun, in the plural where it takes one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
