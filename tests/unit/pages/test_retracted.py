"""Why something is gone, by the records of a dataset."""

from __future__ import annotations

import pytest
from tests.unit.pages.graphs import BASE, reading

from kgpub.pages.rendering import Text
from kgpub.pages.retracted import Retraction, retraction_of

RECORDS = """
retraction:one a kg:Retraction ; kg:retracts fact:gone, fact:here ; kg:retractedFrom statement:s ;
    kg:retractedOn "2026-11-29"^^xsd:date ; kg:retractionReason "First."@en .
retraction:two a kg:Retraction ; kg:retracts fact:gone ; kg:retractedOn "2026-11-30"^^xsd:date ;
    kg:retractionReason "خطأ"@ar, "Wrong."@en, "Falsch."@de ; kg:retractedBy "Desk" .
retraction:odd kg:retracts fact:odd ; kg:retractionReason <https://example.org/why> .
fact:here a kg:Fact .
"""


def test_the_last_record_says_why() -> None:
    found = retraction_of(reading(RECORDS), f"{BASE}fact/gone")
    assert found is not None
    assert (found.record, found.day, found.by) == (f"{BASE}retraction/two", "2026-11-30", "Desk")
    assert set(found.reasons) == {Text("خطأ", "ar"), Text("Falsch.", "de"), Text("Wrong.", "en")}


@pytest.mark.parametrize("name", ["fact/here", "fact/never", "retraction/one"])
def test_what_is_described_or_was_never_retracted_has_none(name: str) -> None:
    assert retraction_of(reading(RECORDS), BASE + name) is None


def test_a_record_that_says_nothing_is_none_the_less_one() -> None:
    found = retraction_of(reading(RECORDS), f"{BASE}fact/odd")
    assert found == Retraction(f"{BASE}retraction/odd", "", (), "")


def test_the_reason_in_the_language_of_the_page_comes_first() -> None:
    found = retraction_of(reading(RECORDS), f"{BASE}fact/gone")
    assert found is not None
    for language, order in (("en", ["en", "ar", "de"]), ("ckb", ["ar", "de", "en"])):
        assert [text.language for text in found.reasons_in(language)] == order
