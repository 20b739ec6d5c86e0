"""Passages of a text: pieces where they overlap, marks that nest, and the sentence around one."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_CONTEXT = 240
"""Code points before a passage, and after it, that are shown with it."""

_SENTENCE_END = re.compile(r"(?:[!?؟۔…]|(?<!\b[^\W\d_a-z])\.)[\"'”’»)\]]*(?=\s|\Z)|[\r\n]")
"""Ends of lines end sentences, as headlines have no full stop; the point of an initial does not."""
_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"[^\r\n]+[\r\n]*|[\r\n]+")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where something stands in a text: from `start` to before `end`, in code points from 0.

    `name` is what stands there, an IRI.
    """

    start: int
    end: int
    name: str

    @property
    def outermost_first(self) -> tuple[int, int, str]:
        """A sort key by which a span comes after all that it lies within."""
        return (self.start, -self.end, self.name)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text between edges of spans, with the spans that cover it, outermost first."""

    start: int
    end: int
    cover: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a text as it is written in a page: what closes, what opens, and then the words.

    `closes` counts how many of the open marks end here. `anchors` are spans that begin here and
    whose marks would be too deep inside others: each still is a place to link to.
    """

    text: str
    closes: int = 0
    opens: tuple[Opening, ...] = ()
    anchors: tuple[Span, ...] = ()
    cover: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The begin of a mark. `first` is False where its span began in an earlier piece."""

    span: Span
    first: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words in the sentence around them; the three texts follow each other in the whole one.

    `cut_before` and `cut_after` say that the sentence goes on beyond what is shown.
    """

    before: str
    words: str
    after: str
    cut_before: bool = False
    cut_after: bool = False


def segments(length: int, spans: Iterable[Span], most: int | None = None) -> list[Segment]:
    """Return the pieces of a text of `length` code points, in order and without a gap.

    Neighbours have different covers. Spans that are empty, or not wholly within the text, cover
    nothing. Where more than `most` cover a piece, it has the outermost of them.
    """
    lying = {span for span in spans if 0 <= span.start < span.end <= length}
    starts = sorted(lying, key=lambda span: span.outermost_first, reverse=True)
    ends = sorted(lying, key=lambda span: span.end, reverse=True)
    edges = sorted({0, length, *(span.start for span in lying), *(span.end for span in lying)})
    active: list[tuple[tuple[int, int, str], Span]] = []
    found = []
    for start, end in pairwise(edges):
        while ends and ends[-1].end <= start:
            leaving = ends.pop()
            del active[bisect_left(active, (leaving.outermost_first, leaving))]
        while starts and starts[-1].start <= start:
            coming = starts.pop()
            insort(active, (coming.outermost_first, coming))
        found.append(Segment(start, end, tuple(span for _, span in active[:most])))
    return found


def paragraphs(text: str) -> list[Span]:
    """Return the lines of `text` as spans, each with the ends of lines that follow it."""
    return [Span(*match.span(), "") for match in _PARAGRAPH.finditer(text)]


def marked(text: str, spans: Sequence[Span], depth: int) -> Iterator[list[Mark]]:
    """Yield the paragraphs of `text`, each as marks that nest and are closed within it.

    A span that crosses another, or the end of a paragraph, has a mark in each piece. No more than
    `depth` marks are open at once. What remains open at the end of a paragraph closes there.
    """
    pieces = iter(segments(len(text), spans, depth))
    begun: set[Span] = set()
    at: dict[int, list[Span]] = {}
    for span in sorted(set(spans), key=lambda span: span.outermost_first):
        if 0 <= span.start < span.end <= len(text):
            at.setdefault(span.start, []).append(span)
    piece = next(pieces, None)
    for line in paragraphs(text):
        marks: list[Mark] = []
        opened: list[Span] = []
        while piece is not None and piece.start < line.end:
            start, end = max(piece.start, line.start), min(piece.end, line.end)
            kept = _shared(opened, piece.cover)
            opening = piece.cover[kept:]
            deep = tuple(each for each in at.get(start, ()) if each not in opening)
            marks.append(
                Mark(
                    text[start:end],
                    len(opened) - kept,
                    tuple(Opening(span, span not in begun) for span in opening),
                    deep,
                    piece.cover,
                )
            )
            begun.update(opening, deep)
            opened = list(piece.cover)
            if piece.end > line.end:
                break
            piece = next(pieces, None)
        yield marks


def crossing(marked_paragraphs: Iterable[Sequence[Mark]]) -> list[Span]:
    """Return the spans of marked paragraphs that have marks in several pieces, in their order."""
    opened = [opening for marks in marked_paragraphs for mark in marks for opening in mark.opens]
    return list(dict.fromkeys(each.span for each in opened if not each.first))


def excerpt(text: str, start: int, end: int, limit: int = MAX_CONTEXT) -> Excerpt:
    """Return the words from `start` to before `end` (code points) in their sentence.

    At most `limit` code points of it stand before the words, and after them; what is longer is
    cut between words. Sentences end at full stops, question and exclamation marks of Arabic and
    Latin script before a space, and at ends of lines.
    """
    first, cut_before = _begin(text, start, limit)
    last, cut_after = _end(text, start, end, limit)
    return Excerpt(text[first:start], text[start:end], text[end:last], cut_before, cut_after)


def _begin(text: str, start: int, limit: int) -> tuple[int, bool]:
    floor = max(0, start - limit)
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text, floor, start)
        # At `start` itself it is not known to be one: what follows may be no space.
        if match.end() < start or match[0] in "\r\n"
    ]
    if ends or floor == 0:
        begin = ends[-1] if ends else 0
        while begin < start and text[begin].isspace():
            begin += 1
        return begin, False
    space = _SPACE.search(text, floor, start)
    begin = space.end() if space else floor
    while begin < start and unicodedata.combining(text[begin]):
        begin += 1
    return begin, True


def _end(text: str, start: int, end: int, limit: int) -> tuple[int, bool]:
    ceiling = min(len(text), end + limit)
    # The words themselves may end the sentence.
    match = _SENTENCE_END.search(text, max(start, end - 1), min(len(text), ceiling + 1))
    if match and match.end() <= max(ceiling, end):
        return max(end, match.start() if match[0] in "\r\n" else match.end()), False
    if ceiling == len(text):
        return ceiling, False
    spaces = [space.start() for space in _SPACE.finditer(text, end, ceiling)]
    last = spaces[-1] if spaces else ceiling
    while last > end and unicodedata.combining(text[last]):
        last -= 1
    return last, True


def _shared(opened: Sequence[Span], cover: Sequence[Span]) -> int:
    """Return how many of the open spans stay open, outermost first."""
    kept = 0
    for one, other in zip(opened, cover, strict=False):
        if one != other:
            break
        kept += 1
    return kept
