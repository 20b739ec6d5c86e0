"""Data in which every text and many an IRI mean harm, and every kind of page in a real browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.served import fetch
from tests.service.sparql_served import publish
from tests.service.whole_served import Served, build, whole

BASE = "https://example.org/data/"
KG = "https://w3id.org/kgpub/ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
HURT = (
    " </script></title></textarea><script>hurt()</script>\"'><img src=x onerror=hurt()>"
    "<svg onload=hurt()><a href='javascript:hurt()'>x</a><!--<style>*{background:"
    "url(https://evil.example/)}</style><link rel=stylesheet href=//evil.example>"
    "\u2028hurt()\u2029]]>{{hurt()}}${hurt()}%3Cscript%3E &lt;script&gt; \u202eevil\u2066"
)
IRIS = (
    "javascript:hurt()",
    "JavaScript:hurt()//https://",
    "data:text/html,<script>".replace("<", "%3C").replace(">", "%3E"),
    "vbscript:hurt()",
    "https://evil.example/'onclick='hurt()",
    "https://evil.example/x.png",
    "//evil.example/".join((BASE, "")),
)
"""What stands where an IRI of something is expected."""
ODD = ("x'onclick='hurt()'", "javascript:hurt()", "\u202egnp.exe", "a/b", "index", "..%2f", "%00")
"""Behind the class, IRIs of the workspace itself."""
CLASSES = {
    "person": "Person",
    "organisation": "Organisation",
    "office": "Office",
    "event": "Event",
    "statement": "Statement",
    "article": "Article",
    "place": "Place",
    "topic": "Topic",
}
LANGUAGES = ("en", "ar", "ckb")
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
WATCH = """
window.hurts = [];
window.hurt = () => window.hurts.push("hurt");
document.addEventListener("securitypolicyviolation", (event) =>
  window.hurts.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
LOOK = """() => ({
  hurts: window.hurts,
  inline: [...document.querySelectorAll("*")].flatMap((each) => [...each.attributes]
    .filter(({name}) => name === "style" || name.startsWith("on") || name === "srcdoc")
    .map(({name, value}) => `${each.localName} ${name}=${value}`)),
  styles: document.querySelectorAll("style").length,
  foreign: [...document.querySelectorAll("img, iframe, object, embed, base, link[rel=stylesheet]")]
    .map((each) => each.src || each.href || "")
    .filter((each) => !each.startsWith(location.origin) && !each.startsWith("data:")),
  links: [...document.querySelectorAll("a[href], area[href], form[action], button[formaction]")]
    .map((each) => new URL(each.getAttribute("href") ?? each.getAttribute("action")
      ?? each.getAttribute("formaction"), document.baseURI))
    .filter((each) => !["http:", "https:"].includes(each.protocol)).map(String),
  outward: [...document.querySelectorAll("a[href]")]
    .filter((each) => new URL(each.getAttribute("href"), document.baseURI).host !== location.host
      && !(each.getAttribute("rel") ?? "").includes("noopener"))
    .map((each) => each.outerHTML.slice(0, 300)),
  scripts: [...document.querySelectorAll("script:not([src])")].map((each) => [each.type,
    each.textContent]),
  text: document.body.innerText,
})"""


def hostile(quads: list[Quad]) -> Iterator[Quad]:
    """Yield quads with texts and IRIs that mean harm in all their places."""
    for quad in quads:
        subject, predicate, object_, graph = quad
        if isinstance(object_, Literal) and object_.datatype.value.endswith(("tring",)):
            value = object_.value + HURT
            object_ = (
                Literal(value, language=object_.language) if object_.language else (Literal(value))
            )
        elif isinstance(object_, NamedNode) and not object_.value.startswith(BASE):
            for iri in IRIS if predicate.value != TYPE else ():
                yield Quad(subject, predicate, NamedNode(iri), graph)
        yield Quad(subject, predicate, object_, graph)
    graph = NamedNode(f"{BASE}submission/hurt")
    for part, class_ in CLASSES.items():
        for odd in ODD:
            thing = NamedNode(f"{BASE}{part}/{odd}")
            yield Quad(thing, NamedNode(TYPE), NamedNode(KG + class_), graph)
            for language in (*LANGUAGES, "x-hurt"):
                name = NamedNode(KG + "name")
                yield Quad(thing, name, Literal(odd + HURT, language=language), graph)
            for iri in IRIS:
                for predicate in ("kind", "about", "saidBy", "office", "person", "passage"):
                    yield Quad(thing, NamedNode(KG + predicate), NamedNode(iri), graph)
                yield Quad(thing, NamedNode(iri), Literal(HURT), graph)
                yield Quad(NamedNode(iri), NamedNode(KG + "about"), thing, graph)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("hurt") / "workspace"
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    text = (REPOSITORY / "kgpub.toml").read_text(encoding="utf-8")
    settings = [line for line in text.splitlines() if line.partition(" ")[0] == "licence"]
    shown = HURT.replace("\u2028", "").replace("\u2029", "")
    settings += [f"{key} = {json.dumps(shown)}" for key in ("title", "publisher")]
    (root / "kgpub.toml").write_text("\n".join([f'base = "{BASE}"', *settings]), encoding="utf-8")
    (root / "queries").mkdir()
    header = f"# {shown}\n# {shown}\n# parameter: person iri {shown}\n"
    (root / "queries/hurt.rq").write_text(
        f"{header}SELECT ?name {{ ?person kg:name ?name }} ORDER BY ?name\n", encoding="utf-8"
    )
    build(root)
    read = list(parse(path=str(root / "output/dataset.nq"), format=RdfFormat.N_QUADS))
    named = [quad for quad in read if not isinstance(quad.graph_name, DefaultGraph)]
    publish(root / ".kgpub/store", hostile(named))
    with whole(root) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Seen:
    """What pages did that nobody asked them to."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def watched(browser: Browser, language: str, seen: Seen) -> Page:
    context = browser.new_context(locale=language)
    context.add_init_script(WATCH)
    page = context.new_page()
    context.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("dialog", lambda dialog: seen.errors.append(f"dialog {dialog.message}"))
    page.on("console", lambda told: seen.errors.append(told.text) if told.type == "error" else None)
    context.on("page", lambda opened: seen.errors.append(f"opened {opened.url}"))
    page.set_default_timeout(20_000)
    return page


def things(origin: str) -> Iterator[str]:
    """Yield addresses of some things of each class, without the ending of the document."""
    for part, class_ in CLASSES.items():
        query = f"SELECT ?x {{ ?x a <{KG}{class_}> }} ORDER BY ?x"
        rows = fetch(f"{origin}/sparql?format=csv&query={quote(query)}").body.decode().split("\r\n")
        own = [row for row in rows[1:-1] if row.startswith(f"{BASE}{part}/")]
        assert own, part
        plain = [row for row in own if not any(odd in row for odd in ODD)]
        for iri in (*plain[:1], *own[-1:]):
            yield iri.removeprefix(BASE)


def documents(origin: str, language: str) -> Iterator[str]:
    ending = f".{language}.html"
    yield f"/index{ending}"
    yield f"/ontology{ending}"
    yield from (f"/data/{part}/index{ending}" for part in CLASSES if part != "statement")
    for path in dict.fromkeys(things(origin)):
        target = f"/data/{quote(path, safe='/%')}"
        got = fetch(origin + target, Accept="text/html", Accept_Language=language)
        assert got.status == 303, target
        yield target
    for sought in ("hurt", "<script>hurt()</script>", "الكاظمي", HURT[:900]):
        yield f"/search?lang={language}&q={quote(sought)}"
    yield f"/search?lang={quote(HURT)}&q=hurt&in={quote(HURT)}&from={quote(HURT)}"
    yield f"/query?lang={language}&query={quote(HURT)}"
    yield f"/query?lang={language}&example=hurt&p-person={quote(HURT)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_hurts(browser: Browser, served: Served, language: str) -> None:
    seen = Seen()
    page = watched(browser, language, seen)
    addresses = list(documents(served.origin, language))
    missing = [f"/nothing/{quote(HURT)}", f"/data/person/{quote(HURT)}.en.html"]
    shown = 0
    for address in (*addresses, *missing):
        answer = page.goto(served.origin + address)
        assert answer is not None
        assert answer.status == (404 if address in missing else 200), address
        headers = answer.all_headers()
        told = (
            part.strip().partition(" ") for part in headers["content-security-policy"].split(";")
        )
        assert {name: value for name, _, value in told} == POLICY, address
        assert headers["x-content-type-options"] == "nosniff"
        look = page.evaluate(LOOK)
        shown += "onerror=hurt()" in look.pop("text")
        for kind, content in look.pop("scripts"):
            assert kind in ("application/ld+json", "application/json"), address
            json.loads(content)
        assert set(map(str, look.values())) == {"[]", "0"}, (address, look)
        errors = [each for each in seen.errors if "404 (Not Found)" not in each]
        assert errors == [], address
    assert shown > len(addresses) / 2  # the harm is there, as text
    assert [each for each in seen.requests if not each.startswith(f"{served.origin}/")] == []
    page.context.close()


def test_results_of_queries_hurt_nobody(browser: Browser, served: Served) -> None:
    seen = Seen()
    page = watched(browser, "en", seen)
    query = "SELECT ?a ?b ?c { ?a ?b ?c FILTER(isIRI(?c) || CONTAINS(STR(?c), 'hurt')) } LIMIT 300"
    page.goto(f"{served.origin}/query?lang=en&query={quote(query)}")
    if page.locator(".cm-content").count() == 0:
        pytest.skip("the editor is not built: make query-page")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.locator("[role=tabpanel]").wait_for()
    for tab in page.get_by_role("tab").all():
        tab.click()
        look = page.evaluate(LOOK)
        assert look["hurts"] == look["links"] == look["foreign"] == [], look
    assert seen.errors == []
    assert [each for each in seen.requests if not each.startswith(f"{served.origin}/")] == []
    page.context.close()


def test_what_is_no_page_cannot_become_one(served: Served) -> None:
    odd = quote(ODD[0])
    for path in (
        f"/data/person/{odd}.ttl",
        f"/data/person/{odd}.nt",
        f"/data/person/{odd}.jsonld",
        "/sparql",
        "/sparql?query=" + quote(f"SELECT * {{ <{BASE}person/a/b> ?p ?o }}"),
        "/sparql?query=" + quote("<script>hurt()</script>"),
        f"/sparql?format={quote(HURT)}&query=ASK%7B%7D",
        "/api/queries",
        f"/api/queries/{quote(HURT)}",
        f"/api/queries/hurt?person={quote(HURT)}",
        "/api/queries/hurt?person=person:a",
        f"/api/search?q={quote(HURT)}",
        "/api/search?q=hurt",
        "/api/openapi.json",
        "/health",
        "/metrics",
        "/dumps/dataset.ttl",
        f"/dumps/{quote(HURT)}",
        f"/assets/{quote(HURT)}",
        f"/assets/query/{quote(HURT)}",
        "/reconcile/entities",
        f"/reconcile/entities?queries={quote(HURT)}",
        "/robots.txt",
    ):
        got = fetch(served.origin + path, Accept="text/html,*/*;q=0.1")
        kind = got.headers["content-type"].partition(";")[0]
        if kind == "text/html":
            assert got.headers["content-security-policy"].startswith("default-src 'none'"), path
            assert b"<script>hurt" not in got.body and b"<img src=x" not in got.body, path
        else:
            assert kind not in ("application/xhtml+xml", "image/svg+xml"), path
            assert got.headers["x-content-type-options"] == "nosniff", path
