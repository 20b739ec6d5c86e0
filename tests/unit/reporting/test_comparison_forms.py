"""Facts beside what is published, in each form of the report, read back by other readers."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from rich.console import Console

from kgpub.errors import Place
from kgpub.messages import LANGUAGES, Message
from kgpub.model.comparison import Comparison, Outcome, Reason, Told
from kgpub.reporting import FORMS, Verdict
from kgpub.reporting.comparison_text import MAX_QUOTED, comparison_summary, comparison_text

FILE = "articles/x/facts.yaml"
HOSTILE = 'قالت <script>alert(1)</script> \x1b[31m\u202e 100%,\r\n::error::x ]]> "'


def told(words: str, **more: str) -> Told:
    base = "https://example.org/data/"
    return Told(f"{base}fact/1", f"{base}statement/1", f"{base}article/x", words=words, **more)


def compared(outcome: Outcome, reason: Reason, line: int, words: str = "words") -> Comparison:
    theirs = None if outcome is Outcome.new else told(words, title="خبر\u202e", published="2020-05")
    explanation = (
        Message(reason.value, what="time") if reason is Reason.more_exact else Message(reason.value)
    )
    place, notes = Place(FILE, line, 3), (Message("more-contradict", number="2"),)
    return Comparison(outcome, reason, "f", place, told("mine"), theirs, explanation, notes)


COMPARED = (
    compared(Outcome.new, Reason.nothing_like_it, 1),
    compared(Outcome.known, Reason.same_fact, 2, "known words"),
    compared(Outcome.refines, Reason.more_exact, 3, "coarse words"),
    compared(Outcome.contradicts, Reason.once_only, 4, HOSTILE),
)


def text(form: str, language: str = "en", told: tuple[Comparison, ...] | None = COMPARED) -> str:
    return "".join(FORMS[form](Verdict(True, (), (FILE,), language, compared=told)))


def test_json_has_all_that_was_compared() -> None:
    read = json.loads(text("json"))
    assert [each["outcome"] for each in read["compared"]] == [
        "new",
        "known",
        "refines",
        "contradicts",
    ]
    assert read["outcomes"] == {"new": 1, "known": 1, "refines": 1, "contradicts": 1}
    assert read["compared"][3]["published"]["words"] == HOSTILE
    assert read["compared"][3]["notes"] == ["Other published facts that contradict it: 2."]
    assert read["problems"] == [] and read["counts"]["warning"] == 0


def test_json_tells_nothing_compared_from_nothing_to_compare() -> None:
    assert json.loads(text("json", told=None))["compared"] is None
    nothing = json.loads(text("json", told=()))
    assert nothing["compared"] == [] and set(nothing["outcomes"].values()) == {0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_explanations_are_in_the_language_of_the_report(language: str) -> None:
    for form in ("json", "sarif", "junit", "github", "html"):
        english = str(Message("once-only"))
        assert Message("once-only").text(language) in text(form, language)
        assert (english in text(form, language)) is (language == "en")


def test_contradictions_alone_are_warnings() -> None:
    (run,) = json.loads(text("sarif"))["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("once-only", "warning")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["once-only"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (4, 3)
    (line,) = text("github").splitlines()  # what is quoted begins no command of its own
    assert line.startswith(f"::warning file={FILE},line=4,col=3,title=kgpub once-only::")
    suites = ElementTree.fromstring(text("junit"))
    assert suites.find(".//failure") is None
    assert "alert(1)" in (suites.findtext(".//system-out") or "")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.items: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "li":
            self.items.append(dict(attrs)["class"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_has_both_statements_and_counts_what_is_new() -> None:
    page = Page()
    page.feed(text("html", "ar"))
    assert page.items == ["known", "refines", "contradicts"]
    assert page.tags.count("blockquote") == 6
    assert "script" not in page.tags
    words = "".join(page.words)
    assert "<script>alert(1)</script>" in words and "\u202e" not in words
    assert comparison_summary(COMPARED, "ar") in words
    without = Page()
    without.feed(text("html", told=None))
    assert "h2" not in without.tags


def test_nothing_quoted_drives_or_reorders_a_terminal() -> None:
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(comparison_text(COMPARED), end="")
    shown = console.export_text()
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "‹U+202E›" in shown and "::error::x" in shown
    assert not any(line.startswith("::") for line in shown.splitlines())
    for line in shown.splitlines():
        assert line.count("\u2068") == line.count("\u2069")


def test_of_very_long_words_the_beginning_is_quoted() -> None:
    long = compared(Outcome.known, Reason.same_fact, 1, "w" * (MAX_QUOTED + 1))
    assert f"“\u2068{'w' * MAX_QUOTED}…\u2069”" in comparison_text((long,)).plain


def test_a_flood_is_capped_and_the_rest_counted() -> None:
    known = [compared(Outcome.known, Reason.same_fact, n) for n in range(1, 3001)]
    shown = comparison_text([*known, COMPARED[3]]).plain
    assert f"{FILE}:4:3: contradicts" in shown
    assert shown.count(": already known: ") == 19
    assert shown.endswith("… and 2,981 more\n")


@pytest.mark.parametrize("language", ["ar", "ckb"])
def test_what_parts_a_side_is_of_the_language_and_what_is_latin_is_isolated(language: str) -> None:
    times = (("start", "2018"), ("end", "2020"))
    mine = replace(told("كلام", title="خبر", published="2020-05"), times=times, negated=True)
    shown = comparison_text((replace(COMPARED[3], mine=mine, notes=()),), language).plain
    (line,) = [each for each in shown.splitlines() if "2018" in each]
    denied = Message("told-as-denied").text(language)
    assert f"، \u20682020-05\u2069؛ \u2068start 2018\u2069، \u2068end 2020\u2069؛ {denied}" in line
    assert not re.search("[A-Za-z0-9,;]", re.sub("\u2068[^\u2069]*\u2069", "", line))


TOGETHER = replace(COMPARED[3], notes=(), their_place=Place("articles/y/facts.yaml", 7, 5))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_submitted_together_is_not_called_published(language: str) -> None:
    both = (COMPARED[0], TOGETHER)
    name = Message("side-also-submitted").text(language)
    published = Message("side-published").text(language)
    heading = Message("contradicts-together").text(language)
    shown = comparison_text(both, language).plain
    assert f"{FILE}:4:3: {heading}: " in shown
    assert f"{name} │" in shown and f" {published} " not in shown
    page = text("html", language, both)
    assert f"<strong>{name}</strong>" in page and f"<strong>{published}</strong>" not in page
    (run,) = json.loads(text("sarif", language, both))["runs"]
    (result,) = run["results"]
    assert name in result["message"]["text"] and published not in result["message"]["text"].split()
    places = [each["physicalLocation"]["artifactLocation"] for each in result["relatedLocations"]]
    assert [each["uri"] for each in places] == ["articles/y/facts.yaml"]


def test_json_has_where_the_other_statement_stands() -> None:
    read = json.loads(text("json", told=(TOGETHER,)))
    (told,) = read["compared"]
    assert read["outcomes"]["contradicts"] == 1
    assert told["published"] is None
    other = told["alsoSubmitted"]
    assert (other["file"], other["line"], other["column"]) == ("articles/y/facts.yaml", 7, 5)
    assert other["words"] == HOSTILE


def test_the_summary_counts_what_is_published_and_what_is_submitted_apart() -> None:
    summary = comparison_summary((*COMPARED, TOGETHER))
    counts = "1 new, 1 already known, 1 refines, 1 contradicts"
    assert summary == f"against what is published: {counts}; among what is submitted: 1 contradicts"
    assert comparison_summary((TOGETHER,)) == "among what is submitted: 1 contradicts"
