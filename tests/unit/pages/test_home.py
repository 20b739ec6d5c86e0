from __future__ import annotations

import json

import pytest
from lxml import html
from tests.unit.pages.graphs import SITE, reading, text_of

from kgpub.messages import LANGUAGES
from kgpub.pages.dataset import html as dataset
from kgpub.pages.home import Download
from kgpub.pages.home import html as home
from kgpub.pages.pages import Pages
from kgpub.pages.rendering import Site
from kgpub.settings import checked_settings
from kgpub.vocabulary import terms as kg

COUNTS = {kg.Person: 3, kg.Office: 1, kg.Statement: 10, kg.Quotation: 4, kg.Tenure: 5, kg.Stance: 6}
FILES = (Download("dumps/dataset.ttl", "dataset.ttl", 93_960),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_there_is_and_leads_to_it(language: str) -> None:
    page = html.document_fromstring(home(SITE, COUNTS, FILES, language))
    assert page.get("lang") == language
    assert text_of(page.xpath("//h1")[0]) == "A <title>"
    main = page.get_element_by_id("main")
    assert "14" in text_of(main) and "11" in text_of(main)
    assert main.xpath(".//dt//a/@href") == [
        f"./data/person/index.{language}.html",
        f"./data/office/index.{language}.html",
    ]
    assert [text_of(each) for each in main.xpath(".//dd")] == ["3", "1"]
    hrefs = main.xpath(".//a/@href")
    for expected in (
        f"./query?lang={language}",
        "./sparql",
        f"./data/dataset.{language}.html",
        f"./ontology.{language}.html",
        f"./kind.{language}.html",
        "./dumps/dataset.ttl",
    ):
        assert expected in hrefs
    (form,) = page.forms
    assert (form.action, form.method) == ("./search", "GET")
    assert (set(form.fields), form.fields["lang"]) == ({"q", "lang"}, language)
    assert main.xpath(".//label/@for") == ["q"]


def test_nothing_that_is_not_there_is_listed() -> None:
    page = html.document_fromstring(home(SITE, {}, (), "en"))
    assert not page.xpath("//main//dt")
    assert not page.xpath("//main//a[contains(@href, 'dumps')]")


def test_settings_are_escaped() -> None:
    site = Site(SITE.base, "<script>t</script>", '"><script>p</script>', SITE.licence)
    page = home(site, COUNTS, FILES, "ar")
    assert "<script" not in page


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 kB"), (93_960, "92 kB"), (5 * 2**20, "5.0 MB"),
     (3 * 2**30, "3,072.0 MB")],
)  # fmt: skip
def test_sizes_are_told_as_people_read_them(size: int, told: str) -> None:
    assert Download("dumps/x", "x", size).told("en") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_dataset_says_whose_it_is_and_how_to_get_it(language: str) -> None:
    iri = SITE.base + "dataset"
    graph = reading(
        f"<{iri}> a dcat:Dataset ; dcterms:title 'A <title>' ; dc:publisher 'A publisher' ;"
        f" dcterms:license <{SITE.licence}> ; dcterms:issued '2026-11-30' ."
    )
    text = dataset(Pages(graph, SITE), iri, FILES, language)
    assert text is not None
    page = html.document_fromstring(text)
    assert text_of(page.xpath("//h1")[0]) == "A <title>"
    assert [text_of(each) for each in page.xpath("//main//dd")] == [
        "A publisher",
        SITE.licence,
        "2026-11-30",
    ]
    hrefs = page.xpath("//main//a/@href")
    for expected in (
        SITE.licence,
        "../sparql",
        f"../query?lang={language}",
        "../dumps/dataset.ttl",
    ):
        assert expected in hrefs
    told = json.loads(page.xpath("//script")[0].text)
    assert (told["@type"], told["name"]) == ("Dataset", "A <title>")
    assert told["license"] == SITE.licence
    assert dataset(Pages(reading("person:x a kg:Person ."), SITE), iri, FILES, language) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ar", ["5 بايت", "92 كيلوبايت", "5.0 ميغابايت"]),
        ("ckb", ["5 بایت", "92 کیلۆبایت", "5.0 مێگابایت"]),
    ],
)
def test_sizes_are_told_in_the_language_of_the_page(language: str, told: list[str]) -> None:
    sizes = (5, 93_960, 5 * 2**20)
    assert [Download("x", "x", each).told(language) for each in sizes] == told
    page = home(SITE, {}, [Download("x", "x", 93_960)], language)
    assert told[1] in page and "kB" not in page


def test_a_title_is_in_the_language_of_the_page_where_there_is_one() -> None:
    site = Site(SITE.base, "Facts", "Me", SITE.licence, titles=(("ar", "معلومات"),))
    assert "<title>معلومات</title>" in home(site, {}, [], "ar")
    assert "Facts" not in home(site, {}, [], "ar")
    for language in ("en", "ckb"):
        assert "<title>Facts</title>" in home(site, {}, [], language)


def test_a_site_leads_to_the_changes_where_it_is_told_where_releases_are() -> None:
    settings = checked_settings(
        {
            "base": SITE.base,
            "title": "Facts",
            "publisher": "Me",
            "licence": SITE.licence,
            "titles": {"ckb": "زانیاری"},
            "release": {"at": "https://host.example/dumps"},
        }
    )
    page = home(Site.of(settings, static=True), {}, [], "ckb")
    assert 'href="https://host.example/dumps/changes/index.ckb.html"' in page
    assert "<title>زانیاری</title>" in page
    # The service has a page of the releases, which leads there.
    assert "/changes/" not in home(Site.of(settings), {}, [], "ckb")
