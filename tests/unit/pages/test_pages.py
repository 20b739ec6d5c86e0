from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from pyoxigraph import DefaultGraph, NamedNode, Store
from tests.unit.pages.graphs import BASE, EDTF, SEED, SITE, page, reading, seed, text_of

from kgpub.messages import LANGUAGES
from kgpub.pages.pages import Pages
from kgpub.pages.reading import StoreReading
from kgpub.pages.sections import MAX_EXAMINED
from kgpub.vocabulary import terms as kg

ROOT = "https://root.example/folder/"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"""
person:x a kg:Person ; kg:name "{SCRIPT}"@en, "\\" onmouseover=\\"alert(1)"@ar ;
    kg:alternativeName "{SCRIPT}"@x-a ; kg:spelling "{SCRIPT}" ; kg:kind <javascript:alert(1)> ;
    owl:sameAs <javascript:alert(2)>, <data:text/html,alert(1)> ;
    kg:about <javascript:alert(3)>, <{BASE}place/%22onclick=alert(1)> .
<{BASE}place/%22onclick=alert(1)> a kg:Place ; kg:name "]]></script>"@en .
fact:t a kg:Tenure ; kg:person person:x ; kg:office office:o ; kg:manner "{SCRIPT}"@en ;
    kg:start "{SCRIPT}"^^<{EDTF}> ; kg:time "2006/..{SCRIPT}"^^<{EDTF}> ; kg:current true ;
    kg:earliest "{SCRIPT}"^^xsd:date ; kg:ordinal "{SCRIPT}"^^xsd:integer .
office:o a kg:Office ; kg:name "{SCRIPT}"@en .
fact:r a kg:Relationship ; kg:kind <javascript:alert(4)> ; kg:between person:x, office:o .
event:e a kg:Event ; kg:kind kind:return ; kg:participation participation:p ;
    kg:time "{SCRIPT}"^^<{EDTF}> .
participation:p kg:participant person:x ; kg:role <javascript:alert(5)> .
statement:s a kg:Quotation ; kg:words "{SCRIPT}"@en ; kg:saidBy person:x ; kg:about person:x ;
    kg:attributionWords "{SCRIPT}"@en ; kg:medium <javascript:alert(6)> ; kg:article article:a ;
    kg:passage <{BASE}article/a/article.txt#char=0,25> ; kg:asserts fact:t, fact:r, event:e .
<{BASE}article/a/article.txt#char=0,25> oa:start 3 ; oa:end {3 + len(SCRIPT)} ;
    oa:exact "{SCRIPT}" ; oa:prefix "{SCRIPT}" ; oa:suffix "{SCRIPT}" .
article:a a kg:Article ; kg:title "{SCRIPT}"@en ; kg:language "{SCRIPT}" ;
    kg:text "<b>{SCRIPT}</b> {SCRIPT}."@en ; kg:publisher person:x ; kg:checksum "{SCRIPT}" ;
    kg:published "{SCRIPT}"^^<{EDTF}> ; kg:source <javascript:alert(7)> .
link:l a kg:Link ; kg:linkedEntity person:x ; kg:linkedItem <javascript:alert(8)> ;
    kg:score "{SCRIPT}" ; kg:decided "{SCRIPT}" ; kg:evidence "{SCRIPT}" ;
    kg:lookedUpIn "{SCRIPT}" ; kg:method <javascript:alert(9)> .
contradiction:c a kg:Contradiction ; kg:incompatible fact:t ; kg:contradictory statement:s .
submission:s a kg:Submission ; kg:article article:a ; kg:contributor "{SCRIPT}" ;
    kg:records statement:s .
"""
_ENTITIES = ("person", "organisation", "office", "place", "group", "topic")
_ALLOWED = {"a", "link", "script", "meta"}
"""Elements that may ask for something or run."""


def seed_iris() -> list[str]:
    nodes = {quad.subject for quad in seed().quads_for_pattern(None, None, None, DefaultGraph())}
    iris = (node.value for node in nodes if isinstance(node, NamedNode))
    return sorted(iri for iri in iris if iri.startswith(SEED.base) and "#" not in iri)


@lru_cache(maxsize=1)
def seed_pages() -> dict[str, html.HtmlElement]:
    """Return the pages of the repository's own dataset, parsed, by address."""
    pages = Pages(StoreReading(seed()), SEED)
    found = {}
    for iri in seed_iris():
        for language in LANGUAGES:
            text, address = pages.html(iri, language), SEED.addresses.page(iri, language)
            assert text is not None and address is not None
            found[address] = html.document_fromstring(text)
    return found


def links(address: str, shown: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield the address and the fragment of each link to a page of the same site."""
    for link in shown.xpath("//a[@href] | //*[local-name()='a']/@href/.."):
        joined = urlsplit(urljoin(ROOT + address, link.get("href")))
        path = joined._replace(query="", fragment="").geturl()
        if path.startswith(ROOT) and link.get("type") is None:
            yield path.removeprefix(ROOT), joined.fragment


def test_every_iri_has_a_page_in_every_language() -> None:
    assert len(seed_pages()) == len(seed_iris()) * len(LANGUAGES) > 500


def test_every_link_leads_to_a_page_and_to_a_place_in_it() -> None:
    pages = seed_pages()
    names = ("index", "ontology", "kind")
    of_the_site = {f"{name}.{language}.html" for name in names for language in LANGUAGES}
    of_the_site |= {"search", "query"}
    ids = {address: set(shown.xpath("//@id")) for address, shown in pages.items()}
    for address, shown in pages.items():
        for target, fragment in links(address, shown):
            if target not in of_the_site:
                assert target in pages, (address, target)
                assert not fragment or fragment in ids[target], (address, target, fragment)


def test_the_page_of_an_entity_leads_to_all_that_is_told_of_it() -> None:
    graph = StoreReading(seed())
    entities = [
        iri for iri in seed_iris() if iri.removeprefix(SEED.base).split("/")[0] in _ENTITIES
    ]
    told = 0
    for entity in entities:
        address = SEED.addresses.page(entity, "en")
        assert address is not None
        leads_to = {target for target, _ in links(address, seed_pages()[address])}
        for predicate, subject in graph.referring(entity):
            folder = subject.removeprefix(SEED.base).split("/")[0]
            sources = [subject]
            if folder == "participation":
                sources = graph.subjects(kg.participation, subject)
            elif folder not in ("fact", "event", "statement", "office", "article", "link"):
                continue
            for source in sources:
                told += 1
                assert SEED.addresses.page(source, "en") in leads_to, (entity, predicate, source)
    assert told > 150


def test_pages_lead_to_pages_of_their_own_language() -> None:
    for address, shown in seed_pages().items():
        language = shown.get("lang")
        assert address.endswith(f".{language}.html")
        main = shown.get_element_by_id("main")
        for link in main.xpath(".//a/@href"):
            if not urlsplit(link).netloc and not link.startswith("#"):
                assert urlsplit(link).path.endswith(f".{language}.html"), (address, link)


def test_pages_are_ordered_for_those_who_hear_them() -> None:
    for address, shown in seed_pages().items():
        levels = [int(each.tag[1]) for each in shown.iter("h1", "h2", "h3", "h4")]
        assert levels[0] == 1 and levels.count(1) == 1, address
        assert all(after - before <= 1 for before, after in pairwise(levels)), address
        ids = shown.xpath("//@id")
        assert len(ids) == len(set(ids)), address
        for label in shown.xpath("//@aria-labelledby"):
            assert label in ids, (address, label)
        named = shown.xpath("//a | //h2 | //h3 | //dt")
        assert all(text_of(each) for each in named), address


def test_pages_obey_their_own_policy() -> None:
    for address, shown in seed_pages().items():
        assert not shown.xpath("//@style | //style | //iframe | //form | //img"), address
        assert shown.xpath("//script/@type") == ["application/ld+json"], address
        assert not any(name.startswith("on") for each in shown.iter() for name in each.attrib)


def test_what_search_engines_read_is_json() -> None:
    for address, shown in seed_pages().items():
        told = json.loads(shown.xpath("//script")[0].text)
        assert told["@context"] == "https://schema.org" and told["@type"], address


def test_pages_are_the_same_each_time() -> None:
    iris = [SEED.base + path for path in ("person/mustafa-al-kadhimi", "place/iraq")]
    first, second = (
        [Pages(StoreReading(seed()), SEED).html(iri, "ar") for iri in order]
        for order in (iris, iris[::-1])
    )
    assert first == second[::-1]


def test_what_is_unknown_has_no_page() -> None:
    pages = Pages(StoreReading(seed()), SEED)
    passage = next(
        quad.subject.value
        for quad in seed().quads_for_pattern(None, None, None, DefaultGraph())
        if "#char=" in str(quad.subject)
    )
    for iri in (SEED.base + "person/nobody", "https://w3id.org/kgpub/ontology#Person", passage):
        assert pages.html(iri, "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "person/x",
        "place/%22onclick=alert(1)",
        "office/o",
        "fact/t",
        "fact/r",
        "event/e",
        "participation/p",
        "statement/s",
        "article/a",
        "link/l",
        "contradiction/c",
        "submission/s",
    ],
)
def test_no_text_and_no_iri_of_the_data_becomes_markup(path: str, language: str) -> None:
    shown = page(HOSTILE, BASE + path, language)
    assert shown.xpath("//script/@type") == ["application/ld+json"]
    json.loads(shown.xpath("//script")[0].text)
    assert not shown.xpath("//b")
    for element in shown.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name != "style", (element.tag, name)
            if name.endswith(("href", "src", "action")):
                assert element.tag in _ALLOWED or element.tag.endswith("}a"), element.tag
                # "data:," is an icon that is nothing, so that no browser asks for one.
                assert urlsplit(value).scheme in ("", "http", "https") or value == "data:,", value
    assert not shown.xpath("//a[starts-with(@href, 'http') and not(@rel)]")


def test_the_hostile_texts_are_shown_as_they_are() -> None:
    assert SCRIPT in text_of(page(HOSTILE, BASE + "person/x"))
    assert f"<b>{SCRIPT}</b>" in text_of(page(HOSTILE, BASE + "article/a"))


MANY = 3 * MAX_EXAMINED
"""Of each kind of what refers to a hub."""


@lru_cache(maxsize=1)
def hub() -> str:
    """What much refers to: as a person, as an office, and as a topic, each with its words."""
    parts = ['person:x a kg:Person ; kg:name "Hub"@en . office:o a kg:Office ; kg:name "Hub"@en .']
    for number in range(MANY):
        place = f"<{BASE}article/a{number}/article.txt#char=0,40>"
        parts.append(
            f'person:p{number} a kg:Person ; kg:name "{"Name " * 6}{number}"@en .\n'
            f"fact:t{number} a kg:Tenure ; kg:person person:x ; kg:office office:o ;"
            f' kg:start "{1000 + number}"^^<{EDTF}> ; kg:end "{1000 + number}"^^<{EDTF}> ;'
            f' kg:earliest "{1000 + number}-02-01"^^xsd:date ;'
            f' kg:latest "{1000 + number}-02-09"^^xsd:date .\n'
            f"fact:s{number} a kg:Stance ; kg:holder person:p{number} ; kg:target person:x ;"
            f" kg:about office:o .\n"
            f"event:e{number} a kg:Event ; kg:kind kind:meeting ; kg:office office:o ;"
            f" kg:participation participation:a{number}, participation:b{number} .\n"
            f"participation:a{number} a kg:Participation ; kg:participant person:x .\n"
            f"participation:b{number} a kg:Participation ; kg:participant person:p{number} .\n"
            f'article:a{number} a kg:Article ; kg:text "{"word " * 200}"@en ;'
            f" kg:publisher person:x .\n"
            f"statement:s{number} a kg:Statement ; kg:saidBy person:x ; kg:about office:o ;"
            f' kg:words "{"word " * 8}"@en ; kg:article article:a{number} ; kg:passage {place} ;'
            f" kg:asserts fact:t{number}, fact:s{number}, event:e{number}, fact:t0, event:e0 .\n"
            f"{place} oa:start 0 ; oa:end 40 .\n"
        )
    return "".join(parts)


@lru_cache(maxsize=1)
def hub_graph() -> StoreReading:
    return reading(hub())


@pytest.mark.parametrize("path", ["person/x", "office/o", "fact/t0", "event/e0"])
def test_how_long_a_page_is_does_not_depend_on_how_much_there_is(path: str) -> None:
    graph = StoreReading(hub_graph()._store)
    text = Pages(graph, SITE).html(BASE + path, "en")
    assert text is not None
    assert len(text.encode()) < 300_000
    assert len(graph._kept) < 1_100
    shown = html.document_fromstring(text)
    queries = [link for link in shown.xpath("//main//a/@href") if "/query?" in link]
    assert queries and len(shown.xpath("//main//blockquote")) >= 50


def test_of_a_hub_each_section_has_its_share_and_leads_to_the_rest() -> None:
    shown = html.document_fromstring(Pages(hub_graph(), SITE).html(BASE + "person/x", "en"))
    counts = {
        key: len(section.xpath(".//h3") or section.xpath("./blockquote"))
        for section in shown.xpath("//section")
        for key in section.xpath("./@aria-labelledby")
    }
    told = {key: counts[key] for key in ("offices-held", "stances-towards", "events", "said-by")}
    assert sum(told.values()) == 50 and min(told.values()) >= 12
    for key in told:
        [section] = shown.xpath(f"//section[@aria-labelledby='{key}']")
        assert "/query?lang=en&query=" in section.xpath("./p/a/@href")[-1]
    # What no section could be made of is told of too.
    assert "COUNT" in shown.xpath("//main/p[last()]/a/@href")[0]
    # Its picture has all kinds of relations, though the first in the order of their names are many.
    [picture] = shown.xpath("//section[@aria-labelledby='picture']")
    assert {"Tenure", "Stance", "participant"} <= set(
        picture.xpath(".//li/a/bdi/text() | .//li/bdi/text()")
    )


@pytest.mark.parametrize(("count", "gaps"), [(5, 4), (2 * MAX_EXAMINED, 0)])
def test_an_office_of_which_not_all_tenures_are_looked_at_has_no_gaps(
    count: int, gaps: int
) -> None:
    tenures = "".join(
        f"fact:t{year} a kg:Tenure ; kg:office office:o ;"
        f' kg:start "{year}-02"^^<{EDTF}> ; kg:earliest "{year}-02-01"^^xsd:date ;'
        f' kg:end "{year}-03"^^<{EDTF}> ; kg:latest "{year}-03-31"^^xsd:date .\n'
        for year in range(1000, 1000 + count)
    )
    shown = page(f"office:o a kg:Office . {tenures}", BASE + "office/o")
    assert len(shown.xpath("//li[@class='gap']")) == gaps


def test_pages_of_hubs_are_the_same_whatever_was_written_first(tmp_path: Path) -> None:
    triples = list(hub_graph()._store.quads_for_pattern(None, None, None, DefaultGraph()))
    texts = set()
    for name, order in (("one", triples), ("other", triples[::-1])):
        store = Store(tmp_path / name)
        for start in range(0, len(order), 5_000):
            store.extend(order[start : start + 5_000])
            store.flush()
        pages = Pages(StoreReading(store), SITE)
        texts.add("".join(pages.html(BASE + path, "en") or "" for path in ("person/x", "office/o")))
    assert len(texts) == 1
