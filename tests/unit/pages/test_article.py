"""The page of an article: the text as it is, each passage marked, and the links both ways."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence

import pytest
from lxml import etree, html
from pyoxigraph import NamedNode, RdfFormat, Store
from tests.unit.pages.graphs import BASE, REPOSITORY, SEED, SITE, seed

from kgpub.messages import LANGUAGES
from kgpub.pages import article
from kgpub.pages.addresses import anchor
from kgpub.pages.article import MAX_CROSSING, MAX_DEPTH, STYLE, text_html
from kgpub.pages.assets import asset
from kgpub.pages.pages import Pages
from kgpub.pages.passages import Span
from kgpub.pages.reading import StoreReading
from kgpub.pages.rendering import Frame
from kgpub.pages.view import View
from kgpub.vocabulary import terms as kg

PREFIXES = f"""
@prefix kg: <https://w3id.org/kgpub/ontology#> .
@prefix kind: <https://w3id.org/kgpub/kind#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <{BASE}> .
"""
TEXT = "\n".join(
    (
        "عنوان الخبر",
        "قال سالم: <b>نعم</b> & لا.\r",
        "  وقالت ليلى «سنبدأ  الآن» يوم الأحد.",
        "",
        "النهاية 😀",
    )
)


def passage(name: str, text: str, words: str, more: str = "", start: int | None = None) -> str:
    """A statement of the article as Turtle, on the first place of `words` or from `start`."""
    begin = text.index(words) if start is None else start
    end = begin + len(words)
    quoted = (
        words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    )
    return f"""
<statement/{name}> a kg:Statement ; kg:words "{quoted}"@ar ; kg:article <article/news> ;
    kg:saidBy <organisation/paper> ;
    kg:passage <article/news/article.txt#char={begin},{end}> {more} .
<article/news/article.txt#char={begin},{end}> a kg:Passage ; kg:article <article/news> ;
    oa:start "{begin}"^^xsd:nonNegativeInteger ; oa:end "{end}"^^xsd:nonNegativeInteger .
"""


ARTICLE = """
<article/news> a kg:Article ; kg:title "عنوان الخبر"@ar ; kg:language "ar" ;
    kg:publisher <organisation/paper> ; kg:checksum "sha256:00ff" ;
    kg:published "2019-04"^^edtf:EDTF ;
    kg:source <https://example.com/news?a=1&b=2> , <javascript:alert(1)> .
<organisation/paper> a kg:Organisation ; kg:name "The Paper"@en , "الجريدة"@ar .
<person/layla> a kg:Person ; kg:name "<script>alert(1)</script>"@en .
<fact/f1> a kg:Occupation ; kg:person <person/layla> .
"""
STATEMENTS = (
    passage("aa11", TEXT, "قال سالم: <b>نعم</b> & لا", "; kg:asserts <fact/f1>")
    + passage("bb22", TEXT, "<b>نعم</b>")
    + passage("cc33", TEXT, "لا.\r\n  وقالت ليلى")
    + passage("dd44", TEXT, "سنبدأ  الآن", "; a kg:Quotation ; kg:medium kind:tweet")
)


def view(turtle: str, iri: str, language: str = "en", text: str | None = TEXT) -> View:
    """A view of the page of an IRI below the base, over what `turtle` says."""
    store = Store()
    store.load(PREFIXES + turtle, format=RdfFormat.TURTLE)
    frame = Frame(SITE, language, f"data/{iri}.{language}.html", iri=BASE + iri)
    return View(StoreReading(store, lambda _: text), frame)


def page(turtle: str, language: str = "en", text: str | None = TEXT) -> html.HtmlElement:
    """The article's page, as a parser that knows nothing of templates reads it."""
    made = article.html(view(turtle, "article/news", language, text), BASE + "article/news")
    assert made.count("<mark") == made.count("</mark>")
    assert "\r" not in made  # a parser would make a line feed of it
    return html.document_fromstring(made)


def words(tree: html.HtmlElement) -> html.HtmlElement:
    (found,) = tree.xpath("//div[@class='words']")
    return found


def text_of(element: html.HtmlElement) -> str:
    """The text in the paragraphs, without what parts their tags in the source of the page."""
    return "".join(each.text_content() for each in element.xpath("./p"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_shown_character_for_character(language: str) -> None:
    shown = words(page(ARTICLE + STATEMENTS, language))
    assert text_of(shown) == TEXT
    assert (shown.get("lang"), shown.get("dir")) == ("ar", "rtl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_language_and_direction_of_its_own(language: str) -> None:
    tree = page(ARTICLE + STATEMENTS, language)
    assert tree.get("lang") == language
    assert tree.get("dir") == ("ltr" if language == "en" else "rtl")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aa11", "قال سالم: <b>نعم</b> & لا"),
        ("bb22", "<b>نعم</b>"),
        ("dd44", "سنبدأ  الآن"),
    ],
)
def test_the_words_of_a_statement_are_in_one_mark(name: str, said: str) -> None:
    (mark,) = words(page(ARTICLE + STATEMENTS)).xpath(f".//mark[@id='statement-{name}']")
    assert mark.text_content() == said


def test_a_passage_that_crosses_another_and_a_line_is_marked_in_all_its_pieces() -> None:
    shown = words(page(ARTICLE + STATEMENTS))
    pieces = shown.xpath(".//mark[@class='piece-1']")
    assert [each.text_content() for each in pieces] == ["لا", ".\r\n", "  وقالت ليلى"]
    assert [each.get("id") for each in pieces] == ["statement-cc33", None, None]


def test_each_mark_leads_to_what_is_asserted_and_back() -> None:
    tree = page(ARTICLE + STATEMENTS)
    entries = {each.get("id"): each for each in tree.xpath("//section[@class='told']/ol/li")}
    assert list(entries) == [f"told-statement-{each}" for each in ("aa11", "bb22", "cc33", "dd44")]
    innermost = {each.text_content(): each.get("href") for each in words(tree).xpath(".//mark//a")}
    assert innermost == {
        "قال سالم: ": "#told-statement-aa11",
        "<b>نعم</b>": "#told-statement-bb22",
        " & ": "#told-statement-aa11",
        "لا": "#told-statement-cc33",
        ".\r\n": "#told-statement-cc33",
        "  وقالت ليلى": "#told-statement-cc33",
        "سنبدأ  الآن": "#told-statement-dd44",
    }
    for id_, entry in entries.items():
        back = "#" + id_.removeprefix("told-")
        assert back in entry.xpath(".//a/@href")
    facts = entries["told-statement-aa11"].xpath("./ul/li/a")
    assert [each.get("href") for each in facts] == ["../fact/f1.en.html"]
    assert "<script>alert(1)</script>" in facts[0].text_content()


def test_links_inside_the_page_have_a_place_and_ids_are_unique() -> None:
    tree = page(ARTICLE + STATEMENTS)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inner = [each[1:] for each in tree.xpath("//a/@href") if each.startswith("#")]
    assert inner
    assert set(inner) <= set(ids)


def test_marks_have_the_numbers_of_the_list() -> None:
    tree = page(ARTICLE + STATEMENTS)
    numbers = {each.get("id"): each.get("data-number") for each in tree.xpath("//mark[@id]")}
    listed = {
        each.get("id").removeprefix("told-"): each.get("value")
        for each in tree.xpath("//section[@class='told']/ol/li")
    }
    assert numbers == listed
    assert list(listed.values()) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("said", ["لا يوجد", "قال سالم: <b>نعم</b> & نعم"])
def test_words_that_do_not_stand_there_are_listed_and_not_marked(said: str) -> None:
    tree = page(ARTICLE + passage("ee55", TEXT, said, start=12))
    assert not words(tree).xpath(".//mark")
    (entry,) = tree.xpath("//li[@id='told-statement-ee55']")
    assert "is not known" in entry.text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_its_text_the_page_still_has_the_statements(language: str) -> None:
    tree = page(ARTICLE + STATEMENTS, language, text=None)
    assert not tree.xpath("//div[@class='words'] | //mark")
    assert len(tree.xpath("//section[@class='told']/ol/li")) == 4


def test_what_is_known_of_the_article() -> None:
    tree = page(ARTICLE + STATEMENTS)
    terms = [each.text_content() for each in tree.xpath("//header/dl/dt")]
    values = [each.text_content() for each in tree.xpath("//header/dl/dd")]
    assert terms == [
        "Publisher",
        "Published",
        "Language",
        "Source",
        "Length",
        "Checksum of the text",
    ]
    assert values == [
        "The Paper", "2019-04", "العربية",
        "https://example.com/news?a=1&b=2", "javascript:alert(1)",
        f"{len(TEXT)} characters", "sha256:00ff",
    ]  # fmt: skip


def test_only_the_web_is_linked_to() -> None:
    tree = page(ARTICLE + STATEMENTS)
    (source,) = tree.xpath("//header/dl//a[starts-with(@href, 'http')]")
    assert source.get("href") == "https://example.com/news?a=1&b=2"
    assert source.get("rel") == "noopener nofollow"
    assert not tree.xpath("//a[starts-with(@href, 'javascript')]")


def test_nothing_of_the_data_becomes_an_element_or_a_style() -> None:
    hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script></mark></p>'
    turtle = ARTICLE.replace("عنوان الخبر", hostile.replace('"', '\\"')) + passage(
        "ff66", hostile, hostile[5:40]
    )
    tree = page(turtle, text=hostile)
    assert text_of(words(tree)) == hostile
    assert not tree.xpath("//img | //script[not(@type)] | //*[@style] | //*[@onerror]")
    assert tree.xpath("//h1")[0].text_content() == hostile


def test_a_date_that_is_not_known_is_said_to_be_unknown() -> None:
    undated = ARTICLE.replace('kg:published "2019-04"^^edtf:EDTF ;', "")
    values = [each.text_content() for each in page(undated).xpath("//header/dl/dd")]
    assert values[1] == "no date known"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_article_of_the_repository_is_marked_whole(language: str) -> None:
    iri = SEED.base + "article/al-kadhimi-and-kurdistan"
    made = Pages(StoreReading(seed()), SEED).html(iri, language)
    assert made is not None
    shown = words(html.document_fromstring(made))
    path = REPOSITORY / "articles/al-kadhimi-and-kurdistan/article.txt"
    assert text_of(shown).encode() == path.read_bytes()
    said = {
        anchor(quad.subject.value): quad.object.value
        for quad in seed().quads_for_pattern(None, NamedNode(kg.words), None)
        if isinstance(quad.subject, NamedNode)
    }
    marks = {each.get("id"): each for each in shown.xpath(".//mark[@id]")}
    assert marks.keys() == said.keys()
    in_one = {id_: mark for id_, mark in marks.items() if mark.get("class") is None}
    assert len(in_one) > 30
    assert all(mark.text_content() == said[id_] for id_, mark in in_one.items())
    assert all(said[id_].startswith(mark.text_content()) for id_, mark in marks.items())


def nested(depth: int) -> tuple[str, Sequence[Span]]:
    spans = [Span(each, 2 * depth - each, f"{BASE}statement/{each}") for each in range(depth)]
    return "x" * (2 * depth), spans


def test_a_thousand_passages_inside_each_other_stay_shallow_and_can_be_linked_to() -> None:
    text, spans = nested(1000)
    made = text_html(text, spans)
    tree = html.fragment_fromstring(
        made, create_parent="div", parser=html.HTMLParser(huge_tree=False)
    )
    assert text_of(tree) == text
    assert max(len(list(each.iterancestors("mark"))) for each in tree.iter("mark")) == MAX_DEPTH - 1
    assert sorted(tree.xpath(".//@id")) == sorted(anchor(each.name) for each in spans)


def test_what_html_cannot_write_becomes_the_sign_for_it() -> None:
    assert text_html("a\0b\rc", ()) == "<p>a\ufffdb&#13;</p>\n<p>c</p>"


def test_the_style_sheet_shows_all_pieces_of_a_passage() -> None:
    style = asset(STYLE).decode()
    shown = re.findall(
        r":has\(\.piece-(\d+):target\) :is\(\.piece-(\d+), \.piece-(\d+) mark\)", style
    )
    assert shown == [(str(each),) * 3 for each in range(1, MAX_CROSSING + 1)]
    crossing = [
        Span(3 * each, 3 * each + 5, f"{BASE}statement/{each}") for each in range(MAX_CROSSING + 5)
    ]
    made = html.fragment_fromstring(text_html("x" * 200, crossing), create_parent="div")
    classes = set(made.xpath(".//mark/@class"))
    assert classes == {f"piece-{each}" for each in range(1, MAX_CROSSING + 1)}


def test_the_page_is_the_same_in_every_process() -> None:
    program = (
        "import sys; sys.path.insert(0, '.');"
        "from tests.unit.pages.test_article import *;"
        "sys.stdout.buffer.write(article.html(view(ARTICLE + STATEMENTS, 'article/news'),"
        " BASE + 'article/news').encode())"
    )
    made = set()
    for hashing in ("1", "2"):
        environment = {"PYTHONHASHSEED": hashing, "PYTHONPATH": ":".join(sys.path)}
        command = [sys.executable, "-c", program]
        run = subprocess.run(command, env=environment, capture_output=True, check=True)
        made.add(run.stdout)
    assert len(made) == 1
    assert etree.HTML(made.pop().decode()).xpath("//mark")
