"""A submission as whoever decides reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from rich.text import Text

from kgpub.pages.passages import excerpt
from kgpub.reporting.comparison_text import comparison_summary, comparison_text
from kgpub.reporting.terminal import report_text, summary
from kgpub.reporting.text import isolated, printable, safe
from kgpub.submissions.submission import Submission
from kgpub.submissions.viewing import Viewed
from kgpub.submissions.visible import is_odd, told

MAX_PASSAGES = 20
MAX_NAMES = 40
MAX_LINES = 200
"""Lines of a submission that are shown."""


def line_of(submission: Submission) -> Text:
    """Return a submission on one line, for the list."""
    by = isolated(safe(submission.revisions[0].by.name))
    slug = printable(submission.revision.content.slug)
    at = f"{submission.received:%Y-%m-%d %H:%M}"
    return Text.assemble((submission.id, "bold"), f"  {at}  {submission.state:14}  {slug}  {by}")


def shown(submission: Submission, viewed: Viewed, heading: str = "") -> Text:
    """Return all that a decision needs: history, report, comparison, names, words, source."""
    text = Text("\n")
    text.append(line_of(submission))
    text.append(f"  {heading}\n" if heading else "\n", style="bold")
    for line in _history(submission):
        text.append(f"  {line}\n")
    verdict = viewed.checked.verdict
    text.append(f"{summary(verdict)}\n", style="bold")
    text.append(report_text(verdict))
    if verdict.compared is not None:
        text.append(f"{comparison_summary(verdict.compared, verdict.language)}\n", style="bold")
        text.append(comparison_text(verdict.compared, verdict.language))
    for part in (_names(viewed), _candidates(viewed), _words(submission, viewed)):
        for line in part:
            text.append(f"{line}\n")
    text.append(source(submission))
    return text


def source(submission: Submission) -> Text:
    """Return what was submitted, with line numbers and nothing hidden."""
    body = submission.revision.content.body.decode("utf-8", "backslashreplace")
    lines = body.splitlines()
    text = Text("Submitted:\n")
    for number, line in enumerate(lines[:MAX_LINES], 1):
        text.append(f"{number:5} │ ", style="dim")
        text.append(f"{told(line)}\n")
    if len(lines) > MAX_LINES:
        text.append(f"      and {len(lines) - MAX_LINES:,} more lines\n")
    return text


def _history(submission: Submission) -> Iterator[str]:
    for each in submission.events:
        reason = f": {told(each.reason)}" if each.reason else ""
        at = f"{each.at:%Y-%m-%d %H:%M}"
        yield f"{at}  {each.action}  {isolated(safe(each.by.name))}{reason}"


def _names(viewed: Viewed) -> Iterator[str]:
    """Yield the names, an entity a line; what hides something is shown with it."""
    if viewed.names:
        yield "Names:"
    named = [each for each in viewed.names if each.key]
    for owner, names in islice(groupby(named, key=lambda each: each.owner), MAX_NAMES):
        listed = " · ".join(isolated(told(each.text, each.language)) for each in names)
        yield f"  {safe(owner)}  {listed}"
    odd = [each for each in viewed.names if is_odd(each.text, each.language)]
    for each in odd[:MAX_NAMES]:
        yield f"  ! {safe(each.owner)} is not what it seems: {told(each.text, each.language)}"


def _candidates(viewed: Viewed) -> Iterator[str]:
    if viewed.candidates:
        yield "In Wikidata this may be:"
    for each in viewed.candidates:
        names = " · ".join(isolated(safe(name)) for name in each.names)
        yield f"  {safe(each.entity)}  {each.item}  {each.score}  {names}"


def _words(submission: Submission, viewed: Viewed) -> Iterator[str]:
    """Yield the words in the sentences around them."""
    if viewed.checked.article_digest != submission.revision.article_digest:
        yield "The text of the article has changed since this was submitted."
    if submission.revision.content.article is not None:
        yield "The article is new, and is published with this."
    if viewed.passages:
        yield "Words in the article:"
    for each in viewed.passages[:MAX_PASSAGES]:
        around = excerpt(viewed.text, each.start, each.end)
        marked = f"{around.before}[{around.words}]{around.after}"
        yield f"  {each.start}–{each.end}  {isolated(told(marked))}"
