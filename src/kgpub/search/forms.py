"""What a word may be a form of: the word without what clings to it, in Arabic and in Sorani.

Arabic writes conjunctions, prepositions, the article, the future and pronouns together with the
word, Sorani articles, the plural and the linking ی. Which of these a word has cannot be told from
its letters (وزير is no و and زير), so that each function returns what may be, and `accepted` says
which of it counts, by how often the words occur. All words are folded (kgpub.names.letters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LEAST_STEM = 3
"""Letters that are left at least."""
_FRAME_LEAST = 5
"""Letters without which different words have the same frame: كتاب and كاتب have three."""

_ARABIC_WORD = re.compile("[\u0621-\u064aپچژگ]+")
KURDISH_LETTERS = re.compile("[ەۆێڵڕڤ]")
"""Letters, as written, that only Kurdish has."""

_JOINED = re.compile("([وف]?)(بال|كال|لل|ال|[بلك]|س(?=[ايتن])|)(.*)")
_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ه", "ك")
_ARTICLES = ("بال", "كال", "ال")
_ACCUSATIVE = "ا"
_SORANI_ENDINGS = (
    "هكانيان", "هكهيان", "هكاني", "هكان", "هكهي", "هكه", "يكي", "يك", "هكهش", "هوه",
    "اني", "انه", "ان", "يان", "مان", "تان", "يش", "ش", "ي", "ه",
)  # fmt: skip
"""Definite and indefinite endings, plurals, the linking ی, pronouns, `too`; folded."""
_LONG_VOWELS = str.maketrans({"ا": None, "و": None, "ي": None, "پ": "ب", "چ": "ج", "گ": "ك"})
"""What spellings of foreign words differ in: كردستان, كوردستان; نيجيرفان, نيچيرفان."""

Strength = Callable[[str], int]
"""How established a word is: the more, the oftener it occurs."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a word may be a form of. `sure` says that an article shows it."""

    stem: str
    sure: bool = False


def forms(word: str, is_sorani: bool) -> Iterator[Form]:
    """Yield what a word may be a form of, besides itself; `is_sorani` where it is in that language.

    Where it is not known to be, it is taken for Arabic or, by its letters, for English.
    """
    if is_sorani:
        yield from sorani_forms(word)
    else:
        yield from arabic_forms(word)
        yield from english_forms(word)


def arabic_forms(word: str) -> Iterator[Form]:
    """Yield what an Arabic `word` may be a form of, besides itself.

    >>> [form.stem for form in arabic_forms("وبغداد")]
    ['بغداد', 'غداد']
    """
    if not _ARABIC_WORD.fullmatch(word):
        return
    seen = {word}
    for rest, has_article in _beginnings(word):
        for stem in (rest, *_without_ending(rest, has_article)):
            if len(stem) >= LEAST_STEM and stem not in seen:
                seen.add(stem)
                yield Form(stem, has_article and stem == rest)


def _beginnings(word: str) -> Iterator[tuple[str, bool]]:
    """Yield the word and what is left of it without what may cling to its beginning."""
    yield word, False
    match = _JOINED.fullmatch(word)
    assert match is not None
    conjunction, joined, rest = match.groups()
    if conjunction:
        yield joined + rest, False
        if joined:
            yield from _after(joined, rest)
    elif joined:
        yield from _after(joined, rest)


def _after(joined: str, rest: str) -> Iterator[tuple[str, bool]]:
    if joined == "لل":
        # للحكومة is ل and الحكومة; للبنان is ل and لبنان.
        yield rest, True
        yield "ل" + rest, True
    elif joined in _ARTICLES:
        yield rest, True
        if joined != "ال":
            # باللغة, but also بالون: the ا may be of the word.
            yield joined[1:] + rest, False
    else:
        yield rest, False


def _without_ending(word: str, has_article: bool) -> Iterator[str]:
    """Yield the word without a pronoun, which none with the article has, or the accusative's ا."""
    if word.endswith(_ACCUSATIVE):
        yield word.removesuffix(_ACCUSATIVE)
    if has_article:
        return
    for pronoun in _PRONOUNS:
        if word.endswith(pronoun):
            stem = word.removesuffix(pronoun)
            yield stem
            if stem.endswith("ت"):
                # Before a pronoun the ة of حكومة, folded as ه, is written ت: حكومته.
                yield stem[:-1] + "ه"


def sorani_forms(word: str) -> Iterator[Form]:
    """Yield what a Sorani `word` may be a form of, besides itself.

    >>> [form.stem for form in sorani_forms("شاريك")]
    ['شار']
    """
    for ending in _SORANI_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= LEAST_STEM:
            yield Form(stem)


def english_forms(word: str) -> Iterator[Form]:
    """Yield what an English `word` may be the genitive or the plural of; 's is folded to s."""
    if word.isascii() and word.endswith("s") and len(word) > LEAST_STEM:
        yield Form(word.removesuffix("s"))


def frame(word: str) -> str:
    """Return what spellings of a long Arabic-script word share: its consonants; "" for others.

    >>> frame("كردستان") == frame("كوردستان") != ""
    True
    """
    if not _ARABIC_WORD.fullmatch(word):
        return ""
    bare = word.removeprefix("ال") if len(word) > LEAST_STEM + 2 else word
    # The last letter counts: كوردستاني is no spelling of كوردستان.
    shared = bare[:-1].translate(_LONG_VOWELS) + bare[-1]
    return shared if len(shared) >= _FRAME_LEAST else ""


def accepted(word: str, forms: Iterator[Form], strength: Strength) -> list[str]:
    """Return the stems that count: those that an article shows, and those stronger than `word`.

    So وبغداد is taken for a form of بغداد where بغداد occurs oftener, and وزير not for one of زير.
    """
    own = strength(word)
    return [form.stem for form in forms if form.sure or strength(form.stem) > own]
