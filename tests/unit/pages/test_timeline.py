"""Times as a list and a chart: where bars stand, what is certain of them, and what is not told."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html
from tests.unit.pages.graphs import SITE
from tests.unit.pages.test_article import view

from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Frame, Reference, Text, environment
from kgpub.pages.timeline import (
    MAX_BARS,
    Chart,
    Period,
    Stretch,
    Tick,
    Timeline,
    chart,
    day,
    period,
    timeline,
)

OFFICE = Reference(Text("Office", "en"), "../office/x.en.html")
FACT = Reference(Text("Tenure", "en"), "../fact/f.en.html")


def frame(language: str = "en") -> Frame:
    return Frame(SITE, language, f"data/person/x.{language}.html")


def held(name: str = "Office", **times: object) -> Period:
    return Period(Reference(Text(name, "en")), FACT, **times)  # type: ignore[arg-type]


def drawn(*periods: Period, mirrored: bool = False) -> Chart:
    made = chart(list(periods), mirrored)
    assert made is not None
    return made


def years(first: int, last: int) -> dict[str, date]:
    """The bounds that `start: first` and `end: last` have."""
    return {
        "earliest": date(first, 1, 1),
        "latest": date(last, 12, 31),
        "certain_from": date(first, 12, 31),
        "certain_until": date(last, 1, 1),
    }


# The chart is 720 units wide, of which 48 at each side are no part of the scale: 624 remain.


def test_a_bar_stands_from_its_first_to_its_last_day_and_what_is_certain_within_it() -> None:
    made = drawn(held(**years(2010, 2013)))
    # Four years of 156 units each, 2010 to the end of 2013, with a tick every half year.
    assert made.bars[0].possible == Stretch(48, 624)
    # From 31 December 2010 (0.42 units before 2011) to the end of 1 January 2013 (0.42 after).
    assert made.bars[0].certain == Stretch(204, 312)
    assert made.bars[0].unknown == ()
    assert [tick.label for tick in made.ticks] == [
        "2010-01", "2010-07", "2011-01", "2011-07", "2012-01", "2012-07", "2013-01", "2013-07",
        "2014-01",
    ]  # fmt: skip


def test_time_runs_to_the_left_where_the_script_does() -> None:
    periods = held(**years(2010, 2013)), held(**years(2012, 2017))
    one, other = drawn(*periods), drawn(*periods, mirrored=True)
    for left, right in zip(one.bars, other.bars, strict=True):
        assert right.possible == Stretch(
            720 - left.possible.x - left.possible.width, left.possible.width
        )
        assert left.certain is not None
        assert right.certain == Stretch(
            720 - left.certain.x - left.certain.width, left.certain.width
        )
    assert [tick.x for tick in other.ticks] == [720 - tick.x for tick in one.ticks]
    assert (one.label_x, other.label_x) == (8, 712)


def test_an_end_that_is_not_known_is_no_end_in_the_chart() -> None:
    made = drawn(held(earliest=date(2016, 1, 1)))
    # The scale has a year more: 2016 and 2017.
    assert made.bars[0].possible == Stretch(48, 624)
    assert made.bars[0].certain is None
    (side,) = made.bars[0].unknown
    assert (side.near, side.far, side.sign) == (672, 704, 712)
    assert made.ticks[0] == Tick(48, "2016-01")
    assert made.ticks[-1] == Tick(672, "2018-01")


def test_a_beginning_that_is_not_known_is_on_the_other_side() -> None:
    made = drawn(held(latest=date(2016, 5, 31)))
    assert (made.ticks[0].label, made.ticks[-1].label) == ("2015-01", "2017-01")
    (left,) = made.bars[0].unknown
    assert (left.near, left.far, left.sign) == (48, 16, 8)
    (right,) = drawn(held(latest=date(2016, 5, 31)), mirrored=True).bars[0].unknown
    assert (right.near, right.far, right.sign) == (672, 704, 712)


def test_one_day_can_be_seen() -> None:
    day_of = date(2016, 7, 1)
    told = held(earliest=day_of, latest=day_of, certain_from=day_of, certain_until=day_of)
    # July begins half way through the year.
    for mirrored, x in ((False, 360), (True, 356)):
        bar = drawn(told, mirrored=mirrored).bars[0]
        assert bar.possible == bar.certain == Stretch(x, 4)


def test_the_last_day_is_covered_too() -> None:
    # A month of a year is 52 units.
    (bar,) = drawn(held(earliest=date(2006, 7, 1), latest=date(2006, 7, 31))).bars
    assert bar.possible == Stretch(360, 52)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (2016, 2016, ["2016-01", "2016-04", "2016-07", "2016-10", "2017-01"]),
        (2003, 2009, ["2003", "2004", "2005", "2006", "2007", "2008", "2009", "2010"]),
        (1921, 2003, ["1920", "1940", "1960", "1980", "2000", "2020"]),
        (1, 9999, ["0", "2000", "4000", "6000", "8000", "10000"]),
    ],
)
def test_there_are_few_ticks_at_round_years(first: int, last: int, labels: list[str]) -> None:
    made = drawn(held(earliest=date(first, 1, 1), latest=date(last, 12, 31)))
    assert [tick.label for tick in made.ticks] == labels


def test_all_that_is_drawn_is_within_the_chart() -> None:
    for first in (1, 999, 1900, 2020):
        for length in (0, 1, 3, 10, 77, 300, 7000):
            for mirrored in (False, True):
                made = drawn(held(**years(first, first + length)), mirrored=mirrored)
                for bar in made.bars:
                    for stretch in (bar.possible, bar.certain):
                        assert stretch is not None
                        assert stretch.x >= 48
                        assert stretch.x + stretch.width <= 672
                assert len(made.ticks) <= 9


def test_without_dates_there_is_no_chart() -> None:
    assert chart([held(current=True)], mirrored=False) is None


def test_a_chart_has_so_many_rows_and_tells_how_many_are_left_out() -> None:
    made = drawn(*(held(earliest=date(1000 + each, 1, 1)) for each in range(MAX_BARS + 7)))
    assert (len(made.bars), made.left_out) == (MAX_BARS, 7)
    assert [bar.y for bar in made.bars[:3]] == [0, 44, 88]


def test_periods_are_in_the_order_of_time_and_those_without_come_last() -> None:
    periods = [
        held("undated"),
        held("later", earliest=date(2010, 1, 1)),
        held("earlier", latest=date(2008, 1, 1)),
        held("same, ended", earliest=date(2010, 1, 1), latest=date(2011, 1, 1)),
        held("a, undated"),
    ]
    found = timeline(frame(), periods)
    assert [each.period.subject.text.text for each in found.entries] == [
        "earlier", "same, ended", "later", "a, undated", "undated",
    ]  # fmt: skip
    assert found == timeline(frame(), reversed(periods))


def listed(language: str, **times: object) -> str:
    (entry,) = timeline(frame(language), [held(**times)]).entries
    return html.fragment_fromstring(entry.when, create_parent="p").text_content()


@pytest.mark.parametrize(
    ("times", "en", "ar"),
    [
        ({"start": "2016", "end": "2020"}, "from 2016 to 2020", "من 2016 إلى 2020"),
        ({"start": "2016"}, "from 2016, end not told", "من 2016، ولم تُذكر النهاية"),
        ({"end": "2020-05"}, "to 2020-05, beginning not told", "إلى 2020-05، ولم تُذكر البداية"),
        ({"time": "2006"}, "told of 2006", "الوقت المذكور: 2006"),
        ({"time": "2006", "negated": True}, "told of 2006, denied", "الوقت المذكور: 2006، منفي"),
        ({"current": True}, "time not told, at the time of writing", "لم يُذكر الوقت، وقت الكتابة"),
    ],
)
def test_the_list_says_what_is_told_and_what_is_not(
    times: dict[str, object], en: str, ar: str
) -> None:
    assert listed("en", **times) == en
    assert listed("ar", **times) == ar


def rendered(found: Timeline, language: str = "en") -> html.HtmlElement:
    source = '{% from "timeline.html.j2" import timeline %}{{ timeline(found, frame) }}'
    made = environment().from_string(source).render(found=found, frame=frame(language))
    return html.fragment_fromstring(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_and_chart_are_written(language: str) -> None:
    hostile = Period(Reference(Text("<script>", "en")), FACT, "2016", **years(2016, 2020))
    denied = held(latest=date(2012, 1, 1), negated=True)
    tree = rendered(timeline(frame(language), [hostile, denied]), language)
    (svg,) = tree.xpath(".//svg")
    assert svg.get("direction") == frame(language).direction
    assert svg.get("viewbox") == "0 0 720 116"
    assert svg.get("aria-label")
    assert len(svg.xpath(".//rect[@class='possible']")) == 2
    assert len(svg.xpath(".//rect[@class='certain']")) == 1
    assert len(svg.xpath(".//g[@class='denied']//line[@class='unknown']")) == 1
    assert [each.text_content() for each in svg.xpath(".//text[@lang]")] == [
        "\u2068Office\u2069", "\u2068<script>\u2069",
    ]  # fmt: skip
    assert len(tree.xpath("./ol/li")) == 2
    assert len(tree.xpath("./ol/li[@class='denied']")) == 1
    assert not tree.xpath(".//*[@style] | .//script")


def test_what_a_fact_tells_is_read_from_the_data() -> None:
    seen = view(
        """
        <person/x> a kg:Person ; kg:name "X"@en .
        <office/x> a kg:Office ; kg:name "Office"@en .
        <fact/f> a kg:Tenure ; kg:person <person/x> ; kg:office <office/x> ; kg:current true ;
            kg:start "2016"^^edtf:EDTF ; kg:end "2020"^^edtf:EDTF ; kg:time "2018"^^edtf:EDTF ;
            kg:earliest "2016-01-01"^^xsd:date ; kg:latest "2020-12-31"^^xsd:date ;
            kg:certainFrom "2016-12-31"^^xsd:date ; kg:certainUntil "2020-01-01"^^xsd:date .
        """,
        "person/x",
    )
    found = period(seen, "https://example.org/data/fact/f", OFFICE)
    assert found.fact.href == "../fact/f.en.html"
    expected = Period(
        OFFICE, found.fact, "2016", "2020", "2018", current=True, **years(2016, 2020)
    )  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-02-29", date(2016, 2, 29)),
        ("2015-02-29", None),
        ("2016-02-29Z", None),
        ("-0044-03-15", None),
        ("20160229", None),
        ("٢٠١٦-٠٢-٢٩", None),
        ("0000-01-01", None),
        (None, None),
    ],
)
def test_days_that_cannot_be_drawn_are_none(text: str | None, expected: date | None) -> None:
    assert day(text) == expected
