"""How a name sounds, in one alphabet for Arabic and Latin script.

A sound is one character. Capitals are sounds that English writes with two letters or more:
S sh, C ch, T th, D dh, Z zh, G gh, X kh, H the strong h (ح), Q the ayn, Y the final a that
feminine words have (ة, ه). What a script leaves open stays open: و is `w`, ي is `y`, ا is `a`,
and short vowels are missing. The skeleton goes further: it keeps of each sound only the class
that survives transliteration, so that equal skeletons say that two names may be one.
"""

from __future__ import annotations

import re

ARABIC_SOUNDS = str.maketrans(
    {
        "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "T", "ج": "j", "چ": "C", "ح": "H",
        "خ": "X", "د": "d", "ذ": "D", "ر": "r", "ز": "z", "ژ": "Z", "س": "s", "ش": "S",
        "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "Q", "غ": "G", "ف": "f", "ق": "q",
        "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
    }
)  # fmt: skip
KURDISH = re.compile("[ەۆێڤ]")
"""Letters that say that a text is Kurdish, which writes its vowels."""
KURDISH_VOWELS = str.maketrans({"ە": "e", "ۆ": "o", "ێ": "e", "ڤ": "v"})
_CARRIER = re.compile("ئ(?=[ەۆێاوی])")
_ARABIC_RULES = re.compile(r"تش|(?<=.)[هY](?=\b)|(.)\1+")
DIGRAPHS = {
    "tsch": "C", "dsch": "j", "sch": "S", "tch": "C", "dj": "j", "dzh": "j", "sh": "S",
    "ch": "C", "kh": "X", "gh": "G", "th": "T", "dh": "D", "zh": "Z", "ph": "f", "ck": "k",
    "qu": "k", "cz": "C", "sz": "S", "tz": "ts", "ou": "u", "oo": "u", "ee": "i", "gn": "ny",
    "x": "ks", "cc": "k", "ie": "i", "ea": "i", "wh": "w",
}  # fmt: skip
_LATIN_RULES = re.compile(
    "|".join(sorted(DIGRAPHS, key=len, reverse=True)) + r"|c(?=[eiy])|(?<=[aeiou])h(?=\b)|(.)\1+"
)
LATIN_LETTERS = str.maketrans(
    {
        "ş": "sh", "ș": "sh", "š": "sh", "ś": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ž": "zh",
        "ż": "zh", "ź": "zh", "ğ": "gh", "ĝ": "j", "ĵ": "zh", "ŝ": "sh", "ĉ": "ch", "ñ": "ny",
        "ň": "ny", "ḥ": "H", "ẖ": "kh", "ḫ": "kh", "ẕ": "dh", "ġ": "gh", "ʿ": "Q", "‘": "Q",
        "ť": "ty", "ř": "r", "â": "a",
    }
)  # fmt: skip
MARKED = re.compile("[şșšśçčćžżźğĝĵŝĉñňḥẖḫẕġʿ‘ťřâ]", re.IGNORECASE)
"""Letters that sound otherwise than without their marks."""

CLASSES = str.maketrans(
    {
        "p": "b", "v": "f", "q": "k", "g": "k", "G": "k", "X": "k", "c": "k", "C": "S",
        "Z": "j", "T": "t", "D": "z", "H": "h",
        "a": None, "e": None, "i": None, "o": None, "u": None, "w": None, "y": None, "Q": None,
        "Y": None,
    }
)  # fmt: skip
_OUTLINE = str.maketrans(
    {
        "p": "b", "v": "f", "q": "k", "g": "k", "G": "k", "X": "k", "C": "S", "Z": "j", "T": "t",
        "D": "z", "H": "h", "o": "w", "u": "w", "i": "y",
        "a": None, "e": None, "Q": None, "Y": None, " ": None,
    }
)  # fmt: skip
_OPEN = re.compile(r"\b[aeiouQ]+|\b[wv](?=[aeiouywQ]|[^\W\d_aeiou])|\by")
_RUN = re.compile(r"(.)\1+")


def kurdish_vowels(text: str) -> str:
    """Return Kurdish text with the letters for its vowels as sounds, and without their carrier."""
    return _CARRIER.sub("", text).translate(KURDISH_VOWELS)


def arabic_sound(folded: str) -> str:
    """Return the sound of a folded Arabic-script text; words stay parted by spaces."""
    return _ARABIC_RULES.sub(_arabic_rule, folded).translate(ARABIC_SOUNDS)


def _arabic_rule(match: re.Match[str]) -> str:
    run = match[0]
    if run == "تش":
        return "C"
    return run[0] if match[1] else "Y"


def latin_marks(text: str) -> str:
    """Return lower-case Latin text with marked letters written as the sound they stand for."""
    return text.translate(LATIN_LETTERS)


def latin_sound(folded: str) -> str:
    """Return the sound of a folded Latin-script text."""
    return _LATIN_RULES.sub(_latin_rule, folded).replace("c", "k")


def _latin_rule(match: re.Match[str]) -> str:
    run = match[0]
    if run == "c":
        return "s"
    if run == "h":
        return "Y"
    return DIGRAPHS.get(run, run[0])


def skeleton(sound: str) -> str:
    """Return the consonants of a sound that every transliteration keeps, by class.

    A vowel, ayn or half-vowel that opens a word stays, as `A`, `W` or `I`.
    """
    return _RUN.sub(r"\1", _OPEN.sub(_opening, sound).translate(CLASSES))


def outline(sound: str) -> str:
    """Return the classes of a sound's consonants and of its long vowels, words joined.

    It takes a microsecond, and tells at first sight how alike two sounds are.
    """
    return sound.translate(_OUTLINE)


def _opening(match: re.Match[str]) -> str:
    first = match[0][0]
    return "W" if first in "wv" else "I" if first == "y" else "A"
