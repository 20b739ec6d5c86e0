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
    assert Download("dumps/x", "x", size).told == told


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
