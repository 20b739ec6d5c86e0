"""The page of a statement: its words in their sentence, who says them, and what they assert."""

from __future__ import annotations

import pytest
from lxml import html
from tests.unit.pages.graphs import BASE
from tests.unit.pages.test_article import view

from kgpub.messages import LANGUAGES
from kgpub.pages import statement

TEXT = 'Before it. Layla said: "We begin <now>", and left. After it.'
TURTLE = """
<article/news> a kg:Article ; kg:title "News"@en ; kg:language "en" .
<person/layla> a kg:Person ; kg:name "Layla"@en , "ليلى"@ar , "لەیلا"@ckb .
<person/salim> a kg:Person ; kg:name "Salim"@en .
<topic/water> a kg:Topic ; kg:name "Water"@en .
kind:tweet skos:prefLabel "tweet"@en , "تغريدة"@ar , "تویت"@ckb .
kg:Quotation <http://www.w3.org/2000/01/rdf-schema#label> "Quotation"@en .
<event/begin> a kg:Event ; kg:kind kind:beginning .
kind:beginning skos:prefLabel "beginning"@en .
<submission/s> a kg:Submission ; kg:article <article/news> ; kg:records <statement/s1> .
<statement/s1> a kg:Quotation ; kg:words "We begin <now>"@en ; kg:article <article/news> ;
    kg:saidBy <person/layla> ; kg:medium kind:tweet ; kg:addressee <person/salim> ;
    kg:about <person/salim> ; kg:topic <topic/water> ; kg:time "2019-04-05"^^edtf:EDTF ;
    kg:attributionWords "Layla said"@en ; kg:asserts <event/begin> ;
    kg:passage <article/news/article.txt#char=24,38> .
<article/news/article.txt#char=24,38> a kg:Passage ; kg:article <article/news> ;
    oa:start "24"^^xsd:nonNegativeInteger ; oa:end "38"^^xsd:nonNegativeInteger ;
    oa:exact "We begin <now>" ; oa:prefix "Layla said: \\"" ; oa:suffix "\\", and left. After it." .
<contradiction/c> a kg:Contradiction ; kg:contradictory <statement/s1> .
"""


def page(turtle: str = TURTLE, language: str = "en", text: str | None = TEXT) -> html.HtmlElement:
    made = statement.html(view(turtle, "statement/s1", language, text), BASE + "statement/s1")
    return html.document_fromstring(made)


def particulars(tree: html.HtmlElement) -> dict[str, list[str]]:
    """The values by their terms, of all lists of the page."""
    found: dict[str, list[str]] = {}
    term = ""
    for each in tree.xpath("//dl/*"):
        if each.tag == "dt":
            term = each.text_content()
        else:
            found.setdefault(term, []).append(each.text_content())
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_marked_in_their_sentence(language: str) -> None:
    (quote,) = page(language=language).xpath("//blockquote")
    assert quote.text_content() == 'Layla said: "We begin <now>", and left.'
    assert [each.text_content() for each in quote.iter("mark")] == ["We begin <now>"]
    assert (quote.get("lang"), quote.get("dir")) == ("en", "ltr")


@pytest.mark.parametrize("text", [None, "Another text, in which other words stand at that place."])
def test_without_the_text_the_selector_gives_what_stands_around_the_words(text: str | None) -> None:
    (quote,) = page(text=text).xpath("//blockquote")
    assert quote.text_content() == '… Layla said: "We begin <now>", and left. After it. …'


def test_who_says_it_and_about_what() -> None:
    found = particulars(page())
    assert found["Said by"] == ["Layla"]
    assert found["Said to"] == ["Salim"]
    assert found["About"] == ["Salim"]
    assert found["Topic"] == ["Water"]
    assert found["Medium"] == ["tweet"]
    assert found["Said when"] == ["2019-04-05"]
    assert found["Words that tell who says it"] == ["Layla said"]
    assert found["Article"] == ["News"]


def test_where_the_words_stand() -> None:
    found = particulars(page())
    assert found["Characters"] == ["24 to 38, counted from 0, the last not included"]
    assert TEXT[24:38] == found["Exactly"][0] == "We begin <now>"
    assert found["Before them"] == ['Layla said: "']
    assert found["After them"] == ['", and left. After it.']
    assert found["Identifier of the passage"] == [f"{BASE}article/news/article.txt#char=24,38"]


def test_links_lead_to_the_passage_and_to_what_is_asserted() -> None:
    tree = page()
    assert tree.xpath("//figcaption//a/@href") == [
        "../person/layla.en.html",
        "../article/news.en.html#statement-s1",
    ]
    asserted = tree.xpath("//section[@aria-labelledby='asserts']//a")
    assert [each.get("href") for each in asserted] == ["../event/begin.en.html"]
    assert asserted[0].text_content().startswith("beginning")
    assert tree.xpath("//section[@aria-labelledby='contradictions']//a/@href") == [
        "../contradiction/c.en.html"
    ]


def test_a_quotation_that_asserts_nothing_says_so() -> None:
    tree = page(TURTLE.replace("kg:asserts <event/begin> ;", ""))
    (section,) = tree.xpath("//section[@aria-labelledby='asserts']")
    assert "no fact or event" in section.text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_of_which_little_is_known_has_a_page(language: str) -> None:
    tree = page("<statement/s1> a kg:Statement .", language)
    assert tree.get("lang") == language
    assert not tree.xpath("//blockquote")


def test_nothing_of_the_data_becomes_an_element() -> None:
    hostile = TURTLE.replace("Layla", "<script>x</script>").replace("We begin", "<img src=x>")
    tree = page(hostile)
    assert not tree.xpath("//script[not(@type)] | //img | //now | //*[@style]")
    assert particulars(tree)["Said by"] == ["<script>x</script>"]


def test_headings_are_in_order_and_sections_are_named() -> None:
    tree = page()
    assert [each.tag for each in tree.xpath("//h1 | //h2 | //h3")] == ["h1", *["h2"] * 4]
    names = set(tree.xpath("//section/@aria-labelledby"))
    assert names == set(tree.xpath("//section/h2/@id"))
