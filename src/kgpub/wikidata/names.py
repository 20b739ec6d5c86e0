"""Names as Wikidata is asked for them: in which languages, and what its search would misread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LANGUAGES = (
    *("ar", "ckb", "ku", "en", "fa", "tr"),
    *("mul", "arz", "azb", "ku-arab", "ku-latn", "ps", "ur", "he", "syr"),
    *("de", "es", "fr", "it", "nl", "pt", "ru", "sv"),
)
"""Languages of the names that are asked for: those of the articles and their neighbours, `mul`
where a name is the same in all, and those of the largest Wikipedias in Latin letters, with the
spellings of one Arabic name that they have."""
FIRST = ("ar", "ckb", "en")
MAX_NAME = 250
"""Code points of a name that is searched; the search takes no more than 300 characters."""

_SPACES = re.compile(r"\s+")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")


def searched(name: str) -> str:
    """Return `name` on one line without controls, or nothing where it cannot be searched."""
    kept = "".join(" " if unicodedata.category(each) == "Cc" else each for each in name)
    text = _SPACES.sub(" ", kept).strip()
    writable = not any("\ud800" <= each <= "\udfff" for each in text)
    wordy = any(each.isalnum() for each in text)
    return text if writable and wordy and len(text) <= MAX_NAME else ""


def search_words(name: str) -> str:
    """Return the words of `name`, without what is an operator to the search.

    That are signs (`-`, `"`, `insource:/…/`) and AND, OR, NOT in capitals ("Help:CirrusSearch").
    """
    kept = (each for each in name if not unicodedata.combining(each))
    words = "".join(each if each.isalnum() or each == "\u200c" else " " for each in kept)
    return _SPACES.sub(" ", words).strip().lower()


def search_language(tag: str, name: str) -> str:
    """Return the language in which a name with this tag, "" if unknown, is searched."""
    for each in (tag.lower(), tag.lower().partition("-")[0]):
        if each in LANGUAGES:
            return each
    return "ar" if _ARABIC.search(name) else "en"


def label(names: Mapping[str, tuple[str, ...]], *preferred: str) -> tuple[str, str]:
    """Return the language and text of the label to show, "" both where there is no name."""
    for tag in (*preferred, *FIRST, "mul", *names):
        if names.get(tag):
            return tag, names[tag][0]
    return "", ""


def in_order(names: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return each name with its language: Arabic, Kurdish, English, then the others as given."""
    tags = sorted(names, key=lambda tag: FIRST.index(tag) if tag in FIRST else len(FIRST))
    return [(tag, name) for tag in tags for name in names[tag]]
