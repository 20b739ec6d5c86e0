"""What somebody looks for: words, phrases in quotation marks, beginnings of words.

Whatever is typed is a query; what is no letter and no digit only parts words. Nothing of it is
syntax of a search engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kgpub.names.letters import fold
from kgpub.search.forms import KURDISH_LETTERS
from kgpub.search.words import as_sorani, folded_words

MAX_TEXT = 300
"""Code points of a query that are read."""
MAX_TERMS = 12
MAX_PHRASE = 12
"""Words of a phrase."""

_QUOTES = '"“”„‟«»'
_PARTS = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)(?:[{_QUOTES}]|\\Z)|([^{_QUOTES}]+)")
_CONTROLS = re.compile("(?!\\s)[\0-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069]")
"""Characters that are no text, and those that turn the direction of what follows."""
_ARTICLES = frozenset(("al", "el", "the", "ال"))
"""Words of names that not everybody writes; they are looked for only in phrases or alone."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that are looked for next to each other; mostly one. All are folded.

    `is_prefix` says that more letters may follow.
    """

    words: tuple[str, ...]
    is_phrase: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `text` is as typed, but shorter, and without what controls the display.

    `is_open` says that it ends in a word that may be still typed; `is_cut` that more was asked
    than is looked for.
    """

    text: str
    terms: tuple[Term, ...]
    is_open: bool
    is_cut: bool

    @property
    def words(self) -> tuple[str, ...]:
        """All words, in order."""
        return tuple(word for term in self.terms for word in term.words)


def parsed(text: str) -> Query:
    """Return what `text` looks for.

    >>> parsed('"رئيس الوزراء" كاظ*').terms[1]
    Term(words=('كاظ',), is_phrase=False, is_prefix=True)
    """
    cut = text[:MAX_TEXT]
    if KURDISH_LETTERS.search(cut):
        cut = as_sorani(cut)
    terms: list[Term] = []
    for match in _PARTS.finditer(cut):
        if match[1] is not None:
            words = tuple(folded_words(match[1]))
            if words:
                terms.append(Term(words[:MAX_PHRASE], is_phrase=len(words) > 1))
        else:
            terms += _single(match[2])
    needed = [term for term in terms if term.is_phrase or term.words[0] not in _ARTICLES]
    kept = list(dict.fromkeys(needed or terms))
    is_open = bool(kept) and cut[-1:] == cut[-1:].strip() and fold(cut[-1:]) != ""
    is_cut = len(text) > MAX_TEXT or len(kept) > MAX_TERMS
    shown = " ".join(_CONTROLS.sub("", text[:MAX_TEXT]).split())
    return Query(shown, tuple(kept[:MAX_TERMS]), is_open, is_cut)


def _single(text: str) -> list[Term]:
    terms: list[Term] = []
    for piece in text.split():
        words = folded_words(piece)
        starred = piece.endswith("*")
        terms += [
            Term((word,), is_prefix=starred and number == len(words))
            for number, word in enumerate(words, 1)
        ]
    return terms
