"""A name as written, and what it has in common with its other spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from kgpub.names.letters import ARABIC, LATIN, fold, mend_mixed
from kgpub.names.sounds import (
    KURDISH,
    MARKED,
    arabic_sound,
    kurdish_vowels,
    latin_marks,
    latin_sound,
    skeleton,
)
from kgpub.names.titles import FIRST_WORDS, title_length

MAX_LENGTH = 300
"""Code points of a name that are read; what is longer is no name, and reading stays quick."""
MAX_READINGS = 8

_ARTICLE = "ال"
_SLAVE_OF = re.compile(r"\b(عبد|عبيد)ال(?=\w\w)")
_LATIN_SLAVE_OF = re.compile(r"\babd[aeiou]*l?l? ?(?:[aeu]l )?(?=[a-z]{3})")
_ARTICLES = re.compile(r"\bال ?(?=\w\w)|\bا([تدرزسشطن]) (?=\1)")
"""The article; also apart, and as it sounds before a sun letter, as Persian writes it: از زلفی."""
_NO_ARTICLE = re.compile(r"(?<!\w)[أإآ]ل")
"""ألمانيا: a hamza or madda on the alef says that no article begins here."""
_LATIN_ARTICLES = re.compile(
    r"\b(?:al|el|ul|ash|esh|il)\b (?=\w)|\b[aeu]([dnrstz])h? (?=\1)|(?<=\w) (?:e|ye|i)(?= \w)"
)
_KUNYA = re.compile(r"\b(?:ابي|ابا|ابو)\b ?(?=\w)")
_KUNYA_HEADS = frozenset(("ابو", "ابي", "ابا", "ام", "abu", "abou", "abi", "aboo", "umm", "um"))
_SON_OF = frozenset(("بن", "ابن", "بنت", "bin", "ibn", "ben", "bint"))
_CLITICS = "وفبلك"
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*|,\s*(?:jr|sr|ii|iii)\b\.?", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—/|]\s+|\s*[/|]\s*")
_ARABIC_NISBA = re.compile(r"ال\w{2,}ي")
_LATIN_NISBA = re.compile(r"(?:al|el) \w{2,}(?:i|y)")


@dataclass(frozen=True)
class Name:
    """One reading of a name.

    `original` is the name as written, all of it. `key` is equal for spellings that any reader takes
    for the same; `bare` is the key without articles and spaces. `sound` and `skeleton` compare
    across scripts, see `sounds`; they are "" where the script is neither Arabic nor Latin.
    `stripped` tells what this reading leaves out: pairs of a kind (`title`, `clitic`,
    `aside`, `part`, `script`, `kunya`, `nisba`, `son-of`, `no-article`) and the words.
    """

    original: str
    key: str
    bare: str
    sound: str
    skeleton: str
    stripped: tuple[tuple[str, str], ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words of the key."""
        return tuple(self.key.split())


def read(text: str, language: str = "") -> Name:
    """Return a name as it stands, nothing left out but its articles (in `bare` and `sound`).

    `language` is a BCP 47 tag or ""; only Turkish, Azeri and Kurmanji c depends on it.
    """
    cut = text[:MAX_LENGTH]
    return _reading(text, cut, fold(cut), language)


def _reading(
    original: str,
    written: str,
    key: str,
    language: str,
    stripped: tuple[tuple[str, str], ...] = (),
    keep_article: bool = False,
) -> Name:
    """Return the reading with the folded form `key` of the part `written` of a name."""
    if ARABIC.search(key):
        loose = mend_mixed(key) if LATIN.search(key) else key
        loose = _KUNYA.sub("ابو ", _SLAVE_OF.sub(r"\1 ال", loose))
        bare = loose if keep_article else _without_articles(loose, written)
        if KURDISH.search(written):
            sound = arabic_sound(fold(kurdish_vowels(written)))
        else:
            sound = arabic_sound(bare)
    else:
        bare = _LATIN_ARTICLES.sub("", _LATIN_SLAVE_OF.sub("abd ", key))
        sound = _latin(written, bare, language) if LATIN.search(key) else ""
    return Name(original, key, bare.replace(" ", ""), sound, skeleton(sound), stripped)


def _without_articles(loose: str, written: str) -> str:
    if not _NO_ARTICLE.search(written):
        return _ARTICLES.sub("", loose)
    words, as_written = loose.split(), normalize("NFC", written).split()
    if len(words) != len(as_written):
        return _ARTICLES.sub("", loose)
    return " ".join(
        word if _NO_ARTICLE.match(original) else _ARTICLES.sub("", word)
        for word, original in zip(words, as_written, strict=True)
    )


def _latin(written: str, bare: str, language: str) -> str:
    if MARKED.search(written):
        folded = fold(latin_marks(written.lower()))
        bare = _LATIN_ARTICLES.sub("", _LATIN_SLAVE_OF.sub("abd ", folded))
    if language in ("tr", "az", "ku", "kmr"):
        bare = re.sub("c(?!h)", "j", bare)
    return latin_sound(bare)


def readings(text: str, language: str = "", running: bool = True) -> tuple[Name, ...]:
    """Return the ways to read a name, the plainest first: as it stands, then with parts left out.

    What is left out may be part of the name, so each reading counts. No more than MAX_READINGS.
    A name in `running` text may have a clitic, a kunya, or a nisba; one of a list has not.
    """
    cut = text[:MAX_LENGTH]
    found: dict[str, Name] = {}
    for written, stripped in _written_readings(cut):
        key = fold(written)
        if key:
            _add(found, _reading(text, written, key, language, stripped))
    for name in tuple(found.values()):
        for key, stripped in _word_readings(name.key, running):
            _add(found, _reading(text, key, key, language, name.stripped + stripped))
    for name in tuple(found.values()):
        if _ARTICLES.search(name.key):
            # الكساندر begins with no article, whatever it looks like.
            kept = (*name.stripped, ("no-article", name.key))
            _add(found, _reading(text, name.key, name.key, language, kept, keep_article=True))
    return tuple(found.values())[:MAX_READINGS]


def _add(found: dict[str, Name], name: Name) -> None:
    if name.key and name.bare and name.bare not in found:
        found[name.bare] = name


def _written_readings(text: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the parts of a name as written that may be all of it: without asides, one script."""
    yield text, ()
    plain = _ASIDE.sub(" ", text).strip()
    if plain != text.strip() and plain:
        yield plain, (("aside", text),)
    if ARABIC.search(text) and LATIN.search(text):
        words = plain.split()
        arabic = " ".join(word for word in words if ARABIC.search(word))
        other = " ".join(word for word in words if LATIN.search(word) and not ARABIC.search(word))
        if other:
            yield arabic, (("script", other),)
            yield other, (("script", arabic),)
    for part in _PARTS.split(plain, 3)[:3] if _PARTS.search(plain) else ():
        yield part, (("part", plain),)


def _word_readings(key: str, running: bool) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield a folded name without title, clitic, kunya or nisba."""
    words = key.split()
    for some, stripped in _without_title(words):
        if stripped:
            yield " ".join(some), stripped
        if running:
            yield from _without_clitic(some, stripped)
        if len(some) > 2:
            yield from _shorter(some, stripped, running)


def _without_title(
    words: Sequence[str],
) -> Iterator[tuple[Sequence[str], tuple[tuple[str, str], ...]]]:
    yield words, ()
    joined = words[0]
    if joined not in FIRST_WORDS and joined[0] in _CLITICS:
        # والدكتور, للرئيس: the clitic stands before the title.
        joined = _ARTICLE + joined[2:] if joined.startswith("لل") else joined[1:]
    if joined in FIRST_WORDS:
        length = title_length([joined, *words[1:]])
        if length:
            yield words[length:], (("title", " ".join(words[:length])),)


def _without_clitic(
    words: Sequence[str], stripped: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    first = words[0]
    if len(first) < 4 or first[0] not in _CLITICS:
        return
    rest = first[2:] if first.startswith("لل") else first[1:]
    yield " ".join([rest, *words[1:]]), (*stripped, ("clitic", first[0]))


def _shorter(
    words: Sequence[str], stripped: tuple[tuple[str, str], ...], running: bool
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield names of three words and more without kunya, `son of`, or a nisba at the end."""
    if any(word in _SON_OF for word in words[1:]):
        kept = [word for word in words if word not in _SON_OF]
        yield " ".join(kept), (*stripped, ("son-of", " ".join(words)))
    if not running:
        return
    if words[0] in _KUNYA_HEADS and len(words) > 3:
        yield " ".join(words[2:]), (*stripped, ("kunya", " ".join(words[:2])))
    nisba = _ARABIC_NISBA.fullmatch(words[-1]) or _LATIN_NISBA.fullmatch(" ".join(words[-2:]))
    length = 2 if words[-2] in ("al", "el") else 1
    if nisba and len(words) - length > 1:
        yield " ".join(words[:-length]), (*stripped, ("nisba", " ".join(words[-length:])))
