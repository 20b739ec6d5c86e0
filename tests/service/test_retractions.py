"""What was retracted is gone at its address, and the endpoint answers for other days."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from lxml import html
from playwright.sync_api import sync_playwright
from rdflib import RDF, Graph, Literal, URIRef
from tests.conftest import BASE, REPOSITORY, create_example
from tests.service.api_served import api_of
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.linked_served import linked
from tests.service.served import Got, fetch
from tests.service.sparql_served import endpoint

from kgpub import Workspace
from kgpub.documents.build import Build
from kgpub.documents.documents import Document, content_of
from kgpub.documents.retracted import gone
from kgpub.pages.rendering import Site
from kgpub.service.errors import RequestError
from kgpub.service.sparql.days import BYTES, Days
from kgpub.service.sparql.limits import QueryLimits
from kgpub.store.embedded import Generations
from kgpub.store.queries import EmbeddedStore
from kgpub.vocabulary import terms as kg

PEOPLE = "SELECT ?p { ?p a kg:Person } ORDER BY ?p"
FORMATS = {".ttl": "turtle", ".jsonld": "json-ld", ".nt": "nt"}
SUBMISSION, PERSON = "submission/report/more", "person/cy-dahl"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = create_example(tmp_path_factory.mktemp("retracted") / "workspace")
    shutil.rmtree(root / "articles")
    shutil.copytree(REPOSITORY / "tests/queries/corrected/articles", root / "articles")
    found = Workspace(root)
    found.build()
    return found


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with linked(workspace) as address:
        yield address


def retracted(workspace: Workspace, day: str) -> list[str]:
    """The IRIs that were retracted on a day and are described no more, below the base."""
    graph = Graph().parse(workspace.root / "output/dataset.ttl")
    records = [s for s, o in graph.subject_objects(URIRef(kg.retractedOn)) if str(o) == day]
    found = {str(o) for record in records for o in graph.objects(record, URIRef(kg.retracts))}
    return sorted(iri.removeprefix(BASE) for iri in found if (URIRef(iri), None, None) not in graph)


def get(origin: str, name: str, **headers: str) -> Got:
    return fetch(f"{origin}/data/{name}", **headers)


def shown(got: Got) -> str:
    return " ".join(html.fromstring(got.body.decode()).text_content().split())


def test_what_is_retracted_is_gone_with_day_reason_and_person(
    workspace: Workspace, origin: str
) -> None:
    statement_and_fact = retracted(workspace, "2020-02-01")
    assert [each.partition("/")[0] for each in statement_and_fact] == ["fact", "statement"]
    for name in statement_and_fact:
        got = get(origin, name, accept="text/html", accept_language="en")
        assert (got.status, got.headers["content-type"]) == (410, "text/html; charset=utf-8")
        text = shown(got)
        for told in ("has been retracted", "2020-02-01", "He had resigned.", "Nalin", BASE + name):
            assert told in text
    [residence] = retracted(workspace, "2020-03-01")
    text = shown(get(origin, f"{residence}.ckb.html"))
    assert text.index("براکەی بوو.") < text.index("It was her brother.")
    assert retracted(workspace, "2020-04-01") == [PERSON, SUBMISSION]
    for name in (PERSON, SUBMISSION):
        assert "It was submitted by mistake." in shown(get(origin, f"{name}.en.html"))


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Retracted"), ("ar", "سُحب"), ("ckb", "کشێنراوەتەوە")]
)
def test_the_page_is_in_the_language_asked_for(origin: str, language: str, heading: str) -> None:
    for name, headers in (
        (f"{SUBMISSION}.{language}.html", {}),
        (f"{SUBMISSION}.html", {"accept_language": language}),
        (SUBMISSION, {"accept": "text/html", "accept_language": language}),
    ):
        got = get(origin, name, **headers)
        assert got.status == 410
        page = html.fromstring(got.body.decode())
        assert page.get("lang") == language
        assert page.findtext(".//h1") == heading
        assert [link.get("hreflang") for link in page.iterfind(".//link[@hreflang]")] == [
            *("en", "ar", "ckb")
        ]


@pytest.mark.parametrize("ending", FORMATS)
def test_data_say_it_by_the_record(workspace: Workspace, origin: str, ending: str) -> None:
    dump = Graph().parse(workspace.root / "output/dataset.ttl")
    [record] = dump.subjects(URIRef(kg.retracts), URIRef(BASE + SUBMISSION))
    got = get(origin, SUBMISSION + ending)
    assert got.status == 410
    graph = Graph().parse(data=got.body, format=FORMATS[ending])
    assert set(graph.predicate_objects(record)) == set(dump.predicate_objects(record))
    assert (record, URIRef(kg.retractedBy), Literal("Roj")) in graph
    assert (URIRef(BASE + SUBMISSION), None, None) not in graph
    by_name = get(origin, SUBMISSION, accept=got.headers["content-type"].partition(";")[0])
    assert (by_name.status, by_name.body) == (410, got.body)


def test_a_form_that_there_is_not_is_refused(origin: str) -> None:
    assert get(origin, SUBMISSION, accept="image/png").status == 406


def test_what_still_stands_is_there(origin: str) -> None:
    for name in ("person/bo-lind", "person/ada-birk", "submission/report/facts"):
        assert get(origin, f"{name}.ttl").status == 200
    assert get(origin, "person/nobody").status == 404


def test_it_is_gone_for_those_who_have_asked_before(origin: str) -> None:
    first = get(origin, f"{SUBMISSION}.en.html")
    again = get(origin, f"{SUBMISSION}.en.html", if_none_match='"x", *')
    assert (first.status, again.status) == (410, 410)
    assert "etag" not in first.headers


def test_nothing_links_to_what_is_gone(workspace: Workspace, origin: str) -> None:
    for page in ("article/report.en.html", "person/bo-lind.en.html", "person/ada-birk.en.html"):
        got = get(origin, page)
        assert got.status == 200
        for day in ("2020-02-01", "2020-03-01", "2020-04-01"):
            for name in retracted(workspace, day):
                assert name.rpartition("/")[2].encode() not in got.body


def test_all_that_is_gone_is_listed_with_its_page(workspace: Workspace, origin: str) -> None:
    settings = workspace.settings
    site = Site(settings.base, settings.title, settings.publisher, settings.licence)
    build = Build("x", workspace.generations.open(), site)
    days = ("2020-02-01", "2020-03-01", "2020-04-01")
    listed = sorted(BASE + name for day in days for name in retracted(workspace, day))
    assert list(gone(build)) == listed
    for iri in listed:
        content = content_of(build, Document(iri, ".ar.html", ""), lambda: ())
        assert content is not None
        assert content.body == get(origin, f"{iri.removeprefix(BASE)}.ar.html").body


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_browser_shows_why_to_everybody(origin: str, language: str, direction: str) -> None:
    axe = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_context(locale=language, bypass_csp=True).new_page()
        answer = page.goto(f"{origin}/data/{PERSON}.{language}.html")
        assert answer is not None
        assert answer.status == 410
        assert page.locator("h1").is_visible()
        assert "It was submitted by mistake." in page.locator("main").inner_text()
        shown = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
        assert shown == direction
        if axe.exists():
            page.evaluate(axe.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            hard = ("serious", "critical")
            assert [each["id"] for each in found["violations"] if each["impact"] in hard] == []
        browser.close()


@pytest.fixture(scope="module")
def sparql(workspace: Workspace) -> Iterator[str]:
    limits = QueryLimits(seconds=60.0, in_memory=0)
    with endpoint(workspace.root / ".kgpub/store", limits, workspace.prefixes) as address:
        yield address


@pytest.fixture(scope="module")
def saved_queries(workspace: Workspace) -> Iterator[str]:
    with api_of(Generations(workspace.root / ".kgpub/store")) as address:
        yield f"{address}/api/queries"


def tenures(saved_queries: str, **parameters: str) -> Got:
    fields = {"office": f"{BASE}office/treasurer", "format": "csv", **parameters}
    return fetch(f"{saved_queries}/holders-of-office?{urlencode(fields)}")


def test_a_saved_query_is_asked_of_a_day(saved_queries: str) -> None:
    for parameters, expected in (
        ({}, ["ada-birk"]),
        ({"on": "2020-01-31"}, ["ada-birk", "bo-lind"]),
        ({"on": "2020-01-31", "limit": "1"}, ["ada-birk"]),
        ({"on": "2020-02-01"}, ["ada-birk"]),
        ({"on": "2020-01-09"}, []),
    ):
        got = tenures(saved_queries, **parameters)
        assert got.status == 200, got.body
        found = {name for name in ("ada-birk", "bo-lind") if name in got.body.decode()}
        assert sorted(found) == expected, parameters


@pytest.mark.parametrize("day", ["2020-1-31", "2020-02-30", "yesterday", ""])
def test_a_saved_query_refuses_what_is_no_day(saved_queries: str, day: str) -> None:
    got = tenures(saved_queries, on=day)
    assert got.status == 422
    [error] = json.loads(got.body)["errors"]
    assert error["parameter"] == "on"
    assert "on=2026-11-30" in error["remedy"]


def test_the_description_has_the_day(saved_queries: str) -> None:
    origin = saved_queries.removesuffix("/api/queries")
    told = json.loads(fetch(f"{origin}/api/openapi.json").body)
    for path in ("/api/queries/holders-of-office", "/api/queries/contradictions"):
        [day] = [each for each in told["paths"][path]["get"]["parameters"] if each["name"] == "on"]
        assert day["schema"] == {"type": "string", "format": "date"}
        assert not day.get("required")


def asked(sparql: str, query: str, **parameters: str) -> Got:
    fields = urlencode({"query": query, **parameters})
    return fetch(f"{sparql}?{fields}", accept="text/csv")


def people(got: Got) -> list[str]:
    assert got.status == 200
    return [line.removeprefix(f"{BASE}person/") for line in got.body.decode().split()[1:]]


def test_the_endpoint_answers_for_a_day(sparql: str) -> None:
    for day, expected in (
        ("2020-01-09", []),
        ("2020-01-10", ["ada-birk", "bo-lind"]),
        ("2020-01-20", ["ada-birk", "bo-lind", "cy-dahl"]),
        ("2020-03-31", ["ada-birk", "bo-lind", "cy-dahl"]),
        ("2020-04-01", ["ada-birk", "bo-lind"]),
        ("2030-01-01", ["ada-birk", "bo-lind"]),
        ("", ["ada-birk", "bo-lind"]),
    ):
        for _ in range(2):  # the second time from what is kept
            assert people(asked(sparql, PEOPLE, on=day)) == expected, day
    form = {"query": PEOPLE, "on": "2020-01-20"}
    assert len(people(fetch(sparql, form, accept="text/csv"))) == 3


def test_answers_for_different_days_have_different_tags(sparql: str) -> None:
    tags = {asked(sparql, PEOPLE, on=day).headers["etag"] for day in ("2020-01-20", "2020-01-10")}
    assert len(tags) == 2


def test_lookups_and_graphs_are_of_the_day(sparql: str) -> None:
    lookup = f"ASK {{ <{BASE}{PERSON}> a kg:Person }}"
    for day, expected in (("2020-01-20", b"true"), ("2020-04-01", b"false"), ("", b"false")):
        fields = urlencode({"query": lookup, "on": day, "format": "json"})
        assert expected in fetch(f"{sparql}?{fields}").body.replace(b" ", b"")
    graph = {"query": PEOPLE, "default-graph-uri": BASE + SUBMISSION, "on": "2020-01-20"}
    assert people(fetch(f"{sparql}?{urlencode(graph)}", accept="text/csv")) == ["cy-dahl"]


@pytest.mark.parametrize("day", ["2020-13-01", "2020-02-30", "yesterday", "20200101", "2020-1-1"])
def test_what_is_no_day_is_refused(sparql: str, day: str) -> None:
    got = asked(sparql, PEOPLE, on=day)
    assert got.status == 400
    assert b"on is no day" in got.body


def test_an_update_has_no_day(sparql: str) -> None:
    got = fetch(sparql, {"update": "CLEAR ALL", "on": "2020-01-01"})
    assert (got.status, b"on is not for an update" in got.body) == (400, True)
    twice = fetch(f"{sparql}?{urlencode([('query', PEOPLE), ('on', ''), ('on', '')])}")
    assert twice.status == 400


def test_a_day_that_takes_too_much_memory_is_refused_at_once(workspace: Workspace) -> None:
    folder = workspace.generations.current()
    assert folder is not None
    today = EmbeddedStore(workspace.generations.open(), BASE)
    quads = len(list(today.store))
    enough = Days(today, str(folder), quads * BYTES)
    assert len(list(enough.on("2020-01-20").query(PEOPLE, workspace.prefixes))) == 3  # type: ignore[arg-type]
    little = Days(today, str(folder), quads * BYTES - 1)
    with pytest.raises(RequestError) as told:
        little.on("2020-01-20")
    assert told.value.status == 503
    assert "the dataset as it was on 2020-01-20 is too large" in told.value.message
    assert "queries.memory" in told.value.remedy
    # What is as it is today needs no store of its own.
    for day in ("", "2020-04-01"):
        assert little.on(day) is today


DECLARED = """article: example
date: 2026-01-06
retracted: {since: 2026-01-30, because: {en: Nobody knows her item.}}
people:
  rana-salih: {name: {ar: رنا صالح}, wikidata: Q42, evidence: The same name.}
"""


def test_what_belongs_to_what_is_retracted_is_gone_with_it(tmp_path: Path) -> None:
    place = Workspace(create_example(tmp_path / "workspace"))
    facts, more = (place.root / "articles/example" / name for name in ("facts.yaml", "more.yaml"))
    _, why, people = DECLARED.partition("retracted:")
    more.write_text(DECLARED.replace(why + people.partition("\n")[0] + "\n", ""), encoding="utf-8")
    place.build()
    before = Graph().parse(place.root / "output/dataset.ttl")
    [link] = before.subjects(RDF.type, URIRef(kg.Link))
    parts = set(before.subjects(RDF.type, URIRef(kg.Participation)))
    assert len(parts) == 2
    more.write_text(DECLARED, encoding="utf-8")
    text = facts.read_text(encoding="utf-8")
    asserted = "رئيسة للبلدية\n    asserts:\n      - id: event/"
    assert text.count(asserted) == 1
    why = "retracted: {since: 2026-01-30, because: {en: It was put off.}}"
    retracted = asserted.replace("    asserts", f"    {why}\n    asserts")
    facts.write_text(text.replace(asserted, retracted), encoding="utf-8")
    place.build()
    with linked(place) as origin:
        for iri, reason in (
            (link, "Nobody knows her item."),
            *((p, "It was put off.") for p in parts),
        ):
            got = get(origin, f"{iri.removeprefix(BASE)}.en.html")
            assert got.status == 410
            assert reason in shown(got)
