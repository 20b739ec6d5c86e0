from __future__ import annotations

import pytest

from kgpub.documents.forms import content_type_of


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (".ar.html", "text/html; charset=utf-8"),
        (".ttl", "text/turtle; charset=utf-8"),
        (".jsonld", "application/ld+json"),
        (".nt", "application/n-triples"),
        ("", "text/plain; charset=utf-8"),
    ],
)
def test_the_media_type_of_a_document_is_registered_for_its_form(
    ending: str, expected: str
) -> None:
    assert content_type_of(ending) == expected
