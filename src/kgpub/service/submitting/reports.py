"""What is made of a submission in the processes that check: its report in each of its forms."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kgpub.errors import CallError
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import FORMS
from kgpub.serialisation import turtle
from kgpub.service.submitting.task import Kind, Task
from kgpub.submissions.checking import Checked, check
from kgpub.vocabulary import prefixes


@dataclass(frozen=True)
class ReportForm:
    """A form of the report: its name, what it is called on the web, and what makes it."""

    name: str
    media_types: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True)
class Outcome:
    """A report in one form, with what the queue is told: see Checked."""

    accepted: bool
    slug: str
    article_digest: str
    shapes: str
    report: bytes

    def to_bytes(self) -> bytes:
        """Return a line of JSON, and the report."""
        head = [self.accepted, self.slug, self.article_digest, self.shapes]
        return json.dumps(head).encode() + b"\n" + self.report

    @classmethod
    def from_bytes(cls, content: bytes) -> Outcome:
        """Read what `to_bytes` wrote."""
        line, _, report = content.partition(b"\n")
        accepted, slug, article_digest, shapes = json.loads(line)
        return cls(accepted, slug, article_digest, shapes, report)


def as_json(place: Workspace, task: Task) -> bytes:
    """Return the outcome with the report as JSON."""
    return _outcome(_checked(place, task), "json")


def as_html(place: Workspace, task: Task) -> bytes:
    """Return the outcome with the report as a page."""
    return _outcome(_checked(place, task), "html")


def as_turtle(place: Workspace, task: Task) -> bytes:
    """Return the outcome with a validation report of SHACL (section 3.6) in Turtle.

    Raises CallError where there is none, since the submission cannot be read.
    """
    from kgpub.validation import report_graph

    checked = _checked(place, task)
    if checked.report is None:
        message = "there is no validation report: the submission could not be read or grounded"
        raise CallError(message, "Ask for the report as JSON or HTML, which tells why.")
    base = place.settings.base
    quads = report_graph(checked.report, base, blank_paths=True)
    return _packed(checked, b"".join(turtle(quads, prefixes(base), any_term=True)))


FORMS_OF_REPORT = (
    ReportForm("json", ("application/json",), as_json),
    ReportForm("html", ("text/html", "application/xhtml+xml"), as_html),
    ReportForm("ttl", ("text/turtle",), as_turtle),
)


def _checked(place: Workspace, task: Task) -> Checked:
    return check(place, task.content, task.name, task.language, task.stem)


def _outcome(checked: Checked, form: str) -> bytes:
    text = "".join(FORMS[form](checked.verdict))
    return _packed(checked, text.encode("utf-8", "backslashreplace"))


def _packed(checked: Checked, report: bytes) -> bytes:
    verdict, slug = checked.verdict, checked.content.slug
    known = checked.article_digest, checked.shapes
    return Outcome(verdict.accepted, slug, *known, report).to_bytes()
