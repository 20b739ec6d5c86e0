"""What was retracted: why it is gone, and the page that says so in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal

from kgpub.pages.home import STYLE
from kgpub.pages.reading import Reading
from kgpub.pages.rendering import Frame, Text, render
from kgpub.pages.when import date
from kgpub.vocabulary import terms as kg

MAX_RECORDS = 100
"""Retractions of one thing that are looked at."""


@dataclass(frozen=True)
class Retraction:
    """Why a thing is gone: the IRI of the record, the day (ISO 8601), the reasons, and by whom.

    Of `day` and `by` each is "" where the record does not say it.
    """

    record: str
    day: str
    reasons: tuple[Text, ...]
    by: str

    def reasons_in(self, language: str) -> Sequence[Text]:
        """Return the reasons, that in `language` first."""
        return sorted(self.reasons, key=lambda text: (text.language != language, text.language))


def retraction_of(reading: Reading, iri: str) -> Retraction | None:
    """Return why a dataset does not describe `iri` any more, by the last record of that.

    None where it is described, or was never retracted.
    """
    if reading.described(iri):
        return None
    records = reading.subjects(kg.retracts, iri, MAX_RECORDS)
    found = (_recorded(reading, each) for each in records)
    return max(found, key=lambda each: (each.day, each.record), default=None)


def _recorded(reading: Reading, record: str) -> Retraction:
    day, by = (
        next((term.value for term in reading.objects(record, predicate)), "")
        for predicate in (kg.retractedOn, kg.retractedBy)
    )
    reasons = tuple(
        Text(term.value, term.language or "")
        for term in reading.objects(record, kg.retractionReason)
        if isinstance(term, Literal)
    )
    return Retraction(record, day, reasons, by)


def html(frame: Frame, iri: str, retraction: Retraction) -> str:
    """Return the page in place of that of `iri`."""
    return render(
        "retracted.html.j2",
        replace(frame, styles=(*frame.styles, STYLE)),
        thing=iri,
        day=date(retraction.day) if retraction.day else "",
        reasons=retraction.reasons_in(frame.language),
        by=retraction.by,
    )
