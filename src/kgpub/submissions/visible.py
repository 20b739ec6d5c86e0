"""What a text hides: characters that are not seen, that reorder others, or that look like others.

A reviewer must see what is decided about. Each piece that is not what it seems has a note.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "CHEROKEE", "COPTIC")
"""Those of which letters are taken for each other, as names of characters begin."""
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Those in which whole words can look like words of another."""
_DRESSED = "another form"
"""Stands for the script of letters that are others in another form."""
_IN_LATIN = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "tr", "ku")
_ORDINARY = "\n\t"
_OTHER_LETTERS = {
    "ar": {"ی": "ي", "ک": "ك", "ە": "ه", "ھ": "ه"},
    "ckb": {"ي": "ی", "ك": "ک", "ى": "ی"},
}
"""By language, letters of the same script that look like its own, with these."""


@dataclass(frozen=True)
class Piece:
    """A part of a text; `note` says what is odd about it, "" for nothing.

    `shown` is what stands for it: what is not seen is shown by its number.
    """

    shown: str
    note: str = ""


def pieces(text: str, language: str = "") -> list[Piece]:
    """Return a text in pieces; `language` is its tag, or "" where that is not known."""
    notes = _notes(text, language.partition("-")[0].lower())
    found: list[Piece] = []
    for note, characters in groupby(enumerate(text), key=lambda each: notes.get(each[0], "")):
        if note:
            found += (Piece(_shown(character), note) for _, character in characters)
        else:
            found.append(Piece("".join(character for _, character in characters)))
    return found


def is_odd(text: str, language: str = "") -> bool:
    """Whether a text is not what it seems."""
    return any(piece.note for piece in pieces(text, language))


def told(text: str, language: str = "") -> str:
    """Return a text on which nothing is hidden, for a terminal: `a‹U+202E RIGHT-TO-LEFT …›b`."""
    return "".join(
        f"{'' if piece.shown.startswith('U+') else piece.shown}‹{piece.note}›"
        if piece.note
        else piece.shown
        for piece in pieces(text, language)
    )


def _notes(text: str, language: str) -> dict[int, str]:
    notes = {
        place: named(character)
        for place, character in enumerate(text)
        if _is_unseen(character) and character not in _ORDINARY
    }
    for word in _words(text):
        scripts = Counter(script for _, character in word if (script := _script(character)))
        scripts.pop(_DRESSED, None)
        own = next((script for script, _ in scripts.most_common(1)), "")
        if language in _IN_LATIN and own in _ALIKE:
            own = "LATIN"
        for place, character in word:
            if (script := _script(character)) and script != own:
                notes[place] = named(character)
    others = _OTHER_LETTERS.get(language, {})
    for place, character in enumerate(text):
        if character in others:
            notes[place] = f"{named(character)}, not {others[character]}"
    return notes


def _words(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the letters of each word with their places, marks and what is not seen among them."""
    for is_part, characters in groupby(enumerate(text), key=lambda each: _is_part(each[1])):
        if is_part:
            yield list(characters)


def _is_part(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or _is_unseen(character)


@lru_cache(maxsize=4096)
def _is_unseen(character: str) -> bool:
    """Whether nothing is seen of a character, or what it does to others is."""
    category = unicodedata.category(character)
    is_space = category in ("Zs", "Zl", "Zp") and character != " "
    return is_space or category in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _BLANK


_BLANK = "\u115f\u1160\u3164\uffa0\u2800\u034f"
"""Letters and marks that have no form."""


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """Return the script of a letter, "" where it has none that is looked for."""
    if not character.isalpha():
        return ""
    begin = unicodedata.name(character, "").partition(" ")[0]
    # FULLWIDTH LATIN …, ARABIC … INITIAL FORM, MATHEMATICAL BOLD …: letters in another dress.
    if unicodedata.normalize("NFKC", character) != character:
        return _DRESSED
    return begin if begin in _SCRIPTS else ""


def named(character: str) -> str:
    """Return number and name of a character."""
    number = f"U+{ord(character):04X}"
    return f"{number} {unicodedata.name(character, '')}".strip()


def _shown(character: str) -> str:
    return f"U+{ord(character):04X}" if _is_unseen(character) else character
