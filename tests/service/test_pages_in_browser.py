"""The pages of the seed workspace in a real browser, as people find their way through them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.linked_served import seed
from tests.service.served import fetch
from tests.service.whole_served import whole

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
DATA = "/kgpub/data/"
PERSON = f"{DATA}person/mustafa-al-kadhimi"
NARROW = 320
"""The width in CSS pixels to which contents must reflow (WCAG 2.2, 1.4.10)."""
RULES = "axe.run(document, {resultTypes: ['violations']})"
COLOURS = RULES.replace("{", "{runOnly: ['cat.color'], ")
"""What can be wrong in the dark, if all else is right by day."""
WIDE = """
() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect(), width = document.documentElement.clientWidth;
  const scrolls = element.closest(".timeline, .picture figure, .diagram figure, .cm-editor");
  return !scrolls && box.width && (box.right > width + 1 || box.left < -1);
}).map((element) => element.outerHTML.slice(0, 200))
"""
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    workspace = seed(tmp_path_factory.mktemp("pages") / "workspace")
    with whole(workspace.root) as served:
        yield served.origin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en")
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


@pytest.fixture(scope="module")
def addresses(origin: str) -> dict[str, str]:
    """A page of each kind, with {} for the language."""
    lists = {kind: f"{DATA}{kind}/index" for kind in ("event", "article")}
    things = {
        kind: re.findall(r'href="\./([^"]+)\.en\.html"', body(origin, f"{path}.en.html"))
        for kind, path in lists.items()
    }
    [statement, *_] = re.findall(
        r'href="\.\./statement/([^"]+)\.en\.html"', body(origin, f"{PERSON}.en.html")
    )
    of_the_lists = {kind: f"{DATA}{kind}/{each[-1]}" for kind, each in things.items()}
    return {
        "home": "/index.{}.html",
        "list": f"{DATA}person/index.{{}}.html",
        "person": f"{PERSON}.{{}}.html",
        "office": f"{DATA}office/prime-minister-of-iraq.{{}}.html",
        "organisation": f"{DATA}organisation/council-of-representatives-of-iraq.{{}}.html",
        **{kind: f"{path}.{{}}.html" for kind, path in of_the_lists.items()},
        "statement": f"{DATA}statement/{statement}.{{}}.html",
        "search": f"/search?q={quote('بارزاني')}&lang={{}}",
        "query": "/query?lang={}",
        "ontology": "/ontology.{}.html",
        "kinds": "/kind.{}.html",
        "dataset": f"{DATA}dataset.{{}}.html",
        "missing": f"{DATA}person/nobody.{{}}.html",
    }


def body(origin: str, path: str) -> str:
    got = fetch(origin + path)
    assert got.status == 200, path
    return got.body.decode()


def in_view(page: Page, selector: str) -> bool:
    return bool(
        page.locator(selector).first.evaluate(
            "each => { const box = each.getBoundingClientRect();"
            " return box.bottom > 0 && box.top < window.innerHeight; }"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_shuts_anybody_out(
    browser: Browser, origin: str, addresses: dict[str, str], language: str, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    # The policy of the pages would keep the rules out; it is tested elsewhere.
    context = browser.new_context(locale=language, color_scheme=scheme, bypass_csp=True)
    shown = context.new_page()
    for kind, address in addresses.items():
        shown.goto(origin + address.format(language))
        assert shown.locator("html").get_attribute("lang") == language, kind
        shown.evaluate(AXE.read_text(encoding="utf-8"))
        found = shown.evaluate(RULES if scheme == "light" else COLOURS)
        hard = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        told = [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in hard]
        assert told == [], (kind, json.dumps(told, ensure_ascii=False))
    context.close()


def test_the_rules_find_what_is_wrong(browser: Browser) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    context = browser.new_context()
    shown = context.new_page()
    shown.set_content('<html lang="en"><title>x</title><input><p style="color:#ccc">pale</p>')
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    for rules, expected in ((RULES, {"label", "color-contrast"}), (COLOURS, {"color-contrast"})):
        assert expected <= {each["id"] for each in shown.evaluate(rules)["violations"]}
    context.close()


@pytest.mark.parametrize("asked", ["الكاظمي", "كاظمي", "وللكاظمي", "Kadhimi"])
def test_from_a_name_to_the_words_of_the_article_and_back(
    page: Page, origin: str, asked: str
) -> None:
    page.goto(f"{origin}/index.ar.html")
    page.get_by_role("searchbox").fill(asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    page.locator("main a", has_text="مصطفى الكاظمي").first.click()
    page.wait_for_url(f"**{PERSON}.ar.html")
    expect(page.locator("h1")).to_have_text("مصطفى الكاظمي")
    expect(page.locator(".timeline svg")).to_be_visible()
    # The words behind the first office, and from there to where they stand.
    held = page.locator("section[aria-labelledby=offices-held]")
    words = held.locator("blockquote mark").first.inner_text()
    held.locator("blockquote footer a[href*='#statement-']").first.click()
    page.wait_for_url(re.compile(r"/article/[^/]+\.ar\.html#statement-"))
    target = page.locator("mark:target")
    assert "".join(target.evaluate("each => each.textContent").split()).startswith(
        "".join(words.split())[:10]
    )
    assert in_view(page, "mark:target")
    # It stands out from the marks around it.
    ground = "each => getComputedStyle(each).backgroundColor"
    others = page.locator(".words mark:not(:target)").last
    assert target.evaluate(ground) != others.evaluate(ground)
    # On to what it asserts, to the statement itself, and all the way back.
    target.locator("a").first.click()
    told = page.locator(".told li:target")
    expect(told).to_be_visible()
    told.locator(".said a").click()
    page.wait_for_url("**/statement/*.ar.html")
    # A statement within another may be what was clicked.
    assert page.locator("mark").inner_text()
    for _ in range(4):
        page.go_back()
    page.wait_for_url("**/search?*")
    expect(page.get_by_role("searchbox")).to_have_value(asked)


def test_a_family_name_finds_everybody_who_has_it(page: Page, origin: str) -> None:
    page.goto(f"{origin}/search?q={quote('بارزاني')}&lang=ar")
    links = page.locator("section[aria-labelledby=entities] a")
    found = [urlsplit(link.get_attribute("href") or "").path for link in links.all()]
    names = {path.rpartition("/")[2] for path in found}
    assert {"nechirvan-barzani.ar.html", "masrour-barzani.ar.html"} <= names


def test_the_language_changes_and_the_page_stays(
    page: Page, origin: str, addresses: dict[str, str]
) -> None:
    for kind in ("home", "list", "person", "article", "statement", "search", "ontology"):
        page.goto(origin + addresses[kind].format("en"))
        page.locator("nav.languages a[hreflang=ckb]").click()
        expect(page.locator("html")).to_have_attribute("lang", "ckb")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        page.locator("nav.languages a[hreflang=en]").click()
        expect(page.locator("html")).to_have_attribute("dir", "ltr")
        at = urlsplit(page.url)
        assert at.path == urlsplit(addresses[kind].format("en")).path
        if kind == "search":
            expect(page.get_by_role("searchbox")).to_have_value("بارزاني")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_all_is_reached_by_keyboard(page: Page, origin: str, language: str) -> None:
    office = f"{origin}{DATA}office/prime-minister-of-iraq.{language}.html"
    page.goto(office)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    assert in_view(page, "a.skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    # From the top, in the order of the page, each where it can be seen.
    page.goto(office)
    expected = page.evaluate(
        "document.querySelectorAll('a[href], button, input, select, summary').length"
        " - document.querySelectorAll('details:not([open]) a').length"
    )
    seen = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const each = document.activeElement, box = each.getBoundingClientRect();
                  const style = getComputedStyle(each);
                  const all = [...document.querySelectorAll("*")];
                  return [all.indexOf(each), style.outlineStyle, parseFloat(style.outlineWidth),
                    box.bottom > 0 && box.top < window.innerHeight];
                }"""
            )
        )
    places = [place for place, *_ in seen]
    assert places == sorted(set(places)), "the order is that of the page, and nothing holds focus"
    for place, style, width, is_visible in seen:
        assert style == "solid" and width >= 2 and is_visible, place


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_pages_fit_narrow_screens(
    browser: Browser, origin: str, addresses: dict[str, str], language: str
) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 640})
    shown = context.new_page()
    for kind, address in addresses.items():
        shown.goto(origin + address.format(language))
        assert shown.evaluate(WIDE) == [], kind
        assert shown.evaluate("document.documentElement.scrollWidth") <= NARROW, kind
    context.close()


def test_what_is_printed_is_what_is_to_be_read(page: Page, origin: str) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{origin}{PERSON}.ar.html")
    for hidden in ("header.site nav", "nav.contents", ".picture details"):
        expect(page.locator(hidden).first).to_be_hidden()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    # Where the colour of a mark is not printed, a line is.
    line = page.locator("blockquote mark").first.evaluate(
        "each => getComputedStyle(each).textDecorationLine"
    )
    assert line == "underline"
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and 1 < pdf.count(b"/Type /Page\n") < 40


def test_nothing_needs_a_script(browser: Browser, origin: str, addresses: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    for kind, address in addresses.items():
        shown.goto(origin + address.format("ar"))
        expect(shown.locator("h1")).to_be_visible()
        assert len(shown.locator("main").inner_text()) > 40, kind
    shown.goto(f"{origin}/index.ar.html")
    shown.locator("#q").fill("الكاظمي")
    shown.locator("#q").press("Enter")
    shown.wait_for_url("**/search?*")
    expect(shown.locator("main a", has_text="مصطفى الكاظمي").first).to_be_visible()
    # A query is a form, and its answer is the endpoint's.
    shown.goto(f"{origin}/query?lang=en")
    shown.locator("textarea").fill("SELECT ?person { ?person a kg:Person } ORDER BY ?person")
    with shown.expect_response(lambda answer: "/sparql" in answer.url) as answered:
        shown.locator("form:has(textarea) button").first.click()
    assert answered.value.status == 200
    context.close()


def test_a_query_that_a_page_links_to_is_in_the_editor(page: Page, origin: str) -> None:
    query = f"SELECT DISTINCT ?thing {{\n  ?thing kg:person <https://w3id.org{PERSON}> .\n}}"
    page.goto(f"{origin}/query?lang=ar&query={quote(query, safe='')}")
    shown = page.locator(".cm-content, textarea").first
    expect(shown).to_contain_text("?thing kg:person")


def texts(shown: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in shown.xpath(path)]


def section(shown: html.HtmlElement, key: str) -> html.HtmlElement:
    [found] = shown.xpath(f"//section[@aria-labelledby='{key}']")
    return found


def test_the_page_of_a_person_has_all_that_is_told_of_them(origin: str) -> None:
    shown = html.document_fromstring(body(origin, f"{PERSON}.en.html").encode())
    names = {(each.get("lang"), each.text_content()) for each in shown.xpath("//main/dl//bdi")}
    assert {
        ("en", "Mustafa al-Kadhimi"),
        ("ar", "مصطفى الكاظمي"),
        ("ckb", "مستەفا کازمی"),
    } <= names
    held = section(shown, "offices-held")
    assert held.xpath(".//figure[@class='timeline']//*[local-name()='rect']")
    assert {"Tenure: Prime Minister of Iraq"} <= {
        each.removeprefix("at the time of writing ") for each in texts(held, ".//h3")
    }
    assert held.xpath(".//blockquote//mark") and held.xpath(".//blockquote//a")
    for key in ("events", "relationships", "said-of"):
        those = section(shown, key)
        marked = those.xpath(".//blockquote/p[mark]")
        assert marked, key
        # Some words stand in a longer sentence.
        assert any(each.text_content() != each.xpath("string(mark)") for each in marked), key
    picture = section(shown, "picture")
    assert len(picture.xpath(".//*[local-name()='svg']//*[local-name()='a']")) == 12
    barzani = f"{DATA}person/masrour-barzani.en.html"
    said = section(html.document_fromstring(body(origin, barzani).encode()), "said-by")
    assert any("Masrour Barzani" in each for each in texts(said, ".//blockquote/footer"))


def test_a_match_is_told_with_how_sure_it_is(origin: str) -> None:
    place = html.document_fromstring(body(origin, f"{DATA}place/iraq.en.html").encode())
    found = section(place, "wikidata")
    [link] = found.xpath(".//a[starts-with(@href, 'https://www.wikidata.org/wiki/Q')]")
    assert "noopener" in link.get("rel")
    [told] = texts(found, ".//li/p[1]")
    assert "score 0." in told or "score 1" in told, told
    assert re.search("the same|a candidate, not confirmed", told)
