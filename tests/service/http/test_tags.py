"""Entity tags by RFC 9110: the weak comparison, in all spellings of If-None-Match."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request

from kgpub.service.http.tags import is_fresh, matches, tag_of


def test_a_tag_tells_what_an_answer_depends_on() -> None:
    tags = {tag_of("a", "b"), tag_of("ab"), tag_of("a", "b", ""), tag_of("b", "a"), tag_of()}
    assert len(tags) == 5
    # RFC 9110, section 8.8.3: etagc, in quotes.
    assert all(re.fullmatch(r'W/"[\x21\x23-\x7e]+"', tag) for tag in tags)
    assert tag_of("half of a pair: \ud800") == tag_of("half of a pair: \ud800")


@pytest.mark.parametrize(
    ("header", "is_known"),
    [
        ('W/"1"', True),
        ('"1"', True),
        ('W/"2", W/"1"', True),
        (' "2" ,"1" ', True),
        ('W/"2"', False),
        ('W/"11"', False),
        ("", False),
        ("*", False),
        ("1", False),
    ],
)
def test_tags_are_compared_as_weak_ones(header: str, is_known: bool) -> None:
    assert matches(header, 'W/"1"') is is_known
    assert matches(header, '"1"') is is_known


def test_the_header_may_stand_in_several_lines() -> None:
    lines = [(b"if-none-match", b'"2"'), (b"if-none-match", b'W/"1"')]
    assert is_fresh(Request({"type": "http", "headers": lines}), 'W/"1"')
    assert not is_fresh(Request({"type": "http", "headers": lines}), 'W/"3"')
    assert not is_fresh(Request({"type": "http", "headers": []}), 'W/"1"')
