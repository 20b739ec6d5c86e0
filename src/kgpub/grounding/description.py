"""What an outcome says in plain words, safe to print where texts run in both directions."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

from kgpub.grounding.characters import Kind
from kgpub.grounding.outcome import (
    Absent,
    Blank,
    Difference,
    Inexact,
    Occurrence,
    OutOfRange,
    Repeated,
    Ungrounded,
)
from kgpub.messages import Lines, Message

_ISOLATE, _POP = "\u2068", "\u2069"
_JOINERS = "\u200c\u200d"
_SHOWN_DIFFERENCES = 8
_SHOWN_CODE_POINTS = 80
_NAMED_CODE_POINTS = 3
_SHOWN_POSITIONS = 5
_BREAK = "\n"

_CONTROLS = {
    "\0": "NULL",
    "\t": "CHARACTER TABULATION",
    "\n": "LINE FEED",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x85": "NEXT LINE",
}
"""Unicode gives control characters no names; these are their aliases in NameAliases.txt."""

_PLAIN_WORDS = {
    "\t": "plain-tab",
    "\n": "plain-line-break",
    "\r": "plain-carriage-return",
    "\u00a0": "plain-no-break-space",
    "\u00ad": "plain-soft-hyphen",
    "\u0629": "plain-teh-marbuta",
    "\u0640": "plain-tatweel",
    "\u0643": "plain-arabic-kaf",
    "\u0647": "plain-arabic-heh",
    "\u0648": "plain-waw",
    "\u0649": "plain-alef-maksura",
    "\u064a": "plain-arabic-yeh",
    "\u06a9": "plain-kurdish-kaf",
    "\u06be": "plain-kurdish-heh",
    "\u06c6": "plain-kurdish-o",
    "\u06cc": "plain-kurdish-yeh",
    "\u06ce": "plain-kurdish-e-circumflex",
    "\u06d5": "plain-kurdish-e",
    "\u061c": "plain-direction-mark",
    "\u200b": "plain-invisible",
    "\u200c": "plain-non-joiner",
    "\u200d": "plain-joiner",
    "\u200e": "plain-direction-mark",
    "\u200f": "plain-direction-mark",
    "\u202a": "plain-direction-control",
    "\u202b": "plain-direction-control",
    "\u202c": "plain-direction-control",
    "\u202d": "plain-direction-control",
    "\u202e": "plain-direction-control",
    "\u2066": "plain-direction-control",
    "\u2067": "plain-direction-control",
    "\u2068": "plain-direction-control",
    "\u2069": "plain-direction-control",
    "\ufeff": "plain-byte-order-mark",
}

_KINDS = {kind: f"kind-{kind.name.lower().replace('_', '-')}" for kind in Kind}
"""The codes of what differs; there is another for several, which ends in -many."""


@dataclass(frozen=True)
class Description:
    """What is wrong and what would mend it; the remedy may have several lines."""

    message: Message
    remedy: Message


def describe(outcome: Ungrounded, in_yaml: bool = False) -> Description:
    """Return the outcome in words; `in_yaml` are words whose line breaks may have become spaces.

    Each piece of submitted or article text stands between U+2068 and U+2069 (Unicode Standard
    Annex 9, section 2.4), and its control characters are written as ‹U+XXXX›, so that it can
    neither reorder the words around it nor reach the terminal. Offsets count characters from 1.
    """
    match outcome:
        case Blank():
            return Description(Message("words-blank"), Message("copy-words"))
        case Repeated():
            return Description(
                Message(
                    "words-repeated",
                    words=snippet(outcome.words),
                    times=_times(outcome.count, outcome.complete),
                ),
                _choice(outcome.occurrences, outcome.count, outcome.complete),
            )
        case OutOfRange():
            return Description(
                Message(
                    "occurrence-missing",
                    number=outcome.requested,
                    words=snippet(outcome.words),
                    times=_times(outcome.count, outcome.complete),
                ),
                Message("leave-occurrence-out")
                if outcome.count == 1
                else _choice(outcome.occurrences, outcome.count, outcome.complete),
            )
        case Inexact():
            return _inexact(outcome, in_yaml)
        case Absent(searched=True):
            return Description(
                Message("words-not-found", words=snippet(outcome.words)),
                Message("check-article"),
            )
        case _:
            return Description(
                Message("words-absent", words=snippet(outcome.words)), Message("copy-words")
            )


def name_character(character: str) -> Message:
    """Return the formal name and code point, and what it is in plain words where that helps.

    The formal name is that of the Unicode Standard in any language: it can be looked up.
    """
    name = unicodedata.name(character, "") or _CONTROLS.get(character, "no name")
    plain = _PLAIN_WORDS.get(character)
    formal = f"{name} (U+{ord(character):04X})"
    if plain is None:
        return Message("character-name", name=formal)
    return Message("character-plain", name=formal, plain=Message(plain))


def snippet(text: str, around: int = 0) -> str:
    """Return `text` isolated and without controls; if long, the part around one code point."""
    first = max(0, min(around - _SHOWN_CODE_POINTS // 2, len(text) - _SHOWN_CODE_POINTS))
    last = first + _SHOWN_CODE_POINTS
    shown = "".join(map(_visible, text[first:last]))
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return f"{_ISOLATE}{before}{shown}{after}{_POP}"


def _visible(character: str) -> str:
    # Joiners shape the word around them; written out they would tear it apart.
    if character == "\n":
        return "⏎"
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return f"‹U+{ord(character):04X}›" if hidden and character not in _JOINERS else character


def _times(count: int, complete: bool) -> Message:
    if count == 1:
        return Message("once")
    return Message("times", number=count) if complete else Message("times-more", number=count)


def _choice(occurrences: tuple[Occurrence, ...], count: int, complete: bool) -> Message:
    lines = [Message("choose-occurrence")]
    for number, occurrence in enumerate(occurrences, 1):
        passage = occurrence.passage
        exact = passage.exact
        if len(exact) > _SHOWN_CODE_POINTS:
            exact = f"{exact[:_SHOWN_CODE_POINTS]}…"
        context = "".join(map(_visible, f"{passage.prefix}[{exact}]{passage.suffix}"))
        shown = f"{_ISOLATE}{context}{_POP}"
        lines.append(Message("occurrence-at", number=number, line=occurrence.line, context=shown))
    if count > len(occurrences):
        rest = count - len(occurrences)
        more = Message("and-more", number=rest)
        lines.append(more if complete else Message("and-more-than", number=rest))
    return Lines(lines)


def _inexact(outcome: Inexact, in_yaml: bool) -> Description:
    nearest, differences = outcome.nearest, outcome.nearest.differences
    if not differences:
        return Description(
            Message("words-diverge", number=nearest.compared, line=nearest.line),
            Message("take-shorter"),
        )
    summary = _summary(nearest.differences)
    if nearest.only_looks:
        message = Message("words-look-alike", line=nearest.line, differences=summary)
    else:
        message = Message("words-differ", line=nearest.line, differences=summary)
    first = nearest.differences[0]
    article = snippet(nearest.passage.exact, first.article_offset - nearest.passage.start)
    lines = [
        Message("article-has", text=article),
        Message("words-are", text=snippet(outcome.words, first.words_offset)),
    ]
    alike: dict[tuple[str, str], list[int]] = {}
    for difference in nearest.differences:
        offsets = alike.setdefault((difference.words, difference.article), [])
        offsets.append(difference.words_offset)
    shown = list(alike.items())[:_SHOWN_DIFFERENCES]
    lines += [_difference(*pieces, offsets) for pieces, offsets in shown]
    if len(alike) > len(shown):
        rest = sum(len(offsets) for offsets in alike.values())
        rest -= sum(len(offsets) for _, offsets in shown)
        lines.append(Message("and-more", number=rest))
    if len(outcome.words) > nearest.compared:
        lines.append(Message("only-first-compared", number=nearest.compared))
    lines.append(Message("copy-from-line", line=nearest.line))
    if in_yaml and any(_BREAK in each.article and each.words == " " for each in differences):
        lines.append(Message("yaml-line-breaks"))
    return Description(message, Lines(lines))


def _summary(differences: tuple[Difference, ...]) -> Message:
    counts = Counter(difference.kind for difference in differences)
    parts = [
        Message(f"{_KINDS[kind]}-many", number=counts[kind])
        if counts[kind] > 1
        else Message(_KINDS[kind])
        for kind in Kind
        if counts[kind]
    ]
    if len(parts) < 2:
        return parts[0]
    return Lines([Lines(parts[:-1], Message("comma")), parts[-1]], Message("and"))


def _difference(words: str, article: str, offsets: list[int]) -> Message:
    if not words and offsets == [0]:
        return Message("difference-at-start", article=_named(article))
    if not words:
        return Message("difference-before", place=_positions(offsets), article=_named(article))
    if len(words) > 1 and len(offsets) == 1:
        place = Message("character-range", first=offsets[0] + 1, last=offsets[0] + len(words))
    else:
        place = _positions(offsets)
    theirs = _named(article) if article else Message("nothing-there")
    return Message("difference", place=place, words=_named(words), article=theirs)


def _positions(offsets: list[int]) -> Message:
    numbers = [str(offset + 1) for offset in offsets[:_SHOWN_POSITIONS]]
    if len(offsets) > len(numbers):
        rest = len(offsets) - len(numbers)
        return Message("characters-and-others", numbers=_listed(numbers), number=rest)
    if len(numbers) == 1:
        return Message("character-at", number=numbers[0])
    return Message("characters-at", numbers=_listed(numbers[:-1]), last=numbers[-1])


def _listed(numbers: list[str]) -> Message:
    return Lines(numbers, Message("comma"))


def _named(text: str) -> str:
    """Show a short piece, with the names of its characters where there are few."""
    dotted = f"◌{text}" if unicodedata.category(text[0]) in ("Mn", "Me") else text
    if len(text) > _NAMED_CODE_POINTS:
        return snippet(text)
    names = Lines([name_character(character) for character in text], " + ")
    alone = len(text) == 1 and (text.isspace() or text in _JOINERS or _visible(text) != text)
    return names if alone else Lines([snippet(dotted), names], " ")
