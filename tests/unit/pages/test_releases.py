from __future__ import annotations

import json

import pytest
from lxml import html as parsed
from tests.unit.pages.graphs import SITE, text_of

from kgpub.messages import LANGUAGES
from kgpub.pages.home import Download
from kgpub.pages.releases import Released, html, list_html
from kgpub.pages.rendering import Site

FILES = (
    Download("data/release/2/dataset.nq", "dataset.nq", 93_960, "ab" * 32),
    Download("data/release/2/SHA256SUMS", "SHA256SUMS", 500),
)
SECOND = Released("2", "2026-11-30", "1.0-rc1", FILES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_leads_to_each_release(language: str) -> None:
    releases = (SECOND, Released("1.0-rc1", "2026-11-24"))
    page = parsed.document_fromstring(list_html(SITE, releases, language))
    assert page.get("lang") == language
    items = page.xpath("//main//li")
    assert [each.xpath(".//a/@href") for each in items] == [
        [f"./2.{language}.html"],
        [f"./1.0-rc1.{language}.html"],
    ]
    assert [each.xpath(".//time/@datetime") for each in items] == [["2026-11-30"], ["2026-11-24"]]
    others = set(page.xpath("//a[@hreflang]/@href"))
    assert others >= {f"./index.{each}.html" for each in LANGUAGES if each != language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_release_tells_its_date_the_one_before_and_its_files(language: str) -> None:
    page = parsed.document_fromstring(html(SITE, SECOND, language))
    main = page.get_element_by_id("main")
    assert "2" in text_of(page.xpath("//h1")[0])
    assert main.xpath(".//dd//time/@datetime") == ["2026-11-30"]
    assert main.xpath(".//dd//a/@href") == [f"./1.0-rc1.{language}.html"]
    first, second = main.xpath(".//li")
    assert first.xpath(".//a/@href") == ["./2/dataset.nq"]
    size = {"en": "92 kB", "ar": "92 كيلوبايت", "ckb": "92 کیلۆبایت"}[language]
    assert size in text_of(first) and "ab" * 32 in text_of(first)
    assert second.xpath(".//a/@href") == ["./2/SHA256SUMS"]
    assert not second.xpath(".//code")
    assert "sha256sum --check" in text_of(main)
    assert main.xpath(".//a/@href")[-1] == f"./index.{language}.html"
    forms = page.xpath("//link[@rel='alternate' and @type='text/turtle']/@href")
    assert forms == ["./2.ttl"]


def test_where_there_is_none_the_list_says_so() -> None:
    page = parsed.document_fromstring(list_html(SITE, (), "en"))
    assert "no releases yet" in text_of(page.get_element_by_id("main"))
    assert not page.xpath("//main//li")


def test_what_search_engines_read_ends_no_script() -> None:
    told = json.dumps({"name": "</script><script>alert(1)</script>"})
    page = html(Site(SITE.base, "<b>", "<i>", SITE.licence), SECOND, "en", told)
    (script,) = parsed.document_fromstring(page).xpath("//script[@type='application/ld+json']")
    assert json.loads(script.text) == json.loads(told)
    assert "<b>" not in page and "<i>" not in page
