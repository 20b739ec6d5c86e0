"""The query page as HTML: what it says to its editor, and the form that is there without it."""

from __future__ import annotations

import json

import pytest
from lxml import html as parser

from kgpub.messages import LANGUAGES
from kgpub.pages.query import STYLE, Asked, Editor, Example, Field, html
from kgpub.pages.rendering import Frame, Site, Text

SCRIPT = "</script><script>"
EDITOR = Editor("assets/query/query.js?v=1", "assets/query/terms.json?v=2")


def page(language: str, asked: Asked, editor: Editor | None = EDITOR, base: str = "data/") -> str:
    site = Site(f"https://example.org/{base}", SCRIPT, SCRIPT, "https://example.org/licence")
    frame = Frame(site, language, "query", styles=(STYLE,))
    return html(frame, asked, editor, {"d": SCRIPT}, "sparql")


def settings(text: str) -> dict[str, object]:
    (found,) = parser.document_fromstring(text).xpath("//script[@id='query-settings']/text()")
    told: dict[str, object] = json.loads(found)
    return told


def test_the_editor_is_told_where_things_have_pages() -> None:
    assert settings(page("ckb", Asked("ASK {}")))["places"] == [
        {"iri": "https://w3id.org/kgpub/ontology#", "href": "./ontology.ckb.html#", "ending": ""},
        {"iri": "https://w3id.org/kgpub/kind#", "href": "./kind.ckb.html#", "ending": ""},
        {"iri": "https://example.org/data/", "href": "./data/", "ending": ".ckb.html"},
    ]
    bare = settings(page("en", Asked("ASK {}"), base=""))["places"]
    assert {"iri": "https://example.org/", "href": "./", "ending": ".en.html"} in bare  # type: ignore[operator]


def test_code_keeps_its_direction_in_arabic() -> None:
    text = page("ar", Asked("ASK {}"))
    assert '<bdi dir="ltr">SPARQL 1.1</bdi>' in text
    words = settings(text)["words"]
    assert "\u2066?start\u2069" in words["no-dates"]  # type: ignore[index]
    assert "`" not in json.dumps(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_inserted_stays_text(language: str) -> None:
    texts = Text(SCRIPT, "en")
    asked = Asked(
        SCRIPT, [Example(SCRIPT, texts)], SCRIPT, [Field("x", "iri", texts, SCRIPT)], texts
    )
    tree = parser.document_fromstring(page(language, asked))
    assert len(tree.xpath("//script")) == 2
    assert tree.xpath("//input[@name='p-x']/@value") == [SCRIPT]
    assert tree.xpath("//option[@selected]/@value")[0] == SCRIPT
    assert tree.xpath("//textarea/text()")[0].strip() == SCRIPT


def test_without_an_editor_nothing_is_run() -> None:
    tree = parser.document_fromstring(page("en", Asked("ASK {}"), editor=None))
    assert tree.xpath("//script") == []
    assert tree.xpath("//form[@id='query-form']/@action") == ["./sparql"]
