"""The report as a person reads it in a terminal."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from kgpub.errors import Problem
from kgpub.reporting.excerpt import Excerpt
from kgpub.reporting.text import counted, is_right_to_left, isolated, printable
from kgpub.reporting.verdict import Verdict

MAX_TOLD = 100
"""Problems that are told one by one; the rest is counted."""

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_ISOLATE, _POP = "\u2068", "\u2069"


def report_text(verdict: Verdict, limit: int = MAX_TOLD) -> Text:
    """Return the problems, the severest first to be told, with what was submitted underlined.

    Colours and underlines show on a terminal only; so what is meant stands out by a second line
    as well. Of more than `limit` problems the rest are counted by code.
    """
    text = Text()
    told = _severest(verdict, limit)
    for problem in told:
        text.append(_heading(problem))
        excerpt = verdict.excerpt(problem)
        if excerpt is not None:
            text.append(_excerpt(problem.place.line, excerpt))
        for line in problem.remedy.splitlines():
            text.append(f"    {printable(line.strip())}\n")
    rest = len(verdict.problems) - len(told)
    if rest:
        text.append(f"… and {counted(rest, 'other')}, by what is wrong:\n", style="bold")
        for code, number in verdict.codes.most_common(10):
            text.append(f"    {number:,} × {printable(code)}\n")
    return text


def summary(verdict: Verdict) -> str:
    """Return the verdict in a line."""
    counts = ", ".join(counted(verdict.counts[name], name) for name in _STYLES)
    return f"{'accepted' if verdict.accepted else 'refused'}: {counts}"


def _severest(verdict: Verdict, limit: int) -> tuple[Problem, ...]:
    if len(verdict.problems) <= limit:
        return verdict.problems
    ranks = list(_STYLES)
    by_severity = sorted(verdict.problems, key=lambda each: ranks.index(each.severity))
    return tuple(sorted(by_severity[:limit]))


def _heading(problem: Problem) -> Text:
    text = Text()
    text.append(f"{printable(str(problem.place))}: ", style="bold")
    text.append(problem.severity, style=_STYLES.get(problem.severity, ""))
    text.append(f": {printable(problem.message)}\n")
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
        after = isolated(after)
    line = Text.assemble(before, (part, "underline"), after)
    below = (
        Text.assemble(("│ ", "dim"), " " * cell_len(before), "^" * max(1, cell_len(part)))
        if ordered
        else Text.assemble(("└ ", "dim"), isolated(part))
    )
    shown = line if ordered else Text.assemble(_ISOLATE, line, _POP)
    return Text.assemble((f"{number:>6} │ ", "dim"), shown, "\n", " " * 7, below, "\n")
