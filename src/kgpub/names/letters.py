"""Letters as a name has them in common with its other spellings.

What is folded here is the same name to any reader: letters that are drawn alike, forms that
Unicode has twice, marks and fillers that may be left out. Folding is per character and linear.
"""

from __future__ import annotations

import re
from unicodedata import category, decimal, normalize

TATWEEL = "\u0640"

ALIKE = {
    "ي": "ىیېێۍ",
    "ك": "کڪ",
    "ه": "ةەہھۃۀ",
    "و": "ۆۇۈۋ",
    "ا": "ٱ",
    "ر": "ڕ",
    "ل": "ڵ",
    # Cyrillic and Greek letters that are drawn like Latin ones; lower case, as folded.
    "a": "аα",
    "c": "с",
    "e": "е",
    "i": "іι",
    "j": "ј",
    "k": "кκ",
    "o": "оο",
    "p": "рρ",
    "s": "ѕ",
    "v": "ν",
    "x": "х",
    "y": "у",
}
"""Letters that are drawn alike or taken for each other, by the one that stands for them."""

_SPELLINGS = {
    # Foreign sounds and Urdu letters for which Arabic also writes its own letter.
    "ف": "ڤڥ",
    "ت": "ٹ",
    "د": "ڈ",
    "ر": "ڑړ",
    "ن": "ںڼ",
    "ش": "ښ",
    "ي": "ےۓ",
    "گ": "ګڭ",
    "ز": "ږ",
    "": "ءʼʻʿʾ‘’'`´ʹʽ′",
    # Latin letters that no decomposition takes apart.
    "i": "ı",
    "o": "ø",
    "l": "ł",
    "d": "đð",
    "th": "þ",
    "ae": "æ",
    "oe": "œ",
    "e": "ə",
}
_PLAIN = {
    letter: plain
    for table in (ALIKE, _SPELLINGS)
    for plain, group in table.items()
    for letter in group
}

_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
_PLAIN_TEXT = re.compile("[ a-zابتثجحخدذرزسشصضطظعغفقكلمنهويپچگژ]*")
ARABIC = re.compile(f"[{_ARABIC}]")
LATIN = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_MIXED = re.compile(f"(?<=[{_ARABIC}])[aiyouw](?![a-z])|(?<![a-z])[aiyouw](?=[{_ARABIC}])")
_LATIN_IN_ARABIC = str.maketrans("aiyouw", "اييووو")
_NO_LETTER = re.compile(r"[^\w]+|_+")


def _fold_character(character: str) -> str:
    """Return what a character stands for in a name: letters, a digit, a space, or nothing."""
    if character in _PLAIN:
        return _PLAIN[character]
    if character == "\u200c":
        # Persian and Kurdish part the halves of a word with it where others write a space.
        return " "
    if character.isspace():
        return " "
    general = category(character)
    if character == TATWEEL or general in ("Mn", "Me", "Cf") or general == "Cc":
        return ""
    folded = []
    for part in normalize("NFKD", character).casefold():
        digit = decimal(part, None)
        if part in _PLAIN:
            folded.append(_PLAIN[part])
        elif digit is not None:
            folded.append(str(digit))
        elif category(part) not in ("Mn", "Me", "Cf") and part != TATWEEL:
            folded.append(part)
    return "".join(folded)


class _Folds(dict[int, str]):
    """What characters fold to, by code point, looked up once each.

    It holds at most the blocks whose characters fold to anything; the others stand for themselves.
    """

    def __missing__(self, point: int) -> str:
        folded = _fold_character(chr(point))
        if point < 0x3000 or 0xFB00 <= point < 0x10000:
            self[point] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Return the letters and digits of `text` folded, words parted by one space each.

    >>> fold("كَاظِمي"), fold("كاظمى"), fold("کاظمی")
    ('كاظمي', 'كاظمي', 'كاظمي')
    """
    folded = text.translate(_FOLDS)
    if not _PLAIN_TEXT.fullmatch(folded):
        folded = _NO_LETTER.sub(" ", folded)
    return " ".join(folded.split())


def mend_mixed(folded: str) -> str:
    """Return the folded text with a Latin vowel letter inside an Arabic word as an Arabic one.

    One such letter is a slip or a disguise; more of them are left as they are.
    """
    return _MIXED.sub(lambda match: match[0].translate(_LATIN_IN_ARABIC), folded)
