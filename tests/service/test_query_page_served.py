"""The query page as it is sent: languages, caching, what untrusted addresses do, its files."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
import rdflib
from lxml import html
from tests.service.query_served import BASE, HOSTILE, KG, REPOSITORY, query_page
from tests.service.served import fetch

from kgpub.service.query_page.assets import FOLDER, SCRIPT

SCRIPT_TEXT = b"// a script\n" * 200


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose editor is two small files."""
    editor = tmp_path_factory.mktemp("editor")
    (editor / SCRIPT).write_bytes(SCRIPT_TEXT)
    (editor / "THIRD_PARTY_LICENCES.txt").write_text("licences", encoding="utf-8")
    (editor / "notes.md").write_text("not served", encoding="utf-8")
    with query_page(tmp_path_factory.mktemp("query"), editor) as address:
        yield address


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without the editor."""
    with query_page(tmp_path_factory.mktemp("query"), tmp_path_factory.mktemp("none")) as address:
        yield address


def tree(body: bytes) -> html.HtmlElement:
    return html.document_fromstring(body.decode("utf-8"))


def text_of(body: bytes) -> str:
    """Return the query in the form, as a browser reads it."""
    (area,) = tree(body).xpath("//textarea[@name='query']")
    return str(area.text).removeprefix("\n")


def test_language_by_address_else_by_preference(origin: str) -> None:
    for accepted, address, language in [
        ("ar;q=0.9, en;q=0.5", "", "ar"),
        ("fr", "", "en"),
        ("ar", "?lang=ckb", "ckb"),
        ("ckb", "?lang=xx", "ckb"),
    ]:
        got = fetch(f"{origin}/query{address}", accept_language=accepted)
        assert tree(got.body).get("lang") == language
        assert "Accept-Language" in got.headers["vary"]


def test_policy_allows_nothing_inline_and_nobody_else(origin: str) -> None:
    got = fetch(f"{origin}/query")
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    page = tree(got.body)
    assert page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]") == []
    assert [each.get("type") for each in page.xpath("//script[not(@src)]")] == ["application/json"]


def test_known_page_is_not_sent_again(origin: str) -> None:
    tag = fetch(f"{origin}/query?lang=ar").headers["etag"]
    again = fetch(f"{origin}/query?lang=ar", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert fetch(f"{origin}/query?lang=en", if_none_match=tag).status == 200


@pytest.mark.parametrize("text", [*HOSTILE, "\u202eevil", "x" * 5_000, "a\nb", "\x00"])
def test_a_query_in_the_address_is_text(origin: str, text: str) -> None:
    got = fetch(f"{origin}/query?query={quote(text)}")
    assert got.status == 200
    if text != "\x00":  # which no HTML parser keeps
        assert text_of(got.body) == text
    assert len(tree(got.body).xpath("//script")) == 2


@pytest.mark.parametrize("address", ["?lang=en&lang=ar", "?query=%FF", "?" + "a&" * 50])
def test_addresses_that_cannot_be_read_are_refused(origin: str, address: str) -> None:
    assert fetch(f"{origin}/query{address}").status == 400


def test_only_get(origin: str) -> None:
    assert fetch(f"{origin}/query", {"query": "ASK {}"}).status == 405


def test_settings_of_the_editor_hold_the_prefixes_and_no_end_of_a_script(origin: str) -> None:
    body = fetch(f"{origin}/query?lang=ckb").body
    (settings,) = tree(body).xpath("//script[@id='query-settings']/text()")
    told = json.loads(settings)
    assert told["prefixes"]["kg"] == KG
    assert told["prefixes"]["person"] == f"{BASE}person/"
    assert re.fullmatch(r"\./assets/query/terms\.ckb\.json\?v=[0-9a-f]{12}", told["terms"])
    assert "<" not in settings


def test_examples_are_asked_in_a_language_and_filled_in(origin: str) -> None:
    page = tree(fetch(f"{origin}/query?lang=en").body)
    names = set(page.xpath("//select[@name='example']/option/@value")) - {""}
    assert names == {path.stem for path in (REPOSITORY / "queries").glob("*.rq")}
    address = f"{origin}/query?example=holder-on-date&p-day=2020-05-07&p-office="
    shown = text_of(fetch(address + "office:prime-minister-of-iraq").body)
    assert f"<{BASE}office/prime-minister-of-iraq>" in shown
    assert '"2020-05-07"^^<http://www.w3.org/2001/XMLSchema#date>' in shown
    assert "?day" not in shown
    assert shown.startswith("# Who held, or may have held, an office on a day?\n")
    assert "parameter:" not in shown


@pytest.mark.parametrize("value", ["> } DROP ALL #", "nobody:x", HOSTILE[0]])
def test_a_value_that_is_none_is_told_and_not_put_in(origin: str, value: str) -> None:
    got = fetch(f"{origin}/query?lang=en&example=offices-of-person&p-person={quote(value)}")
    page = tree(got.body)
    (alert,) = page.xpath("//*[@role='alert']")
    assert alert.text_content()
    assert page.xpath("//input[@name='p-person']/@value") == [value]
    assert value not in text_of(got.body)


def test_a_text_is_put_in_as_a_literal(origin: str) -> None:
    got = fetch(f"{origin}/query?example=called&p-text={quote(chr(34) + ') } #')}")
    assert r'"\") } #"' in text_of(got.body)


def test_an_example_that_there_is_not_is_told(origin: str) -> None:
    page = tree(fetch(f"{origin}/query?lang=en&example=nope").body)
    (alert,) = page.xpath("//*[@role='alert']")
    assert alert.text_content() == "There is no example of this name."


def test_files_are_kept_for_ever_by_their_addresses(origin: str) -> None:
    page = tree(fetch(f"{origin}/query").body)
    (source,) = page.xpath("//script/@src")
    address = urljoin(f"{origin}/query", source)
    got = fetch(address)
    assert got.body == SCRIPT_TEXT
    assert "immutable" in got.headers["cache-control"]
    assert got.headers["content-type"].startswith("text/javascript")
    packed = fetch(address, accept_encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == SCRIPT_TEXT
    assert "content-encoding" not in fetch(address, accept_encoding="gzip;q=0").headers
    other = fetch(f"{origin}/assets/query/{SCRIPT}?v=000000000000")
    assert "immutable" not in other.headers["cache-control"]
    assert fetch(address, if_none_match=got.headers["etag"]).status == 304


@pytest.mark.parametrize("name", ["notes.md", "..%2f__init__.py", "%2e%2e/routes.py", "x"])
def test_nothing_else_is_served(origin: str, name: str) -> None:
    assert fetch(f"{origin}/assets/query/{name}").status == 404


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_terms_are_those_of_the_ontology(origin: str, language: str) -> None:
    graph = rdflib.Graph()
    for name in ("kgpub.ttl", "schemes.ttl"):
        graph.parse(REPOSITORY / "ontology" / name)
    expected = {}
    types = {
        rdflib.OWL.Class: "class",
        rdflib.OWL.ObjectProperty: "property",
        rdflib.OWL.DatatypeProperty: "property",
        rdflib.SKOS.Concept: "kind",
    }
    for type_, form in types.items():
        for term in graph.subjects(rdflib.RDF.type, type_):
            if str(term).startswith("https://w3id.org/kgpub/"):
                labels = [
                    str(label)
                    for predicate in (rdflib.RDFS.label, rdflib.SKOS.prefLabel)
                    for label in graph.objects(term, predicate)
                    if isinstance(label, rdflib.Literal) and label.language == language
                ]
                expected[str(term)] = (form, labels)
    told = fetch(f"{origin}/assets/query/terms.{language}.json").json
    assert {each["iri"]: (each["form"], [each["label"]]) for each in told} == expected
    assert sum(not each["definition"] for each in told if each["form"] != "kind") == 0


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_without_the_editor_there_is_a_form_that_says_so(bare: str, language: str) -> None:
    got = fetch(f"{bare}/query?lang={language}")
    page = tree(got.body)
    assert page.xpath("//script") == []
    assert "npm" in page.text_content()
    (form,) = page.xpath("//form[@id='query-form']")
    assert (form.get("action"), form.get("method")) == ("./sparql", "post")
    assert fetch(f"{bare}/assets/query/{SCRIPT}").status == 404
    fields = {"query": "SELECT ?x { VALUES ?x { 'مصطفى' } }", "format": "csv"}
    answer = fetch(f"{bare}/sparql", fields)
    assert answer.body.decode().split() == ["x", "مصطفى"]


@pytest.mark.skipif(not (FOLDER / SCRIPT).exists(), reason="the editor is not built")
def test_each_bundled_package_is_listed_with_its_version_and_licence() -> None:
    lock = json.loads((REPOSITORY / "web/package-lock.json").read_text(encoding="utf-8"))
    locked = {
        path.removeprefix("node_modules/"): package["version"]
        for path, package in lock["packages"].items()
        if path and not package.get("dev")
    }
    text = (FOLDER / "THIRD_PARTY_LICENCES.txt").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^-{72}\n(\S+) (\S+) \(\S+\)$", text, re.MULTILINE))
    assert listed.items() <= locked.items()
    assert {"@codemirror/view", "codemirror-lang-sparql"} <= listed.keys()
    assert text.count("Permission is hereby granted, free of charge") == len(listed)
    assert "resolved" not in json.dumps(lock)
    assert "registry" not in json.dumps(lock)


@pytest.mark.skipif(not (FOLDER / SCRIPT).exists(), reason="the editor is not built")
def test_the_bundle_names_no_other_host() -> None:
    script = (FOLDER / SCRIPT).read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([A-Za-z0-9.-]+)", script))
    # Namespaces of RDF, which are not fetched.
    assert hosts == {"w3id.org", "www.w3.org"}
    assert Path(FOLDER / SCRIPT).stat().st_size < 500_000
