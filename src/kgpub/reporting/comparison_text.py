"""Facts against facts, as a person reads it in a terminal and as a program reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from kgpub.model.comparison import Comparison, Outcome, Told
from kgpub.reporting.text import isolated, printable, safe

MAX_COMPARED = 100
"""Comparisons that are told one by one; the rest are counted."""

_STYLES = {
    Outcome.contradicts: "bold red",
    Outcome.refines: "green",
    Outcome.known: "dim",
    Outcome.new: "cyan",
}
_HEADS = {
    Outcome.contradicts: "contradicts",
    Outcome.refines: "refines",
    Outcome.known: "already known",
    Outcome.new: "new",
}


def comparison_text(comparisons: Sequence[Comparison], limit: int = MAX_COMPARED) -> Text:
    """Return the comparisons with both statements, contradictions and refinements the first kept.

    Whatever is from a file or the store is isolated, so that words from right to left do not
    reorder what stands around them, and holds nothing that controls a terminal.
    """
    order = list(_STYLES)
    kept = sorted(range(len(comparisons)), key=lambda i: (order.index(comparisons[i].outcome), i))
    told = sorted(kept[:limit])
    text = Text()
    for index in told:
        text.append(_one(comparisons[index]))
    if len(comparisons) > len(told):
        text.append(f"… and {len(comparisons) - len(told):,} more\n", style="bold")
    return text


def comparison_summary(comparisons: Sequence[Comparison]) -> str:
    """Return how many of each outcome there are, in a line."""
    counts = Counter(each.outcome for each in comparisons)
    told = ", ".join(f"{counts[outcome]} {_HEADS[outcome]}" for outcome in Outcome)
    return f"against what is published: {told}"


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """Return what json.dumps takes: all that the comparison holds, under names in camel case."""
    return {
        "file": comparison.place.file,
        "line": comparison.place.line,
        "column": comparison.place.column,
        "outcome": comparison.outcome.value,
        "reason": comparison.reason.value,
        "fact": comparison.fact,
        "explanation": comparison.explanation,
        "note": comparison.note,
        "submitted": _told(comparison.mine),
        "published": _told(comparison.theirs) if comparison.theirs else None,
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "fact": told.fact,
        "statement": told.statement,
        "article": told.article,
        "title": told.title,
        "publisher": told.publisher,
        "articlePublished": told.published,
        "words": told.words,
        "saidBy": list(told.speakers),
        "times": dict(told.times),
        "negated": told.negated,
    }


def _one(comparison: Comparison) -> Text:
    text = Text()
    text.append(f"{printable(str(comparison.place))}: ", style="bold")
    text.append(_HEADS[comparison.outcome], style=_STYLES[comparison.outcome])
    text.append(f": {printable(comparison.explanation)}\n")
    # What is new, or known already, needs no second look at what the submitter has just written.
    if comparison.theirs is None:
        return text
    for name, told in (("submitted", comparison.mine), ("published", comparison.theirs)):
        for label, line in zip((name, "", ""), _lines(told), strict=True):
            text.append(f"    {label:<9} │ ", style="dim")
            text.append(f"{line}\n")
    if comparison.note:
        text.append(f"    {printable(comparison.note)}\n", style="yellow")
    return text


def _lines(told: Told) -> Iterator[str]:
    yield f"“{_shown(told.words)}”"
    times = ", ".join(f"{safe(name)} {safe(value)}" for name, value in told.times)
    speakers = ", ".join(map(_shown, told.speakers))
    source = [_shown(told.title), _shown(told.publisher), safe(told.published)]
    parts = (
        ("in", ", ".join(each for each in source if each) or safe(told.article)),
        ("said by", "" if told.speakers == (told.publisher,) else speakers),
        ("", times),
        ("", "denied" if told.negated else ""),
    )
    yield "; ".join(f"{label} {value}".strip() for label, value in parts if value)
    yield safe(told.statement)


def _shown(text: str) -> str:
    return isolated(safe(text)) if text else ""
