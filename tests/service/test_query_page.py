"""The query page in a real browser, under its policy, against a real endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.query_served import BASE, HOSTILE, HOSTILE_IRIS, KG, quads, query_page

from kgpub.service.query_page.assets import FOLDER, SCRIPT

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.skipif(
        not (FOLDER / SCRIPT).exists(), reason="the editor is not built: make query-page"
    ),
]
AL_KADHIMI = f"{BASE}person/mustafa-al-kadhimi"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with query_page(tmp_path_factory.mktemp("query")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Seen:
    """What a page did that the test must know: requests, errors, messages."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, origin: str, seen: Seen) -> Iterator[Page]:
    """A page that must ask nobody but the origin, and break neither its script nor its policy."""
    context = browser.new_context(accept_downloads=True, locale="en")
    context.add_init_script(VIOLATIONS)
    opened = context.new_page()

    def asked(request: Request) -> None:
        seen.requests.append(request.url)

    context.on("request", asked)
    opened.on("pageerror", lambda error: seen.errors.append(str(error)))
    opened.on("dialog", lambda dialog: seen.errors.append(dialog.message))
    opened.set_default_timeout(10_000)
    yield opened
    assert opened.evaluate("window.violations") == []
    assert seen.errors == []
    assert [url for url in seen.requests if not url.startswith(f"{origin}/")] == []
    context.close()


def opened(page: Page, origin: str, language: str = "en", more: str = "") -> None:
    page.goto(f"{origin}/query?lang={language}{more}")
    expect(page.locator(".cm-content")).to_be_visible()


def write(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def run(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[role=tabpanel]")).to_be_visible()


def tab(page: Page, number: int) -> None:
    """Open one of table, timeline, graph, source, counted from 0."""
    page.get_by_role("tab").nth(number).click()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")])
def test_loads_in_three_languages_and_runs(
    page: Page, origin: str, seen: Seen, language: str, direction: str
) -> None:
    console: list[str] = []
    page.on("console", lambda message: console.append(f"{message.text} {message.location}"))
    opened(page, origin, language)
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        direction,
    ]
    page.locator("#query-run").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    # What browsers ask every site for by themselves is nothing of the page's.
    assert [each for each in console if "favicon.ico" not in each] == []
    assert {url.split("?")[0].removeprefix(origin) for url in seen.requests} >= {
        "/query",
        "/assets/query/query.js",
        f"/assets/query/terms.{language}.json",
        "/sparql",
    }


def test_a_typed_query_shows_arabic_in_its_direction(page: Page, origin: str) -> None:
    opened(page, origin)
    run(page, f"SELECT ?name {{ <{AL_KADHIMI}> kg:name ?name FILTER (lang(?name) = 'ar') }}")
    cell = page.locator("tbody td bdi").first
    expect(cell).to_have_text("مصطفى الكاظمي")
    assert cell.get_attribute("lang") == "ar"
    assert cell.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_things_are_shown_by_their_names_and_lead_to_their_pages(page: Page, origin: str) -> None:
    opened(page, origin, "ar")
    links = "?link kg:linkedEntity ?what ; kg:linkedItem ?item"
    run(page, f"SELECT ?what ?item {{ {links} }} ORDER BY DESC(?what)")
    link = page.locator("tbody a").first
    expect(link).to_have_text("لندن")
    assert link.get_attribute("title") == "place:london"
    assert link.evaluate("element => element.href") == (f"{origin}/kgpub/data/place/london.ar.html")
    outward = page.locator("tbody a").nth(1)
    assert (outward.get_attribute("href") or "").startswith("http://www.wikidata.org/entity/Q")
    assert outward.get_attribute("rel") == "noopener nofollow"


def test_an_example_is_filled_in_and_runs(page: Page, origin: str) -> None:
    tenures = {
        quad.subject.value
        for quad in quads()
        if quad.predicate.value == f"{KG}person" and quad.object.value == AL_KADHIMI
    }
    assert tenures
    opened(page, origin)
    page.locator("#example").select_option("offices-of-person")
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator("#p-person").fill("person:mustafa-al-kadhimi")
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator(".cm-content")).to_contain_text(f"<{AL_KADHIMI}>")
    page.locator("#query-run").click()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    shown = page.locator("tbody").inner_text()
    assert "Prime Minister of Iraq" in shown
    assert "Director of the Iraqi National Intelligence Service" in shown


def test_completion_offers_our_terms_with_what_they_mean(page: Page, origin: str) -> None:
    with page.expect_response(re.compile("terms.en.json")):
        opened(page, origin)
    write(page, "SELECT * { ?x a ")
    page.keyboard.type("kg:Ten")
    option = page.locator(".cm-tooltip-autocomplete li").first
    expect(option).to_contain_text("kg:Tenure")
    expect(page.locator(".cm-completionInfo")).to_contain_text("office")
    option.click()
    expect(page.locator(".cm-content")).to_contain_text("?x a kg:Tenure")


def test_completion_finds_terms_by_what_they_are_called(page: Page, origin: str) -> None:
    with page.expect_response(re.compile("terms.ar.json")):
        opened(page, origin, "ar")
    write(page, "SELECT * { ?x a ")
    page.keyboard.type("منصب")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("kg:Office")
    expect(page.locator(".cm-completionInfo [lang=ar]")).to_be_visible()


def test_terms_that_the_ontology_has_not_are_marked(page: Page, origin: str) -> None:
    with page.expect_response(re.compile("terms.en.json")):
        opened(page, origin)
    write(page, "SELECT * { ?x kg:namme ?y ; kg:name ?z }")
    expect(page.locator(".cm-lintRange-warning")).to_have_text("kg:namme")


def test_dates_are_shown_on_a_timeline(page: Page, origin: str) -> None:
    opened(page, origin)
    run(page, "SELECT ?event ?time { ?event kg:time ?time } ORDER BY DESC(?time)")
    tab(page, 1)
    items = page.locator("[role=tabpanel] ol li")
    times = [text.split("\n")[0] for text in items.all_inner_texts()]
    expected = sorted(
        quad.object.value for quad in set(quads()) if quad.predicate.value == f"{KG}time"
    )
    assert sorted(set(times)) == sorted(set(expected))
    assert times == sorted(times)
    assert items.locator("rect.bar").count() == len(times)


def test_an_answer_without_dates_says_what_a_timeline_needs(page: Page, origin: str) -> None:
    opened(page, origin)
    run(page, "SELECT ?s { ?s a kg:Person }")
    tab(page, 1)
    expect(page.locator("[role=tabpanel]")).to_contain_text("?start")


def test_triples_are_shown_as_a_graph(page: Page, origin: str) -> None:
    opened(page, origin)
    run(page, f"CONSTRUCT {{ <{AL_KADHIMI}> ?p ?o }} {{ <{AL_KADHIMI}> ?p ?o FILTER isIRI(?o) }}")
    objects = {
        quad.object.value
        for quad in quads()
        if quad.subject.value == AL_KADHIMI and not hasattr(quad.object, "datatype")
    }
    tab(page, 2)
    expect(page.locator(".query-picture svg circle")).to_have_count(len(objects) + 1)
    expect(page.locator(".query-picture svg a").first).to_have_attribute(
        "href", "./kgpub/data/person/mustafa-al-kadhimi.en.html"
    )


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ('SELECT ?x {\n  ?x kg:name "مصطفى" . ?x kgg:name ?y }', 2, 27),
        ("SELECT ?x {\n  ?x kg:name ?y\n", 3, 1),
        ("SELECT ?x { ?x kg:name '😀' ; kgg:name ?y }", 1, 30),
    ],
)
def test_an_error_is_told_with_its_place(
    page: Page, origin: str, query: str, line: int, column: int
) -> None:
    opened(page, origin)
    write(page, query)
    page.keyboard.press("Control+Enter")
    alert = page.locator("#query-answer [role=alert]")
    expect(alert).to_contain_text(f"query:{line}:{column}: ")
    expect(page.locator(".cm-lintRange-error, .cm-lintPoint-error").first).to_be_attached()
    alert.get_by_role("button").click()
    page.keyboard.insert_text("HERE")
    shown = page.locator(".cm-line").nth(line - 1).inner_text()
    assert shown.index("HERE") == column - 1


@pytest.mark.parametrize("view", range(4))
def test_what_data_hold_is_never_markup_nor_script(page: Page, origin: str, view: int) -> None:
    hostile = f"<{BASE}topic/hostile>"
    opened(page, origin)
    run(
        page,
        f"SELECT ?thing ?iri ?name ('2016' AS ?time) {{ BIND ({hostile} AS ?thing)"
        " ?thing kg:name ?name ; kg:about ?iri }",
    )
    tab(page, view)
    panel = page.locator("[role=tabpanel]")
    expect(panel).not_to_be_empty()
    assert page.evaluate("window.hurt") is None
    assert panel.locator("script, img, [onload], [onerror]").count() == 0
    hrefs = panel.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert [href for href in hrefs if not href.startswith(("./", "http://", "https://"))] == []
    if view == 0:
        shown = panel.inner_text()
        for text in (*HOSTILE, *HOSTILE_IRIS):
            assert text in shown


def test_a_hostile_address_is_a_text(page: Page, origin: str) -> None:
    text = "</textarea></script><script>window.hurt=1</script>"
    opened(page, origin, more=f"&query={text}")
    expect(page.locator(".cm-content")).to_have_text(text)
    assert page.evaluate("window.hurt") is None


def test_many_rows_come_by_pages_and_are_sorted(page: Page, origin: str) -> None:
    opened(page, origin)
    run(page, "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 450")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(200)
    page.locator("button.more").click()
    expect(rows).to_have_count(400)
    run(page, "SELECT ?n { VALUES ?n { 10 9 100 } }")
    page.get_by_role("button", name="n", exact=True).click()
    cells = page.locator("tbody td bdi")
    assert cells.all_inner_texts() == ["9", "10", "100"]


def test_a_query_can_be_stopped(page: Page, origin: str) -> None:
    opened(page, origin)
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    page.keyboard.press("Control+Enter")
    stop.click()
    expect(page.get_by_role("status")).to_have_text("Stopped.")
    expect(stop).to_be_hidden()


def test_prefixes_are_declared_for_use_elsewhere(page: Page, origin: str) -> None:
    opened(page, origin)
    write(page, "PREFIX x: <http://x/> SELECT * { ?s a kg:Person ; x:y person:a }")
    page.get_by_role("button", name="Declare prefixes").click()
    assert page.locator(".cm-line").all_inner_texts()[:2] == [
        f"PREFIX kg: <{KG}>",
        f"PREFIX person: <{BASE}person/>",
    ]


def test_the_answer_can_be_had_as_a_file(page: Page, origin: str) -> None:
    opened(page, origin)
    write(page, f"SELECT ?name {{ <{AL_KADHIMI}> kg:name ?name FILTER (lang(?name) = 'en') }}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert Path(download.value.path()).read_text().splitlines() == ["name", "Mustafa al-Kadhimi"]


def test_works_without_javascript(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{origin}/query?lang=en&example=offices-of-person&p-person=mustafa-al-kadhimi")
    assert f"<{AL_KADHIMI}>" in page.locator("#query-text").input_value()
    page.locator("#query-text").fill(f"ASK {{ <{AL_KADHIMI}> a kg:Person }}")
    page.locator("select[name=format]").select_option("json")
    with page.expect_response(f"{origin}/sparql") as answered:
        page.locator("#query-run").click()
    assert answered.value.status == 200
    context.close()
