"""What is inserted in messages, cut where it is long."""

from __future__ import annotations

import pytest

from kgpub.messages import LANGUAGES, Given, Lines, Message, said
from kgpub.reporting.text import capped, isolated

LONG = "x" * 50 + "end"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_value_is_cut_and_what_stands_behind_it_is_not(language: str) -> None:
    named = Message("shape-named", name="S")
    whole = Lines([Message("about-value", focus="f", value=LONG, shape=named), "other"])
    text = said(capped(whole, 20), language)
    assert f"{'x' * 20}…" in text
    assert "x" * 21 not in text
    assert text == said(whole, language).replace(LONG, "x" * 20 + "…")


def test_a_text_of_the_shapes_is_cut_in_each_language() -> None:
    given = Given("S", {"en": LONG, "ar": "ش" * 30, "ckb": "کورت"})
    cut = capped(given, 20)
    assert [said(cut, each) for each in ("en", "ar", "ckb")] == [
        "x" * 20 + "…",
        "ش" * 20 + "…",
        "کورت",
    ]


def test_what_is_isolated_stays_so() -> None:
    message = Message("about", focus=isolated(LONG), shape="S")
    assert isolated("x" * 19 + "…") in said(capped(message, 20), "ar")


def test_what_is_short_is_the_same() -> None:
    message = Message("about", focus="f", shape="S")
    assert capped(message, 1_000) is message
