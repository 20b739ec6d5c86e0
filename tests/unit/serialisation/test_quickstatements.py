"""Values and lines of QuickStatements, written by hand from Help:QuickStatements."""

from __future__ import annotations

import random
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgpub.serialisation.quickstatements import (
    MAX_TEXT,
    Command,
    item_value,
    quickstatements,
    text_value,
    time_value,
    url_value,
)

from .v1_lines import read, read_value

LAYLA = Command(
    "Q1001",
    "P39",
    "Q2001",
    (("P580", "+2016-05-00T00:00:00Z/10"),),
    (("P854", '"https://gazette.example/1"'), ("P1683", 'en:"She is mayor."')),
)


def test_a_line_has_its_columns_parted_by_tabs_and_sources_with_s() -> None:
    assert b"".join(quickstatements([LAYLA])) == (
        b"Q1001\tP39\tQ2001\tP580\t+2016-05-00T00:00:00Z/10"
        b'\tS854\t"https://gazette.example/1"\tS1683\ten:"She is mayor."\n'
    )


def test_a_command_without_qualifiers_and_reference_is_a_line() -> None:
    assert b"".join(quickstatements([Command("Q42", "P31", "Q5")])) == b"Q42\tP31\tQ5\n"


def test_no_commands_are_no_bytes() -> None:
    assert b"".join(quickstatements([])) == b""


def test_lines_come_by_the_numbers_of_item_property_and_value_each_once() -> None:
    rows = [
        ("Q9", "P39", "Q1"),
        ("Q10", "P9", "Q20"),
        ("Q10", "P39", "Q3"),
        ("Q10", "P39", "Q20"),
    ]
    given_rows = rows * 2
    random.Random(3).shuffle(given_rows)
    written = b"".join(quickstatements(Command(*row) for row in given_rows))
    assert [line.split("\t") for line in written.decode().splitlines()] == [list(r) for r in rows]


@pytest.mark.parametrize(
    ("edtf", "written"),
    [
        ("2016", "+2016-00-00T00:00:00Z/9"),
        ("2016-05", "+2016-05-00T00:00:00Z/10"),
        ("2016-05-07", "+2016-05-07T00:00:00Z/11"),
        ("2020-02-29", "+2020-02-29T00:00:00Z/11"),
        ("1583-01-01", "+1583-01-01T00:00:00Z/11"),
    ],
)
def test_a_time_keeps_the_precision_that_it_has(edtf: str, written: str) -> None:
    assert time_value(edtf) == written
    assert read_value(written)[0] == "time"


@pytest.mark.parametrize(
    "edtf",
    [
        *("2016~", "2016?", "2016-05%", "201X", "20XX", "2016-XX", "2016-05-XX", "2016-21"),
        *("2003/..", "../2003", "2003/", "/2003", "2003/2006", "..", ""),
        *("2021-02-29", "2016-13", "2016-00", "1582-12-31", "0000", "-0044", "12016", "٢٠١٦"),
        *("2016\n", " 2016", "2016-05-07T10:00:00"),
    ],
)
def test_what_quickstatements_cannot_say_exactly_is_no_time(edtf: str) -> None:
    assert time_value(edtf) is None


@pytest.mark.parametrize(
    ("iri", "item"),
    [
        ("http://www.wikidata.org/entity/Q796", "Q796"),
        ("http://www.wikidata.org/entity/Q0", None),
        ("http://www.wikidata.org/entity/q796", None),
        ("http://www.wikidata.org/entity/Q0796", None),
        ("http://www.wikidata.org/entity/Q796\n", None),
        ("http://www.wikidata.org/entity/P39", None),
        ("http://www.wikidata.org/entity/Q99999999999999999999", None),
        ("https://www.wikidata.org/wiki/Q796", None),
        ("https://www.wikidata.org/entity/Q796", None),
        ("http://example.org/Q796", None),
    ],
)
def test_an_item_is_named_by_the_iri_of_its_entity_only(iri: str, item: str | None) -> None:
    assert item_value(iri) == item


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("رئيس الحكومة العراقية", "ar", 'ar:"رئيس الحكومة العراقية"'),
        ("سەرۆکی هەرێم", "ckb", 'ckb:"سەرۆکی هەرێم"'),
        ("Serokê Herêmê", "kmr", 'ku:"Serokê Herêmê"'),
        ("In two\nlines", "en", 'en:"In two lines"'),
        ("In two \r\n\t lines", "en", 'en:"In two lines"'),
        ("In two\u2029\u2028lines", "EN", 'en:"In two lines"'),
        ("\tRound about \x00", "en", 'en:"Round about"'),
        ("Two  spaces stay", "en", 'en:"Two  spaces stay"'),
        ('She said "no"', "en", 'en:"She said "no""'),
        ("She said “no”", "en", 'en:"She said “no”"'),
        (r"C:\n", "en", r'en:"C:\n"'),
        ("a /* comment */", "en", 'en:"a /* comment */"'),
        ("x" * MAX_TEXT, "en", f'en:"{"x" * MAX_TEXT}"'),
    ],
)
def test_a_text_is_written_with_its_language(text: str, language: str, written: str) -> None:
    assert text_value(text, language) == written


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kadhimi | Rudaw", "en"),
        ("x||Q42\tP31\tQ5", "en"),
        ("", "en"),
        ("\n \t", "en"),
        ("x" * (MAX_TEXT + 1), "en"),
        ("Zaza", "zza"),
        ("words", ""),
        ("words", "tlh"),
        ("words", 'en:"x"\tP31\tQ5\ten'),
    ],
)
def test_a_text_that_would_arrive_as_another_is_not_written(text: str, language: str) -> None:
    assert text_value(text, language) is None


@given(st.text(), st.sampled_from(["ar", "ckb", "ku", "en", "fa"]))
@example('"', "ar")
@example('\t"\n"|', "ar")
def test_what_is_written_is_read_back_with_the_same_words(text: str, language: str) -> None:
    value = text_value(text, language)
    kept = "".join(each for each in text if not _lost(each))
    if value is None:
        assert "|" in text or not kept
    else:
        kind, code, words = read_value(value)
        assert (kind, code) == ("text", language)
        assert "".join(each for each in words if not _lost(each)) == kept


def _lost(character: str) -> bool:
    """Whether a character may become a space, or go at the ends."""
    return character.isspace() or unicodedata.category(character) == "Cc"


@pytest.mark.parametrize(
    ("iri", "written"),
    [
        ("https://gazette.example/1", '"https://gazette.example/1"'),
        ("http://gazette.example", '"http://gazette.example"'),
        ("https://g.example:8080/a?b=c&d=%D8%B9#e", '"https://g.example:8080/a?b=c&d=%D8%B9#e"'),
        ("https://g.example/العراق", '"https://g.example/%D8%A7%D9%84%D8%B9%D8%B1%D8%A7%D9%82"'),
        ("https://bücher.example/ü", '"https://xn--bcher-kva.example/%C3%BC"'),
        ('https://g.example/a|b"c\td', '"https://g.example/a%7Cb%22c%09d"'),
        ("https://g.example/" + "x" * (MAX_TEXT - 18), f'"https://g.example/{"x" * 1482}"'),
    ],
)
def test_a_web_address_is_written_as_a_uri(iri: str, written: str) -> None:
    assert url_value(iri) == written
    assert read_value(written)[0] == "string"


@pytest.mark.parametrize(
    "iri",
    [
        *("urn:isbn:1", "ftp://g.example/", "//g.example", "https://", "https:///a", ""),
        *('https://g"x/', "https://g|x/", "https://g x/", f"https://{'ü' * 80}.example/"),
        *("https://ü..example/", "https://g.example/" + "x" * (MAX_TEXT - 17)),
    ],
)
def test_what_is_no_web_address_is_not_written(iri: str) -> None:
    assert url_value(iri) is None


@given(st.text())
def test_a_path_of_any_characters_stays_in_its_column_and_means_the_same(path: str) -> None:
    value = url_value(f"https://g.example/{path}")
    if value is not None:
        assert value.isascii() and not set(value[1:-1]) & set('"|\t\n ')
        assert unquote(value[1:-1]) == unquote(f"https://g.example/{path}")


def test_the_reader_of_these_tests_refuses_what_is_no_command() -> None:
    for line in (
        *("# comment", "", "Q1\tP1", "Q1\tP1\tQ2\tP3", "Q0\tP1\tQ2", "Q1\tP1\tq2", "Q1|P1|Q2"),
        *("Q1\tP1\tQ2\tS1\tQ3\tP2\tQ4", 'Q1\tP1\ten:"', 'Q1\tP1\ten:" x"', 'Q1\tP1\t"x'),
        *("Q1\tP1\t+2016-01-01T00:00:00Z/9", "Q1\tP1\t+2016-00-00T00:00:00Z/11"),
    ):
        with pytest.raises(ValueError):
            read(f"{line}\n".encode())
    assert [line.item for line in read(b"Q1\tP1\tQ2\nQ3\tP1\tQ4\n")] == ["Q1", "Q3"]
