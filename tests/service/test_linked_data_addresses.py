"""From an IRI to what clients send for it, and back: for all IRIs."""

from __future__ import annotations

from urllib.parse import quote, unquote

from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kgpub.pages.addresses import Addresses, relative
from kgpub.service.linked_data.requested import aligned, requested

BASE = "https://example.org/data/"
ROOT = "data/"
PATHS = st.text(
    st.one_of(
        st.sampled_from("abAB09/.%25-_~!$&'()*+,;=:@?"),
        st.characters(min_codepoint=0xA0, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Co")),
    ),
    max_size=30,
)
_ALIKE = ("a", "A", "/", "%41", "%61", "%2F", "%2f", "~", "%7E", "%D9%85", "%d9%85", "%FF")
WRITTEN = st.lists(st.sampled_from(_ALIKE)).map("".join)
"""Paths that mean the same when they are decoded."""


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def sent(path: str) -> tuple[str, str]:
    """Return path and query as clients send them: UTF-8, escaped (RFC 3987, section 3.1)."""
    before, _, query = path.partition("?")
    safe = "!$&'()*+,;=:@/?%~-._"
    return quote(ROOT + before, safe=safe), quote(query, safe=safe)


@given(PATHS)
def test_each_iri_is_found_behind_what_is_sent_for_it(path: str) -> None:
    iri = BASE + path
    assume(is_iri(iri) and not path.endswith("?"))
    address, query = sent(path)
    assert requested(BASE, ROOT, address, query, {iri}.__contains__) == iri


@given(WRITTEN, WRITTEN)
def test_the_iri_that_is_written_as_the_address_goes_before_others(one: str, other: str) -> None:
    known = {BASE + one, BASE + other, BASE + unquote(one)}
    assert requested(BASE, ROOT, ROOT + one, "", known.__contains__) == BASE + one


@given(PATHS)
def test_a_document_s_address_is_near_the_iri_s_and_on_the_same_host(path: str) -> None:
    iri = BASE + path
    assume(is_iri(iri))
    target = Addresses(BASE).document(iri, ".ttl")
    assume(target is not None)
    assert target is not None
    reference = relative(target, sent(path)[0])
    assert reference.startswith(("./", "../"))
    assert reference.isascii()
    assert not set("\\\r\n \"<>'") & set(reference)


@given(st.text(st.sampled_from("%dD89aA/m"), max_size=12))
def test_escapes_of_the_base_are_the_same_in_either_case(path: str) -> None:
    root = "%D9%85/"
    assert aligned(f"%d9%85/{path}", root) == root + path
    assert aligned(f"%D9%85/{path}", root) == root + path
    assert aligned(path, "") == path
