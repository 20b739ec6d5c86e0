"""`POST /api/validate` says what `kgpub validate` says, in the form that is asked for."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import lxml.html
import pytest
import rdflib
from playwright.sync_api import sync_playwright
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.served import fetch, make_workspace
from tests.service.submitting_served import FACTS, FEW, Place, in_folder, place, problem

WRONG = FACTS.replace("contributor", "contributer").replace("شبكة المياه", "شبكة الماء")
ARTICLE_TEXT = "افتتح مجلس البلدية، يوم الأحد، مدرسة الواحة الجديدة.\n"
ARTICLE = "title: {ar: مدرسة جديدة}\nlanguage: ar\npublisher: the-example-paper\n"
NEW_FACTS = """article: new-school
statements:
  - words: افتتح مجلس البلدية، يوم الأحد، مدرسة الواحة الجديدة
    about: [organisation/municipal-council]
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(make_workspace(tmp_path_factory.mktemp("validated") / "w")) as found:
        yield found


def command(served: Place, text: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    """What the command line says of a file."""
    path = in_folder(served.workspace, text)
    call = [sys.executable, "-m", "kgpub", "validate", str(path), "--as-built", *options]
    root = str(served.workspace.root)
    return subprocess.run([*call, "-w", root], capture_output=True, timeout=120, check=False)


def without_files(report: Any, *names: str) -> Any:
    """A report in which files have no names: the command line tells paths, a service none."""
    text = json.dumps(report)
    for name in names:
        text = text.replace(json.dumps(name), '"-"')
    return json.loads(text)


@pytest.mark.parametrize("text", [FACTS, WRONG, "article: example\n  x: - [\n", "[]"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_is_that_of_the_command_line(served: Place, text: str, language: str) -> None:
    if not text.startswith("article"):
        text = f"article: example\nstatements: {text}\n"
    done = command(served, text, "--format", "json", "--lang", language)
    expected = json.loads(done.stdout)
    got = served.validate(text, accept_language=f"{language};q=0.9, *;q=0.1")
    assert got.status == 200
    assert got.headers["content-language"] == language
    path = str(in_folder(served.workspace, text))
    mine, theirs = got.json, expected
    if theirs["compared"] is None:  # it was not read far enough
        assert mine["compared"] is None
    assert without_files(mine, "facts.yaml") == without_files(theirs, path)
    assert mine["accepted"] == (done.returncode != 1)


def test_errors_stand_at_line_and_column(served: Place) -> None:
    report = served.validate(WRONG).json
    assert not report["accepted"]
    places = {(each["line"], each["column"], each["code"]) for each in report["problems"]}
    lines = WRONG.splitlines()
    assert (2, 1, "unknown-key") in places
    assert lines[1].startswith("contributer")
    words = next(each for each in report["problems"] if each["line"] == 4)
    assert lines[3][words["column"] - 1 :].startswith("سنبدأ")
    assert report["files"] == ["facts.yaml"]
    assert str(served.workspace.root) not in json.dumps(report)


def test_facts_are_compared_with_what_is_published(served: Place) -> None:
    text = (
        "article: example\nstatements:\n  - words: لسالم عمر الذي تولى المنصب عام 2019\n"
        "    asserts: [{type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2018}]\n"
    )
    report = served.validate(text).json
    outcomes = [(each["outcome"], each["line"]) for each in report["compared"]]
    assert ("contradicts", 4) in outcomes or ("new", 4) in outcomes
    known = served.validate(text.replace("2018", "2019")).json
    assert known["outcomes"] == {"new": 0, "known": 1, "refines": 0, "contradicts": 0}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/yaml; charset=UTF-8", FACTS),
        ("text/x-yaml", FACTS),
        ("application/json", json.dumps({"article": "example", "statements": []})),
        ("application/ld+json", json.dumps({"article": "example", "statements": []})),
    ],
)
def test_each_format_is_read(served: Place, media_type: str, body: str) -> None:
    got = served.validate(body, content_type=media_type)
    assert got.status == 200
    assert got.json["accepted"], got.json


def test_csv_is_a_table_by_name_or_by_parameter(served: Place) -> None:
    rows = "id,name@ar,name@en\nsalim-omar,سالم عمر,Salim Omar\n"
    for query in ("?article=example&table=people", "?article=example&name=people-2.csv"):
        got = served.validate(rows, query, content_type="text/csv")
        assert got.json["accepted"], got.json
    named = served.validate(rows.replace("name@ar", "nom"), "?article=example&name=people.csv")
    problem(served.validate(rows, "?article=example", content_type="text/csv"), 400)
    assert named.status == 200  # as YAML, of which it is a text


def test_a_page_has_the_style_that_its_policy_allows_and_shows_in_its_direction(
    served: Place,
) -> None:
    got = served.validate(WRONG, "?lang=ar", accept="text/html")
    page = lxml.html.fromstring(got.body)
    assert (page.get("dir"), page.get("lang")) == ("rtl", "ar")
    style = re.search(rb"<style>(.*?)</style>", got.body, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    policy = got.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script-src" not in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_browser_shows_the_page_by_that_policy(served: Place) -> None:
    form = (
        f'<form method=post enctype=multipart/form-data action="{served.origin}/api/validate'
        '?format=html&lang=ar"><textarea name=facts></textarea><button>x</button></form>'
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.set_content(form)
        page.fill("textarea", WRONG)
        page.click("button")
        page.wait_for_url("**/api/validate*")
        place = page.locator("li.error .place").first
        assert place.inner_text() == "facts.yaml:2:1"
        style = "getComputedStyle(document.querySelector('li.error')).borderTopWidth"
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert page.evaluate(style) == "1px"  # that of the page; a list has none
        assert told == []
        browser.close()


def test_turtle_is_the_standard_report(served: Place) -> None:
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    wrong = FACTS.replace("mayor-of-al-waha", "mayor-of-nowhere")
    for text, conforms in ((FACTS, True), (wrong, False)):
        got = served.validate(text, accept="text/turtle")
        if got.status == 422:
            continue
        graph = rdflib.Graph().parse(data=got.body, format="turtle")
        (report,) = graph.subjects(rdflib.RDF.type, shacl.ValidationReport)
        errors = {
            each
            for each in graph.objects(report, shacl.result)
            if (each, shacl.resultSeverity, shacl.Violation) in graph
        }
        assert (not errors) is conforms
    assert served.validate(FACTS, accept="text/turtle").status == 200
    told = problem(served.validate("article: [", "?format=ttl"), 422)
    assert "could not be read" in told["detail"]


def test_the_address_decides_before_the_header(served: Place) -> None:
    got = served.validate(FACTS, "?format=html", accept="application/json")
    assert got.headers.get_content_type() == "text/html"
    problem(served.validate(FACTS, "?format=pdf"), 400)
    problem(served.validate(FACTS, "?lang=fr"), 400)
    problem(served.validate(FACTS, "?formt=html"), 400)
    problem(served.validate(FACTS, accept="image/png"), 406)


def form(parts: dict[str, tuple[str, str]], boundary: str = "xyz") -> bytes:
    """A form as any client of HTTP writes it."""
    body = ""
    for name, (file, content) in parts.items():
        told = f'; filename="{file}"' if file else ""
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{told}\r\n\r\n'
        body += f"{content}\r\n"
    return f"{body}--{boundary}--\r\n".encode()


MULTIPART = "multipart/form-data; boundary=xyz"
WHOLE = {
    "facts": ("facts.yaml", NEW_FACTS),
    "text": ("article.txt", ARTICLE_TEXT),
    "metadata": ("article.yaml", ARTICLE),
}


def test_a_new_article_comes_with_its_facts(served: Place) -> None:
    before = sorted(served.workspace.root.rglob("articles/**/*"))
    got = served.validate(form(WHOLE), content_type=MULTIPART)
    assert got.json["accepted"], got.json
    assert got.json["files"] == ["facts.yaml", "article.yaml", "article.txt"]
    assert sorted(served.workspace.root.rglob("articles/**/*")) == before
    wrong = {**WHOLE, "metadata": ("", ARTICLE.replace("language", "langage"))}
    report = served.validate(form(wrong), content_type=MULTIPART).json
    first = report["problems"][0]
    assert (first["file"], first["line"], first["code"]) == ("article.yaml", 2, "unknown-key")
    assert first["text"] == "langage"


def test_another_article_of_a_name_that_is_taken_is_refused(served: Place) -> None:
    taken = {**WHOLE, "facts": ("facts.yaml", NEW_FACTS.replace("new-school", "example"))}
    report = served.validate(form(taken), content_type=MULTIPART).json
    assert [each["code"] for each in report["problems"]] == ["article-taken"]
    folder = served.workspace.root / "articles/example"
    same = {
        "facts": ("facts.yaml", FACTS),
        "text": ("", (folder / "article.txt").read_text(encoding="utf-8")),
        "metadata": ("", (folder / "article.yaml").read_text(encoding="utf-8")),
    }
    # A form writes line feeds as they are: what is here already is no other article.
    assert served.validate(form(same), content_type=MULTIPART).json["accepted"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--xyz--\r\n",
        form({"text": ("", "x")}),
        form({"facts": ("", FACTS), "text": ("", "x")}),
        form({"facts": ("", FACTS), "what": ("", "x")}),
        form(WHOLE)[:-20],
        b"--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--\r\n",
        form({"facts": ("", FACTS)}) * 2,
    ],
)
def test_a_form_that_is_none_is_told(served: Place, body: bytes) -> None:
    got = served.validate(body, content_type=MULTIPART)
    assert got.status in (200, 400)
    if got.status == 400:
        problem(got, 400)
    problem(served.validate(form(WHOLE), content_type="multipart/form-data"), 400)


def test_what_is_packed_is_unpacked(served: Place) -> None:
    packed = gzip.compress(FACTS.encode())
    assert served.validate(packed, content_encoding="gzip").json["accepted"]
    problem(served.validate(packed[:-9], content_encoding="gzip"), 400)
    problem(served.validate(packed + b"x", content_encoding="gzip"), 400)
    problem(served.validate(FACTS, content_encoding="gzip"), 400)
    told = served.validate(FACTS, content_encoding="br")
    assert told.headers["accept-encoding"] == "gzip, identity"
    problem(told, 415)


def test_what_has_no_known_format_is_told_which_there_are(served: Place) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "nothing"):
        got = served.validate(FACTS, content_type=media_type)
        problem(got, 415)
        assert "application/yaml" in got.headers["accept"]
    problem(served.validate(FACTS, content_type="application/yaml; charset=windows-1256"), 415)


def test_bytes_that_are_no_utf_8_are_told_with_their_place(served: Place) -> None:
    content = "article: example\nx: سالم\n".encode("windows-1256")
    report = served.validate(content).json
    first = report["problems"][0]
    assert (first["code"], first["line"], first["column"]) == ("not-utf-8", 2, 4)


def test_an_address_may_ask_so_often(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = make_workspace(tmp_path_factory.mktemp("rates") / "w")
    with place(workspace, replace(FEW, per_minute=1)) as found:
        assert found.validate(FACTS).status == 200
        got = found.validate(FACTS)
        problem(got, 429)
        assert 1 <= int(got.headers["retry-after"]) <= 60
        assert found.submit(FACTS).status == 201  # whoever has a token is known


def test_other_methods_are_not_answered(served: Place) -> None:
    assert fetch(f"{served.origin}/api/validate").status == 405
