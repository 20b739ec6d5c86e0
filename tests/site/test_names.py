"""Things whose names are trouble to file systems, servers or browsers, as files of a site."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from tests.service.served import fetch
from tests.site.sites import broken, content, hosted, of_odd_quads, parsed, written

from kgpub.vocabulary import DCAT, RDF
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/d%C3%A9j%C3%A0/بيانات/"
SCRIPT = "<script>alert(1)</script>"
ODD = (
    *("person/مصطفى", "person/%D9%85", "person/m%41", "person/50%25", "person/😀", "person/ئاراس"),
    *("person/a/b//c", "person/dots...", "person/.hidden", "person/x.ttl", "person/x.en.html"),
    *("person/x.en.html/y", "person/x", "person/it's(so)!*;,@$&+=~", "person/q?a=1&b=/2"),
    *("person/javascript:alert(1)", "person/نا\u200cم", "person/نام", "person/index"),
    *("person/index_", "index", "//evil.example/", "event/", "person/con", "person/NUL.txt"),
    *(
        "person/Case",
        "person/case",
        "person/CASE",
        "PERSON/case",
        "person/straße",
        "person/strasse",
    ),
    *("person/café", "person/cafe\u0301", "person/" + "s" * 200, "person/" + "S" * 200),
    *("person/" + "ك" * 200, "person/" + "😀" * 100, "/".join(["deep" * 50] * 8), "person/a~b"),
    *(
        "_redirects",
        "_headers",
        ".htaccess",
        "404",
        "SHA256SUMS",
        "robots.txt",
        "person/-rf",
    ),
)
"""Behind the base, IRIs."""
LIKE_LISTS = ("person/index.1", "person/index.2", "event/index.2")
"""IRIs in whose places parts of lists stand, or would."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graph = NamedNode(f"{BASE}submission/one")
    dataset = NamedNode(f"{BASE}dataset")
    quads = [
        Quad(graph, NamedNode(RDF + "type"), NamedNode(kg.Submission), graph),
        Quad(dataset, NamedNode(RDF + "type"), NamedNode(DCAT + "Dataset"), graph),
    ]
    for path in ODD:
        thing = NamedNode(BASE + path)
        quads += [
            Quad(thing, NamedNode(kg.name), Literal(f"{SCRIPT}{path}"), graph),
            Quad(thing, NamedNode(RDF + "type"), NamedNode(kg.Person), graph),
            Quad(graph, NamedNode(kg.describes), thing, graph),
        ]
    for path in LIKE_LISTS:
        thing = NamedNode(BASE + path)
        quads.append(Quad(thing, NamedNode(kg.name), Literal(f"{SCRIPT}{path}"), graph))
    workspace = of_odd_quads(tmp_path_factory.mktemp("odd") / "workspace", BASE, quads)
    written(workspace)
    return workspace.root / "site"


def pages_by_iri(site: Path) -> dict[str, str]:
    """The pages in English by what they say that they describe."""
    found = {}
    for path in content(site):
        if path.endswith(".en.html"):
            told = parsed(site, path).xpath("//footer//code/text()")
            found |= dict.fromkeys(told, path)
    return found


def test_each_has_a_page_of_its_own_that_tells_its_name(site: Path) -> None:
    pages = pages_by_iri(site)
    for each in ODD:
        if each in ("event/",):  # the list of events stands there
            continue
        page = parsed(site, pages[BASE + each])
        assert SCRIPT + each in page.xpath("string(//h1)"), each
        assert not page.xpath("//script[not(@type)]")
    assert len({pages[BASE + each] for each in ODD if each != "event/"}) == len(ODD) - 1


def test_its_data_lie_beside_it_and_are_its_own(site: Path) -> None:
    for iri, path in pages_by_iri(site).items():
        if not iri.startswith(BASE):
            continue
        for ending, form in ((".ttl", "turtle"), (".nt", "nt"), (".jsonld", "json-ld")):
            file = site / (path.removesuffix(".en.html") + ending)
            if (URIRef(iri), None, None) not in Graph().parse(file, format=form):
                assert iri.endswith("/"), iri  # a list tells of its members


def test_no_two_files_are_the_same_where_case_does_not_count(site: Path) -> None:
    paths = list(content(site))
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        for segment in path.split("/"):
            assert len(segment.encode()) <= 255
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]', segment), path


def test_all_links_lead_to_what_they_name_on_a_host_without_rules(site: Path) -> None:
    assert broken(site) == []
    with hosted(site.parent) as origin:
        root = f"{origin}/site/"
        start = next(path for path in content(site) if path.endswith("submission/one.en.html"))
        page = fetch(urljoin(root, quote(start)))
        links = html.document_fromstring(page.body).xpath("//main//a[contains(., 'script')]/@href")
        assert len(set(links)) > len(ODD) / 2
        for link in links:
            address = urljoin(urljoin(root, quote(start)), link)
            got = fetch(address)
            assert got.status == 200, link
            name = html.document_fromstring(got.body).xpath("string(//h1)")
            # Where the list of events stands nothing else can.
            assert SCRIPT in name or link.endswith("/event/index.en.html")
            assert unquote(urlsplit(address).path).startswith("/site/")


def test_rules_for_hosts_lead_from_each_thing_to_its_page(site: Path) -> None:
    pages = pages_by_iri(site)
    lines = (site / "_redirects").read_text(encoding="utf-8").splitlines()
    led = {line.split(" ")[0]: line.split(" ")[1:] for line in lines}
    assert all(len(rest) == 2 and rest[1] == "303" for rest in led.values())
    root = urlsplit(BASE).path
    for each in ODD:
        if each.endswith("/"):
            continue
        target, _ = led[quote(unquote(root) + quote(each, safe="/%"), safe="/%")]
        assert unquote(target.removeprefix("/")) == pages[BASE + each], each
    rules = (site / ".htaccess").read_text(encoding="utf-8")
    # Who reads them finds as many quotation marks as there are ends of what is quoted.
    assert all(line.count('"') % 2 == 0 for line in rules.splitlines())
    assert "abc" not in rules and f"{quote('~')}" in rules
