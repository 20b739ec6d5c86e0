"""What the query page of a site links to are the files that there are."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.site.comparing import Node, needs_node, node

from kgpub.messages import LANGUAGES
from kgpub.pages.query import of_editor
from kgpub.pages.rendering import Frame, Site

pytestmark = needs_node

BASE = "https://example.org/some/data/"
SITE = Site(BASE, "Facts", "Me", "https://example.org/licence", static=True)
ODD = 'Abc xyz~%?"*:<>|\\.-_ éÉßςσΣİıǅﬁ🙂مصطفى\u200c\u0301'
NAMES = (
    "index",
    "index_",
    "con",
    "com1.x",
    "nul",
    "x.ttl",
    "x.html",
    "article.txt",
    ".x",
    "x.",
    "",
)
segments = st.one_of(
    st.text(st.sampled_from(ODD), max_size=6),
    st.text(st.characters(categories=("L", "N", "M", "Cf")), max_size=6),
    st.sampled_from(NAMES),
    st.text("x", min_size=225, max_size=235),
    st.text("ص", min_size=112, max_size=118),
)
paths = st.lists(segments, min_size=1, max_size=4).map("/".join)


@pytest.fixture(scope="module")
def browser() -> Iterator[Node]:
    with node() as started:
        yield started


@settings(max_examples=200, deadline=None)
@given(st.lists(paths, max_size=20))
def test_links_lead_to_the_files_of_things(browser: Node, some: list[str]) -> None:
    frame = Frame(SITE, "ar", f"query.{LANGUAGES[1]}.html")
    told = of_editor(frame, {})
    iris = [BASE + path for path in some]
    linked = browser.ask("addresses", iris=iris, settings=told)
    for iri, link in zip(iris, linked, strict=True):
        if link is None or link == iri or iri == BASE:
            continue  # it is no link to a file
        is_file = "." in iri.rpartition("/")[2]
        address = SITE.addresses.document(iri, "") if is_file else SITE.addresses.page(iri, "ar")
        assert address is not None
        assert unquote(link) == unquote(frame.to(address)), iri
