"""The search page, of values made by hand."""

from __future__ import annotations

from lxml import html

from kgpub.pages.rendering import Reference, Site, Text
from kgpub.pages.search import Marked, Part, Passage, Shown, Thing, frame_of, statement_href
from kgpub.pages.search import html as page

SITE = Site("https://example.org/data/", "Facts", "Me", "https://example.org/licence")
EVIL = '"><script>alert(1)</script>'


def parsed(shown: Shown, language: str = "en") -> html.HtmlElement:
    return html.fromstring(page(frame_of(SITE, language, {"q": shown.query}), shown))


def part(name: str, *hits: Thing | Passage) -> Part:
    return Part(name, hits, 0, len(hits), is_more=False, some_only=False)


def test_marked_words_are_isolated_marked_and_escaped() -> None:
    marked = Marked([("قال ", False), ("<b>", True)], "ar", is_cut_after=True)
    assert marked.__html__() == ('<bdi lang="ar" dir="rtl">قال <mark>&lt;b&gt;</mark> …</bdi>')


def test_whatever_is_found_or_asked_is_no_markup() -> None:
    text = Marked([(EVIL, True)])
    thing = Thing(text, "./x.html", Text(EVIL), text)
    passage = Passage(
        text, "./a.html#b", Reference(Text(EVIL), "./a.html"), [Reference(Text(EVIL))]
    )
    shown = Shown(EVIL, parts=[part("entities", thing), part("statements", passage)])
    found = parsed(shown)
    assert found.xpath("//script") == []
    assert found.xpath("//input[@name='q']/@value") == [EVIL]
    assert found.xpath("//section//mark/text()") == [EVIL] * 3


def test_a_statement_is_shown_with_who_says_it_and_where() -> None:
    article = Reference(Text("مقالة", "ar"), "./data/article/a.en.html")
    speaker = Reference(Text("Layla", "en"), "./data/person/layla.en.html")
    passage = Passage(
        Marked([("زار", False)], "ar"), "./data/article/a.en.html#s", article, [speaker]
    )
    found = parsed(Shown("x", parts=[part("statements", passage)]))
    (quote,) = found.xpath("//blockquote")
    assert quote.xpath("p[@dir='rtl']/bdi/@lang") == ["ar"]
    assert quote.xpath("footer//a/@href") == [
        "./data/person/layla.en.html",
        "./data/article/a.en.html",
        "./data/article/a.en.html#s",
    ]


def test_that_there_are_more_is_said_with_links() -> None:
    more = Part("articles", [], 20, 40, True, True, "./search?from=40", "./search?from=0")
    found = parsed(Shown("x", parts=[more], all_parts="./search?q=x"))
    assert found.xpath("//a[@rel='next']/@href") == ["./search?from=40"]
    assert found.xpath("//a[@rel='prev']/@href") == ["./search?from=0"]
    assert found.xpath("//ol/@start") == ["21"]
    assert "40 or more" in found.text_content()


def test_each_language_has_the_page_in_its_direction_and_links_the_others() -> None:
    for language, direction in (("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")):
        found = parsed(Shown("a b", notice="search-nothing"), language)
        assert (found.get("lang"), found.get("dir")) == (language, direction)
        assert len(found.xpath("//nav[@class='languages']//a")) == 2
        assert found.xpath("//p[@role='status']//bdi/text()") == ["a b"]


def test_a_statement_leads_to_its_passage_in_the_page_of_its_article() -> None:
    frame = frame_of(SITE, "ar", {})
    href = statement_href(frame, SITE.base + "article/a", SITE.base + "statement/12ab")
    assert href == "./data/article/a.ar.html#statement-12ab"
    assert statement_href(frame, "https://elsewhere.org/a", SITE.base + "statement/1") is None
