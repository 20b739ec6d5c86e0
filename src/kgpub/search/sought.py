"""What is looked for, each term with the words that count as it, and where a text has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kgpub.search.query import Term
from kgpub.search.sounds import sounds_like
from kgpub.search.words import Word, placed_words

ARTICLE = "ال"
LEAST_PREFIX = 2
"""Letters of a beginning that texts are looked for by."""
MAX_FORMS = 40
"""Words that one word is looked for as."""


@dataclass(frozen=True)
class Sought:
    """A term of a query.

    `forms` are words that count as it, of a phrase as its first word; `spellings` are words that
    may be other spellings of it. `is_prefix` says that longer words of names count too; in texts
    only if it is not `is_known` as a whole word. `skeleton` is what names that sound like it have
    (kgpub.names.sounds), "" where no sound is looked for. `count` is how often texts have any of
    these words.
    """

    term: Term
    forms: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    is_prefix: bool = False
    is_known: bool = False
    skeleton: str = ""
    count: int = 0

    @property
    def word(self) -> str:
        """The term's only or first word."""
        return self.term.words[0]

    @property
    def whole(self) -> Sought:
        """The term without longer words, unless these are asked for."""
        return replace(self, is_prefix=self.term.is_prefix)

    @property
    def in_texts(self) -> Sought:
        """The term as texts are searched for it."""
        is_prefix = self.is_prefix and not self.is_known and len(self.word) >= LEAST_PREFIX
        return replace(self, is_prefix=is_prefix, skeleton="")

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The words that count as the term, or as its first word."""
        return frozenset((self.word, *self.forms, *self.spellings))

    @property
    def is_loose(self) -> bool:
        """Whether other words may count too."""
        return self.is_prefix or bool(self.skeleton)

    def counts(self, word: str) -> bool:
        """Whether `word` of a text counts as the term, or as its first word."""
        if word in self.firsts:
            return True
        if self.is_prefix and word.startswith((self.word, ARTICLE + self.word)):
            return True
        return bool(self.skeleton) and sounds_like(self.word, word)


def names_expression(sought: Sequence[Sought], is_any: bool = False) -> str:
    """Return the FTS5 query for names that have all terms, in `words` or `sorani`, or `sounds`.

    With `is_any` one is enough. Words are quoted, so that none is syntax (SQLite, FTS5, section 3).
    """
    return _joined((_name_term(each) for each in sought), is_any)


def texts_expression(sought: Sequence[Sought], as_is: bool = False) -> str:
    """Return the FTS5 query for texts that have all terms; `as_is` in no other form."""
    return _joined((_text_term(each, as_is) for each in sought), is_any=False)


def _joined(terms: Iterator[str], is_any: bool) -> str:
    return (" OR " if is_any else " AND ").join(f"({term})" for term in terms)


def _name_term(sought: Sought) -> str:
    found = f"{{words sorani}} : ({_text_term(sought)})"
    return f"{found} OR {{sounds}} : {_quoted(sought.skeleton)}" if sought.skeleton else found


def _text_term(sought: Sought, as_is: bool = False) -> str:
    rest = sought.term.words[1:]
    firsts = [sought.word] if as_is else [sought.word, *sought.forms, *sought.spellings]
    found = [_quoted(" ".join((first, *rest))) for first in dict.fromkeys(firsts)]
    if sought.is_prefix and not as_is:
        found += [f"{_quoted(each + sought.word)} *" for each in ("", ARTICLE)]
    return " OR ".join(found)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def places(text: str, sought: Collection[Sought], most: int) -> list[tuple[int, int]]:
    """Return where the terms stand in `text`, in order, from the first to no more than `most`.

    A place is from a code point to before another.
    """
    by_first: dict[str, list[Sought]] = defaultdict(list)
    for each in sought:
        for word in each.firsts:
            by_first[word].append(each)
    loose = [each for each in sought if each.is_loose]
    longest = max((len(each.term.words) for each in sought), default=1)
    found: list[tuple[int, int]] = []
    for window in _windows(text, longest):
        word = window[0].folded
        begun = by_first[word] if word in by_first else [e for e in loose if e.counts(word)]
        lengths = [len(each.term.words) for each in begun if _follows(each, window)]
        if lengths:
            found.append((window[0].place[0], window[max(lengths) - 1].place[1]))
            if len(found) == most:
                break
    return found


def _windows(text: str, length: int) -> Iterator[list[Word]]:
    """Yield each word of `text` with those after it, `length` together or what there is."""
    window: list[Word] = []
    for word in placed_words(text):
        window.append(word)
        if len(window) == length:
            yield window
            window = window[1:]
    while window:
        yield window
        window = window[1:]


def _follows(sought: Sought, window: Sequence[Word]) -> bool:
    """Whether the rest of a phrase follows on its first word."""
    rest = sought.term.words[1:]
    return rest == tuple(word.folded for word in window[1 : len(rest) + 1])
