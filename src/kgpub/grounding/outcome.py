"""What comes of words that have no place in an article: values, apart from any rendering."""

from __future__ import annotations

from dataclasses import dataclass

from kgpub.grounding.characters import Kind
from kgpub.model.text import Passage


@dataclass(frozen=True)
class Difference:
    """One place where words and nearest passage differ.

    Both offsets count code points from 0: `words_offset` in the submitted words,
    `article_offset` in the article. Either piece may be empty, not both.
    """

    kind: Kind
    words_offset: int
    article_offset: int
    words: str
    article: str


@dataclass(frozen=True)
class Occurrence:
    """A passage with the number of its line in the article, from 1."""

    passage: Passage
    line: int


@dataclass(frozen=True)
class Nearest:
    """The passage that the words were probably meant to be.

    `similarity` runs from 0 to 1, look-alikes taken for equal: 1 minus the Levenshtein distance
    for each code point of the words. `compared` is how many code points of the words were
    compared, counted from their beginning. `differences` are sorted; putting each one's
    `article` in place of its `words` turns the compared words into the passage.
    """

    passage: Passage
    line: int
    similarity: float
    compared: int
    differences: tuple[Difference, ...]

    @property
    def only_looks(self) -> bool:
        """Whether letters and numbers are the same: no difference is one of content."""
        return all(difference.kind is not Kind.CONTENT for difference in self.differences)


@dataclass(frozen=True)
class Ungrounded:
    """Words without a place in the article; always one of the classes below."""

    words: str


@dataclass(frozen=True)
class Blank(Ungrounded):
    """Nothing to read: the words are empty, or white space and invisible characters."""


@dataclass(frozen=True)
class Repeated(Ungrounded):
    """The words stand in the article several times and no occurrence was chosen.

    `occurrences` are the first few of the `count`; where `complete` is False the count was
    stopped there.
    """

    occurrences: tuple[Occurrence, ...]
    count: int
    complete: bool


@dataclass(frozen=True)
class OutOfRange(Ungrounded):
    """The chosen occurrence does not exist: it is below 1 or above `count`."""

    requested: int
    occurrences: tuple[Occurrence, ...]
    count: int
    complete: bool


@dataclass(frozen=True)
class Inexact(Ungrounded):
    """The words do not stand in the article; something near them does."""

    nearest: Nearest


@dataclass(frozen=True)
class Absent(Ungrounded):
    """The words do not stand in the article; `searched` tells whether for near ones too."""

    searched: bool
