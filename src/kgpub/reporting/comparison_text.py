"""Facts against facts, as a person reads it in a terminal and as a program reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from kgpub.errors import Place, Problem
from kgpub.messages import Lines, Message, said
from kgpub.model.comparison import Comparison, Outcome, Reason, Told
from kgpub.reporting.text import isolated, printable, safe

MAX_COMPARED = 20
"""Comparisons that are told one by one in a terminal; the rest are counted."""

MAX_QUOTED = 1_000
"""Characters of a statement's words that are quoted, but in JSON, which has them all."""

SHOWN = (Outcome.contradicts, Outcome.refines, Outcome.known, Outcome.new)
"""The outcomes that are shown, the gravest first; of what is new only what was retracted before."""

_STYLES = {
    Outcome.contradicts: "bold red",
    Outcome.refines: "green",
    Outcome.known: "dim",
    Outcome.new: "bold yellow",
}
_PASSAGE = re.compile(r"/article/([^/]+/[^/]+#char=[0-9]+,[0-9]+)\Z")


def shown(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Return those that are shown one by one, in their order: the rest is new, and counted."""
    return [
        each
        for each in comparisons
        if each.outcome is not Outcome.new or each.reason is Reason.said_again
    ]


def comparison_text(
    comparisons: Sequence[Comparison], language: str = "en", limit: int = MAX_COMPARED
) -> Text:
    """Return the comparisons with both statements, contradictions and refinements the first kept.

    What is new is left to `comparison_summary`, unless it was retracted before. Whatever is from a
    file or the store is isolated, so that words from right to left do not reorder what stands
    around them, and holds nothing that controls a terminal.
    """
    both = shown(comparisons)
    kept = sorted(range(len(both)), key=lambda i: (SHOWN.index(both[i].outcome), i))
    told = sorted(kept[:limit])
    text = Text()
    for index in told:
        text.append(_one(both[index], language))
    if len(both) > len(told):
        more = Message("and-more", number=f"{len(both) - len(told):,}")
        text.append(f"{more.text(language)}\n", style="bold")
    return text


def comparison_summary(comparisons: Sequence[Comparison], language: str = "en") -> str:
    """Return how many of each outcome there are, in a line.

    What contradicts each other among what is submitted is counted by itself, and where there is
    nothing else, as where nothing is published, alone.
    """
    together = [each for each in comparisons if each.their_place is not None]
    published = [each for each in comparisons if each.their_place is None]
    parts: list[str] = []
    if published or not together:
        counted = [
            Message("counted-facts", number=str(number), what=Message(outcome.value))
            for outcome, number in outcome_counts(published).items()
        ]
        parts.append(Message("compared", counts=Lines(counted, Message("comma"))))
    if together:
        what = outcome_name(together[0])
        number = Message("counted-facts", number=str(len(together)), what=what)
        parts.append(Message("compared-together", counts=number))
    return Lines(parts, Message("semicolon")).text(language)


def outcome_name(comparison: Comparison) -> Message:
    """Return how the outcome is called."""
    together = comparison.their_place is not None
    return Message("contradicts-together" if together else comparison.outcome.value)


def outcome_counts(comparisons: Sequence[Comparison]) -> dict[Outcome, int]:
    """Return how many there are of each outcome, which may be none."""
    counts = Counter(each.outcome for each in comparisons)
    return {outcome: counts[outcome] for outcome in Outcome}


def comparison_dict(comparison: Comparison, language: str = "en") -> dict[str, Any]:
    """Return what json.dumps takes: all that the comparison holds, under names in camel case."""
    place = comparison.their_place
    theirs = None
    if comparison.theirs is not None:
        theirs = {**(_placed(place) if place else {}), **_told(comparison.theirs)}
    return {
        **_placed(comparison.place),
        "outcome": comparison.outcome.value,
        "reason": comparison.reason.value,
        "fact": comparison.fact,
        "explanation": comparison.explanation.text(language),
        "notes": [each.text(language) for each in comparison.notes],
        "submitted": _told(comparison.mine),
        "published": theirs if comparison.their_place is None else None,
        **({"alsoSubmitted": theirs} if comparison.their_place else {}),
    }


def _placed(place: Place) -> dict[str, Any]:
    sheet = {"sheet": place.sheet} if place.sheet else {}
    return {"file": place.file, **sheet, "line": place.line, "column": place.column}


def _told(told: Told) -> dict[str, Any]:
    return {
        "fact": told.fact,
        "statement": told.statement,
        "article": told.article,
        "title": told.title,
        "publisher": told.publisher,
        "articlePublished": told.published,
        "words": told.words,
        "passage": told.passage,
        "saidBy": list(told.speakers),
        "times": dict(told.times),
        "negated": told.negated,
    }


def contradiction(comparison: Comparison) -> Problem:
    """Return a contradiction as a warning, for the forms that know only of problems."""
    together = comparison.their_place is not None
    code = "contradicts-submitted" if together else "contradicts-published"
    message = Message(code, explanation=comparison.explanation)
    sides = [
        Message("about-subject", subject=name, message=Lines(list(lines(told)), Message("comma")))
        for name, told in both_sides(comparison)
    ]
    remedy = Lines([*sides, *comparison.notes])
    related = (comparison.their_place,) if comparison.their_place else ()
    return Problem(comparison.place, message, remedy, "warning", related, comparison.reason.value)


def both_sides(comparison: Comparison) -> Iterator[tuple[Message, Told]]:
    """Yield the submitted statement and, where there is one, the other, with their names."""
    yield Message("side-submitted"), comparison.mine
    if comparison.theirs is not None:
        together = comparison.their_place is not None
        name = Message("side-also-submitted" if together else "side-published")
        yield name, comparison.theirs


def lines(told: Told) -> Iterator[str]:
    """Yield what a reader wants to know of a statement: its words, where they stand, its IRI."""
    words = told.words[:MAX_QUOTED] + ("…" if len(told.words) > MAX_QUOTED else "")
    yield f"“{_shown(words)}”"
    yield source(told)
    yield safe(told.statement)


def source(told: Told) -> Lines:
    """Return where a statement stands, who makes it, of what time, and whether it denies."""
    place = _PASSAGE.search(told.passage)
    names = [_shown(told.title), _shown(told.publisher), _written(told.published)]
    names.append(_shown(place[1]) if place else "")
    article = [each for each in names if each] or [safe(told.article)]
    # As messages of several parts: each of these is isolated already.
    comma = Message("comma")
    parts: list[str] = [Message("told-in", source=Lines(article, comma))] if any(article) else []
    if told.speakers and told.speakers != (told.publisher,):
        speakers = Lines(list(map(_shown, told.speakers)), comma)
        parts.append(Message("told-by", speakers=speakers))
    if told.times:
        parts.append(Lines([_written(f"{name} {value}") for name, value in told.times], comma))
    if told.negated:
        parts.append(Message("told-as-denied"))
    return Lines(parts, Message("semicolon"))


def _one(comparison: Comparison, language: str) -> Text:
    text = Text()
    text.append(f"{printable(str(comparison.place))}: ", style="bold")
    head = outcome_name(comparison).text(language)
    text.append(head, style=_STYLES[comparison.outcome])
    text.append(f": {printable(comparison.explanation.text(language))}\n")
    sides = [(name.text(language), told) for name, told in both_sides(comparison)]
    width = max(cell_len(label) for label, _ in sides)
    for name, told in sides:
        for label, line in zip((name, "", ""), lines(told), strict=True):
            text.append(f"    {label}{' ' * (width - cell_len(label))} │ ", style="dim")
            text.append(f"{printable(said(line, language))}\n")
    for note in comparison.notes:
        text.append(f"    {printable(note.text(language))}\n", style="yellow")
    return text


def _written(text: str) -> str:
    """Return what is written in Latin letters and digits, to be isolated where others surround."""
    return Message("as-written", text=safe(text)) if text else ""


def _shown(text: str) -> str:
    return isolated(safe(text)) if text else ""
