"""The index on disk: what it finds, and what it makes of bad input."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kgpub.errors import DataError, OutputError, StoreError
from kgpub.linking.decision import decide, decided
from kgpub.linking.entity import Item, Mention, Outcome, Source, Type
from kgpub.linking.gazetteer import Gazetteer

from .conftest import ITEMS


def asked(text: str, type_: Type | None = Type.person, language: str = "ar") -> Mention:
    return Mention({language: (text,)}, type_)


def linked(gazetteer: Gazetteer, mention: Mention) -> str | None:
    decision = decided(mention, gazetteer)
    return decision.candidates[0].item.qid if decision.outcome is Outcome.linked else None


@pytest.mark.parametrize(
    ("text", "type_", "qid"),
    [
        ("مصطفى الكاظمي", Type.person, "Q900002"),
        ("رئيس الوزراء مصطفى الكاظمي", Type.person, "Q900002"),
        ("السيد مُصطفـى الكاظمى", Type.person, "Q900002"),
        ("ومصطفى الكاظمي", Type.person, "Q900002"),
        ("Mustafa al-Kadhimi", Type.person, "Q900002"),
        ("نێچیرڤان بارزانی", Type.person, "Q900003"),
        ("نيجيرفان بارزاني", Type.person, "Q900003"),
        ("Nichervan Barzani", Type.person, "Q900003"),
        ("مسعود بارزاني", Type.person, "Q900004"),
        ("عراق", Type.place, "Q796"),
        ("للعراق", Type.place, "Q796"),
        ("بغداد", Type.place, "Q1530"),
    ],
)
def test_names_as_newspapers_write_them(
    gazetteer: Gazetteer, text: str, type_: Type, qid: str
) -> None:
    assert gazetteer.candidates(asked(text, type_))[0].item.qid == qid


@pytest.mark.parametrize(
    "text", ["مصطفى الكاظمي", "رئيس الوزراء مصطفى الكاظمي", "Mustafa al-Kadhimi"]
)
def test_sure_names_are_linked(gazetteer: Gazetteer, text: str) -> None:
    assert linked(gazetteer, asked(text)) == "Q900002"


@pytest.mark.parametrize(
    "mention",
    [
        asked("محمد الحلبوسي"),
        asked("عادل عبد المهدي"),
        asked("Joe Biden", language="en"),
        asked("مصطفى الكاظمي", Type.place),
        asked("بغداد", Type.person),
    ],
)
def test_who_is_not_there_is_not_linked(gazetteer: Gazetteer, mention: Mention) -> None:
    assert linked(gazetteer, mention) is None


def test_of_two_of_one_name_none_is_linked_without_evidence(gazetteer: Gazetteer) -> None:
    mention = asked("Ali Hassan", language="en")
    candidates = gazetteer.candidates(mention)
    assert {each.item.qid for each in candidates[:2]} == {"Q900005", "Q900006"}
    assert decide(candidates) is Outcome.review


def test_country_and_life_tell_two_of_one_name_apart(gazetteer: Gazetteer) -> None:
    mention = replace(
        asked("Ali Hassan", language="en"),
        countries=frozenset({"IQ"}),
        active=frozenset({2019, 2021}),
    )
    first, second = gazetteer.candidates(mention)[:2]
    assert (first.item.qid, second.item.qid) == ("Q900006", "Q900005")
    assert first.score > 0.9 > 0.1 > second.score
    assert "Its country, IQ, is the same." in first.evidence
    assert "Died in 1999, and the facts begin in 2019." in second.evidence


def test_the_kind_of_a_place_counts(gazetteer: Gazetteer) -> None:
    country = replace(asked("Iraq", Type.place, "en"), kind="country")
    assert gazetteer.candidates(country)[0].item.qid == "Q796"
    assert gazetteer.candidates(replace(country, kind="city")) == []


def test_candidates_are_sorted_probable_and_no_more_than_the_limit(gazetteer: Gazetteer) -> None:
    mention = Mention({"en": ("Barzani", "Ali Hassan"), "ar": ("بارزاني",)})
    everything = gazetteer.candidates(mention)
    scores = [each.score for each in everything]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1.001
    assert gazetteer.candidates(mention, 1) == everything[:1]
    assert all(each.evidence for each in everything)


def test_an_item_by_its_qid(gazetteer: Gazetteer) -> None:
    for item in ITEMS:
        assert gazetteer.item(item.qid) == item
    assert gazetteer.item("https://www.wikidata.org/wiki/q796") == ITEMS[0]
    for none in ("Q0", "Q99999999999", "Q5", "P31", "' OR 1=1 --"):
        assert gazetteer.item(none) is None


@pytest.mark.parametrize("type_", [*Type, None])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "ع",
        "A",
        "السيد",
        "رئيس الوزراء",
        "President",
        "العرaق",
        "B\u0430ghd\u0430d",
        "\u202eقارعلا\u202c",
        "\u2067\u2069",
        "محمد Mohammed Мохаммед 王",
        "x" * 10_000,
        "محمد " * 2_000,
        "\ud800",
        "'; DROP TABLE name; --",
        "%_*?",
        "\x00",
    ],
)
def test_bad_names_are_answered_soon(gazetteer: Gazetteer, text: str, type_: Type | None) -> None:
    start = time.process_time()
    decision = decided(asked(text, type_), gazetteer)
    assert time.process_time() - start < 3
    for candidate in decision.candidates:
        assert 0.0 <= candidate.score <= 1.0


@pytest.mark.parametrize("text", ["ع", "A", "السيد", "رئيس", "President", "Mr", "محمد"])
def test_too_little_of_a_name_is_not_linked(gazetteer: Gazetteer, text: str) -> None:
    assert linked(gazetteer, asked(text)) is None


def test_bidi_controls_and_homoglyphs_hide_no_one(gazetteer: Gazetteer) -> None:
    hidden = asked("\u202bمصط\u200fفى الك\u0640اظمي\u202c")
    assert gazetteer.candidates(hidden)[0].item.qid == "Q900002"
    latin = asked("Must\u0430fa al-K\u0430dhimi", language="en")
    assert gazetteer.candidates(latin)[0].item.qid == "Q900002"


def test_it_is_a_source(gazetteer: Gazetteer) -> None:
    source: Source = gazetteer
    decision = decided(asked("مصطفى الكاظمي"), source)
    assert (decision.method, decision.version) == ("gazetteer", gazetteer.version)
    assert gazetteer.sources == {"made.jsonl": "00"}
    assert gazetteer.items == len(ITEMS)


def test_the_version_is_that_of_the_items(tmp_path: Path) -> None:
    one = Gazetteer.build(tmp_path / "one", ITEMS)
    same = Gazetteer.build(tmp_path / "same", iter(ITEMS))
    other = Gazetteer.build(tmp_path / "other", ITEMS[1:])
    assert one.version == same.version != other.version


def test_a_build_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def broken() -> Iterator[Item]:
        yield ITEMS[0]
        raise DataError("cut.jsonl:2:1: is no JSON")

    path = tmp_path / "index"
    before = Gazetteer.build(path, ITEMS).version
    with pytest.raises(DataError):
        Gazetteer.build(path, broken())
    assert Gazetteer.open(path).version == before
    assert [each.name for each in tmp_path.iterdir()] == ["index"]


def test_the_first_of_two_items_with_one_qid_counts(tmp_path: Path) -> None:
    twice = [ITEMS[0], replace(ITEMS[0], names={"en": ("Mesopotamia",)})]
    gazetteer = Gazetteer.build(tmp_path / "index", twice)
    assert gazetteer.items == 1
    assert gazetteer.item("Q796") == ITEMS[0]


def test_names_that_are_no_text_are_kept_as_far_as_they_are(tmp_path: Path) -> None:
    odd = Item("Q1", Type.place, {"en": ("Erbil \ud800",), "ar": ("\x00", "أربيل" * 5_000)})
    gazetteer = Gazetteer.build(tmp_path / "index", [odd])
    assert gazetteer.candidates(asked("Erbil", Type.place, "en"))[0].item.qid == "Q1"


def test_an_index_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no gazetteer"):
        Gazetteer.open(tmp_path / "none")
    text = tmp_path / "text"
    text.write_text("no index" * 100)
    with pytest.raises(StoreError, match="is no gazetteer"):
        Gazetteer.open(text)
    old = tmp_path / "old"
    Gazetteer.build(old, ITEMS).close()
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE about SET value = '0' WHERE key = 'format'")
    connection.close()
    with pytest.raises(StoreError, match="another version of kgpub"):
        Gazetteer.open(old)


def test_an_index_that_is_damaged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "index"
    Gazetteer.build(path, ITEMS).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE near SET names = 'no name'")
        connection.execute("DELETE FROM entity WHERE qid = 'Q796'")
    connection.close()
    gazetteer = Gazetteer.open(path)
    for mention in (asked("Mustafa Kazemi"), asked("Iraq", Type.place, "en")):
        with pytest.raises(StoreError, match="damaged"):
            gazetteer.candidates(mention)


def test_circumstances_choose_among_many_of_one_name(tmp_path: Path) -> None:
    countries = ("EG", "SY", "JO", "LB", "SA", "YE", "OM", "IQ")
    many = [
        Item(f"Q{number}", Type.person, {"en": ("Ali Hassan",)}, country)
        for number, country in enumerate(countries, 1)
    ]
    gazetteer = Gazetteer.build(tmp_path / "index", many)
    for number, country in enumerate(countries, 1):
        mention = replace(asked("Ali Hassan", language="en"), countries=frozenset({country}))
        assert gazetteer.candidates(mention)[0].item.qid == f"Q{number}"


def test_of_names_that_all_sound_the_same_the_well_known_are_kept(tmp_path: Path) -> None:
    spellings = [f"B{one}r{other}k" for one in "aeiou" for other in "aeiou"]
    alike = [
        Item(f"Q{number}", Type.place, {"en": (f"{spelling} {'aeiou'[number % 5] * 2}",)})
        for number, spelling in enumerate(spellings * 40, 1)
    ]
    known = Item("Q9999", Type.place, {"en": ("Borek oo",)}, population=1_000_000, sitelinks=90)
    gazetteer = Gazetteer.build(tmp_path / "index", [*alike, known])
    start = time.process_time()
    candidates = gazetteer.candidates(asked("Bwrek oo", Type.place, "en"))
    assert time.process_time() - start < 3
    assert candidates[0].item.qid == "Q9999"


def test_the_name_in_the_other_script_counts(tmp_path: Path) -> None:
    """Of two with one Latin name, the one whose Arabic name is nearer is the likelier."""
    both = [
        Item("Q1", Type.person, {"en": ("Kazem Saleh",), "ar": ("قاسم سعيد",)}),
        Item("Q2", Type.person, {"en": ("Kazem Saleh",), "ar": ("كاظم صالح",)}),
    ]
    gazetteer = Gazetteer.build(tmp_path / "index", both)
    scores = {
        each.item.qid: each.score
        for each in gazetteer.candidates(asked("Kadhim Saleh", language="en"))
    }
    assert scores["Q2"] > scores.get("Q1", 0.0)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        Gazetteer.build(tmp_path / "none" / "index", ITEMS)


def test_it_is_opened_for_reading_only(tmp_path: Path) -> None:
    path = tmp_path / "a name with % and ?"
    gazetteer = Gazetteer.build(path, ITEMS)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        gazetteer._connection.execute("DELETE FROM entity")
