"""Single answers as items: dates, countries, names."""

from __future__ import annotations

import pytest

from kgpub.linking.entity import Held
from kgpub.wikidata.forms import Terms
from kgpub.wikidata.items import date, held_offices, names, record

TERMS: Terms = {
    "id": "Q9000001",
    "labels": {"ar": "سالم", "en": "Salim"},
    "aliases": {"en": ["Salem", "Salim"], "fr": ["Selim"]},
    "descriptions": {},
    "sitelinks": 0,
}


@pytest.mark.parametrize(
    ("value", "precision", "written"),
    [
        ("1967-07-05T00:00:00Z", "11", "1967-07-05"),
        ("1967-07-01T00:00:00Z", "10", "1967-07"),
        ("1967-01-01T00:00:00Z", "9", "1967"),
        ("1960-01-01T00:00:00Z", "8", ""),
        ("1901-01-01T00:00:00Z", "7", ""),
        ("-0043-03-15T00:00:00Z", "11", "-0043-03-15"),
        ("+1967-07-05T00:00:00Z", "11", "1967-07-05"),
        ("-13798000000-01-01T00:00:00Z", "9", ""),
        ("1967-07-05T12:00:00Z", "14", ""),
        ("yesterday", "11", ""),
        ("", "", ""),
    ],
)
def test_a_date_goes_as_far_as_its_precision(value: str, precision: str, written: str) -> None:
    assert date(value, precision) == written


def test_names_are_label_first_then_aliases_each_once() -> None:
    assert names(TERMS) == {"ar": ("سالم",), "en": ("Salim", "Salem"), "fr": ("Selim",)}


@pytest.mark.parametrize(
    ("dates", "born"),
    [
        ([("1967-07-05", "11"), ("1967-07-05", "11")], "1967-07-05"),
        ([("1967-07-05", "11"), ("1967-07-06", "11")], "1967-07"),
        ([("1967-07-05", "11"), ("1967-01-01", "9")], "1967"),
        ([("1967-07-05", "11"), ("1968-01-01", "9")], ""),
        ([("1967-07-05", "11"), ("1960-01-01", "8")], "1967-07-05"),
        ([], ""),
    ],
)
def test_several_dates_are_what_they_have_in_common(
    dates: list[tuple[str, str]], born: str
) -> None:
    facts = [
        {"about": "born", "value": f"{day}T00:00:00Z", "precision": precision}
        for day, precision in dates
    ]
    item = record("Q9000001", TERMS, facts=facts).item
    assert item is not None
    assert item.born == born


@pytest.mark.parametrize(
    ("countries", "country"), [(["IQ"], "IQ"), (["IQ", "GB"], ""), (["Iraq"], ""), ([], "")]
)
def test_a_country_is_the_only_one(countries: list[str], country: str) -> None:
    facts = [{"about": "country", "value": each} for each in countries]
    item = record("Q9000001", TERMS, facts=facts).item
    assert item is not None
    assert item.country == country


def test_the_greatest_population_counts() -> None:
    values = ["1000", "4200000.0", "+2000", "-5", "1e99", "9" * 400]
    facts = [{"about": "population", "value": each} for each in values]
    item = record("Q9000001", TERMS, facts=facts).item
    assert item is not None
    assert item.population == 4_200_000


def test_an_office_held_at_unknown_times_or_of_an_unknown_kind() -> None:
    rows = [{"office": "Q9000003"}, {"start": "2016-01-01T00:00:00Z", "start_precision": "9"}]
    assert held_offices(rows) == (Held("Q9000003"),)
