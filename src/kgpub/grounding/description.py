"""What an outcome says in plain English, safe to print where texts run in both directions."""

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

_ISOLATE, _POP = "\u2068", "\u2069"
_JOINERS = "\u200c\u200d"
_SHOWN_DIFFERENCES = 8
_SHOWN_CODE_POINTS = 80
_NAMED_CODE_POINTS = 3
_SHOWN_POSITIONS = 5
_INDENT = "\n    "

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
    "\t": "a tab",
    "\n": "a line break",
    "\r": "half of a Windows line break",
    "\u00a0": "a space that does not break",
    "\u00ad": "soft hyphen, invisible",
    "\u0629": "Arabic teh marbuta, with dots",
    "\u0640": "the stroke that stretches a word, no letter",
    "\u0643": "Arabic kaf",
    "\u0647": "Arabic heh",
    "\u0648": "waw",
    "\u0649": "alef maksura, no dots",
    "\u064a": "Arabic yeh, dots below",
    "\u06a9": "Kurdish and Persian kaf",
    "\u06be": "Kurdish heh",
    "\u06c6": "Kurdish o",
    "\u06cc": "Kurdish and Persian yeh, no dots at the end of a word",
    "\u06ce": "Kurdish ê",
    "\u06d5": "Kurdish e",
    "\u061c": "invisible direction mark",
    "\u200b": "invisible",
    "\u200c": "invisible, keeps letters apart",
    "\u200d": "invisible, joins letters",
    "\u200e": "invisible direction mark",
    "\u200f": "invisible direction mark",
    "\u202a": "invisible direction control",
    "\u202b": "invisible direction control",
    "\u202c": "invisible direction control",
    "\u202d": "invisible direction control",
    "\u202e": "invisible direction control",
    "\u2066": "invisible direction control",
    "\u2067": "invisible direction control",
    "\u2068": "invisible direction control",
    "\u2069": "invisible direction control",
    "\ufeff": "byte order mark, invisible",
}

_KINDS = {
    Kind.INVISIBLE: ("invisible character", "invisible characters"),
    Kind.NORMAL_FORM: (
        "character in another Unicode normal form",
        "characters in another Unicode normal form",
    ),
    Kind.PRESENTATION_FORM: ("presentation form", "presentation forms"),
    Kind.LOOKALIKE: ("look-alike letter", "look-alike letters"),
    Kind.MARK: ("vowel sign or other mark", "vowel signs or other marks"),
    Kind.SPACE: ("space or line break", "spaces or line breaks"),
    Kind.QUOTATION_MARK: ("quotation mark", "quotation marks"),
    Kind.PUNCTUATION: ("punctuation mark", "punctuation marks"),
    Kind.DIGIT: ("digit of another script", "digits of another script"),
    Kind.CASE: ("capital or small letter", "capital or small letters"),
    Kind.CONTENT: ("place where the text is different", "places where the text is different"),
}


@dataclass(frozen=True)
class Description:
    """What is wrong and what would mend it, in English; the remedy may have several lines."""

    message: str
    remedy: str


def describe(outcome: Ungrounded) -> Description:
    """Return the outcome in words.

    Each piece of submitted or article text stands between U+2068 and U+2069 (Unicode Standard
    Annex 9, section 2.4), and its control characters are written as ‹U+XXXX›, so that it can
    neither reorder the words around it nor reach the terminal. Offsets count characters from 1.
    """
    match outcome:
        case Blank():
            return Description("the words are blank", "Copy the words from the article.")
        case Repeated():
            return Description(
                f"the words {snippet(outcome.words)} stand in the article "
                f"{_times(outcome.count, outcome.complete)}",
                _choice(outcome.occurrences, outcome.count, outcome.complete),
            )
        case OutOfRange():
            return Description(
                f"there is no occurrence {outcome.requested}: the words {snippet(outcome.words)} "
                f"stand in the article {_times(outcome.count, outcome.complete)}",
                "Leave `occurrence` out."
                if outcome.count == 1
                else _choice(outcome.occurrences, outcome.count, outcome.complete),
            )
        case Inexact():
            return _inexact(outcome)
        case Absent(searched=True):
            return Description(
                f"the words {snippet(outcome.words)} are not in the article, and nothing in it "
                "is similar",
                "Check that the submission names the right article, and copy the words from it.",
            )
        case _:
            return Description(
                f"the words {snippet(outcome.words)} are not in the article",
                "Copy the words from the article.",
            )


def name_character(character: str) -> str:
    """Return the formal name and code point, and what it is in plain words where that helps."""
    name = unicodedata.name(character, "") or _CONTROLS.get(character, "no name")
    plain = _PLAIN_WORDS.get(character)
    formal = f"{name} (U+{ord(character):04X})"
    return f"{formal}, {plain}" if plain else formal


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


def _times(count: int, complete: bool) -> str:
    if count == 1:
        return "once"
    return f"{count} times" if complete else f"more than {count} times"


def _choice(occurrences: tuple[Occurrence, ...], count: int, complete: bool) -> str:
    lines = ["Choose one with `occurrence: N`, or take more words along:"]
    for number, occurrence in enumerate(occurrences, 1):
        passage = occurrence.passage
        exact = passage.exact
        if len(exact) > _SHOWN_CODE_POINTS:
            exact = f"{exact[:_SHOWN_CODE_POINTS]}…"
        context = "".join(map(_visible, f"{passage.prefix}[{exact}]{passage.suffix}"))
        lines.append(f"occurrence: {number}, line {occurrence.line}: {_ISOLATE}{context}{_POP}")
    if count > len(occurrences):
        rest = count - len(occurrences)
        lines.append(f"… and {rest} more" if complete else f"… and more than {rest} others")
    return _INDENT.join(lines)


def _inexact(outcome: Inexact) -> Description:
    nearest = outcome.nearest
    if not nearest.differences:
        return Description(
            f"the words are not in the article as they stand: the first {nearest.compared} "
            f"characters are, from line {nearest.line} on, the rest does not follow there",
            "Take shorter words, or compare them with the article from there on.",
        )
    where = f"the nearest passage, line {nearest.line} of the article,"
    if nearest.only_looks:
        what = f"differs only in {_summary(nearest.differences)}"
    else:
        what = f"differs in {_summary(nearest.differences)}"
    first = nearest.differences[0]
    lines = [
        "article: " + snippet(nearest.passage.exact, first.article_offset - nearest.passage.start),
        f"words:   {snippet(outcome.words, first.words_offset)}",
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
        lines.append(f"… and {rest} more")
    if len(outcome.words) > nearest.compared:
        lines.append(f"(Only the first {nearest.compared} characters of the words were compared.)")
    lines.append(f"Copy the words from line {nearest.line} of the article.")
    return Description(
        f"the words are not in the article as they stand: {where} {what}", _INDENT.join(lines)
    )


def _summary(differences: tuple[Difference, ...]) -> str:
    counts = Counter(difference.kind for difference in differences)
    parts = [f"{counts[kind]} {_KINDS[kind][counts[kind] > 1]}" for kind in Kind if counts[kind]]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _difference(words: str, article: str, offsets: list[int]) -> str:
    if not words and offsets == [0]:
        return f"at the beginning of the words, the article has {_named(article)}"
    if not words:
        return f"before {_positions(offsets)} of the words, the article has {_named(article)}"
    if len(words) > 1 and len(offsets) == 1:
        place = f"characters {offsets[0] + 1} to {offsets[0] + len(words)}"
    else:
        place = _positions(offsets)
    theirs = _named(article) if article else "nothing there"
    return f"{place} of the words: {_named(words)}; the article has {theirs}"


def _positions(offsets: list[int]) -> str:
    numbers = [str(offset + 1) for offset in offsets[:_SHOWN_POSITIONS]]
    if len(offsets) > len(numbers):
        return f"characters {', '.join(numbers)} and {len(offsets) - len(numbers)} others"
    if len(numbers) == 1:
        return f"character {numbers[0]}"
    return f"characters {', '.join(numbers[:-1])} and {numbers[-1]}"


def _named(text: str) -> str:
    """Show a short piece, with the names of its characters where there are few."""
    dotted = f"◌{text}" if unicodedata.category(text[0]) in ("Mn", "Me") else text
    if len(text) > _NAMED_CODE_POINTS:
        return snippet(text)
    names = " + ".join(map(name_character, text))
    alone = len(text) == 1 and (text.isspace() or text in _JOINERS or _visible(text) != text)
    return names if alone else f"{snippet(dotted)} {names}"
