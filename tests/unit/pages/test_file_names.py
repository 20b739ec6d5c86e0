from __future__ import annotations

import hashlib
import re
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgpub.pages.addresses import Addresses
from kgpub.pages.file_names import MAX_PATH, file_path

ENDING = ".ckb.html"
NONE: frozenset[str] = frozenset()
# What Microsoft's "Naming Files, Paths, and Namespaces" refuses.
WINDOWS = set('<>:"|?*\\') | {chr(code) for code in range(32)}
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)),
}
_PIECES = (
    *'aAbBzZ019-_.~ %:?*|<>"\\/ئكيé😀ßſKıİςσ\u200c\u200d\u202e\u2028',
    *("e\u0301", "con", "NUL", "index", ".html", ".ttl", "x" * 120, "ك" * 80),
)
paths = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join)


def digest(text: str, digits: int = 16) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def alike(path: str) -> set[str]:
    """The names that file systems may take a path for: without case, or without normalisation."""
    unseen = re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", "", path)
    return {
        normalize(form, getattr(text, fold)())
        for form in ("NFC", "NFD")
        for text in (path, unseen)
        for fold in ("lower", "upper", "casefold")
    }


@pytest.mark.parametrize(
    "path",
    [
        "data/person/mustafa-al-kadhimi",
        "data/person/مصطفى",
        "data/person/😀",
        "data/person/50%25",
        "data/person/a b",
        "data/person/café",
        "data/person/" + "a" * 200,
        "data/index.2",
    ],
)
def test_names_that_are_the_same_nowhere_are_kept(path: str) -> None:
    assert file_path(path + ENDING, ENDING, 1, NONE) == path + ENDING


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Abc", "abc~" + digest("Abc")),
        ("Person/x", f"person~{digest('Person')}/x"),
        ("a:b?c", "a-b-c~" + digest("a:b?c")),
        ("con", "con~" + digest("con")),
        ("Nul.txt", "nul-txt~" + digest("Nul.txt")),
        ("x.html/y", f"x-html~{digest('x.html')}/y"),
        ("a//b", f"a/~{digest('')}/b"),
        (".hidden", "hidden~" + digest(".hidden")),
        ("dot.", "dot~" + digest("dot.")),
        ("cafe\u0301", "cafe~" + digest("cafe\u0301")),
        ("a\u200cb", "a-b~" + digest("a\u200cb")),
        ("a~b", "a-b~" + digest("a~b")),
        ("ك" * 200, "~" + digest("ك" * 200)),
        ("a" * 231, "a" * 40 + "~" + digest("a" * 231)),
        ("/".join(["a" * 200] * 6), "long~" + digest("/".join(["a" * 200] * 6), 32)),
    ],
)
def test_other_names_have_a_digest(path: str, expected: str) -> None:
    assert file_path(path + ENDING, ENDING, 0, NONE) == expected + ENDING


def test_what_all_paths_begin_with_is_kept_if_it_can_be_written() -> None:
    assert file_path("~me/KG/x.ttl", ".ttl", 2, NONE) == "~me/KG/x.ttl"
    assert file_path("a:b/KG/x.ttl", ".ttl", 2, NONE) == f"a-b~{digest('a:b')}/KG/x.ttl"


@given(paths, paths)
@example("a", "A")
@example("straße", "strasse")
@example("K", "k")
@example("a~b", "a-b")
@example("x.html/y", "x")
@example("a/b", "a//b")
def test_no_two_things_share_a_file_on_any_file_system(one: str, other: str) -> None:
    first, second = (file_path(each + ENDING, ENDING, 0, NONE) for each in (one, other))
    if one == other:
        assert first == second
    else:
        assert alike(first).isdisjoint(alike(second)), (first, second)
    # Nor is the file of one a folder of the other.
    assert not any(each.startswith(first + "/") for each in alike(second))


@given(paths)
def test_every_file_system_takes_the_names(path: str) -> None:
    made = file_path(path + ENDING, ENDING, 0, NONE)
    assert len(made.encode()) <= MAX_PATH + len(ENDING)
    for segment in made.split("/"):
        assert 0 < len(segment.encode()) <= 255
        assert not WINDOWS.intersection(segment)
        assert segment.partition(".")[0].rstrip(" ").lower() not in DEVICES
        assert segment[0] not in ". " and segment[-1] not in ". "


@given(paths)
def test_all_documents_of_a_thing_lie_beside_each_other(path: str) -> None:
    html = file_path(path + ".en.html", ".en.html", 0, NONE)
    turtle = file_path(path + ".ttl", ".ttl", 0, NONE)
    assert html.removesuffix(".en.html") == turtle.removesuffix(".ttl")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("ontology", f"ontology~{digest('ontology')}.en.html"),
        ("search", f"search~{digest('search')}.en.html"),
        ("dumps/dataset", f"dumps~{digest('dumps')}/dataset.en.html"),
        ("search/x", "search/x.en.html"),
        ("index", "index_.en.html"),
        ("", "index.en.html"),
    ],
)
def test_at_the_root_the_sites_own_files_are_first(path: str, address: str) -> None:
    base = "https://example.org/"
    assert Addresses(base, static=True).page(base + path, "en") == address


def test_the_base_has_the_home_page_wherever_it_is() -> None:
    assert Addresses("https://example.org/d/", True).page("https://example.org/d/", "ar") == (
        "index.ar.html"
    )


def test_a_site_has_a_search_and_a_query_page_for_each_language() -> None:
    served, static = Addresses("https://example.org/"), Addresses("https://example.org/", True)
    assert (served.search("ar"), static.search("ar")) == ("search?lang=ar", "search.ar.html")
    text = "SELECT ?a&b"
    assert served.query("ar", text) == "query?lang=ar&query=SELECT%20%3Fa%26b"
    assert static.query("ar", text) == "query.ar.html?query=SELECT%20%3Fa%26b"
    assert (served.query("en"), static.query("en")) == ("query?lang=en", "query.en.html")
