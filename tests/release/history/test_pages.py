"""The changelog, its feeds and the pages of changes, read by other software than ours."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import feedparser
import pytest
from lxml import etree, html
from playwright.sync_api import Browser, sync_playwright
from rdflib import RDF, Dataset
from tests.conftest import REPOSITORY, create_example
from tests.release.history.client import AS, parsed
from tests.release.history.releases import PLACE, SETTINGS
from tests.service.browser import ARGUMENTS, CHROMIUM

from kgpub.pipeline.workspace import Workspace
from kgpub.release.asked import Asked
from kgpub.release.differences import changelog
from kgpub.release.folder import Releases
from kgpub.release.history.keeping import keep
from kgpub.release.making import make

LANGUAGES = ["en", "ar", "ckb"]
EDITS = (
    ("start: 2019", "start: 2018"),
    ("en: Salim Omar}", 'en: "<i>Salim</i> & ]]> Omar"}'),
    ("start: 2018", "start: 2017"),
)
AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
HTML_VALIDATE = REPOSITORY / "web/node_modules/.bin/html-validate"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four releases of the example, the second and the third of one day."""
    root = create_example(tmp_path_factory.mktemp("pages") / "workspace")
    workspace = Workspace(root)
    facts = root / "articles/example/facts.yaml"
    for number, date in enumerate(("2026-11-24", "2026-11-25", "2026-11-25", "2026-11-26")):
        if number:
            text = facts.read_text(encoding="utf-8").replace(*EDITS[number - 1])
            facts.write_text(text, encoding="utf-8")
        workspace.build()
        make(root, workspace.settings, root / "releases", Asked(date=date))
    keep(Releases(root / "releases"), SETTINGS, Asked(place=PLACE))
    return root / "releases"


@pytest.fixture(scope="module")
def changes(releases: Path) -> Path:
    return releases / "changes"


def parsed_page(path: Path) -> html.HtmlElement:
    return html.document_fromstring(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_feedparser_reads_the_feeds(changes: Path, language: str) -> None:
    content = (changes / f"feed.{language}.atom").read_bytes()
    read = feedparser.parse(content)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.author == "Me"
    assert "Example & <one>" in read.feed.title
    assert [each.updated for each in read.entries] == [
        "2026-11-26T00:00:00Z",
        "2026-11-25T00:00:01Z",
        "2026-11-25T00:00:00Z",
        "2026-11-24T00:00:00Z",
    ]
    assert read.feed.updated == read.entries[0].updated
    assert all(each.content[0].language == language for each in read.entries)
    links = [each.link for each in read.entries]
    assert links[0] == f"{PLACE}changes/4/index.{language}.html"
    assert links[3] == f"{PLACE}changes/index.{language}.html#1"
    for link in links:
        address, fragment = urldefrag(link)
        page = parsed_page(changes / address.removeprefix(f"{PLACE}changes/"))
        assert not fragment or page.get_element_by_id(fragment) is not None
    # What is from the data cannot become markup on its way through XML and HTML.
    assert "&lt;i&gt;Salim&lt;/i&gt; &amp; ]]&gt; Omar" in read.entries[1].content[0].value


def test_no_two_entries_or_feeds_are_the_same_to_a_reader(changes: Path) -> None:
    ids = [
        each
        for language in LANGUAGES
        for each in etree.parse(changes / f"feed.{language}.atom").xpath(
            "//a:id/text()", namespaces={"a": "http://www.w3.org/2005/Atom"}
        )
    ]
    assert len(ids) == len(set(ids)) == len(LANGUAGES) * 5
    assert all(re.match(r"https://example\.org/data/", each) for each in ids)


def test_all_links_lead_to_files(changes: Path) -> None:
    """From wherever the folder lies: no page has an address of its own."""
    pages = sorted(changes.rglob("*.html"))
    assert len(pages) == 4 + 3 * 3
    for path in pages:
        page = parsed_page(path)
        found = page.xpath("//@href")
        assert found
        for href in found:
            address, fragment = urldefrag(urljoin(path.as_uri(), href))
            target = Path(address.removeprefix("file://"))
            assert target.is_file(), href
            if fragment:
                assert parsed_page(target).get_element_by_id(fragment) is not None
        assert page.xpath("//script | //img | //@src") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_the_latest_first(changes: Path, language: str) -> None:
    page = parsed_page(changes / f"index.{language}.html")
    assert page.get("lang") == language
    assert page.xpath("//h2/@id") == ["4", "3", "2", "1"]
    assert "2017" in page.xpath("string((//ins)[1])")
    others = set(LANGUAGES) - {language}
    assert set(page.xpath("//nav//a/@hreflang")) == others


def test_old_releases_are_told_of_by_links_alone(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changelog, "MAX_ENTRIES", 2)
    keep(Releases(releases), SETTINGS, Asked(place=PLACE))
    page = parsed_page(releases / "changes/index.en.html")
    assert page.xpath("//h2/@id") == ["4", "3"]
    assert page.xpath("//main/ul/li/@id") == ["2", "1"]
    assert page.xpath("//main/ul/li/a/@href") == ["2/index.en.html"]
    assert len(feedparser.parse((releases / "changes/feed.en.atom").read_bytes()).entries) == 2
    monkeypatch.undo()
    keep(Releases(releases), SETTINGS, Asked(place=PLACE))


def test_patches_lead_from_each_release_to_the_next(releases: Path) -> None:
    """As rdflib applies them."""
    for number in (2, 3, 4):
        before, after = (releases / str(n) / "dataset.nq" for n in (number - 1, number))
        dataset = Dataset()
        dataset.parse(before, format="nquads")
        dataset.parse(releases / f"changes/{number}/changes.rdfp", format="patch")
        written = dataset.serialize(format="nquads").encode()
        assert parsed(written, "nquads", "") == parsed(after.read_bytes(), "nquads", "")


def test_the_step_tells_programs_what_there_is(changes: Path) -> None:
    listed = json.loads((changes / "changes.json").read_text())["steps"]
    assert [each["version"] for each in listed] == ["1", "2", "3", "4"]
    step = json.loads((changes / "2/step.json").read_text())
    patch = (changes / "2/changes.rdfp").read_text(encoding="utf-8").splitlines()
    assert step["quads"] == {
        "removed": sum(line.startswith("D ") for line in patch),
        "added": sum(line.startswith("A ") for line in patch),
    }
    nodes = (changes / "2/stream.tree.trig").read_text(encoding="utf-8")
    assert step["records"] == {
        "created": nodes.count(" a as:Create"),
        "updated": nodes.count(" a as:Update"),
        "deleted": nodes.count(" a as:Delete"),
    }


def test_what_was_retracted_is_told_with_its_reason(tmp_path: Path) -> None:
    root = create_example(tmp_path / "workspace")
    workspace = Workspace(root)
    facts = root / "articles/example/facts.yaml"
    fact = "      - {type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019}\n"
    reason = "    retracted: {since: 2026-11-25, because: {en: He had <not>.}}\n"
    for date, retracted in (("2026-11-24", ""), ("2026-11-25", reason)):
        text = facts.read_text(encoding="utf-8")
        assert fact in text
        facts.write_text(text.replace(fact, fact + retracted), encoding="utf-8")
        workspace.build()
        make(root, workspace.settings, root / "releases", Asked(date=date))
    keep(Releases(root / "releases"), SETTINGS, Asked(place=PLACE))
    changes = root / "releases/changes"
    latest = feedparser.parse((changes / "feed.en.atom").read_bytes()).entries[0]
    assert "He had &lt;not&gt;." in latest.content[0].value
    assert "He had <not>." in parsed_page(changes / "2/index.ar.html").text_content()
    quads = parsed((changes / "2/stream.tree.trig").read_bytes(), "trig", "")
    gone = {s for s, p, o, _ in quads if p == RDF.type and o == AS.Delete}
    told = {s for s, p, o, _ in quads if p == AS.summary and str(o) == "He had <not>."}
    assert told and told <= gone


@pytest.mark.skipif(not HTML_VALIDATE.exists(), reason="html-validate is not installed")
def test_pages_are_valid_html(changes: Path) -> None:
    rules = {
        "root": True,
        "extends": ["html-validate:standard"],
        # What the templates leave: lines that end in spaces, long titles.
        "rules": {"no-trailing-whitespace": "off", "long-title": "off"},
    }
    (changes.parent / ".htmlvalidate.json").write_text(json.dumps(rules))
    pages = sorted(map(str, changes.rglob("*.html")))
    done = subprocess.run(
        [HTML_VALIDATE, "--config", changes.parent / ".htmlvalidate.json", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shuts_anybody_out(
    browser: Browser, changes: Path, language: str, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    shown = context.new_page()
    for name in ("index.html", f"index.{language}.html", f"2/index.{language}.html"):
        shown.goto((changes / name).as_uri())
        shown.evaluate(AXE.read_text(encoding="utf-8"))
        found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [
            (each["id"], [n["html"] + n["failureSummary"] for n in each["nodes"][:3]])
            for each in found["violations"]
        ]
        assert told == [], name
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_style_is_let_in_and_narrow_screens_suffice(
    browser: Browser, changes: Path, language: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    shown = context.new_page()
    errors: list[str] = []
    shown.on("console", lambda message: errors.append(message.text))
    for name in ("index.html", f"index.{language}.html", f"4/index.{language}.html"):
        shown.goto((changes / name).as_uri())
        assert (
            shown.evaluate("getComputedStyle(document.querySelector('nav ul')).display") == "flex"
        )
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
    assert errors == []
    context.close()
