from __future__ import annotations

import json

import pytest
from lxml import html as parser

from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Frame, Site
from kgpub.pages.submit import Places, Writer, html
from kgpub.pages.words import words

SITE = Site("https://example.org/data/", "<b>Facts</b>", "<i>Me</i>", "https://example.org/licence")
PLACES = Places("api/articles", "api/schema/s.json", "api/validate", "api/submissions")


def page(language: str = "en", writer: Writer | None = None) -> parser.HtmlElement:
    frame = Frame(SITE, language, "submit")
    text = html(frame, "assets/submit.js", PLACES, writer or Writer("/sign-in?next=/submit"))
    return parser.document_fromstring(text)


def told(page: parser.HtmlElement) -> dict[str, object]:
    [settings] = page.xpath("//script[@id='submit-settings']/text()")
    read: dict[str, object] = json.loads(settings)
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_field_has_a_label_and_each_id_is_one(language: str) -> None:
    shown = page(language)
    ids = shown.xpath("//@id")
    assert len(ids) == len(set(ids))
    for field in shown.xpath("//main//input[not(@type='hidden')] | //main//select | //textarea"):
        labels = shown.xpath("//label[@for=$id]", id=field.get("id") or "")
        assert labels or field.xpath("ancestor::label"), field.get("name")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_has_all_that_it_says(language: str) -> None:
    said = told(page(language))["words"]
    expected = {key.removeprefix("writing-") for key in words("en") if key.startswith("writing-")}
    assert isinstance(said, dict) and said.keys() == expected


def test_who_has_signed_in_is_told_and_needs_no_token() -> None:
    assert page().xpath("//input[@id='submit-token']")
    [link] = page().xpath("//a[contains(@href, 'sign-in')]/@href")
    assert link == "/sign-in?next=/submit"
    shown = page(writer=Writer("/sign-in", "<b>Sami</b>", "proof"))
    assert not shown.xpath("//input[@id='submit-token']")
    assert "<b>Sami</b>" in shown.text_content()
    assert told(shown)["formToken"] == "proof"
    assert told(shown)["isSignedIn"] is True
    # A proxy may tell who it is, and then no token of forms is needed.
    proxied = page(writer=Writer("/sign-in", ""))
    assert not proxied.xpath("//input[@id='submit-token']")
    assert told(proxied)["isSignedIn"] is True
