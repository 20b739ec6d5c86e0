"""The report as a person reads it in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from rich.cells import cell_len
from rich.text import Text

from kgpub.errors import Problem
from kgpub.messages import Lines, Message
from kgpub.reporting.excerpt import Excerpt
from kgpub.reporting.text import is_right_to_left, isolated, printable
from kgpub.reporting.verdict import Verdict

MAX_TOLD = 100
"""Problems that are told one by one; the rest is counted."""
MAX_CODES = 10
"""Kinds of problem, such as shapes, by which the rest is counted."""

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_ISOLATE, _LEFT_TO_RIGHT, _POP = "\u2068", "\u2066", "\u2069"


def report_text(verdict: Verdict, limit: int = MAX_TOLD) -> Text:
    """Return the problems, the severest first to be told, with what was submitted underlined.

    Colours and underlines show on a terminal only; so what is meant stands out by a second line
    as well. Of more than `limit` problems the rest are counted by code.
    """
    text = Text()
    told = _severest(verdict, limit)
    for problem in told:
        text.append(_heading(problem, verdict.message(problem), verdict.language))
        excerpt = verdict.excerpt(problem)
        if excerpt is not None:
            text.append(_excerpt(problem.place.line, excerpt))
        for line in verdict.remedy(problem).splitlines():
            text.append(f"    {printable(line.strip())}\n")
    rest = verdict.codes - Counter(problem.code for problem in told)
    number = rest.total()
    if number:
        code = "other-count-many" if number > 1 else "other-count"
        others = Message(code, number=f"{number:,}")
        text.append(f"{others.text(verdict.language)}\n", style="bold")
        for code, its in rest.most_common(MAX_CODES):
            # A shape without a name has one of its file, percent-encoded, and a number.
            text.append(f"    {its:,} × {printable(unquote(code))}\n")
    if verdict.unfinished:
        text.append(f"{Message('more-may-follow').text(verdict.language)}\n")
    return text


def summary(verdict: Verdict) -> str:
    """Return the verdict in a line."""
    code = "accepted" if verdict.accepted else "refused"
    return Message(code, counts=counted(verdict.counts, _STYLES)).text(verdict.language)


def counted(counts: Mapping[str, int], severities: Iterable[str]) -> Message:
    """Return how many problems there are of each of the severities: "2 errors, 1 warning"."""
    parts = [_counted(name, counts[name]) for name in severities]
    return Lines(parts, Message("comma"))


def refusal(verdict: Verdict) -> str:
    """Return in a line that nothing was done, because of how many errors."""
    errors = _counted("error", verdict.counts["error"])
    return Message("refused-unchanged", counts=errors).text(verdict.language)


def _counted(name: str, number: int) -> Message:
    return Message(f"{name}-count" if number == 1 else f"{name}-count-many", number=number)


def _severest(verdict: Verdict, limit: int) -> tuple[Problem, ...]:
    if len(verdict.problems) <= limit:
        return verdict.problems
    ranks = list(_STYLES)
    by_severity = sorted(verdict.problems, key=lambda each: ranks.index(each.severity))
    return tuple(sorted(by_severity[:limit]))


def _heading(problem: Problem, message: str, language: str) -> Text:
    """Return the place, what it is and what is wrong; in English as editors look for it."""
    text = Text()
    word = Message(problem.severity).text(language)
    text.append(f"{printable(str(problem.place))}: ", style="bold")
    text.append(word, style=_STYLES.get(problem.severity, ""))
    text.append(f": {printable(message)}\n")
    return text


def _excerpt(number: int, excerpt: Excerpt) -> Text:
    """Return a line of a file, and below it what is meant.

    A terminal may or may not reorder what is written from right to left, so that no sign below
    such a line would be sure to stand below the right word: the word itself stands there.
    """
    before = ("…" if excerpt.clipped_before else "") + printable(excerpt.before).lstrip()
    part = printable(excerpt.part)
    after = printable(excerpt.after) + ("…" if excerpt.clipped_after else "")
    ordered = not is_right_to_left(before + part)
    if is_right_to_left(after) and ordered:
        after = f"{_LEFT_TO_RIGHT}{after}{_POP}"
    line = Text.assemble(before, (part, "underline"), after)
    below = (
        Text.assemble(("│ ", "dim"), " " * cell_len(before), "^" * max(1, cell_len(part)))
        if ordered
        else Text.assemble(("└ ", "dim"), isolated(part))
    )
    isolate = _ISOLATE if excerpt.is_prose else _LEFT_TO_RIGHT
    shown = line if ordered else Text.assemble(isolate, line, _POP)
    return Text.assemble((f"{number:>6} │ ", "dim"), shown, "\n", " " * 7, below, "\n")
