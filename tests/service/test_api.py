"""Saved queries over HTTP: answers worked out by hand, forms, caching, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad
from tests.service.api_served import BASE, PREFIXES, REPOSITORY, SHIPPED, api, own_quads
from tests.service.served import Got, fetch, sent

from kgpub.store.named_queries import NamedQuery

EX = "https://example.org/data/"
SEED = yaml.safe_load((REPOSITORY / "tests/queries/seed.yaml").read_text(encoding="utf-8"))
# Facts and their statements stand there by labels, in place of their hashes.
LABELLED = re.compile(rf"(fact|statement)[:/]({'|'.join(SEED['facts'])})")
CASES = [case for case in SEED["cases"] if not LABELLED.search(json.dumps(case))]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("api"), own_quads()) as address:
        yield address


def ask(origin: str, query: str, parameters: Any = (), **headers: str) -> Got:
    return fetch(f"{origin}/api/queries/{query}?{urlencode(parameters)}", **headers)


def problem(got: Got) -> Any:
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["cache-control"] == "no-store"
    told = json.loads(got.body)
    assert told["status"] == got.status
    assert {"type", "title", "detail"} <= told.keys()
    return told


def rows(got: Got) -> list[list[str]]:
    assert got.status == 200, got.body
    return list(csv.reader(io.StringIO(got.body.decode())))


def compact(value: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if value.startswith(namespace):
            return f"{prefix}:{value.removeprefix(namespace)}"
    return value


def name_of(case: Any) -> str:
    return f"{case['query']} {case.get('with', '')}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_answers_are_those_worked_out_by_hand(origin: str, case: Any) -> None:
    got = ask(origin, case["query"], {**case.get("with", {}), "format": "json"})
    assert got.status == 200, got.body
    told = json.loads(got.body)
    values = [
        [compact(row[name]["value"]) if name in row else None for name in told["head"]["vars"]]
        for row in told["results"]["bindings"]
    ]
    assert values == case["rows"]


def test_an_iri_may_be_a_slug_a_prefixed_name_a_path_or_whole(origin: str) -> None:
    slug = "prime-minister-of-the-kurdistan-region"
    answers = [
        rows(ask(origin, "holders-of-office", {"office": office, "format": "csv"}))
        for office in (slug, f"office:{slug}", f"office/{slug}", f"{BASE}office/{slug}")
    ]
    assert answers[0][1][0] == f"{BASE}person/nechirvan-barzani"
    assert answers == [answers[0]] * 4


@pytest.mark.parametrize(
    ("accept", "form", "expected"),
    [
        ("", "", "application/sparql-results+json"),
        ("text/html,*/*;q=0.8", "", "application/sparql-results+json"),
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml;q=0.2, text/csv;q=0.1", "",
         "application/sparql-results+xml"),
        ("text/csv", "tsv", "text/tab-separated-values; charset=utf-8"),
    ],
)  # fmt: skip
def test_forms(origin: str, accept: str, form: str, expected: str) -> None:
    headers = {"Accept": accept} if accept else {}
    got = ask(origin, "quotations", {"format": form} if form else {}, **headers)
    assert got.headers["content-type"] == expected


def test_what_is_in_no_form_is_406(origin: str) -> None:
    told = problem(ask(origin, "quotations", Accept="image/png"))
    assert told["status"] == 406
    assert "text/csv" in told["remedy"]


def test_pages_together_are_the_whole(origin: str) -> None:
    [columns, *whole] = rows(ask(origin, "quotations", {"format": "csv"}))
    pages = []
    for offset in range(0, len(whole) + 2, 2):
        page = {"format": "csv", "limit": 2, "offset": offset}
        [again, *some] = rows(ask(origin, "quotations", page))
        assert again == columns
        assert len(some) <= 2
        pages += some
    assert len(whole) > 4
    assert pages == whole


def test_answers_are_kept_by_the_client_until_a_build(origin: str) -> None:
    # The question of this query has the word "now", which is no call of NOW().
    office = {"office": "prime-minister-of-iraq"}
    first = ask(origin, "holders-now", office)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert ask(origin, "holders-now", office).headers["etag"] == tag
    unchanged = ask(origin, "holders-now", office, If_None_Match=tag)
    assert (unchanged.status, unchanged.body) == (304, b"")
    other = ask(origin, "holders-now", {"office": "nothing"}, If_None_Match=tag)
    assert other.status == 200


def test_head_is_get_without_a_body(origin: str) -> None:
    url = f"{origin}/api/queries/quotations"
    got, head = fetch(url), fetch(url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("content-type", "etag", "content-length", "cache-control"):
        assert head.headers[name] == got.headers[name]


def test_the_list_tells_each_query(origin: str) -> None:
    got = fetch(f"{origin}/api/queries")
    listed = {each["name"]: each for each in got.json["queries"]}
    assert listed.keys() == {path.stem for path in (REPOSITORY / "queries").glob("*.rq")}
    assert listed["holder-on-date"]["parameters"] == [
        {"name": "office", "type": "iri", "description": "the office"},
        {"name": "day", "type": "date", "description": "the day"},
    ]
    assert listed["holder-on-date"]["columns"] == ["person", "certain", "start", "end", "time"]
    question = listed["holder-on-date"]["question"]
    assert question["en"] == "Who held, or may have held, an office on a day?"
    assert fetch(origin + listed["quotations"]["url"]).status == 200
    again = fetch(f"{origin}/api/queries", If_None_Match=got.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("query", "parameters", "status", "which", "words"),
    [
        ("called", "", 400, ["text"], "the parameter text is missing"),
        ("called", "text=a&text=b", 400, ["text"], "given 2 times"),
        ("called", "text=a&format=csv&format=csv", 400, ["format"], "given 2 times"),
        ("called", "text=a&Text=b", 400, ["'Text'"], "there is no parameter 'Text'"),
        ("called", "text=a&=", 400, ["''"], "there is no parameter ''"),
        ("holder-on-date", "dya=x", 400, ["'dya'", "office", "day"], "no parameter 'dya' (2 more"),
        ("holder-on-date", "office=x%20y&day=2020-02-30", 422, ["office", "day"], "is no IRI"),
        ("holder-on-date", "office=x&day=1985", 422, ["day"], "'1985' is no date"),
        ("holder-on-date", "office=persn:x&day=1985-01-01", 422, ["office"], "is no IRI"),
        ("holder-on-date", "office=&day=1985-01-01", 422, ["office"], "'' is no IRI"),
        ("stances-on", "target=a-slug-of-what", 422, ["target"], "is no IRI"),
        ("happened-in", "year=MMXX", 422, ["year"], "'MMXX' is no integer"),
        ("happened-in", "year=9223372036854775808", 422, ["year"], "is no integer"),
        ("happened-in", "year=%D9%A1%D9%A9%D9%A8%D9%A5", 422, ["year"], "is no integer"),
        ("called", "text=" + 1001 * "a", 422, ["text"], "more than 1,000 characters"),
        ("called", "text=a&format=pdf", 422, ["format"], "'pdf' is no form"),
        ("called", "text=a&limit=0", 422, ["limit"], "no such number"),
        ("called", "text=a&limit=-1&offset=1e3", 422, ["limit", "offset"], "no such number"),
        ("called", "text=a&limit=1%20OFFSET%205", 422, ["limit"], "no such number"),
        ("called", "text=a&offset=10000000000", 422, ["offset"], "no such number"),
    ],
)
def test_wrong_parameters_are_told_one_by_one(
    origin: str, query: str, parameters: str, status: int, which: list[str], words: str
) -> None:
    told = problem(fetch(f"{origin}/api/queries/{query}?{parameters}"))
    assert told["status"] == status
    assert words in told["detail"]
    assert [each["parameter"] for each in told["errors"]] == which
    assert all(each["remedy"] for each in told["errors"])
    assert len(json.dumps(told)) < 2_000


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("text=%ED%A0%80", "not UTF-8"),  # half of a surrogate pair
        ("text=%FF", "not UTF-8"),
        ("&".join(f"a{number}=1" for number in range(60)), "more than 50 parameters"),
    ],
)
def test_what_cannot_be_read_is_400(origin: str, parameters: str, words: str) -> None:
    told = problem(fetch(f"{origin}/api/queries/called?{parameters}"))
    assert (told["status"], words in told["detail"]) == (400, True)


def test_bytes_that_are_no_ascii_in_the_address_are_no_fault_of_the_server(origin: str) -> None:
    got = sent(origin, b"GET /api/queries/called?text=\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "name",
    ["holder-of-office", "..%2f..%2fetc%2fpasswd", "%00", "x" * 5_000, quote("كاظمي"), "{x}"],
)
def test_an_unknown_query_is_404(origin: str, name: str) -> None:
    told = problem(fetch(f"{origin}/api/queries/{name}"))
    assert told["status"] == 404
    assert ("holders-of-office" in told["remedy"]) == (name == "holder-of-office")
    assert len(told["detail"]) < 200


def test_the_type_of_a_problem_leads_to_its_description(origin: str) -> None:
    told = problem(fetch(f"{origin}/api/queries/nothing"))
    path, _, pointer = told["type"].partition("#")
    found = fetch(origin + path).json
    for step in pointer.strip("/").split("/"):
        found = found[step]
    assert found["description"] == told["title"]


def test_other_methods_are_405(origin: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        got = fetch(f"{origin}/api/queries/quotations", method=method, form=b"")
        assert got.status == 405
        assert got.headers["allow"]


def test_addresses_are_those_that_clients_see(tmp_path: Path) -> None:
    with api(tmp_path, own_quads(), SHIPPED[:1], public="https://kg.example.org") as origin:
        [listed] = fetch(f"{origin}/api/queries", Host="evil.example").json["queries"]
        assert listed["url"] == f"https://kg.example.org/api/queries/{listed['name']}"
        described = fetch(f"{origin}/api/openapi.json", Host="evil.example").json
        assert described["servers"] == [{"url": "https://kg.example.org"}]
        told = problem(fetch(f"{origin}/api/queries/nothing"))
        assert told["type"].startswith("https://kg.example.org/api/openapi.json#")


def test_what_takes_too_long_is_503(tmp_path: Path) -> None:
    from kgpub.service.sparql.limits import QueryLimits

    slow = NamedQuery.parse(
        "slow", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    )
    limits = QueryLimits(quick_seconds=0.1, seconds=1.0)
    with api(tmp_path, own_quads(), [slow], limits) as origin:
        got = ask(origin, "slow")
        told = problem(got)
    assert (told["status"], got.headers["retry-after"]) == (503, None)
    assert "took longer than 1 seconds" in told["detail"]


NOTE = NamedNode(EX + "note")
TYPED = (
    NamedQuery.parse(
        "by-language",
        "# parameter: text tagged a text and its language\n# columns: thing\n"
        "SELECT ?thing { ?thing <https://example.org/data/note> ?text } ORDER BY ?thing",
    ),
    NamedQuery.parse(
        "by-time",
        "# parameter: time edtf a time\n# columns: thing\n"
        "SELECT ?thing { ?thing <https://example.org/data/note> ?time } ORDER BY ?thing LIMIT 5",
    ),
    NamedQuery.parse(
        "is-so",
        "# parameter: truth boolean a truth\nASK { ?thing <https://example.org/data/note> ?truth }",
    ),
    NamedQuery.parse(
        "described",
        "# parameter: limit integer a number that is no limit\n"
        "CONSTRUCT { ?thing a ?limit } { ?thing <https://example.org/data/note> ?limit }",
    ),
    NamedQuery.parse("no query", "SELECT * {}"),
    NamedQuery.parse("no-query", "nothing"),
)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    def literal(value: str, datatype: str) -> Literal:
        return Literal(value, datatype=NamedNode(datatype))

    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = {
        "a": Literal("كاظم@ي", language="ar"),
        "b": literal("1985/..", "http://id.loc.gov/datatypes/edtf/EDTF"),
        "c": literal("true", xsd + "boolean"),
        "d": literal("7", xsd + "integer"),
        "e": Literal("7"),
    }
    graph = NamedNode(EX + "graph")
    quads = [Quad(NamedNode(EX + name), NOTE, value, graph) for name, value in values.items()]
    with api(tmp_path_factory.mktemp("typed"), quads, TYPED) as address:
        yield address


def test_other_types(typed: str) -> None:
    assert rows(ask(typed, "by-language", {"text": "كاظم@ي@ar", "format": "csv"})) == [
        ["thing"],
        [EX + "a"],
    ]
    assert rows(ask(typed, "by-language", {"text": "كاظم@ي@ckb", "format": "csv"})) == [["thing"]]
    assert rows(ask(typed, "by-time", {"time": "1985/..", "format": "csv"})) == [
        ["thing"],
        [EX + "b"],
    ]
    truths = [json.loads(ask(typed, "is-so", {"truth": t}).body) for t in ("true", "false")]
    assert [each["boolean"] for each in truths] == [True, False]
    got = ask(typed, "described", {"limit": "7"}, Accept="application/n-triples")
    assert (
        got.body.decode() == f'<{EX}d> <{PREFIXES["rdf"]}type> "7"^^<{PREFIXES["xsd"]}integer> .\n'
    )


@pytest.mark.parametrize(
    ("query", "parameter", "value", "words"),
    [
        ("by-language", "text", "كاظمي", "has no language"),
        ("by-language", "text", "a@arabic-letters", "has no language"),
        ("by-time", "time", "last year", "time: "),
        ("by-time", "time", "2020-13", "time: "),
        ("is-so", "truth", "TRUE", "'TRUE' is no boolean"),
    ],
)
def test_values_that_are_not_of_other_types(
    typed: str, query: str, parameter: str, value: str, words: str
) -> None:
    told = problem(ask(typed, query, {parameter: value}))
    assert told["status"] == 422
    assert words in told["detail"]
    assert told["remedy"]


def test_only_what_has_an_order_and_no_end_of_its_own_has_pages(typed: str) -> None:
    listed = {each["name"]: each for each in fetch(f"{typed}/api/queries").json["queries"]}
    assert {name for name, each in listed.items() if each["paging"]} == {"by-language"}
    told = problem(ask(typed, "by-time", {"time": "1985", "limit": "2"}))
    assert told["status"] == 400


def test_what_cannot_be_served_is_left_out(typed: str) -> None:
    names = [each["name"] for each in fetch(f"{typed}/api/queries").json["queries"]]
    assert names == ["by-language", "by-time", "described", "is-so"]
