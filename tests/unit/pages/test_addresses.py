from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.pages.addresses import Addresses, Document, anchor, outward, relative

BASE = "https://example.org/data/"
ADDRESSES = Addresses(BASE)

# What the path of an IRI may hold (RFC 3987, section 2.2), and what browsers take for other things.
_CHARACTERS = "abz09-._~!$&'()*+,;=:@/?%كێ😀"
_PIECES = ("index", "/index", "index_", *_CHARACTERS)
paths = (
    st.lists(st.sampled_from(_PIECES), max_size=12)
    .map("".join)
    .filter(lambda path: not {".", ".."} & set(path.split("/")))
)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("person/x", "data/person/x.en.html"),
        ("person/مصطفى", "data/person/%D9%85%D8%B5%D8%B7%D9%81%D9%89.en.html"),
        ("person/😀", "data/person/%F0%9F%98%80.en.html"),
        ("person/50%25", "data/person/50%2525.en.html"),
        ("person/a:b?c", "data/person/a%3Ab%3Fc.en.html"),
        ("person/", "data/person/index.en.html"),
        ("", "data/index.en.html"),
        ("article/x/article.txt#char=1,2", "data/article/x/article.txt.en.html"),
        ("person/index", "data/person/index_.en.html"),
        ("person/index__", "data/person/index___.en.html"),
        ("index", "data/index_.en.html"),
        ("person/index.2", "data/person/index.2.en.html"),
        ("person/reindex", "data/person/reindex.en.html"),
    ],
)
def test_the_address_of_a_page_holds_the_iri_behind_the_base(path: str, address: str) -> None:
    assert ADDRESSES.page(BASE + path, "en") == address


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/other/x",
        "https://example.org.evil/data/x",
        "javascript:alert(1)",
        BASE + "../secret",
        BASE + "a/./b",
        BASE + "a/..",
    ],
)
def test_iris_of_others_and_those_that_browsers_would_change_have_no_address(iri: str) -> None:
    assert ADDRESSES.page(iri, "en") is None


@given(paths, st.sampled_from([".en.html", ".ckb.html", ".ttl", ".jsonld", ".nt"]))
def test_an_address_leads_back_to_its_iri(path: str, ending: str) -> None:
    iri = BASE + path
    address = ADDRESSES.document(iri, ending)
    assert address is not None
    assert ADDRESSES.described(address) == Document(iri, ending)


@given(paths, paths)
def test_no_two_iris_have_a_document_at_the_same_address(one: str, other: str) -> None:
    addresses = {ADDRESSES.document(BASE + path, ".ttl") for path in (one, other)}
    assert len(addresses) == len({one, other})


def test_what_is_no_document_describes_nothing() -> None:
    assert ADDRESSES.described("data/person/x") is None
    assert ADDRESSES.described("other/person/x.ttl") is None


def test_a_page_without_a_language_is_a_document_of_its_iri() -> None:
    assert ADDRESSES.described("data/person/x.html") == Document(BASE + "person/x", ".html")


# urllib.parse.urljoin takes empty segments away, which RFC 3986 (5.2.4) leaves.
without_empty = paths.filter(lambda path: not path.startswith("/") and "//" not in path)


@given(without_empty, without_empty)
def test_a_relative_reference_leads_from_page_to_page(here: str, there: str) -> None:
    page, target = ADDRESSES.page(BASE + here, "en"), ADDRESSES.page(BASE + there, "ar")
    assert page is not None and target is not None
    root = "https://site.example/some/folder/"
    joined = urljoin(root + page, relative(target, page))
    assert unquote(urlsplit(joined).path) == "/some/folder/" + unquote(target)
    assert urlsplit(joined).netloc == "site.example"


@pytest.mark.parametrize(
    ("target", "page", "reference"),
    [
        ("data/person/y.en.html", "data/person/x.en.html", "./y.en.html"),
        ("data/event/y.en.html#words", "data/person/x.en.html", "../event/y.en.html#words"),
        ("search?q=a/b", "data/person/x.en.html", "../../search?q=a/b"),
        ("search?q=a", "search?q=b", "./search?q=a"),
        ("data/x.en.html#a", "data/x.en.html", "#a"),
        ("data//evil.example/x.html", "data/x.en.html", ".//evil.example/x.html"),
    ],
)
def test_references_are_those_a_person_would_write(target: str, page: str, reference: str) -> None:
    assert relative(target, page) == reference


@pytest.mark.parametrize("iri", ["https://www.wikidata.org/entity/Q1", "http://example.org/"])
def test_the_web_is_linked(iri: str) -> None:
    assert outward(iri) == iri


@pytest.mark.parametrize(
    "iri",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https:x", "http://[", "x"],
)
def test_nothing_else_is_linked(iri: str) -> None:
    assert outward(iri) is None


@given(paths)
def test_anchors_are_ids_and_fragments_as_they_are(path: str) -> None:
    found = anchor(BASE + path)
    assert found and all(each.isascii() and (each.isalnum() or each in "-_.") for each in found)


def test_anchors_of_different_things_are_different() -> None:
    iris = [BASE + path for path in ("statement/a", "fact/a", "statement/ا", "statement/.627.")]
    assert len({anchor(iri) for iri in iris}) == len(iris)
    assert anchor(BASE + "statement/ce22") == "statement-ce22"
