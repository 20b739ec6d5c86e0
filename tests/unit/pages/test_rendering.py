from __future__ import annotations

import json

import pytest
from lxml import html
from markupsafe import Markup
from tests.unit.pages.graphs import SITE, text_of

from kgpub.pages.rendering import (
    Alternate,
    Frame,
    Reference,
    Text,
    direction,
    out,
    render,
    script,
)

FRAME = Frame(
    SITE,
    "ar",
    "data/person/x.ar.html",
    languages={language: f"data/person/x.{language}.html" for language in ("en", "ar", "ckb")},
    alternates=(Alternate("data/person/x.ttl", "text/turtle"),),
    iri="https://example.org/data/person/x",
    json_ld='{"name": "</script><script>alert(1)</script>"}',
    styles=("kgpub.css",),
)


def shown(frame: Frame = FRAME) -> html.HtmlElement:
    return html.document_fromstring(render("base.html.j2", frame))


def test_the_frame_tells_language_and_direction() -> None:
    assert (shown().get("lang"), shown().get("dir")) == ("ar", "rtl")


def test_the_frame_has_landmarks_and_a_way_past_them() -> None:
    page = shown()
    skip = page.xpath("//body/a")[0]
    assert skip.get("href") == "#main" and page.get_element_by_id("main").tag == "main"
    assert [each.tag for each in page.xpath("//body/*")] == ["a", "header", "main", "footer"]
    assert all(each.get("aria-label") for each in page.xpath("//nav"))


def test_the_frame_leads_to_other_languages_and_forms() -> None:
    page = shown()
    languages = page.xpath("//link[@rel='alternate' and @hreflang]")
    assert {each.get("hreflang"): each.get("href") for each in languages} == {
        "en": "./x.en.html",
        "ar": "./x.ar.html",
        "ckb": "./x.ckb.html",
    }
    forms = page.xpath("//link[@rel='alternate' and @type]")
    assert [(each.get("type"), each.get("href")) for each in forms] == [("text/turtle", "./x.ttl")]
    current = page.xpath("//nav[@class='languages']//*[@aria-current]")
    assert [text_of(each) for each in current] == ["العربية"]


def test_what_is_written_in_is_text() -> None:
    page = shown()
    assert page.findtext(".//title") == "A <title>"
    scripts = page.xpath("//script")
    assert [each.get("type") for each in scripts] == ["application/ld+json"]
    assert json.loads(scripts[0].text) == {"name": "</script><script>alert(1)</script>"}


def test_a_frame_of_nothing_has_no_forms() -> None:
    page = shown(Frame(SITE, "en", "search"))
    assert not page.xpath("//link[@rel='alternate']") and not page.xpath("//script")
    assert page.xpath("//header/a/@href") == ["./index.en.html"]


def test_json_in_a_page_cannot_end_the_script() -> None:
    text = json.dumps({"a": "</script>&<!--\u2028\u2029"}, ensure_ascii=False)
    escaped = script(text)
    assert not set("<>&\u2028\u2029") & set(escaped)
    assert json.loads(escaped) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text("ب", "ar"), '<bdi lang="ar" dir="rtl">ب</bdi>'),
        (Text("ک", "ckb"), '<bdi lang="ckb" dir="rtl">ک</bdi>'),
        (Text("b", "en-GB"), '<bdi lang="en-GB" dir="ltr">b</bdi>'),
        (Text("?"), '<bdi dir="auto">?</bdi>'),
        (Text("<b>", "x-'\""), '<bdi lang="x-&#39;&#34;" dir="auto">&lt;b&gt;</bdi>'),
    ],
)
def test_texts_are_isolated_with_language_and_direction(text: Text, expected: str) -> None:
    assert text.__html__() == expected


def test_references_are_links_where_they_lead_somewhere() -> None:
    text = Text("x", "en")
    assert html.fragment_fromstring(Reference(text, "./x?a=1&b").__html__()).attrib == {
        "href": "./x?a=1&b"
    }
    assert Reference(text).__html__() == text.__html__()
    link = html.fragment_fromstring(out(text, 'https://example.com/"><script>').__html__())
    assert link.attrib == {
        "href": 'https://example.com/"><script>',
        "rel": "noopener nofollow",
    }


def test_a_script_as_an_iri_is_no_link() -> None:
    assert "href" not in out(Text("x"), "javascript:alert(1)").__html__()


def test_what_is_said_is_escaped_and_isolated() -> None:
    said = Frame(SITE, "en", "x").say("published-by", publisher="<b>")
    assert said == "Published by <bdi>&lt;b&gt;</bdi>"
    assert Frame(SITE, "en", "x").say("published-by", publisher=Markup("<b>x</b>")) == (
        "Published by <b>x</b>"
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar-IQ", "rtl"), ("fa", "rtl"), ("en", "ltr"), ("ku", "ltr"), ("zh", "auto"), ("", "auto")],
)
def test_directions_are_those_of_the_script(language: str, expected: str) -> None:
    assert direction(language) == expected
