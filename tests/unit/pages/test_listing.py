from __future__ import annotations

import pytest
from lxml import html
from tests.unit.pages.graphs import BASE, SITE, reading, text_of

from kgpub.pages.listing import LISTS, PAGE_SIZE, Part, by_name, parts_of, shown
from kgpub.pages.listing import html as listing

MANY = 2 * PAGE_SIZE + 1


@pytest.mark.parametrize(
    ("path", "folder", "number"),
    [
        ("person/", "person/", 1),
        ("person/index.2", "person/", 2),
        ("person/index.999999", "person/", 999_999),
        ("event/", "event/", 1),
    ],
)
def test_a_list_s_documents_are_numbered(path: str, folder: str, number: int) -> None:
    part = Part.of(BASE + path)
    assert part == Part(BASE + folder, number)
    assert part.class_(BASE) == LISTS[folder]
    address = part.address(SITE.addresses, ".en.html")
    described = SITE.addresses.described(address)
    assert described is not None
    assert Part.of(described.iri) == part


@pytest.mark.parametrize(
    "path",
    ["", "person", "person/x", "person/index", "person/index.1000000", "person/index.01", "index.2",
     "person/index.2/", "fact/", "person/person/", "person/index.-1", "person/index.٢"],
)  # fmt: skip
def test_all_else_is_no_list(path: str) -> None:
    assert Part.of(BASE + path).class_(BASE) is None
    assert Part.of("https://elsewhere.example/person/").class_(BASE) is None


def test_a_long_list_is_in_parts_that_lead_to_each_other() -> None:
    iris = [f"{BASE}person/p{number}" for number in range(MANY)]
    assert parts_of(iris) == 3
    assert parts_of([]) == parts_of(iris[:PAGE_SIZE]) == 1
    parts = [Part(f"{BASE}person/", number) for number in (1, 2, 3, 4)]
    assert [each for part in parts for each in shown(iris, part)] == iris
    graph = reading("")
    pages = [html.document_fromstring(listing(graph, SITE, p, iris, 7, "en")) for p in parts[:3]]
    for number, page in enumerate(pages):
        (pager, _) = page.xpath("//nav[@class='parts']")
        hrefs = ["./index.en.html", "./index.2.en.html", "./index.3.en.html"]
        assert pager.xpath(".//a/@href") == hrefs[:number] + hrefs[number + 1 :]
        assert pager.xpath(".//*[@aria-current]/text()") == [str(number + 1)]
        assert len(page.xpath("//main/ul/li")) == (PAGE_SIZE, PAGE_SIZE, 1)[number]
        assert f"{MANY + 7}" in text_of(page) and "7 of them" in text_of(page)


def test_what_has_no_name_in_the_language_is_listed_by_another() -> None:
    graph = reading("""
person:a a kg:Person ; kg:name "بسمة"@ar , "Zaynab"@en .
person:b a kg:Person ; kg:name "تارا"@ar .
person:c a kg:Person ; kg:name "Adam"@en , "<script>"@ckb .
""")
    iris = [f"{BASE}person/{each}" for each in "abc"]
    assert by_name(graph, SITE, iris, "en") == [iris[2], iris[0], iris[1]]
    assert by_name(graph, SITE, iris, "ar") == [iris[0], iris[1], iris[2]]
    page = listing(graph, SITE, Part(f"{BASE}person/"), iris, 0, "ckb")
    assert "<script>" not in page
    document = html.document_fromstring(page)
    names = [text_of(each) for each in document.xpath("//main/ul/li")]
    assert names == ["Zaynab", "تارا", "<script>"]
    assert document.xpath("//main//bdi[@lang='ar' and @dir='rtl']/text()") == ["تارا"]
    assert document.get("dir") == "rtl"
    assert text_of(document.xpath("//h1")[0]) == "کەسەکان"
