"""The site in a real browser: on a host without rules, below a path, and from a disk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.linked_served import seed
from tests.site.sites import content, hosted, written

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
HTML_VALIDATE = REPOSITORY / "web/node_modules/html-validate/bin/html-validate.mjs"
ROOT = "kgpub/data/"
PERSON = f"{ROOT}person/mustafa-al-kadhimi"
RULES = "axe.run(document, {resultTypes: ['violations']})"
in_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = seed(tmp_path_factory.mktemp("site") / "a place")
    written(workspace)
    return workspace.root / "site"


@pytest.fixture(scope="module", params=["http", "file"])
def root(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """The address of the site's root: below a path of a host, and on a disk."""
    if request.param == "file":
        yield site.as_uri()
        return
    with hosted(site.parent.parent) as origin:
        yield f"{origin}/a%20place/site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def kinds(site: Path) -> dict[str, str]:
    """A page of each kind, with {} for the language."""
    found = content(site)
    things = {
        kind: next(
            path for path in sorted(found) if re.fullmatch(f"{ROOT}{kind}/[^.]+.en.html", path)
        )
        for kind in ("event", "statement", "article", "fact", "participation", "place")
    }
    return {
        "home": "index.{}.html",
        "list": f"{ROOT}person/index.{{}}.html",
        "person": f"{PERSON}.{{}}.html",
        "office": f"{ROOT}office/prime-minister-of-iraq.{{}}.html",
        "ontology": "ontology.{}.html",
        "kinds": "kind.{}.html",
        "dataset": f"{ROOT}dataset.{{}}.html",
        **{kind: path.replace(".en.html", ".{}.html") for kind, path in things.items()},
    }


@in_browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_shuts_anybody_out_and_none_asks_for_what_its_policy_refuses(
    browser: Browser, root: str, kinds: dict[str, str], language: str
) -> None:
    context = browser.new_context(locale=language)
    shown, told = context.new_page(), []
    shown.on("console", lambda message: told.append(message.text))
    shown.on("requestfailed", lambda request: told.append(request.url))
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    others = {"entrance": "index.html", "missing": "404.html"}
    for kind, path in (kinds | others).items():
        shown.goto(f"{root}/{path.format(language)}")
        assert shown.evaluate("getComputedStyle(document.body).marginTop") == "0px", kind
        expect(shown.locator("h1")).to_be_visible()
        if kind not in others:
            direction = "rtl" if language == "ar" else "ltr"
            expect(shown.locator("html")).to_have_attribute("dir", direction)
    assert told == []
    assert [each for each in asked if not each.startswith((f"{root}/", "data:"))] == []
    context.close()


@in_browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_accessibility(browser: Browser, site: Path, kinds: dict[str, str], language: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    for scheme, width in (("light", 1280), ("dark", 320)):
        # The policy of the pages would keep the rules out; it is tested above.
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
        shown = context.new_page()
        shown.set_viewport_size({"width": width, "height": 800})
        for path in (*kinds.values(), "index.html", "404.html"):
            shown.goto(f"{site.as_uri()}/{path.format(language)}")
            shown.evaluate(AXE.read_text(encoding="utf-8"))
            found = shown.evaluate(RULES)["violations"]
            hard = [each for each in found if each["impact"] in ("serious", "critical")]
            told = [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in hard]
            assert told == [], (path, json.dumps(told, ensure_ascii=False))
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, path
        context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en")
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


@in_browser
def test_from_the_entrance_to_the_words_of_the_article(page: Page, root: str) -> None:
    page.goto(f"{root}/index.html")
    page.locator("main a[hreflang=ar]").click()
    page.locator("main a[href$='person/index.ar.html']").click()
    page.locator("main a", has_text="مصطفى الكاظمي").first.click()
    expect(page.locator("h1")).to_have_text("مصطفى الكاظمي")
    expect(page.locator(".timeline svg")).to_be_visible()
    page.locator("section blockquote footer a[href*='#statement-']").first.click()
    page.wait_for_url(re.compile(r"/article/[^/]+\.ar\.html#statement-"))
    expect(page.locator("mark:target")).to_be_visible()
    page.locator("nav.languages a[hreflang=ckb]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ckb")
    page.locator("footer.site a[type='text/turtle']").click(trial=True)
    page.locator("header .home").click()
    page.wait_for_url(re.compile(r"index\.ckb\.html$"))


@in_browser
def test_a_class_of_the_diagram_leads_to_its_definition(page: Page, root: str) -> None:
    page.goto(f"{root}/ontology.ar.html")
    page.locator(".diagram a[href='#Tenure']").click()
    page.wait_for_url("**/ontology.ar.html#Tenure")
    expect(page.locator("dt:target")).to_be_visible()


@in_browser
def test_nothing_needs_a_script(browser: Browser, root: str, kinds: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    for kind, path in kinds.items():
        shown.goto(f"{root}/{path.format('ar')}")
        assert len(shown.locator("main").inner_text()) > 40, kind
    context.close()


def test_all_pages_are_valid_html(site: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not HTML_VALIDATE.exists():
        pytest.skip("html-validate is not installed: cd web && npm ci")
    rules = tmp_path / "rules.json"
    rules.write_text('{"root": true, "extends": ["html-validate:standard"]}')
    command = [node, HTML_VALIDATE, "--config", rules, "--formatter", "json"]
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!DOCTYPE html><html><body><p id='a' id='b'><div></p></body></html>")
    found = subprocess.run([*command, wrong], capture_output=True, text=True, check=False)
    assert found.returncode == 1 and len(json.loads(found.stdout)[0]["messages"]) > 1
    pages = [str(path) for path in site.rglob("*.html")]
    assert len(pages) > 500
    done = subprocess.run([*command, *pages], capture_output=True, text=True, check=False)
    told = [
        (Path(each["filePath"]).name, message["line"], message["ruleId"], message["message"])
        for each in json.loads(done.stdout)
        for message in each["messages"]
    ]
    assert (done.returncode, told) == (0, []), told[:10]
