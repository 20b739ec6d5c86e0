"""The search of a workspace over HTTP: its page, its API, and a build that follows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import pytest
from jsonschema import Draft202012Validator
from lxml import html
from tests.service.search_served import searching
from tests.service.served import FACTS, SCRIPT, Got, fetch, make_workspace

from kgpub import Workspace
from kgpub.service.limits import Limits

_NAMED = {
    "type": "object",
    "properties": {
        "iri": {"type": "string", "format": "iri"},
        "name": {"type": "string"},
        "language": {"type": "string"},
    },
    "required": ["iri", "name", "language"],
}
_WORDS = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "language": {"type": "string"},
        "marks": {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [{"type": "integer"}, {"type": "integer"}],
                "items": False,
                "minItems": 2,
            },
        },
        "start": {"type": "integer", "minimum": 0},
        "isCutBefore": {"type": "boolean"},
        "isCutAfter": {"type": "boolean"},
    },
    "required": ["text", "language", "marks", "start", "isCutBefore", "isCutAfter"],
    "additionalProperties": False,
}
_PAGE = {"type": ["string", "null"], "format": "uri"}
_FITS = ["exact", "equal", "words", "forms", "beginning", "sound", "part"]


def _section(hit: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "total": {"type": "integer", "minimum": 0},
            "totalIsAtLeast": {"type": "boolean"},
            "someWordsOnly": {"type": "boolean"},
            "from": {"type": "integer", "minimum": 0},
            "hits": {"type": "array", "items": hit, "maxItems": 50},
        },
        "required": ["total", "totalIsAtLeast", "someWordsOnly", "from", "hits"],
        "additionalProperties": False,
    }


def _hit(**properties: Any) -> dict[str, Any]:
    named = {**properties, "page": _PAGE, "iri": {"type": "string"}}
    return {"type": "object", "properties": named, "required": sorted(named)}


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "query": {"type": "string", "maxLength": 300},
        "isCut": {"type": "boolean"},
        "language": {"enum": ["en", "ar", "ckb"]},
        "build": {"type": "string", "minLength": 1},
        "entities": _section(_hit(name={}, kind=_NAMED, matched=_WORDS, fit={"enum": _FITS})),
        "statements": _section(
            _hit(words=_WORDS, article=_NAMED, saidBy={"type": "array", "items": _NAMED})
        ),
        "articles": _section(_hit(name={}, words=_WORDS)),
    },
    "required": ["query", "isCut", "language", "build", "entities", "statements", "articles"],
    "additionalProperties": False,
}
HOSTILE = [
    "",
    " ",
    "\x00",
    "a" * 3_000,
    "ابت" * 700,
    "\u202egnihtemos\u2066",
    '"',
    "<script>alert(1)</script>",
    "'; DROP TABLE name; --",
    "{words} : x OR NEAR(a b, 3)",
    "* * *",
    "😀",
    "a\r\nSet-Cookie: x=y",
]


def wait_ready(origin: str) -> None:
    until = time.monotonic() + 60
    while fetch(f"{origin}/api/search?q=x").status == 503:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with searching(workspace) as address:
        wait_ready(address)
        yield address


def api(origin: str, **values: str | int) -> Any:
    got = fetch(f"{origin}/api/search?{urlencode(values)}")
    assert got.status == 200, got.body
    Draft202012Validator(SCHEMA).validate(got.json)
    return got.json


def page(origin: str, **values: str) -> html.HtmlElement:
    got = fetch(f"{origin}/search?{urlencode(values)}")
    assert got.status == 200, got.body
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(got.body.decode())


def test_an_entity_is_found_in_every_language(origin: str) -> None:
    for query in (
        "ليلى حسن",
        "layla hasan",
        "لەیلا حەسەن",
        "Umm Yusuf",
        "المهندسة ليلى حسن",
        "Q42",
    ):
        hit = api(origin, q=query)["entities"]["hits"][0]
        assert hit["iri"] == "https://example.org/data/person/layla-hasan"
        assert hit["name"] == "Layla Hasan"
    assert api(origin, q="Umm Yusuf", lang="ar")["entities"]["hits"][0]["name"] == "ليلى حسن"


def test_the_whole_name_is_before_names_that_hold_it(origin: str) -> None:
    found = api(origin, q="الواحة")["entities"]["hits"]
    assert found[0]["iri"].endswith("place/al-waha")
    assert found[0]["fit"] == "exact"
    assert {hit["fit"] for hit in found[1:]} <= {"words", "forms"}


def test_beginnings_are_found_while_typing(origin: str) -> None:
    for typed in ("ل", "لي", "ليل", "lay", "Layla Ha"):
        iris = [hit["iri"] for hit in api(origin, q=typed)["entities"]["hits"]]
        assert "https://example.org/data/person/layla-hasan" in iris


def test_a_statement_is_found_by_a_word_with_clitics_and_leads_to_its_passage(origin: str) -> None:
    found = api(origin, q="سالم", lang="en")["statements"]["hits"]
    text = "لسالم عمر الذي تولى المنصب عام 2019"
    hit = next(each for each in found if each["words"]["text"] == text)
    (start, end) = hit["words"]["marks"][0]
    assert text[start:end] == "لسالم"
    slug = hit["iri"].rpartition("/")[2]
    assert hit["page"] == f"{origin}/data/article/example.en.html#statement-{slug}"


def test_an_article_is_found_by_words_of_its_text(origin: str) -> None:
    hits = api(origin, q='"شبكة المياه"')["articles"]["hits"]
    assert [hit["iri"] for hit in hits] == ["https://example.org/data/article/example"]
    assert "شبكة المياه" in hits[0]["words"]["text"]


def test_events_are_found_by_what_pages_call_them(origin: str) -> None:
    iris = [hit["iri"] for hit in api(origin, q="election")["entities"]["hits"]]
    assert "https://example.org/data/event/election-of-layla-hasan" in iris


def test_where_nothing_has_all_words_that_is_said(origin: str) -> None:
    found = api(origin, q="سالم قطقطقط")
    assert found["statements"]["someWordsOnly"]
    assert found["statements"]["hits"]
    assert api(origin, q="قطقطقط")["statements"]["total"] == 0


def test_sections_are_paged(origin: str) -> None:
    whole = api(origin, q="سالم ", **{"in": "entities"})["entities"]
    assert whole["total"] == len(whole["hits"]) > 1
    pieces = []
    for first in range(whole["total"]):
        values: dict[str, str | int] = {"in": "entities", "from": first, "limit": 1}
        pieces += api(origin, q="سالم ", **values)["entities"]["hits"]
    assert pieces == whole["hits"]
    beyond = api(origin, q="سالم ", **{"in": "entities", "from": 999})
    assert beyond["entities"]["hits"] == []
    assert beyond["statements"]["total"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=a&q=b",
        "q=%FF",
        "q=a&lang=xx",
        "q=a&in=everything",
        "q=a&from=1",
        "q=a&in=entities&from=-1",
        "q=a&in=entities&from=1e3",
        "q=a&limit=x",
        "q=a&page=2",
        "&".join(f"a{n}=" for n in range(100)),
    ],
)
def test_what_the_api_does_not_understand_is_refused(origin: str, query: str) -> None:
    got = fetch(f"{origin}/api/search?{query}")
    assert got.status == 400
    assert got.json["message"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_queries_are_answered_well(origin: str, text: str) -> None:
    found = api(origin, q=text)
    assert found["isCut"] == (len(text) > 300)
    assert not set(found["query"]) & set("\x00\r\n\u202e\u2066")
    for language in ("en", "ar", "ckb"):
        shown = page(origin, q=text, lang=language)
        assert shown.xpath("//script") == []
        assert shown.xpath("//input[@name='q']/@value") == [found["query"]]


def test_a_page_has_headings_marks_and_links_that_lead_somewhere(origin: str) -> None:
    shown = page(origin, q="سالم", lang="ar")
    assert shown.get("lang") == "ar"
    assert shown.get("dir") == "rtl"
    assert shown.xpath("//h2/@id") == ["entities", "statements", "articles"]
    assert "سالم" in shown.xpath("//section[h2/@id='entities']//mark/text()")
    address = f"{origin}/search"
    hrefs = {urljoin(address, href) for href in shown.xpath("//section//a/@href")}
    assert f"{origin}/data/person/salim-omar.ar.html" in hrefs
    assert any(href.startswith(f"{origin}/data/article/example.ar.html#st") for href in hrefs)


def test_a_page_links_itself_in_other_languages_with_the_query(origin: str) -> None:
    shown = page(origin, q="a&b=c", lang="en")
    hrefs = shown.xpath("//nav[@class='languages']//a/@href")
    assert [urljoin(f"{origin}/search", href) for href in hrefs] == [
        f"{origin}/search?q=a%26b%3Dc&lang={language}" for language in ("ar", "ckb")
    ]


@pytest.mark.parametrize(
    ("accepted", "language"), [("ar", "ar"), ("ku", "ckb"), ("de, ckb;q=0.5", "ckb"), ("de", "en")]
)
def test_the_language_is_that_which_is_preferred(origin: str, accepted: str, language: str) -> None:
    got = fetch(f"{origin}/search", accept_language=accepted)
    assert html.fromstring(got.body.decode()).get("lang") == language
    assert "Accept-Language" in got.headers["vary"]


def test_names_in_the_data_are_no_markup(origin: str) -> None:
    shown = page(origin, q="sons", lang="en")
    names = [each.text_content() for each in shown.xpath("//section//li/a")]
    assert SCRIPT in names
    assert shown.xpath("//script") == []


def test_pages_carry_the_policy_and_an_entity_tag(origin: str) -> None:
    address = f"{origin}/search?q={quote('سالم')}&lang=ar"
    got = fetch(address)
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert "unsafe" not in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"
    again = fetch(address, if_none_match=got.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert fetch(address + "x").headers["etag"] != got.headers["etag"]
    assert b" style=" not in got.body
    head = fetch(address, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert fetch(address, {"q": "x"}).status == 405


def test_answers_are_compressed(origin: str) -> None:
    got = fetch(f"{origin}/api/search?q={quote('سالم')}", accept_encoding="gzip")
    assert got.headers["content-encoding"] == "gzip"


def test_many_at_once_get_the_same_answer(origin: str) -> None:
    address = f"{origin}/api/search?q={quote('ليلى')}"
    answers: list[Got] = []
    threads = [threading.Thread(target=lambda: answers.append(fetch(address))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.status for each in answers} == {200}
    assert len({each.body for each in answers}) == 1


def test_a_new_build_is_searched_and_the_index_before_it_is_gone(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    folder = workspace.root / ".kgpub" / "search"
    with searching(workspace) as origin:
        assert fetch(f"{origin}/search?q=x").status in (200, 503)
        wait_ready(origin)
        before = api(origin, q="Zagros")
        assert before["entities"]["total"] == 0
        (index,) = folder.iterdir()
        added = FACTS.replace("al-waha: {name", "zagros: {name: {en: Zagros}}\n  al-waha: {name")
        facts = workspace.root / "articles/example/facts.yaml"
        facts.write_text(added, encoding="utf-8")
        workspace.build()
        until = time.monotonic() + 60
        while (after := api(origin, q="Zagros"))["build"] == before["build"]:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert [hit["name"] for hit in after["entities"]["hits"]] == ["Zagros"]
        while index.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert len(list(folder.iterdir())) == 1


def test_an_index_is_made_once_and_again_where_it_is_damaged(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    folder = workspace.root / ".kgpub" / "search"
    with searching(workspace) as origin:
        wait_ready(origin)
    (index,) = folder.iterdir()
    made = index.stat().st_mtime_ns
    with searching(workspace) as origin:
        wait_ready(origin)
        assert api(origin, q="Layla")["entities"]["hits"]
    assert index.stat().st_mtime_ns == made
    index.write_bytes(b"no database" * 1_000)
    (folder / "1-x.sqlite").write_bytes(b"")
    (folder / "1-y.sqlite.77.new").write_bytes(b"")
    with searching(workspace) as origin:
        wait_ready(origin)
        assert api(origin, q="Layla")["entities"]["hits"]
    # What another process may be making is left alone.
    assert {path.name for path in folder.iterdir()} == {index.name, "1-y.sqlite.77.new"}


def test_a_search_that_takes_too_long_is_given_up(workspace: Workspace) -> None:
    with searching(workspace, Limits(seconds=-1.0)) as origin:
        until = time.monotonic() + 60
        while b"prepared" in (got := fetch(f"{origin}/api/search?q=a")).body:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert got.status == 503
        assert json.loads(got.body)["message"] == "the answer takes too long"


def test_where_no_index_can_be_kept_the_search_says_that_it_is_not_there(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    (workspace.root / ".kgpub" / "search").write_text("in the way", encoding="utf-8")
    with searching(workspace) as origin:
        time.sleep(1)
        for path in ("search", "api/search"):
            got = fetch(f"{origin}/{path}?q=x")
            assert got.status == 503
            assert got.headers["cache-control"] in ("no-store", "no-cache")
        (workspace.root / ".kgpub" / "search").unlink()
    with searching(workspace) as origin:
        wait_ready(origin)
