"""Declared QIDs, right and wrong, against what the small Wikidata has of them."""

from __future__ import annotations

from datetime import date

import pytest

from kgpub.linking.entity import Mention, Type
from kgpub.wikidata.answers import Answers
from kgpub.wikidata.checking import Fault, Finding, check, claimed_twice
from kgpub.wikidata.items import Record
from kgpub.wikidata.lookup import Wikidata

SALIM = Mention({"ar": ("سالم الوردي",), "en": ("Salim al-Wardi",)}, Type.person)
PARTY = Mention({"en": ("Plain Party",)}, Type.organisation)


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


@pytest.fixture
def records(answers: Answers) -> dict[str, Record]:
    qids = [f"Q900000{number}" for number in range(1, 10)]
    wikidata = Wikidata(answers, lambda mention, items: [], date(2026, 11, 30))
    return dict(wikidata.records([*qids, "Q9000014", "Q9000090", "Q9000091"]))


def findings(qid: str, mention: Mention, records: dict[str, Record]) -> list[Finding]:
    return list(check(qid, mention, records.get(qid, Record(qid)), same))


def test_a_right_one(records: dict[str, Record]) -> None:
    assert findings("Q9000001", SALIM, records) == []
    assert findings("Q9000004", PARTY, records) == []


def test_an_alias_is_a_name(records: dict[str, Record]) -> None:
    assert findings("Q9000001", Mention({"en": ("Salim Wardi",)}), records) == []


def test_another_name_with_both_labels_in_one_language(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000001", Mention({"ckb": ("نەرمین",)}, Type.person), records)
    assert finding == Finding(Fault.other_name, "Q9000001", "نەرمین", "سالم وەردی")
    assert str(finding) == "Q9000001 of “نەرمین” has other names: it is “سالم وەردی”"


def test_an_item_without_names(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000009", SALIM, records)
    assert finding == Finding(Fault.other_name, "Q9000009", "سالم الوردي")
    assert str(finding).endswith("it is an item without a name")


def test_another_type(records: dict[str, Record]) -> None:
    mention = Mention({"en": ("Plain Party",)}, Type.person)
    (finding,) = findings("Q9000004", mention, records)
    assert (finding.fault, finding.label, finding.detail) == (
        Fault.other_type,
        "Plain Party",
        "organisation",
    )


@pytest.mark.parametrize("type_", [Type.place, Type.organisation])
def test_an_item_may_be_of_several_types(records: dict[str, Record], type_: Type) -> None:
    assert findings("Q9000005", Mention({"en": ("Sahlistan",)}, type_), records) == []


def test_a_family_name_is_no_person(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000008", Mention({"ar": ("الوردي",)}, Type.person), records)
    assert (finding.fault, finding.label) == (Fault.no_type, "الوردي")


def test_a_redirect_is_told_and_its_target_checked(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000090", SALIM, records)
    assert (finding.fault, finding.detail) == (Fault.redirect, "Q9000001")
    assert str(finding).endswith("is a redirect: the item is now Q9000001, “سالم الوردي”")
    assert [each.fault for each in findings("Q9000090", PARTY, records)] == [
        Fault.redirect,
        Fault.other_name,
        Fault.other_type,
    ]


def test_a_disambiguation_page(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000006", SALIM, records)
    assert finding == Finding(Fault.disambiguation, "Q9000006", "سالم الوردي", "Salim al-Wardi")


def test_a_list_of_the_wikis(records: dict[str, Record]) -> None:
    (finding,) = findings("Q9000014", SALIM, records)
    assert (finding.fault, finding.label) == (Fault.internal, "list of wadis")


def test_without_a_name_none_is_compared(records: dict[str, Record]) -> None:
    assert findings("Q9000001", Mention({}, Type.person), records) == []


def test_a_deleted_item(records: dict[str, Record]) -> None:
    assert findings("Q9000091", SALIM, records) == [
        Finding(Fault.deleted, "Q9000091", "سالم الوردي")
    ]


@pytest.mark.parametrize("qid", ["Q0", "Q99999999999", "q5", "P31", "https://x/wiki/Q5", ""])
def test_what_is_no_item(qid: str) -> None:
    (finding,) = check(qid, SALIM, Record(qid), same)
    assert finding.fault is Fault.no_item


def test_one_item_for_two_entities(records: dict[str, Record]) -> None:
    declared = {
        "person/a": ("Q9000001", SALIM),
        "person/b": ("Q9000090", Mention({"en": ("S. Wardi",)})),
        "organisation/c": ("Q9000004", PARTY),
    }
    assert claimed_twice(declared, records) == (
        (
            "person/a",
            Finding(Fault.claimed_twice, "Q9000001", "سالم الوردي", "سالم الوردي", "“S. Wardi”"),
        ),
        (
            "person/b",
            Finding(Fault.claimed_twice, "Q9000090", "S. Wardi", "Salim al-Wardi", "“سالم الوردي”"),
        ),
    )
