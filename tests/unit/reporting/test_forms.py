"""Each form of the report, read back by a reader that is not kgpub's."""

from __future__ import annotations

import io
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml
from rich.console import Console

from kgpub.errors import Place, Problem
from kgpub.messages import Given
from kgpub.reporting import FORMS, Verdict, lines_below
from kgpub.reporting.terminal import report_text, summary
from kgpub.reporting.verdict import MAX_SHOWN_BYTES

NAMES = "articles/x/facts.yaml"
HOSTILE = 'ill "<script>alert(1)</script>" \x1b[31m\u202e 100%,\r\n::error::x ]]>'


@pytest.fixture
def verdict(tmp_path: Path) -> Verdict:
    path = tmp_path / NAMES
    path.parent.mkdir(parents=True)
    path.write_text("people:\n  nmae: {ar: ليلى حسن}\nkind: <b>\n", encoding="utf-8")
    problems = (
        Problem(
            Place(NAMES, 2, 3),
            Given("unknown-key", {"en": "unknown key", "ar": "مفتاح مجهول"}),
            Given("remedy", {"en": "Did you mean 'name'?", "ar": "أتقصد 'name'؟"}),
        ),
        Problem(
            Place(NAMES, 2, 14),
            Given("Person-name", {"": HOSTILE}),
            related=(Place("b c.yaml", 7),),
        ),
        Problem(Place(NAMES, 3, 7), Given("odd", {"": "odd"}), severity="warning"),
        Problem(Place("no/such.yaml", 9, 9), Given("missing", {"": "missing"}), severity="info"),
    )
    return Verdict(False, problems, (NAMES, "good.yaml"), "en", lines_below(tmp_path))


def text(form: str, verdict: Verdict) -> str:
    return "".join(FORMS[form](verdict))


def test_json(verdict: Verdict) -> None:
    read = json.loads(text("json", verdict))
    assert read["accepted"] is False
    assert read["counts"] == {"error": 2, "warning": 1, "info": 1}
    assert read["files"] == [NAMES, "good.yaml"]
    first, second, _, last = read["problems"]
    assert (first["line"], first["column"], first["endColumn"], first["text"]) == (2, 3, 7, "nmae")
    assert (second["text"], second["endColumn"]) == ("ليلى حسن", 22)
    assert second["message"] == HOSTILE
    assert second["related"] == [{"file": "b c.yaml", "line": 7, "column": 1}]
    assert "text" not in last


def test_json_without_problems_is_json() -> None:
    assert json.loads(text("json", Verdict(True, (), ())))["problems"] == []


def test_sarif(verdict: Verdict) -> None:
    log = json.loads(text("sarif", verdict))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(
        ["unknown-key", "Person-name", "odd", "missing"]
    )
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note"]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == NAMES
    assert place["region"] == {
        "startLine": 2,
        "startColumn": 14,
        "endColumn": 22,
        "snippet": {"text": "ليلى حسن"},
    }
    related = run["results"][1]["relatedLocations"][0]["physicalLocation"]
    assert related["artifactLocation"]["uri"] == "b%20c.yaml"


def test_junit(verdict: Verdict, tmp_path: Path) -> None:
    written = text("junit", verdict)
    path = tmp_path / "report.xml"
    path.write_text(written, encoding="utf-8")
    (suite,) = JUnitXml.fromfile(str(path))
    assert (suite.tests, suite.failures) == (3, 1)
    cases = {case.name: case for case in suite}
    assert set(cases) == {NAMES, "good.yaml", "no/such.yaml"}
    assert cases["good.yaml"].is_passed and cases["no/such.yaml"].is_passed
    (failure,) = cases[NAMES].result
    assert failure.message == "2 errors"
    assert "Did you mean" in failure.text and "<script>" in failure.text
    ElementTree.fromstring(written)


COMMAND = re.compile(r"::(error|warning|notice) file=([^,]*),line=(\d+),col=(\d+)([^:]*)::(.*)")


def test_github(verdict: Verdict) -> None:
    lines = text("github", verdict).splitlines()
    assert len(lines) == 4  # what is quoted begins no command of its own
    matches = [COMMAND.fullmatch(line) for line in lines]
    assert all(matches)
    assert [match[1] for match in matches if match] == ["error", "error", "warning", "notice"]
    assert lines[0].endswith("unknown key%0ADid you mean 'name'?")
    assert "‹U+001B›[31m‹U+202E› 100%25, %0A::error::x" in lines[1]


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "html"])
def test_nothing_in_a_report_reorders_what_stands_beside_it(form: str, verdict: Verdict) -> None:
    written = text(form, verdict)
    assert not {"\u202e", "\x1b"} & set(written)
    shown = "\\u202e" if form == "json" else "‹U+202E›"
    assert shown in written


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")])
def test_html(verdict: Verdict, language: str, direction: str) -> None:
    spoken = Verdict(False, verdict.problems, verdict.files, language, verdict.line)
    page = Page()
    page.feed(text("html", spoken))
    assert page.elements[0] == ("html", {"lang": language, "dir": direction})
    assert "script" not in {tag for tag, _ in page.elements}
    assert not [a for _, a in page.elements if {"src", "href"} & set(a)]
    told = "".join(page.words)
    assert "<script>alert(1)</script>" in told
    assert "<b>" in told
    assert "ليلى حسن" in told
    assert [tag for tag, _ in page.elements].count("mark") == 3
    # A line of a notation that begins with Arabic would else have its keys right of the values.
    assert [a["dir"] for tag, a in page.elements if tag == "pre"] == ["ltr"] * 3


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "html"])
def test_messages_and_remedies_are_told_in_the_language_of_the_verdict(
    verdict: Verdict, form: str
) -> None:
    spoken = Verdict(False, verdict.problems, verdict.files, "ar", verdict.line)
    told = text(form, spoken)
    assert "مفتاح مجهول" in told and "أتقصد" in told
    assert "unknown key" not in told and "Did you mean" not in told
    assert "unknown-key" in told or form == "html"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("error", "warning", "info")),
        ("ar", ("خطأ", "تحذير", "ملاحظة")),
        ("ckb", ("هەڵە", "ئاگاداری", "تێبینی")),
    ],
)
def test_the_terminal_tells_the_severity_in_the_language(
    verdict: Verdict, language: str, words: tuple[str, ...]
) -> None:
    """Editors look for `file:line:column: error:`, which it is in English."""
    spoken = Verdict(False, verdict.problems, verdict.files, language, verdict.line)
    told = report_text(spoken).plain
    said = re.findall(r"^[^ \n]+:\d+:\d+: ([^ :]+): ", told, re.MULTILINE)
    assert set(said) == set(words)
    assert f"{NAMES}:2:3: error: " in text("junit", spoken)  # which programs read


def test_the_terminal_speaks_the_language(verdict: Verdict) -> None:
    spoken = Verdict(False, verdict.problems, verdict.files, "ar", verdict.line)
    assert report_text(spoken).plain.startswith(f"{NAMES}:2:3: خطأ: مفتاح مجهول\n")
    assert summary(spoken) == "مرفوضة: الأخطاء 2، التحذيرات 1، الملاحظات 1"


def test_terminal(verdict: Verdict) -> None:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(report_text(verdict), end="")
    lines = console.export_text().splitlines()
    assert lines[0] == f"{NAMES}:2:3: error: unknown key"
    assert lines[1].endswith("│ nmae\u2066: {ar: ليلى حسن}\u2069")  # keys stay left of values
    assert lines[2].endswith("│ ^^^^")
    assert "\u2068ليلى حسن\u2069" in lines[6]  # the word itself, not signs below another one
    told = "\n".join(lines)
    assert "\x1b" not in told and "\u202e" not in told
    assert summary(verdict) == "refused: 2 errors, 1 warning, 1 info"


def test_more_than_the_limit_are_counted() -> None:
    message = Given("c", {"": "m"})
    problems = tuple(Problem(Place("f", n), message, severity="info") for n in range(1, 300))
    worst = Problem(Place("f", 500), Given("w", {"": "the worst"}))
    told = report_text(Verdict(False, (*problems, worst), ()), limit=10).plain
    assert "f:500:1: error: the worst" in told
    assert told.count("info: m") == 9
    assert "… and 290 others" in told and "290 × c" in told


def test_only_a_file_that_is_read_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root, outside):
        folder.mkdir()
        (folder / "a.yaml").write_text(f"{folder.name}\n", encoding="utf-8")
    (root / "link.yaml").symlink_to(outside / "a.yaml")
    (root / "folder").symlink_to(outside)
    (root / "circle.yaml").symlink_to("circle.yaml")
    (root / "inside.yaml").symlink_to("a.yaml")
    (outside / "link.yaml").symlink_to(root / "a.yaml")
    os.mkfifo(root / "pipe.yaml")
    with (root / "large.yaml").open("wb") as stream:
        stream.truncate(MAX_SHOWN_BYTES + 1)
    monkeypatch.chdir(root)
    for given in (root, Path()):
        line = lines_below(given)
        shown = {
            name: line(Place(name))
            for name in (
                *("a.yaml", "inside.yaml", "../outside/a.yaml", str(outside / "a.yaml")),
                *("link.yaml", "folder/a.yaml", "circle.yaml", "pipe.yaml", "large.yaml"),
                *("../outside/link.yaml", str(outside / "link.yaml")),
            )
        }
        assert {name: text for name, text in shown.items() if text is not None} == {
            "a.yaml": "root",
            "inside.yaml": "root",
            "../outside/a.yaml": "outside",
            str(outside / "a.yaml"): "outside",
        }
