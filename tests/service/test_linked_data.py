"""What stands behind the IRIs of the seed workspace: compared with its dumps."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS
from tests.service.linked_served import linked, seed
from tests.service.served import Got, fetch

from kgpub import Workspace

BASE = "https://w3id.org/kgpub/data/"
KG = "https://w3id.org/kgpub/ontology#"
PERSON = f"{BASE}person/mustafa-al-kadhimi"
FORMATS = {".ttl": "turtle", ".jsonld": "json-ld", ".nt": "nt"}
TYPES = {
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
}
NAMES = {RDF.type, URIRef(f"{KG}name"), URIRef(f"{KG}title"), SKOS.prefLabel, RDFS.label}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return seed(tmp_path_factory.mktemp("linked") / "workspace")


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with linked(workspace) as address:
        yield address


@pytest.fixture(scope="module")
def dump(workspace: Workspace) -> Graph:
    """The union of the published graphs."""
    dataset = Dataset(default_union=True)
    dataset.parse(workspace.root / "output/dataset.nq", format="nquads")
    union = Graph()
    for triple in dataset.triples((None, None, None)):
        union.add(triple)
    return union


def path_of(iri: str) -> str:
    return urlsplit(iri).path


def read(origin: str, path: str) -> Graph:
    got = fetch(origin + path)
    ending = path[path.rindex(".") :]
    assert (got.status, got.headers["content-type"]) == (200, TYPES[ending])
    return Graph().parse(data=got.body.decode(), format=FORMATS[ending])


def followed(origin: str, path: str, **headers: str) -> tuple[str, Got]:
    """Follow one 303; return the path that it led to, and what is there."""
    got = fetch(origin + path, **headers)
    assert got.status == 303, (path, got.status)
    target = urljoin(origin + path, got.headers["location"])
    assert urlsplit(target).netloc == urlsplit(origin).netloc
    return target.removeprefix(origin), fetch(target)


def test_every_iri_of_the_data_leads_to_a_page_and_to_data(origin: str, dump: Graph) -> None:
    things = {str(each).partition("#")[0] for each in dump.all_nodes() if isinstance(each, URIRef)}
    own = sorted(each for each in things if each.startswith(BASE))
    assert len(own) > 190
    for number, iri in enumerate(own):
        if iri.endswith("/article.txt"):
            continue
        path = path_of(iri)
        if number % 4:
            at, data = followed(origin, path, Accept="text/turtle")
            assert (at, data.status) == (f"{path}.ttl", 200), iri
        else:
            at, page = followed(origin, path, Accept="text/html", Accept_Language="ar")
            assert (at, page.status) == (f"{path}.ar.html", 200), iri
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert b'<html lang="ar" dir="rtl">' in page.body


@pytest.mark.parametrize(
    "iri",
    [
        PERSON,
        f"{BASE}office/prime-minister-of-iraq",
        f"{BASE}article/al-kadhimi-and-kurdistan",
        f"{BASE}submission/al-kadhimi-and-kurdistan/facts",
        f"{BASE}statement/cb3e6e55f946b8818db9bad117fa9f72",
        f"{BASE}dataset",
    ],
)
def test_a_description_holds_what_is_said_of_a_thing_and_nothing_else(
    origin: str, dump: Graph, iri: str
) -> None:
    graphs = [set(read(origin, path_of(iri) + ending)) for ending in FORMATS]
    assert graphs[0] == graphs[1] == graphs[2]
    told, thing = graphs[0], URIRef(iri)
    expected = {*dump.triples((thing, None, None)), *dump.triples((None, None, thing))}
    assert expected and expected <= told
    # The vocabulary is in the store besides what is published: of it come names of kinds.
    others = told - set(dump)
    assert {(p, type(o)) for _, p, o in others} <= {
        (RDF.type, URIRef),
        (SKOS.prefLabel, Literal),
        (RDFS.label, Literal),
    }


def test_a_person_s_description_holds_the_facts_and_their_words(origin: str, dump: Graph) -> None:
    told = read(origin, f"{path_of(PERSON)}.ttl")
    person, asserts, words = URIRef(PERSON), URIRef(f"{KG}asserts"), URIRef(f"{KG}words")
    facts = set(dump.subjects(URIRef(f"{KG}person"), person))
    assert len(facts) >= 5
    for fact in facts:
        assert set(dump.triples((fact, None, None))) <= set(told)
        statements = set(dump.subjects(asserts, fact))
        assert statements
        for statement in statements:
            assert (statement, asserts, fact) in told
            assert set(told.objects(statement, words)) == set(dump.objects(statement, words))
            for passage in dump.objects(statement, URIRef(f"{KG}passage")):
                assert set(dump.triples((passage, None, None))) <= set(told)
    # Whoever else is mentioned can be named, in each language, from this document alone.
    office = URIRef(f"{BASE}office/prime-minister-of-iraq")
    assert set(dump.objects(office, URIRef(f"{KG}name"))) == set(
        told.objects(office, URIRef(f"{KG}name"))
    )
    assert {p for _, p, _ in told.triples((office, None, None))} <= NAMES


def test_a_graph_s_iri_leads_to_its_triples(origin: str, workspace: Workspace) -> None:
    dataset = Dataset()
    dataset.parse(workspace.root / "output/dataset.nq", format="nquads")
    iri = f"{BASE}graph/links"
    at, data = followed(origin, path_of(iri), Accept="text/html, text/turtle;q=0.5")
    assert at == f"{path_of(iri)}.ttl"
    assert set(Graph().parse(data=data.body.decode())) == set(dataset.graph(URIRef(iri)))


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("", ".en.html"),
        ("*/*", ".en.html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ".en.html"),
        ("text/turtle", ".ttl"),
        ("text/turtle;q=0.9, text/html;q=0.5", ".ttl"),
        ("text/html;q=0.5, application/ld+json", ".jsonld"),
        ("application/json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("text/plain", ".nt"),
        ("application/rdf+xml, text/turtle;q=0.3", ".ttl"),
        ("text/*", ".en.html"),
        ("text/html;q=0, */*;q=0.1", ".ttl"),
        ("application/*", ".jsonld"),
    ],
)
def test_the_form_is_what_the_client_prefers(origin: str, accept: str, ending: str) -> None:
    headers = {"Accept": accept} if accept else {}
    got = fetch(origin + path_of(PERSON), **headers)
    assert got.status == 303
    assert got.headers["location"] == f"./mustafa-al-kadhimi{ending}"
    assert {"Accept", "Accept-Language"} <= set(re.split(r",\s*", got.headers["vary"]))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ar", "ar"),
        ("ar-IQ,ar;q=0.9,en;q=0.8", "ar"),
        ("ckb", "ckb"),
        ("ckb-IQ, ar;q=0.5", "ckb"),
        ("ku-IQ,ku;q=0.9,en;q=0.2", "ckb"),
        ("ku-Latn, ar;q=0.5", "ar"),
        ("de, fr;q=0.7", "en"),
        ("de, ar;q=0.1", "ar"),
        ("en-GB", "en"),
        ("*", "en"),
        ("ar;q=0, en;q=0.1", "en"),
        (";;;=,,q=z", "en"),
    ],
)
def test_the_language_is_what_the_client_prefers(origin: str, accepted: str, language: str) -> None:
    for path, before in ((path_of(PERSON), "mustafa-al-kadhimi"), ("/", "index")):
        got = fetch(origin + path, Accept_Language=accepted, Accept="text/html")
        assert got.headers["location"] == f"./{before}.{language}.html"
    at, page = followed(origin, f"{path_of(PERSON)}.html", Accept_Language=accepted)
    assert (at, page.status) == (f"{path_of(PERSON)}.{language}.html", 200)


@pytest.mark.parametrize("written", [None, "turtle", "json-ld", "nt"])
def test_rdflib_reads_what_is_behind_an_iri(origin: str, written: str | None) -> None:
    told = Graph().parse(origin + path_of(PERSON), format=written)
    assert (URIRef(PERSON), RDF.type, URIRef(f"{KG}Person")) in told
    assert set(told) == set(read(origin, f"{path_of(PERSON)}.nt"))
    ontology = Graph().parse(f"{origin}/ontology", format=written)
    assert (URIRef(f"{KG}Person"), RDF.type, OWL.Class) in ontology


def test_what_nobody_accepts_is_406(origin: str) -> None:
    got = fetch(origin + path_of(PERSON), Accept="image/png, application/rdf+xml")
    assert got.status == 406
    assert b"text/turtle" in got.body
    # A document is what it is.
    assert fetch(f"{origin}{path_of(PERSON)}.ttl", Accept="image/png").status == 200


def test_a_document_is_sent_once_for_each_build(origin: str) -> None:
    for ending in (".ar.html", ".ttl", ".jsonld", ".nt"):
        url = f"{origin}{path_of(PERSON)}{ending}"
        got = fetch(url)
        assert got.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert "Accept-Language" not in got.headers["vary"]
        tag = got.headers["etag"]
        again = fetch(url, If_None_Match=f'"other", {tag}')
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert fetch(url, If_None_Match='"other"').body == got.body
        head = fetch(url, method="HEAD")
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)
        assert int(head.headers["content-length"]) == len(got.body)
        coded = fetch(url, Accept_Encoding="gzip")
        assert (coded.headers["content-encoding"], coded.headers["etag"]) == ("gzip", tag)
        assert gzip.decompress(coded.body) == got.body


def test_documents_say_what_they_describe_and_how_they_may_be_used(origin: str) -> None:
    links = fetch(f"{origin}{path_of(PERSON)}.ttl").headers["link"]
    assert f'<{PERSON}>; rel="describes"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
    links = fetch(origin + path_of(PERSON)).headers["link"]
    assert '<./mustafa-al-kadhimi.jsonld>; rel="alternate"; type="application/ld+json"' in links


def test_any_page_may_read_the_data_and_no_page_runs_what_is_not_ours(origin: str) -> None:
    data = fetch(f"{origin}{path_of(PERSON)}.jsonld", Origin="https://elsewhere.example")
    assert data.headers["access-control-allow-origin"] == "*"
    assert data.headers["access-control-allow-credentials"] is None
    assert data.headers["content-security-policy"] == "default-src 'none'; sandbox"
    page = fetch(f"{origin}{path_of(PERSON)}.ckb.html")
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in page.headers["content-security-policy"].split(";")
    )
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert (policy["style-src"], policy["frame-ancestors"]) == ("'self'", "'none'")
    assert page.headers["x-content-type-options"] == data.headers["x-content-type-options"]
    assert page.headers["x-content-type-options"] == "nosniff"


def test_passages_are_fragments_of_the_text_of_their_article(
    origin: str, dump: Graph, workspace: Workspace
) -> None:
    article = f"{BASE}article/al-kadhimi-and-kurdistan"
    got = fetch(f"{origin}{path_of(article)}/article.txt", Accept="text/turtle")
    assert (got.status, got.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    text = got.body.decode()
    kept = workspace.root / "articles/al-kadhimi-and-kurdistan/article.txt"
    assert text == kept.read_text(encoding="utf-8")
    exact = URIRef("http://www.w3.org/ns/oa#exact")
    passages = list(dump.subject_objects(exact))
    assert len(passages) > 40
    for passage, words in passages:
        first, last = map(int, str(passage).rpartition("#char=")[2].split(","))
        assert text[first:last] == str(words)
    # It is the newspaper's, not ours to license.
    assert "license" not in (got.headers["link"] or "")
    assert fetch(f"{origin}{path_of(article)}x/article.txt").status == 404


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_the_home_page_leads_everywhere(origin: str, dump: Graph, language: str) -> None:
    at, page = followed(origin, "/", Accept="text/html", Accept_Language=language)
    assert at == f"/index.{language}.html"
    document = html.fromstring(page.body)
    assert document.get("lang") == language
    counts = {
        link.get("href"): int(link.getparent().getnext().text_content())
        for link in document.xpath("//dt/a")
    }
    for folder, class_ in (("person", "Person"), ("event", "Event"), ("article", "Article")):
        expected = len(set(dump.subjects(RDF.type, URIRef(KG + class_))))
        assert counts[f"./kgpub/data/{folder}/index.{language}.html"] == expected
    assert document.xpath("//form[@action='./search']//input[@name='q']")
    targets = {urljoin(origin + at, href) for href in document.xpath("//a/@href | //link/@href")}
    elsewhere = {"search", "query", "sparql"}
    for target in targets:
        if target.startswith(origin) and urlsplit(target).path.strip("/") not in elsewhere:
            assert fetch(target).status == 200, target
    assert f"{origin}/dumps/dataset.nq" in targets


def test_lists_are_sorted_for_the_language(origin: str) -> None:
    names = {
        "en": ["Kanan Makiya", "Masrour Barzani", "Mustafa al-Kadhimi", "Nechirvan Barzani"],
        "ar": ["صدام حسين", "كنعان مكية", "مسرور بارزاني", "مصطفى الكاظمي", "نيجيرفان بارزاني"],
        # In the Kurdish alphabet س stands before ک and م; who has no Kurdish name stands last.
        "ckb": ["سەدام حوسێن", "مستەفا کازمی", "مەسرور بارزانی", "نێچیرڤان بارزانی"],
    }
    for language, expected in names.items():
        page = fetch(f"{origin}/kgpub/data/person/index.{language}.html")
        document = html.fromstring(page.body)
        shown = [each.text_content() for each in document.xpath("//main/ul/li")]
        assert shown[: len(expected)] == expected
        assert len(shown) == 5
        for href in document.xpath("//main/ul/li/a/@href"):
            assert fetch(urljoin(f"{origin}/kgpub/data/person/", href)).status == 200
    assert fetch(f"{origin}/kgpub/data/person/index.2.en.html").status == 404


def test_a_list_is_data_too(origin: str, dump: Graph) -> None:
    at, data = followed(origin, "/kgpub/data/office/", Accept="application/ld+json")
    assert at == "/kgpub/data/office/index.jsonld"
    told = Graph().parse(data=data.body.decode(), format="json-ld")
    offices = set(dump.subjects(RDF.type, URIRef(f"{KG}Office")))
    assert set(told) == {
        triple for office in offices for triple in dump.triples((office, None, None))
        if triple[1] in NAMES
    }  # fmt: skip


def test_kgpub_s_own_vocabularies_are_served(origin: str) -> None:
    for name, file in (("ontology", "kgpub.ttl"), ("kind", "schemes.ttl")):
        expected = set(Graph().parse(Path(__file__).parents[2] / "ontology" / file))
        at, data = followed(origin, f"/{name}", Accept="text/turtle")
        assert at == f"/{name}.ttl"
        assert set(Graph().parse(data=data.body.decode())) == expected
        for ending in FORMATS:
            assert set(read(origin, f"/{name}{ending}")) == expected
    at, page = followed(origin, "/ontology", Accept="text/html", Accept_Language="ckb")
    assert at == "/ontology.ckb.html"
    document = html.fromstring(page.body)
    person = document.get_element_by_id("Person")
    assert person.xpath("./bdi[@lang='ckb']/text()") == ["کەس"]
    assert person.getnext().text_content().startswith("مرۆڤێک")
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    kinds = html.fromstring(fetch(f"{origin}/kind.ar.html").body)
    assert kinds.get_element_by_id("government").xpath("./bdi/text()") == ["حكومة"]
    ids = kinds.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_well_known_address_leads_to_the_catalogue(origin: str, dump: Graph) -> None:
    at, data = followed(origin, "/.well-known/void", Accept="text/turtle")
    assert at == "/kgpub/data/dataset.ttl"
    told = set(Graph().parse(data=data.body.decode()))
    assert told == set(dump.triples((URIRef(f"{BASE}dataset"), None, None)))
    at, page = followed(origin, "/.well-known/void", Accept="text/html", Accept_Language="ar")
    assert (at, page.status) == ("/kgpub/data/dataset.ar.html", 200)
    links = html.document_fromstring(page.body).xpath("//main//a/@href")
    targets = {urlsplit(urljoin(f"{origin}{at}", link)).path for link in links}
    assert {"/sparql", "/query", "/dumps/dataset.nq", "/licenses/by/4.0/"} <= targets


def test_crawlers_read_pages_and_ask_nothing(origin: str) -> None:
    from urllib.robotparser import RobotFileParser

    robots = RobotFileParser(f"{origin}/robots.txt")
    robots.parse(fetch(f"{origin}/robots.txt").body.decode().splitlines())
    assert robots.can_fetch("any", f"{origin}{path_of(PERSON)}.en.html")
    assert not robots.can_fetch("any", f"{origin}/sparql?query=ASK%7B%7D")
    assert not robots.can_fetch("any", f"{origin}/api/queries")


def test_dumps_are_the_files_of_the_output(origin: str, workspace: Workspace) -> None:
    for name in ("dataset.ttl", "dataset.jsonld", "dataset.nq", "dataset.trig", "SHA256SUMS"):
        content = (workspace.root / "output" / name).read_bytes()
        got = fetch(f"{origin}/dumps/{name}")
        assert got.body == content
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        assert (got.headers["etag"], int(got.headers["content-length"])) == (tag, len(content))
        assert fetch(f"{origin}/dumps/{name}", If_None_Match=tag).status == 304
        head = fetch(f"{origin}/dumps/{name}", method="HEAD")
        assert (head.body, int(head.headers["content-length"])) == (b"", len(content))


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("0-99", 0, 100), ("100-", 100, None), ("-50", -50, None), ("5-99999999999", 5, None)],
)
def test_a_broken_download_goes_on(
    origin: str, workspace: Workspace, asked: str, first: int, end: int | None
) -> None:
    content = (workspace.root / "output/dataset.ttl").read_bytes()
    expected = content[first:end]
    start = content.index(expected)
    got = fetch(f"{origin}/dumps/dataset.ttl", Range=f"bytes={asked}")
    assert (got.status, got.body) == (206, expected)
    told = f"bytes {start}-{start + len(expected) - 1}/{len(content)}"
    assert got.headers["content-range"] == told
    changed = fetch(f"{origin}/dumps/dataset.ttl", Range=f"bytes={asked}", If_Range='"other"')
    assert (changed.status, changed.body) == (200, content)


def test_a_part_that_is_not_there_is_416(origin: str, workspace: Workspace) -> None:
    size = (workspace.root / "output/dataset.ttl").stat().st_size
    got = fetch(f"{origin}/dumps/dataset.ttl", Range=f"bytes={size}-")
    assert (got.status, got.headers["content-range"]) == (416, f"bytes */{size}")
    for odd in ("bytes=9-3", "bytes=-", "lines=1-2", "bytes=0-1,5-6"):
        assert fetch(f"{origin}/dumps/dataset.ttl", Range=odd).status == 200


def test_assets_are_kept_as_long_as_their_address_says(origin: str) -> None:
    page = html.fromstring(fetch(f"{origin}/index.en.html").body)
    href = page.xpath("//link[@rel='stylesheet']/@href")[0]
    versioned = fetch(urljoin(f"{origin}/index.en.html", href))
    assert versioned.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in versioned.headers["cache-control"]
    bare = fetch(f"{origin}/assets/kgpub.css")
    assert bare.body == versioned.body
    assert "immutable" not in bare.headers["cache-control"]
    assert "immutable" not in fetch(f"{origin}/assets/kgpub.css?v=0").headers["cache-control"]
    assert fetch(f"{origin}/assets/kgpub.css", If_None_Match=bare.headers["etag"]).status == 304
    assert bare.headers["x-content-type-options"] == "nosniff"
    for missing in ("nothing.css", "..%2Frendering.py", "%2e%2e/rendering.py", "kgpub.css/"):
        assert fetch(f"{origin}/assets/{missing}").status == 404
