"""Search and queries of a site in a real browser: from a plain host, below a path, and as files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.linked_served import seed
from tests.site.sites import hosted, of_odd_quads, written

from kgpub import Workspace
from kgpub.site.browser.assets import FOLDER, WASM
from kgpub.vocabulary import terms as kg

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.skipif(
        not (FOLDER / WASM).exists(), reason="what pages run is not built: make query-page"
    ),
]
AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
BASE = "https://w3id.org/kgpub/data/"
AL_KADHIMI = f"{BASE}person/mustafa-al-kadhimi"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PATH = "some/where/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a host serves, with a site below it."""
    host = tmp_path_factory.mktemp("host")
    workspace = seed(host / "workspace")
    site = written(workspace).folder
    (host / "some").mkdir()
    site.rename(host / PATH)
    return host


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    with hosted(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Seen:
    """What pages asked for, and what went wrong in them."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, folder: Path, seen: Seen) -> Iterator[Page]:
    """A page that must keep its policy, and ask for nothing but files of its site."""
    context = browser.new_context(accept_downloads=True, locale="en")
    context.add_init_script(VIOLATIONS)
    opened = context.new_page()
    context.on("request", lambda request: seen.requests.append(request.url))
    opened.on("pageerror", lambda error: seen.errors.append(str(error)))
    opened.set_default_timeout(20_000)
    yield opened
    assert opened.evaluate("window.violations") == []
    assert seen.errors == []
    asked = [unquote(urlsplit(url).path) for url in seen.requests if not url.startswith("blob:")]
    assert [each for each in asked if f"/{PATH}" not in each and "favicon" not in each] == []
    context.close()


def ready(page: Page, address: str, state: str = "ready") -> None:
    page.goto(address)
    expect(page.locator("#query-loading")).to_have_attribute("data-state", state)


def write(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def run(page: Page, query: str) -> None:
    write(page, query)
    page.keyboard.press("Control+Enter")


def cells(page: Page) -> list[str]:
    expect(page.locator("[role=tabpanel] table")).to_be_visible()
    return [text.strip() for text in page.locator("tbody td:not(:first-child)").all_inner_texts()]


def hrefs_are_files(page: Page, folder: Path, selector: str) -> None:
    """Require that links lead to files of the site, and to ids in them."""
    links = page.locator(selector).evaluate_all("links => links.map((link) => link.href)")
    assert links
    for link in links:
        there = urlsplit(link)
        path = folder / unquote(there.path).lstrip("/")
        assert path.is_file(), link
        if there.fragment:
            assert f'id="{unquote(there.fragment)}"' in path.read_text(encoding="utf-8"), link


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")])
def test_the_query_page_asks_nobody(
    page: Page, origin: str, folder: Path, language: str, direction: str
) -> None:
    ready(page, f"{origin}/{PATH}query.{language}.html")
    assert page.locator("html").get_attribute("dir") == direction
    page.locator("#query-run").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    hrefs_are_files(page, folder, "tbody a")


def test_names_in_the_language_of_the_page(page: Page, origin: str) -> None:
    ready(page, f"{origin}/{PATH}query.ar.html")
    run(page, f"SELECT ?who ?kind {{ VALUES ?who {{ <{AL_KADHIMI}> }} ?who a ?kind }}")
    link = page.locator("tbody a").first
    expect(link).to_have_text("مصطفى الكاظمي")
    assert link.evaluate("link => getComputedStyle(link).direction") == "rtl"
    expect(page.locator("tbody td").last).to_contain_text("شخص")


def test_a_query_in_the_address_and_examples(page: Page, origin: str) -> None:
    asked = quote(f"ASK {{ <{AL_KADHIMI}> a kg:Person }}")
    ready(page, f"{origin}/{PATH}query.en.html?query={asked}")
    page.locator("#query-run").click()
    expect(page.locator("#query-answer")).to_have_text("Yes")
    page.locator("#example").select_option("quotations")
    page.locator("#query-examples button").click()
    page.locator("#query-run").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.url.endswith(asked)


@pytest.mark.parametrize("name", ["constructor", "__proto__", "no-such-example"])
def test_what_is_no_example_leaves_the_first_query(page: Page, origin: str, name: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html?example={name}")
    expect(page.locator(".cm-content")).to_contain_text("kg:Tenure")
    assert "native code" not in page.locator("#query-text").input_value()


@pytest.mark.parametrize(
    "form", ["CONSTRUCT { ?s kg:name ?o } WHERE { ?s kg:name ?o }", "DESCRIBE"]
)
def test_triples(page: Page, origin: str, form: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    run(page, form if " " in form else f"{form} <{AL_KADHIMI}>")
    expect(page.locator("[role=tabpanel] table")).to_be_visible()
    heads = [text.strip() for text in page.locator("thead th").all_inner_texts()]
    assert heads[-3:] == ["Subject", "Predicate", "Object"]


@pytest.mark.parametrize(
    ("query", "place", "told"),
    [
        ("SELECT *\n { ?s ?p", "line ⁨2⁩, column ⁨9⁩", "not SPARQL"),
        ("SELECT *\n { ?s foaf:name ?o }", "line ⁨2⁩, column ⁨7⁩", "The prefix ⁨foaf:⁩"),
        ("# SELECT\nINSERT DATA { <a:a> <a:b> 1 }", "line ⁨2⁩, column ⁨1⁩", "Nothing can be changed"),
        ("ASK {\n  SERVICE SILENT <http://x.example/> {} }", "line ⁨2⁩, column ⁨3⁩", "SERVICE"),
    ],
)
def test_what_is_refused_is_said_with_its_place(
    page: Page, origin: str, query: str, place: str, told: str
) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    run(page, query)
    alert = page.locator("#query-answer [role=alert]")
    expect(alert).to_contain_text(told)
    expect(alert.locator("button")).to_have_text(f"Go to {place}")


def test_words_that_only_look_like_service(page: Page, origin: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    run(page, 'ASK { # SERVICE\n BIND("INSERT SERVICE" AS ?service) }')
    expect(page.locator("#query-answer")).to_have_text("Yes")


def test_a_query_is_stopped_and_the_next_is_answered(page: Page, origin: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    run(page, ENDLESS)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#query-answer")).to_have_text("Stopped.")
    run(page, "SELECT (1 AS ?n) {}")
    assert cells(page)[0].startswith("1")


def test_a_query_that_takes_too_long_is_ended(page: Page, origin: str) -> None:
    def hurried(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"seconds": 60', '"seconds": 1'))

    page.route("**/query.ar.html", hurried)
    ready(page, f"{origin}/{PATH}query.ar.html")
    run(page, ENDLESS)
    alert = page.locator("#query-answer [role=alert]")
    expect(alert).to_contain_text("LIMIT")
    assert alert.locator("pre").evaluate("pre => getComputedStyle(pre).direction") == "rtl"
    run(page, "ASK {}")
    expect(page.locator("#query-answer")).to_have_text("نعم")


def test_an_answer_as_a_file(page: Page, origin: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    write(page, f"SELECT ?name {{ <{AL_KADHIMI}> kg:name ?name }} ORDER BY LANG(?name)")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert saved.value.suggested_filename == "answer.csv"
    lines = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["name", "مصطفى الكاظمي"]


def test_an_answer_that_takes_long_is_not_waited_for(page: Page, origin: str) -> None:
    ready(page, f"{origin}/{PATH}query.en.html")
    write(page, ENDLESS)
    page.get_by_role("button", name="Download").click()
    stop = page.locator("#query-loading").get_by_role("button", name="Stop")
    stop.click()
    expect(stop).to_have_count(0)
    run(page, "ASK {}")
    expect(page.locator("#query-answer")).to_have_text("Yes")


def test_a_dump_that_the_host_unpacks_and_one_for_older_browsers(
    page: Page, origin: str, folder: Path, seen: Seen
) -> None:
    packed = next((folder / PATH).rglob("dataset.nq.gz")).read_bytes()
    coded = {"Content-Encoding": "gzip", "Content-Type": "application/n-quads"}
    page.route("**/dataset.nq.gz*", lambda route: route.fulfill(body=packed, headers=coded))
    ready(page, f"{origin}/{PATH}query.en.html")
    page.unroute_all()
    # A worker has no init script.
    page.route("**/worker.js*", _without_decompression)
    ready(page, f"{origin}/{PATH}query.en.html")
    assert any("/dumps/dataset.nq?" in url for url in seen.requests)
    page.locator("#query-run").click()
    expect(page.locator("tbody tr")).to_have_count(6)


def _without_decompression(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body="delete self.DecompressionStream;\n" + answer.text())


def test_a_dump_that_is_missing(page: Page, origin: str) -> None:
    page.route("**/dataset.nq.gz*", lambda route: route.fulfill(status=404))
    ready(page, f"{origin}/{PATH}query.en.html", "missing")
    page.locator("#query-run").click()
    expect(page.locator("#query-answer [role=alert]")).to_contain_text("cannot be fetched")


def test_the_default_graph_is_the_merge_and_odd_names_are_no_dead_links(
    browser: Browser, tmp_path: Path
) -> None:
    subject, predicate = NamedNode(f"{BASE}person/Upper"), NamedNode(kg.name)
    name, graphs = Literal("One", language="en"), [NamedNode(f"{BASE}graph/{n}") for n in "ab"]
    quads = [Quad(subject, predicate, name, graph) for graph in graphs]
    published = parse(path=str(REPOSITORY / "output/dataset.nq"), format=RdfFormat.N_QUADS)
    site = written(of_odd_quads(tmp_path / "w", BASE, [*quads, *published])).folder
    with hosted(site) as address:
        page = browser.new_page()
        ready(page, f"{address}/query.en.html")
        run(page, f"SELECT ?who ?name {{ ?who kg:name ?name FILTER(?who = <{subject.value}>) }}")
        expect(page.locator("tbody tr")).to_have_count(1)
        # Its page has another name, as `upper` would be the same file on some disks.
        assert page.locator("tbody a").first.get_attribute("href") == subject.value
        run(page, f"SELECT ?g {{ GRAPH ?g {{ <{subject.value}> kg:name ?name }} }}")
        expect(page.locator("tbody tr")).to_have_count(2)
        page.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_as_files_queries_are_answered_in_the_page(
    page: Page, folder: Path, language: str, seen: Seen
) -> None:
    ready(page, f"{(folder / PATH).as_uri()}/query.{language}.html", "offline")
    expect(page.locator("#query-loading-text")).to_contain_text("python3 -m http.server")
    page.locator("#query-run").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    run(page, "SELECT *\n { ?s ?p")
    expect(page.locator("#query-answer [role=alert] button")).to_be_visible()
    run(page, "INSERT DATA { <a:a> <a:b> 1 }")
    expect(page.locator("#query-answer [role=alert] button")).to_contain_text("1")


def search(page: Page, address: str, text: str) -> None:
    page.goto(f"{address}?q={quote(text)}")
    expect(page.locator("#search-status")).not_to_have_text(re.compile("^$|…$"))


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_search_finds_names_and_words(page: Page, origin: str, folder: Path, language: str) -> None:
    search(page, f"{origin}/{PATH}search.{language}.html", "الكازمی")
    first = page.locator("[aria-labelledby=entities] li").first
    expect(first).to_contain_text(re.compile("adhimi|كاظم|کازم"))
    hrefs_are_files(page, folder, ".found a:not([rel])")
    assert page.locator(".found li").count() > 1


def test_search_shows_words_where_they_stand(page: Page, origin: str, folder: Path) -> None:
    search(page, f"{origin}/{PATH}search.en.html", "وبغداد")
    passage = page.locator("[aria-labelledby=statements] blockquote").first
    assert "بغداد" in passage.locator("mark").first.inner_text()
    assert passage.locator("p").get_attribute("dir") == "rtl"
    hrefs_are_files(page, folder, "[aria-labelledby=statements] footer a")


def test_search_goes_on_and_keeps_its_words_in_other_languages(page: Page, origin: str) -> None:
    address = f"{origin}/{PATH}search.en.html"
    page.goto(address)
    field = page.locator("#q")
    expect(field).to_be_focused()
    page.keyboard.type("كوردستان")
    page.keyboard.press("Enter")
    expect(page.locator("#search-status")).to_have_text(re.compile(r"^Found: \d+"))
    expect(field).to_have_value("كوردستان")
    expect(field).not_to_be_focused()
    assert page.title().startswith("كوردستان – Search – ")
    page.locator("[aria-labelledby=statements] a[rel=next]").click()
    expect(page.locator(".found")).to_have_count(1)
    expect(page.locator("ol")).to_have_attribute("start", "1")
    page.get_by_role("link", name="All results").click()
    page.locator("nav.languages a[lang=ar]").click()
    expect(page.locator(".found").first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ar"
    expect(page.locator("#q")).to_have_value("كوردستان")


def test_search_for_nothing_that_is_there(page: Page, origin: str) -> None:
    address = f"{origin}/{PATH}search.en.html"
    search(page, address, "<img src=x onerror=alert(1)> zzyzx")
    expect(page.locator("#search-status")).to_contain_text("Nothing was found for")
    search(page, address, "؟!")
    expect(page.locator("#search-status")).to_contain_text("no letter and no digit")


def test_only_parts_that_are_needed_are_fetched(page: Page, origin: str, seen: Seen) -> None:
    page.goto(f"{origin}/{PATH}search.en.html")
    assert not any("/assets/search/" in url for url in seen.requests)
    search(page, f"{origin}/{PATH}search.en.html", "zzyzx")
    asked = {urlsplit(url).path.rpartition("/")[2] for url in seen.requests}
    assert {"manifest.js", "rules.js"} <= asked
    assert not any(name.startswith(("passages", "entities", "lengths")) for name in asked)


def test_an_index_of_another_build_is_not_believed(page: Page, origin: str) -> None:
    def older(route: Route) -> None:
        answer = route.fetch()
        changed = re.sub(
            r'kgpubShard\("([^"]+)","[^"]+"', r'kgpubShard("\1","older"', answer.text()
        )
        route.fulfill(response=answer, body=changed)

    page.route("**/words-0.js*", older)
    search(page, f"{origin}/{PATH}search.en.html", "kadhimi")
    expect(page.locator("#search-status")).to_contain_text("Load the page again")


def test_as_files_search_finds_the_same(page: Page, origin: str, folder: Path) -> None:
    found = []
    for address in (f"{origin}/{PATH}search.en.html", f"{(folder / PATH).as_uri()}/search.en.html"):
        search(page, address, "بارزاني كوردستان")
        found.append(page.locator("#search-found").inner_text())
    assert found[0] == found[1] != ""


def test_without_javascript_there_are_lists_and_dumps(
    browser: Browser, origin: str, folder: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    shown = context.new_page()
    shown.goto(f"{origin}/{PATH}search.en.html")
    expect(shown.locator(".without-script")).to_contain_text("These lists lead to all pages")
    assert shown.locator("dl.particulars a").count() > 4
    shown.goto(f"{origin}/{PATH}query.en.html")
    link = shown.locator(".without-script a")
    expect(link).to_have_text("dataset.nq")
    shown.close()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_shuts_anybody_out(
    browser: Browser, origin: str, language: str, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    # The policy of the pages would keep the rules out; it is tested above.
    context = browser.new_context(locale=language, color_scheme=scheme, bypass_csp=True)
    shown = context.new_page()
    search(shown, f"{origin}/{PATH}search.{language}.html", "الكاظمي")
    assert shown.locator("nav", has=shown.locator("a[rel=next]")).count() > 1
    require_accessible(shown)
    ready(shown, f"{origin}/{PATH}query.{language}.html")
    shown.locator("#query-run").click()
    expect(shown.locator("tbody tr")).to_have_count(6)
    require_accessible(shown)
    context.close()


def require_accessible(shown: Page) -> None:
    shown.evaluate(AXE.read_text(encoding="utf-8"))
    found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")
    hard = [
        each
        for each in found["violations"]
        if each["impact"] in ("serious", "critical") or each["id"] == "landmark-unique"
    ]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in hard] == []


def test_settings_hold_what_would_end_a_script(tmp_path: Path) -> None:
    queries = tmp_path / "w/queries"
    workspace: Workspace = seed(tmp_path / "w")
    queries.mkdir(exist_ok=True)
    (queries / "hurt.rq").write_text("# question: </script><b>?\nASK { # </script>\n}\n")
    page = (written(workspace).folder / "query.en.html").read_text(encoding="utf-8")
    told = page.partition('id="query-settings">')[2].partition("</script>")[0]
    assert json.loads(told)["examples"]["hurt"].endswith("ASK { # </script>\n}\n")
