"""Articles and the passages of them that statements stand on."""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT_LENGTH = 32
"""Code points of prefix and of suffix that a passage carries."""


@dataclass(frozen=True)
class Passage:
    """A stretch of an article's text; `start` and `end` count code points from 0, end exclusive.

    The three strings and two offsets are those of the TextQuoteSelector and TextPositionSelector
    of the Web Annotation Data Model, sections 4.2.4 and 4.2.5.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Passage:
        """Cut the passage from `start` to `end` (code points) out of `text`."""
        return cls(
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - CONTEXT_LENGTH) : start],
            suffix=text[end : end + CONTEXT_LENGTH],
        )

    @property
    def fragment(self) -> str:
        """The fragment identifier of RFC 5147, section 2.2.1: positions between characters."""
        return f"char={self.start},{self.end}"
