"""The pages of a reviewer: what waits, and one submission with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from kgpub.pages.passages import Span, segments
from kgpub.pages.rendering import Frame, render
from kgpub.service.reviewing.looking import Looked
from kgpub.submissions.deciding import MAX_REASON
from kgpub.submissions.submission import Event, State, Submission
from kgpub.submissions.transitions import OPEN
from kgpub.submissions.visible import pieces

STYLES = ("review.css", "account.css")
PATH = "/review"
FILTERS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "open": ("review-open", tuple(OPEN)),
    **{each.value: (f"review-state-{each}", (each,)) for each in State},
}
"""What can be listed, by the parameter `state`: what it is called, and the states."""
MAX_TEXT = 100_000
"""Characters of an article that are shown, and of a submission's source."""
_CONTEXT = 2_000


@dataclass(frozen=True)
class Written:
    """What a form has sent that was not accepted: it is in the form again, with `alert` above."""

    alert: str = ""
    reason: str = ""
    facts: str | None = None


@dataclass(frozen=True)
class Reviewer:
    """Who looks at a page: a name, and what their forms carry, "" where that is not needed."""

    name: str
    form_token: str


def listing(
    frame: Frame, submissions: Sequence[Submission], chosen: str, reviewer: Reviewer
) -> str:
    """Return the page that lists submissions; `chosen` is one of FILTERS."""
    filters = [
        {
            "label": label,
            "address": f"{PATH[1:]}?state={name}&lang={frame.language}",
            "is_chosen": name == chosen,
        }
        for name, (label, _) in FILTERS.items()
    ]
    return render(
        "reviews.html.j2",
        frame,
        filters=filters,
        submissions=[_described(each, frame.language) for each in submissions],
        signs=signs,
        reviewer=reviewer.name,
        form_token=reviewer.form_token,
    )


def page(
    frame: Frame,
    submission: Submission,
    looked: Looked | None,
    reviewer: Reviewer,
    written: Written,
) -> str:
    """Return the page of a submission; `looked` is None where it could not be checked."""
    content = submission.revision.content
    source = content.body.decode("utf-8", "backslashreplace")
    shown = looked.shown if looked else None
    digest = looked.found.article_digest if looked else submission.revision.article_digest
    text, is_cut = marked(shown) if shown else (Markup(), False)
    return render(
        "review.html.j2",
        frame,
        submission=_described(submission, frame.language),
        events=[_told(each) for each in submission.events],
        article_page=frame.page_of(f"{frame.site.base}article/{content.slug}"),
        alert=written.alert,
        shown=shown,
        is_valid=bool(looked and looked.found.accepted),
        digest=digest,
        is_new_article=content.article is not None,
        has_changed=digest != submission.revision.article_digest,
        marked=text,
        is_cut=is_cut,
        source=source[:MAX_TEXT].splitlines(),
        edited=source if written.facts is None else written.facts,
        is_edited=written.facts is not None,
        reason=written.reason,
        max_reason=MAX_REASON,
        may_decide=submission.state in OPEN,
        may_accept=submission.state is State.waiting,
        reviewer=reviewer.name,
        form_token=reviewer.form_token,
        list=f"{PATH[1:]}?lang={frame.language}",
        action=f"{PATH[1:]}/{submission.id}?lang={frame.language}",
        signs=signs,
        oddities=oddities,
    )


def signs(text: str, language: str = "") -> Markup:
    """Return a text in which what is hidden can be seen, with its name."""
    sign = Markup('<abbr class="sign" title="{}">{}</abbr>')
    return Markup().join(
        sign.format(each.note, each.shown) if each.note else escape(each.shown)
        for each in pieces(text, language)
    )


def oddities(text: str, language: str = "") -> list[str]:
    """Return the names of what is odd in a text, each once."""
    return list(dict.fromkeys(each.note for each in pieces(text, language) if each.note))


def marked(shown: Mapping[str, Any]) -> tuple[Markup, bool]:
    """Return the text of an article with numbers where words begin, and whether it is cut."""
    text: str = shown["text"]
    language: str = shown["language"]
    spans = [
        Span(start, end, f"{number}") for number, (start, end) in enumerate(shown["passages"], 1)
    ]
    first = min((span.start for span in spans), default=0)
    begin = max(0, first - _CONTEXT) if len(text) > MAX_TEXT else 0
    end = min(len(text), begin + MAX_TEXT)
    parts = []
    for piece in segments(len(text), spans):
        start, stop = max(piece.start, begin), min(piece.end, end)
        if start >= stop:
            continue
        numbers = [span.name for span in piece.cover if span.start == piece.start]
        words = signs(text[start:stop], language)
        number = Markup('<span class="number">{}</span>').format(" ".join(numbers))
        parts.append(
            Markup("<mark>{}{}</mark>").format(number if numbers else "", words)
            if piece.cover
            else words
        )
    return Markup().join(parts), end - begin < len(text)


def _described(submission: Submission, language: str) -> dict[str, Any]:
    return {
        "slug": submission.revision.content.slug,
        "state": submission.state.value,
        "version": submission.version,
        "by": submission.revisions[0].by.name,
        "received": submission.received.isoformat(),
        "shown_received": _moment(submission.received),
        "revision": submission.revision.number,
        "address": f"{PATH[1:]}/{submission.id}?lang={language}",
    }


def _told(event: Event) -> dict[str, Any]:
    return {
        "action": event.action.value,
        "by": event.by.name,
        "at": event.at.isoformat(),
        "shown_at": _moment(event.at),
        "reason": event.reason,
        "file": event.file,
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
