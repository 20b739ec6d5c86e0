from __future__ import annotations

import pytest

from kgpub.errors import CallError
from kgpub.site.address import PublicAddress


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("https://example.org", "/"),
        ("https://example.org/", "/"),
        ("http://example.org/a/b", "/a/b/"),
        ("https://example.org:8443/a%20b//", "/a%20b/"),
    ],
)
def test_the_path_begins_and_ends_in_a_slash(text: str, path: str) -> None:
    at = PublicAddress.of_text(text)
    assert at is not None and at.path == path and at.url.endswith("/")


def test_addresses_of_files_are_percent_encoded() -> None:
    at = PublicAddress.of_text("https://example.org/x")
    assert at is not None
    assert at.of("data/50%/كتاب.html") == (
        "https://example.org/x/data/50%25/%D9%83%D8%AA%D8%A7%D8%A8.html"
    )


def test_none_is_none() -> None:
    assert PublicAddress.of_text("") is None


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https:///x",
        "https://example.org/?a",
        "https://example.org/#a",
        "https://example.org/a b",
        "https://example.org/\n/etc",
        'https://example.org/"x',
        "https://مثال.org/",
        "https://[::1/",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://example.org//other.example/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(CallError, match=r"(?s)--at: .*is no address"):
        PublicAddress.of_text(text)
