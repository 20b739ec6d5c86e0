"""The passage of a text that is nearest to words which do not stand in it.

Nearest is what the Levenshtein distance between the words and any stretch of the text says, once
look-alikes are folded: approximate matching after Myers, "A fast bit-vector algorithm for
approximate string matching based on dynamic programming", Journal of the ACM 46(3), 1999.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from kgpub.grounding.characters import is_ignorable
from kgpub.grounding.difference import differences
from kgpub.grounding.folding import Folded
from kgpub.grounding.outcome import Nearest
from kgpub.model.text import Passage

MAX_WORDS = 2_000
"""Code points of the words that are compared; the rest of longer words is left out."""

MAX_TEXT = 1_000_000
"""Code points of the text that are searched."""

LEAST_SIMILARITY = 0.6
"""Below this, two sentences of one language are alike by chance."""

_SCAN_BUDGET = 500_000_000
"""Steps for a whole scan, some 0.3 s: beyond it only places that share a run are looked at."""

_RUNS = ((24, 32), (24, 12), (24, 6))
"""How many runs of the words are looked for and how long they are, until some are found."""

_LONGEST = 4 * MAX_WORDS
"""Code points of a passage: a million vowel signs between two letters make none."""

_PLACES = 4
"""Places that are scanned where not the whole text is."""

_HITS = 50
"""How often one run is looked for: a run that stands everywhere points nowhere."""

_TIES = 16
"""Equally near places that are weighed against each other."""

_EDGE = 4
"""Ignorable characters at an edge of the passage that may belong to it."""

_Span = tuple[int, int]


def find_nearest(text: str, words: str) -> Nearest | None:
    """Return the passage of `text` nearest to `words`, or None where nothing is similar.

    Exact for a text of up to some 200,000 code points against 2,000 of words, and of up to
    600,000 against short ones. In a longer text only places that share a run of at least six
    characters with the words are looked at. Bounded by `MAX_WORDS` and `MAX_TEXT`.
    """
    pattern = Folded.at_most(words, MAX_WORDS)
    article = Folded.at_most(text, MAX_TEXT)
    if not pattern.text:
        return None
    distance, found = _closest(pattern.text, article.text)
    similarity = 1 - distance / len(pattern.text)
    spans = [
        (start, end)
        for start, end in (article.span(*span) for span in found)
        if end - start <= _LONGEST
    ]
    if not spans or similarity < LEAST_SIMILARITY:
        return None
    compared = pattern.original
    start, end = _best(compared, text, spans)
    return Nearest(
        passage=Passage.of(text, start, end),
        line=text.count("\n", 0, start) + 1,
        similarity=similarity,
        compared=len(compared),
        differences=differences(compared, text[start:end], start),
    )


def _closest(pattern: str, text: str) -> tuple[int, list[_Span]]:
    """Return the least distance, and some stretches of `text` that have it."""
    same = _matches(pattern, text, 4 * _TIES)
    if same:
        return 0, [(start, start + len(pattern)) for start in same]
    least, spans = len(pattern), list[_Span]()
    for first, last in _windows(pattern, text):
        distance, ends = _ends(pattern, text[first:last])
        if distance > least:
            continue
        if distance < least:
            least, spans = distance, []
        for end in ends:
            starts = _starts(pattern, text, first + end, distance)
            spans += [(start, first + end) for start in starts]
    return least, spans


def _matches(needle: str, text: str, limit: int) -> list[int]:
    found: list[int] = []
    start = text.find(needle)
    while start != -1 and len(found) < limit:
        found.append(start)
        start = text.find(needle, start + 1)
    return found


def _windows(pattern: str, text: str) -> list[_Span]:
    """Return the stretches of `text` to scan: all of it, or where runs of the pattern stand."""
    if len(text) * (len(pattern) + 800) <= _SCAN_BUDGET:
        return [(0, len(text))]
    size = max(64, len(pattern))
    for count, length in _RUNS:
        votes: Counter[int] = Counter()
        step = max(1, (len(pattern) - length) // count)
        for offset in range(0, len(pattern) - length + 1, step):
            run = pattern[offset : offset + length]
            starts = (hit - offset for hit in _matches(run, text, _HITS))
            votes.update({max(0, start) // size for start in starts})
        if votes:
            chosen = sorted(votes, key=lambda place: (-votes[place], place))[:_PLACES]
            return [
                (max(0, (place - 1) * size), min(len(text), (place + 3) * size))
                for place in sorted(chosen)
            ]
    return []


def _ends(pattern: str, text: str) -> tuple[int, list[int]]:
    """Return the least distance of `pattern` to any stretch of `text`, and where such end."""
    least, ends = len(pattern), list[int]()
    for end, distance in enumerate(_distances(pattern, text, anchored=False), 1):
        if distance < least:
            least, ends = distance, [end]
        elif distance == least and len(ends) < _TIES:
            ends.append(end)
    return least, ends


def _starts(pattern: str, text: str, end: int, distance: int) -> list[int]:
    """Return where the stretches at `distance` that end at `end` begin, the likeliest few."""
    window = text[max(0, end - len(pattern) - distance) : end]
    lengths = [
        length
        for length, found in enumerate(_distances(pattern[::-1], window[::-1], anchored=True), 1)
        if found == distance
    ]
    likeliest = sorted(lengths, key=lambda length: abs(length - len(pattern)))[:_TIES]
    return [end - length for length in likeliest]


def _distances(pattern: str, text: str, *, anchored: bool) -> Iterator[int]:
    """Yield, for each prefix of `text`, the distance of `pattern` to its nearest suffix.

    Anchored, the distance is that to the whole prefix.
    """
    masks: dict[str, int] = {}
    for position, character in enumerate(pattern):
        masks[character] = masks.get(character, 0) | 1 << position
    every = (1 << len(pattern)) - 1
    last = 1 << (len(pattern) - 1)
    up, down, distance = every, 0, len(pattern)
    for character in text:
        equal = masks.get(character, 0)
        vertical = equal | down
        horizontal = (((equal & up) + up) ^ up) | equal
        right = down | (every & ~(horizontal | up))
        left = up & horizontal
        if right & last:
            distance += 1
        elif left & last:
            distance -= 1
        right = right << 1 | anchored
        left <<= 1
        up = (left | ~(vertical | right)) & every
        down = right & vertical
        yield distance


def _best(words: str, text: str, spans: list[_Span]) -> _Span:
    """Return the span that is closest to the words as they are, its edges fitted to them.

    Of equally close ones it is one that cuts no word in two, then one without white space at an
    edge where the words have none, then the one of most like length.
    """

    def rank(span: _Span) -> tuple[int, int, int, int, int]:
        start, end = span
        distance = Levenshtein.distance(words, text[start:end])
        cuts = _within_word(text, start) + _within_word(text, end)
        # Quotation marks around the words are no reason to take in the line break before them.
        spaces = (text[start:end][:1].isspace() and not words[:1].isspace()) + (
            text[start:end][-1:].isspace() and not words[-1:].isspace()
        )
        return distance, cuts, spaces, abs(end - start - len(words)), start

    best = min(dict.fromkeys(spans), key=rank)
    best = min(((start, best[1]) for start in _before(text, best[0])), key=rank)
    return min(((best[0], end) for end in _after(text, best[1])), key=rank)


def _within_word(text: str, boundary: int) -> bool:
    return (
        text[max(0, boundary - 1) : boundary].isalnum() and text[boundary : boundary + 1].isalnum()
    )


def _before(text: str, start: int) -> list[int]:
    starts = [start]
    while len(starts) <= _EDGE and starts[-1] and is_ignorable(text[starts[-1] - 1]):
        starts.append(starts[-1] - 1)
    return starts


def _after(text: str, end: int) -> list[int]:
    ends = [end]
    while len(ends) <= _EDGE and ends[-1] < len(text) and is_ignorable(text[ends[-1]]):
        ends.append(ends[-1] + 1)
    return ends
